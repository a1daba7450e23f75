// Shows /openapi.json and lets whoever is logged in try it. No library, nothing from elsewhere.

const byId = (id) => document.getElementById(id);
let token = null;

const spec = await (await fetch("/openapi.json")).json();
draw("");
byId("filter").addEventListener("input", (event) => draw(event.target.value.trim().toLowerCase()));
byId("login").addEventListener("submit", login);

/** An element with attributes and children; text is always text. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((one) => one !== null && one !== undefined));
  return made;
}

async function login(event) {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  const response = await fetch("/api/v1/admin/auth/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(values),
  });
  const answer = await response.json();
  token = answer.access_token ?? null;
  byId("who").textContent = token ? `已登录：${values.username}` : answer.detail;
}

function draw(words) {
  const tags = new Map();
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!`${method} ${path} ${operation.summary}`.toLowerCase().includes(words)) continue;
      const tag = operation.tags?.[0] ?? "";
      tags.set(tag, [...(tags.get(tag) ?? []), card(method, path, operation)]);
    }
  }
  const sections = [...tags].map(([tag, cards]) => el("section", {}, el("h2", {}, tag), cards));
  byId("operations").replaceChildren(...(sections.length ? sections : [el("p", {}, "没有找到。")]));
}

function card(method, path, operation) {
  const title = el("summary", {}, el("span", { class: `method ${method}` }, method), el("code", {}, path), el("span", {}, operation.summary));
  const box = el("details", {}, title);
  box.addEventListener("toggle", () => box.children.length === 1 && box.append(inside(method, path, operation)));
  return box;
}

function inside(method, path, operation) {
  return el(
    "div",
    {},
    el("p", { class: "soft" }, operation.security.length ? operation.description ?? "" : "No login needed"),
    parameters(operation.parameters),
    operation.requestBody ? [el("h3", {}, "Body"), schemaBox(operation.requestBody.content["application/json"].schema)] : null,
    Object.entries(operation.responses).flatMap(([status, response]) => answer(status, response)),
    attempt(method, path, operation),
  );
}

function parameters(list) {
  if (!list.length) return null;
  const rows = list.map((one) => el("tr", {}, el("td", {}, el("code", {}, one.name)), el("td", {}, `${one.in}${one.required ? ", required" : ""}`), el("td", {}, typeName(one.schema)), el("td", { class: "soft" }, one.description ?? "")));
  return el("table", {}, rows);
}

function answer(status, response) {
  const schema = response.content?.["application/json"]?.schema;
  return [el("h3", {}, `${status} `, el("span", { class: "soft" }, response.description)), schema ? schemaBox(schema) : null];
}

function schemaBox(schema) {
  return el("pre", {}, JSON.stringify(sample(schema, 0), null, 2));
}

function resolve(schema) {
  return schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema;
}

function typeName(schema) {
  const found = resolve(schema);
  if (found.enum) return found.enum.join(" | ");
  if (found.anyOf) return found.anyOf.map(typeName).join(" | ");
  if (found.type === "array") return `${typeName(found.items)}[]`;
  return [found.type, found.format].filter(Boolean).join(" ");
}

/** The shape of a schema: each leaf says its type. */
function sample(schema, depth) {
  const found = resolve(schema);
  if (depth > 6) return "…";
  if (found.properties) return Object.fromEntries(Object.entries(found.properties).map(([name, one]) => [name, sample(one, depth + 1)]));
  if (found.type === "array") return [sample(found.items, depth + 1)];
  const only = found.anyOf?.find((one) => one.type !== "null");
  if (only && resolve(only).properties) return sample(only, depth + 1);
  return typeName(found);
}

function attempt(method, path, operation) {
  const fields = operation.parameters.map((one) => el("input", { name: one.name, placeholder: one.name, "data-in": one.in }));
  const body = operation.requestBody ? el("textarea", { name: "body", "aria-label": "body" }) : null;
  if (body) body.value = JSON.stringify(sample(operation.requestBody.content["application/json"].schema, 0), null, 2);
  const shown = el("pre", { hidden: true });
  const send = async () => {
    let address = path;
    const query = new URLSearchParams();
    for (const one of fields.filter((field) => field.value !== "")) {
      if (one.dataset.in === "path") address = address.replace(`{${one.name}}`, encodeURIComponent(one.value));
      else query.append(one.name, one.value);
    }
    const response = await fetch(query.size ? `${address}?${query}` : address, {
      method: method.toUpperCase(),
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body ? { "content-type": "application/json" } : {}) },
      body: body?.value,
    });
    shown.hidden = false;
    shown.textContent = `${response.status}\n${pretty(await response.text())}`;
  };
  return el("div", {}, el("h3", {}, "试一试"), fields, body, el("button", { type: "button", onclick: send }, "发送"), shown);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
