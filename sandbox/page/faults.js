// 故障: what the stand-in platform breaks on purpose.

import { el } from "./dom.js";
import * as platform from "./platform.js";

const PATHS = {
  "*": "所有接口",
  "/cgi-bin/message/template/send": "模板消息",
  "/cgi-bin/message/custom/send": "客服消息",
  "/cgi-bin/message/subscribe/*": "订阅消息",
  "/cgi-bin/stable_token": "取令牌",
  "/cgi-bin/media/get": "取素材",
};
const KINDS = {
  "errcode:-1": "-1 系统繁忙",
  "errcode:40001": "40001 令牌失效",
  "errcode:40164": "40164 IP 不在白名单",
  "errcode:43004": "43004 未关注",
  "errcode:43101": "43101 拒收订阅",
  "errcode:45009": "45009 当日额度用尽",
  "errcode:45015": "45015 超过回复时限",
  "errcode:45047": "45047 超过下发条数",
  "errcode:47003": "47003 字段不合规",
  "errcode:48001": "48001 没有权限",
  "status:500": "HTTP 500",
  "delay:10": "拖 10 秒",
  "drop:before": "断线，没办",
  "drop:after": "断线，其实办了",
};

export class FaultPanel {
  constructor(element, button) {
    this.element = element;
    this.button = button;
    this.list = el("ul");
    this.path = choice("哪个接口", PATHS);
    this.kind = choice("怎么坏", KINDS);
    this.times = el("input", { type: "number", min: 1, placeholder: "一直", "aria-label": "几次" });
    const form = el("form", { onsubmit: (event) => this.add(event) }, "让", this.path, "出", this.kind, "次数", this.times, el("button", { type: "submit" }, "打开故障"));
    element.append(form, this.list);
    button.addEventListener("click", () => this.toggle());
  }

  toggle() {
    this.element.hidden = !this.element.hidden;
    this.button.setAttribute("aria-expanded", String(!this.element.hidden));
  }

  /** Draw what is on. */
  async refresh() {
    const on = await platform.faults();
    this.button.classList.toggle("on", on.length > 0);
    this.button.textContent = on.length ? `故障 ${on.length}` : "故障";
    this.list.replaceChildren(...on.map((fault) => this.item(fault)));
  }

  item(fault) {
    const left = fault.times ? `，还有 ${fault.times - fault.hits} 次` : "";
    const off = () => platform.clearFault(fault.id);
    return el("li", {}, `${PATHS[fault.path] ?? fault.path}：${words(fault)}${left}`, el("button", { type: "button", title: "关掉", onclick: off }, "✕"));
  }

  async add(event) {
    event.preventDefault();
    const [key, value] = this.kind.value.split(":");
    const fault = { path: this.path.value };
    if (key === "drop") Object.assign(fault, { drop: true, when: value });
    else fault[key] = Number(value);
    if (this.times.value) fault.times = Number(this.times.value);
    await platform.addFault(fault);
  }
}

function choice(label, options) {
  return el("select", { "aria-label": label }, Object.entries(options).map(([value, text]) => el("option", { value }, text)));
}

function words(fault) {
  if (fault.errcode !== null) return KINDS[`errcode:${fault.errcode}`] ?? `errcode ${fault.errcode}`;
  if (fault.drop) return KINDS[`drop:${fault.when}`];
  return fault.status ? `HTTP ${fault.status}` : `拖 ${fault.delay} 秒`;
}
