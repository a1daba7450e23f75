// What the page asks of the stand-in platform.

const BASE = "/sandbox/api";

async function call(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const response = await fetch(BASE + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `HTTP ${response.status}`);
  return answer;
}

export const facts = () => call("GET", "/page");
export const phones = () => call("GET", "/phones");
export const faults = () => call("GET", "/faults");
export const addFault = (fault) => call("POST", "/faults", fault);
export const clearFault = (id) => call("DELETE", `/faults?id=${id}`);
export const reset = () => call("POST", "/reset");

/** Let a person act; resolves when the account has answered, which the live line shows too. */
export const say = (account, openid, act) => call("POST", "/say", { account, from: openid, ...act });

/** What stands on a screen after an entry. */
export function messages(account, openid, after) {
  return call("GET", `/phones/${encodeURIComponent(openid)}/messages?account=${encodeURIComponent(account)}&after=${after}`);
}

/** Put a person's own picture on the platform. */
export async function uploadPicture(file) {
  const response = await fetch(`${BASE}/pictures`, { method: "POST", body: file, headers: { "Content-Type": file.type } });
  return response.json();
}

/** Listen to what happens; `on` maps event names to functions. */
export function live(on, connected) {
  const source = new EventSource(`${BASE}/stream`);
  source.addEventListener("hello", () => connected(true));
  source.addEventListener("error", () => connected(false));
  for (const [name, listener] of Object.entries(on)) {
    source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
  }
}
