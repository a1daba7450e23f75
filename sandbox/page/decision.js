// 派单依据: why the newest appeal went where it went, as the admin API tells it to staff.

import { el } from "./dom.js";

const ADMIN = "/api/v1/admin";
const WAIT_MS = 500;
const STATES = {
  SUBMITTED: "待受理", ASSIGNED: "已派单", ACCEPTED: "办理中", RETURNED: "已退回", SUSPENDED: "挂起",
  RESOLVED: "已办结", CLOSED: "已归档", CANCELLED: "已撤回", MERGED: "已并案",
};
const KINDS = { DIFFICULTY: "困难", SUGGESTION: "建议", QUESTION: "咨询" };
const URGENT = new Set(["紧急", "突发险情"]);
const MOST_WORDS = 12;

export class DecisionPanel {
  constructor(element, login) {
    this.element = element;
    this.login = login;
    this.token = null;
    this.timer = null;
    this.body = el("div");
    const button = el("button", { type: "button", onclick: () => this.refresh() }, "刷新");
    element.replaceChildren(el("header", {}, el("h2", {}, "派单依据"), button), this.body);
    this.body.style.display = "contents";
  }

  /** Something happened: look again soon, once for a burst. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), WAIT_MS);
  }

  /** Ask for the newest appeal and draw it. */
  async refresh() {
    try {
      const list = await this.get("/appeals?page[size]=1");
      const newest = (list.items ?? list.data ?? list)[0];
      if (!newest) return this.say("还没有诉求。在居民的手机上说一句话，这里就会写明派给了谁、为什么。");
      return this.body.replaceChildren(...draw(await this.get(`/appeals/${newest.number}`)));
    } catch (error) {
      return this.say(`暂时看不到派单依据：${error.message}`);
    }
  }

  say(words) {
    this.body.replaceChildren(el("p", { class: "muted" }, words));
  }

  async get(path, again = true) {
    if (!this.token) await this.enter();
    const response = await fetch(ADMIN + path, { headers: { Authorization: `Bearer ${this.token}` } });
    if (response.status === 401 && again) {
      this.token = null;
      return this.get(path, false);
    }
    if (!response.ok) throw new Error(`管理接口答复 ${response.status}`);
    return response.json();
  }

  async enter() {
    if (!this.login) throw new Error("没有给出工作人员账号");
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${ADMIN}/auth/login`, { method: "POST", headers, body: JSON.stringify(this.login) });
    if (!response.ok) throw new Error(response.status === 404 ? "这里没有管理接口" : `登录没有成功（${response.status}）`);
    this.token = (await response.json()).access_token;
  }
}

function draw(appeal) {
  const decision = appeal.decision ?? {};
  return [
    caseOf(appeal, decision),
    section("类别", ranked(decision)),
    section("命中词", matched(decision.matched)),
    section("候选", candidates(decision)),
    decision.why ? section("为什么", el("p", { class: "why" }, name(decision.why))) : null,
    section("办理记录", history(appeal.history)),
  ].filter(Boolean);
}

function section(title, content) {
  return content ? el("section", {}, el("h3", {}, title), content) : null;
}

function caseOf(appeal, decision) {
  const kind = decision.kind ?? appeal.kind;
  const urgency = decision.urgency ?? appeal.urgency;
  return el(
    "div",
    { class: "case" },
    el("b", {}, String(appeal.number)),
    el("span", { class: "chip state" }, STATES[appeal.status] ?? name(appeal.status)),
    " ",
    URGENT.has(name(urgency)) ? el("span", { class: "chip hot" }, name(urgency)) : null,
    el("span", { class: "owner" }, holder(appeal, decision)),
    el("span", { class: "muted" }, [KINDS[kind] ?? name(kind), name(appeal.grid)].filter(Boolean).join(" · ")),
  );
}

/** Who has it; what is over is in nobody's hands any more. */
function holder(appeal, decision) {
  if (appeal.owner) return `在 ${name(appeal.owner)} 手里`;
  return decision.chosen ? `原来派给 ${name(decision.chosen)}` : "还没有人";
}

function ranked(decision) {
  const list = decision.ranked ?? [];
  if (!list.length) return null;
  const top = Math.max(...list.map((one) => one.score), Number.EPSILON);
  const rows = list.slice(0, 3).map((one) => {
    const bar = el("i");
    bar.style.width = `${Math.max(2, (100 * one.score) / top)}%`;
    return el("li", {}, el("span", {}, one.name ?? one.code), el("span", {}, Number(one.score).toFixed(2)), bar);
  });
  const margin = typeof decision.margin === "number" ? el("p", { class: "muted" }, `领先 ${decision.margin.toFixed(2)}`) : null;
  return el("div", {}, el("ul", { class: "ranked" }, rows), margin);
}

/** Keywords by name; single learned characters count, but tell people nothing. */
function matched(list = []) {
  if (!list.length) return null;
  const words = list.filter((one) => !one.context);
  const context = list.length - words.length;
  const chips = words.slice(0, MOST_WORDS).map((one) =>
    el("span", { class: "chip", title: one.category }, one.keyword, el("small", {}, Number(one.weight).toFixed(1))));
  if (context) chips.push(el("span", { class: "chip muted" }, `上下文 ${context} 个单字`));
  return el("div", { class: "chips" }, chips);
}

function candidates(decision) {
  const list = decision.candidates ?? [];
  if (!list.length) return null;
  const chosen = name(decision.chosen);
  return el("ul", { class: "people" }, list.map((one) => {
    const style = [one.kept ? "kept" : "", one.name === chosen ? "chosen" : ""].join(" ").trim();
    return el("li", { class: style }, one.name, one.why ? el("small", {}, ` ${one.why}`) : null);
  }));
}

function history(list = []) {
  if (!list.length) return null;
  return el("ul", { class: "history" }, list.slice(-8).map((one) => {
    const words = [one.label ?? one.text ?? one.verb ?? one.action ?? one.event, name(one.actor), one.note].filter(Boolean).map(name);
    const at = new Date(one.at ?? one.created_at);
    const time = Number.isNaN(at.getTime()) ? "" : at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    return el("li", {}, typeof one === "string" ? one : words.join(" · "), time ? el("small", {}, ` ${time}`) : null);
  }));
}

function name(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return String(value.name ?? value.label ?? value.title ?? value.code ?? "");
}
