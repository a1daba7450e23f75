// One phone: its screen, its keyboard, and the person who holds it.

import { clock, el } from "./dom.js";
import { drawEntry } from "./entries.js";
import * as platform from "./platform.js";

const PAUSE_SECONDS = 300;
const PHRASES = {
  resident: ["我家楼上漏水，在三组", "进度", "有煤气味，快来人！", "满意", "不满意", "三组路灯坏了三天了", "更多", "建议村口装个反光镜", "撤回 …"],
  responder: ["接单", "待办", "看", "办结 已上门修好", "转派 …", "退单 …", "挂起 …", "问 …"],
};

export class Phone {
  /** `preset` is {openid, label, account}; `accounts` are the names of all accounts. */
  constructor(preset, accounts) {
    this.openid = preset.openid;
    this.label = preset.label;
    this.account = preset.account;
    this.following = preset.following;
    this.waiting = 0;
    this.last = 0;
    this.lastAt = 0;
    this.held = null;
    this.build(accounts);
  }

  /** Load what is on the screen already, or what was missed. */
  async load() {
    const { account } = this;
    // What comes live meanwhile waits, or it would overtake what is being fetched.
    this.held = [];
    const missed = await platform.messages(account, this.openid, this.last);
    const entries = [...missed, ...this.held];
    this.held = null;
    if (account === this.account) entries.forEach((entry) => this.show(entry));
  }

  /** Put an entry on the screen, once. */
  show(entry) {
    if (entry.openid !== this.openid || entry.account !== this.account || entry.seq <= this.last) return;
    if (this.held) {
      this.held.push(entry);
      return;
    }
    this.last = entry.seq;
    this.empty.remove();
    if (entry.at - this.lastAt > PAUSE_SECONDS) this.chat.append(el("p", { class: "time" }, clock(entry.at)));
    this.lastAt = entry.at;
    this.add(drawEntry(entry, this.label.slice(0, 1)));
  }

  /** Take over whether this person follows the account. */
  update(facts) {
    if (facts.openid !== this.openid || facts.account !== this.account) return;
    this.following = facts.following;
    this.follow.textContent = this.following ? "取消关注" : "关注";
  }

  /** An empty screen. */
  clear() {
    this.last = 0;
    this.lastAt = 0;
    this.chat.replaceChildren(this.empty);
  }

  build(accounts) {
    const responder = !this.openid.startsWith("resident");
    this.title = el("h2", {}, this.label);
    this.empty = el("p", { class: "empty" }, responder ? "等着有人来找…" : "说一句话试试");
    this.chat = el("div", { class: "chat", role: "log", "aria-label": `${this.label}的聊天` }, this.empty);
    this.input = el("input", { placeholder: "说点什么…", maxLength: 2000, "aria-label": `${this.label}要说的话` });
    this.follow = el("button", { type: "button", onclick: () => this.toggleFollowing() }, this.following ? "取消关注" : "关注");
    this.element = el(
      "section",
      { class: "phone", "aria-label": this.label, ondragover: (event) => this.dragged(event), ondragleave: () => this.element.classList.remove("dragging"), ondrop: (event) => this.dropped(event) },
      el("header", { class: "bar" }, this.title, this.accountChoice(accounts)),
      this.chat,
      el("div", { class: "phrases" }, PHRASES[responder ? "responder" : "resident"].map((words) => this.phrase(words))),
      this.keyboard(),
      this.tools(),
    );
  }

  accountChoice(accounts) {
    const options = accounts.map((name) => el("option", { value: name, selected: name === this.account }, `${this.openid} · ${name}`));
    return el("select", { "aria-label": `${this.label}所用的账号`, onchange: (event) => this.switchTo(event.target.value) }, options);
  }

  async switchTo(account) {
    this.account = account;
    this.following = true;
    this.clear();
    await this.load();
  }

  keyboard() {
    return el("form", { class: "write", onsubmit: (event) => this.submit(event) }, this.input, el("button", { type: "submit" }, "发送"));
  }

  tools() {
    const tool = (words, title, act) => el("button", { type: "button", title, onclick: act }, words);
    return el(
      "div",
      { class: "tools" },
      tool("图片", "发一张样图；也可以把图片拖到手机上", () => this.act({ type: "image" })),
      tool("语音", "发一段语音；输入框里的字当作识别结果", () => this.act({ type: "voice", recognition: this.taken() || null })),
      tool("位置", "发位置；输入框里的字当作地名", () => this.act({ type: "location", label: this.taken() || "新联村三组" })),
      this.follow,
    );
  }

  phrase(words) {
    const unfinished = words.endsWith("…");
    const press = () => {
      if (!unfinished) return this.act({ type: "text", text: words });
      this.input.value = words.slice(0, -1);
      return this.input.focus();
    };
    return el("button", { type: "button", onclick: press }, words);
  }

  submit(event) {
    event.preventDefault();
    const text = this.taken();
    if (text) this.act({ type: "text", text });
  }

  taken() {
    const text = this.input.value.trim();
    this.input.value = "";
    return text;
  }

  async toggleFollowing() {
    await this.act({ type: this.following ? "unsubscribe" : "subscribe" });
    (await platform.phones()).forEach((one) => this.update(one));
  }

  dragged(event) {
    event.preventDefault();
    this.element.classList.add("dragging");
  }

  async dropped(event) {
    event.preventDefault();
    this.element.classList.remove("dragging");
    const [file] = event.dataTransfer.files;
    if (!file?.type.startsWith("image/")) return;
    const { media_id } = await platform.uploadPicture(file);
    await this.act({ type: "image", media_id });
  }

  async act(what) {
    this.wait(1);
    try {
      const said = await platform.say(this.account, this.openid, what);
      if (said.problem) this.note(`${said.problem}（试了 ${said.tries} 次）`);
    } catch (error) {
      this.note(error.message);
    } finally {
      this.wait(-1);
    }
  }

  wait(change) {
    this.waiting += change;
    this.title.replaceChildren(this.label, this.waiting ? el("span", { class: "typing" }, " · 对方正在输入…") : "");
  }

  note(words) {
    this.add(el("p", { class: "notice" }, words));
  }

  add(element) {
    const toEnd = () => { this.chat.scrollTop = this.chat.scrollHeight; };
    this.chat.append(element);
    // A picture has no height before it has come.
    element.querySelector("img")?.addEventListener("load", toEnd);
    toEnd();
  }
}
