// How one entry of a screen looks.

import { el } from "./dom.js";

const VIA = { template: "模板消息", custom: "客服消息", subscribe: "订阅消息" };

/** The element of one entry. */
export function drawEntry(entry, face) {
  if (entry.via === "system") return el("p", { class: "notice bad" }, entry.text);
  if (entry.type === "card") return card(entry);
  if (entry.direction === "up" && entry.text.startsWith("（")) return el("p", { class: "notice" }, entry.text);
  const tag = via(entry);
  return el(
    "div",
    { class: `row ${entry.direction}` },
    el("span", { class: "face", "aria-hidden": "true" }, entry.direction === "up" ? face : "邻"),
    el("div", { class: "said" }, bubble(entry), tag),
  );
}

function bubble(entry) {
  if (entry.type === "image" && entry.media_id) {
    return el("div", { class: "bubble picture fresh" }, el("img", { src: `/sandbox/api/media/${encodeURIComponent(entry.media_id)}`, alt: "图片" }));
  }
  if (entry.type === "voice") {
    const words = entry.recognition ? `识别：${entry.recognition}` : "没有识别文字";
    return el("div", { class: "bubble voice fresh" }, "▶ 3″", el("small", {}, words));
  }
  if (entry.type === "location") {
    const where = `${Number(entry.latitude).toFixed(4)}, ${Number(entry.longitude).toFixed(4)}`;
    return el("div", { class: "bubble place fresh" }, el("b", {}, entry.label || "我的位置"), el("small", {}, where), el("i"));
  }
  return el("div", { class: "bubble fresh" }, entry.text);
}

function card(entry) {
  const rows = (entry.rows ?? []).flatMap((row) => [el("dt", {}, row.label), el("dd", {}, row.value)]);
  const link = entry.url || entry.miniprogram?.pagepath;
  return el(
    "article",
    { class: "card fresh" },
    el("h3", {}, entry.title, via(entry)),
    el("dl", {}, rows),
    link ? el("footer", {}, `打开 ${link}`) : null,
  );
}

function via(entry) {
  const words = VIA[entry.via];
  if (!words) return null;
  return el("span", { class: entry.repeat ? "tag repeat" : "tag" }, entry.repeat ? `${words} · 重复` : words);
}
