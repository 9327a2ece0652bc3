// Draws one turn of the chat: who spoke, what it says, how long it took.

import { button, h } from "./dom.js";
import { divider, duration, pace } from "./format.js";
import { icon } from "./icons.js";
import { avatar, picture } from "./picture.js";
import { description, markdown, plain } from "./richtext.js";
import { drawCard } from "./card.js";

const BODIES = {
  text: (bubble, phone) => h("div.words", {}, plain(bubble.content.content ?? bubble.text, phone.open)),
  markdown: (bubble, phone) => h("div.words.markdown", {}, markdown(bubble.content.content, phone.open)),
  card: drawCard,
  textcard: textCard,
  news: (bubble, phone) => h("div.news", {}, bubble.content.articles.map((article) => newsArticle(article, phone))),
  image: (bubble) => picture("photo", bubble.content.media_url, "图片"),
  file: (bubble, phone) => attachment(bubble, phone, bubble.content.media_name || "文件", "file"),
  video: (bubble, phone) => attachment(bubble, phone, bubble.content.title || "视频", "video"),
  voice: () => h("div.words.voice", {}, icon("voice"), "语音 1″"),
  location: ({ content }) => h("div.place", {}, h("div.place-map", {}, icon("location")), h("b", {}, content.label || "位置"),
    h("small", {}, `${content.lat}, ${content.lng}`)),
  link: ({ content }, phone) => h("button.linked", { type: "button", onclick: () => phone.open(content.url) },
    h("b", {}, content.title), h("small", {}, content.description || content.url)),
};

function textCard({ content }, phone) {
  return h("button.textcard", { type: "button", onclick: () => phone.open(content.url) },
    h("h3", {}, content.title), h("div.textcard-words", {}, description(content.description)),
    h("span.textcard-more", {}, content.btntxt || "详情", icon("chevron")));
}

function newsArticle(article, phone) {
  return h("button.article", { type: "button", onclick: () => phone.follow({ type: article.url ? 1 : 2, url: article.url }) },
    article.picurl && picture("article-picture", article.picurl, article.title),
    h("b", {}, article.title), article.description && h("small", {}, article.description));
}

function attachment({ content }, phone, label, sign) {
  return h("button.attachment", { type: "button", onclick: () => phone.attachment(content.media_id) }, icon(sign),
    h("span", {}, label, h("small", {}, "点开查看")));
}

/** The whole turn as a list item; `before` is the bubble above it. */
export function drawBubble(bubble, before, phone) {
  const line = divider(bubble.at, before?.at);
  const side = bubble.kind === "event" || bubble.recalled ? "event" : bubble.side === "app" ? "theirs" : "mine";
  return h(`li.turn.${side}`, {
    "data-testid": "bubble", "data-id": bubble.id, "data-kind": bubble.kind, "data-side": bubble.side,
    "data-updates": String(bubble.updates?.length || 0),
  },
    line && h("time.divider", { datetime: bubble.at }, line),
    side === "event" ? note(bubble, phone) : spoken(bubble, phone));
}

function note(bubble, phone) {
  const words = bubble.recalled ? `${phone.appName()} 撤回了一条消息` : bubble.text;
  return h("div.note", {}, h("span", {}, words), meta(bubble, phone));
}

function spoken(bubble, phone) {
  const face = bubble.side === "app" ? h("span.avatar.app-avatar", { "aria-hidden": "true" }, icon("sms")) : avatar(phone.member());
  const draw = BODIES[bubble.kind] || ((other) => h("div.words", {}, other.text));
  return h("div.line", {}, face, h("div.body", {}, draw(bubble, phone), meta(bubble, phone)));
}

function meta(bubble, phone) {
  const flaws = phone.flaws(bubble);
  return h("div.meta", {},
    bubble.callback && latency(bubble.callback),
    bubble.updates?.length ? h("span.badge", {}, `已更新 ${bubble.updates.length} 次`) : null,
    flaws && h("span.badge.late", { title: flaws.join("\n") }, icon("warn"), "超出限制"),
    button("inspect", "检查这条消息", () => phone.inspect(bubble), icon("info")));
}

function latency({ state, ack_ms: ack, reply_ms: reply }) {
  if (state === "failed") return h("span.badge.late", { "data-testid": "latency" }, "机器人没有收到");
  if (reply !== null && reply !== undefined) return h(`span.badge.${pace(reply)}`, { "data-testid": "latency", title: "到看见回应" }, `回应 ${duration(reply)}`);
  if (ack !== null && ack !== undefined) return h(`span.badge.${pace(ack)}`, { "data-testid": "latency", title: "机器人已收下" }, `收下 ${duration(ack)}`);
  return h("span.badge", { "data-testid": "latency" }, "发送中…");
}
