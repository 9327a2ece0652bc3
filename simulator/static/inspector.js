// Shows what lies behind one bubble: card, JSON, callback in clear and encrypted, times.

import { get, post } from "./api.js";
import { button, h } from "./dom.js";
import { duration, pace } from "./format.js";

const COPIES = { original: "原件", twin: "同时的第二份", reencrypted: "换密文再送", replay: "手动重放" };
const STATES = { queued: "排队中", sending: "正在送", acked: "机器人已收下", failed: "没有送到" };
const REPLAYS = [["same", "原样再送"], ["reencrypt", "换密文再送"], ["bad_signature", "坏签名"], ["late", "迟到 10 分钟"]];

/** Opens the inspector; while it is open it follows what becomes of the bubble. */
export async function inspect(drawer, store, bubble) {
  const call = bubble.api ? await callBehind(store, bubble.api.ledger) : null;
  const body = h("div.tab-body", { role: "tabpanel" });
  const strip = h("div.tab-strip", { role: "tablist" });
  let open = bubble.callback ? "耗时" : "卡片";
  const show = () => {
    const now = store.bubbles.get(bubble.userid)?.get(bubble.id) || bubble;
    for (const tab of strip.children) tab.setAttribute("aria-selected", String(tab.textContent === open));
    body.replaceChildren(...[TABS[open](now, causeOf(store, now), call)].flat(3).filter(Boolean));
  };
  const choose = (name) => {
    open = name;
    show();
  };
  strip.append(...Object.keys(TABS).map((name) => h("button", { type: "button", role: "tab", onclick: () => choose(name) }, name)));
  const stop = new AbortController();
  store.addEventListener("bubble", (event) => event.detail.userid === bubble.userid && show(), { signal: stop.signal });
  drawer.show("检查消息", [strip, body], () => stop.abort());
  show();
}

const TABS = {
  "卡片": (bubble, callback, call) => summary(bubble, call),
  "JSON": (bubble) => source(JSON.stringify(bubble.message ?? withoutCallback(bubble), null, 2)),
  "回调明文 XML": (bubble, callback) => (callback ? source(pretty(callback.xml)) : none()),
  "密文": (bubble, callback) => (callback ? [h("p.muted", {}, callback.url), source(callback.envelope)] : none()),
  "耗时": (bubble, callback) => (callback ? times(callback) : none()),
};

/** The callback of this bubble; for one of the application, the last thing the person did that led to it. */
function causeOf(store, bubble) {
  if (bubble.callback) return bubble.callback;
  const mine = store.of(bubble.userid).filter((other) => other.callback);
  const task = bubble.message?.template_card?.task_id;
  const presses = task && bubble.updates.length ? mine.filter((other) => other.callback.xml.includes(`<![CDATA[${task}]]>`)) : [];
  const earlier = mine.filter((other) => other.at <= bubble.at && Number(other.id.slice(1)) < Number(bubble.id.slice(1)));
  return (presses.at(-1) || earlier.at(-1))?.callback;
}

async function callBehind(store, number) {
  await store.refreshCalls();
  return store.calls.get(number) || null;
}

const source = (text) => h("pre.source", {}, text);
const none = () => h("p.empty", {}, "这条消息不是由回调引起的。");
const withoutCallback = ({ callback: _, ...rest }) => rest;
const pretty = (xml) => xml.replace(/^<xml>(?=<)|<\/[^>]+>(?=<)/g, "$&\n");
const facts = (pairs) => h("dl.facts", {}, pairs.filter(Boolean).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));

function summary(bubble, call) {
  const card = bubble.card;
  return [
    facts([
      ["种类", card ? card.card_type : bubble.kind],
      ["时间", bubble.at.slice(0, 19).replace("T", " ")],
      bubble.msgid && ["msgid", bubble.msgid],
      card && ["task_id", bubble.message.template_card.task_id || "（没有）"],
      card && ["还能按", bubble.card_state.live ? "能" : `不能：${bubble.recalled ? "已撤回" : bubble.card_state.replace_text}`],
      call && ["总账", `第 ${call.id} 行，errcode ${call.response?.errcode}，${duration(call.ms)}`],
    ]),
    notes("违反的限制", call?.violations), notes("显示建议", call?.advice),
    bubble.updates?.length ? [h("h4", {}, "更新"), source(JSON.stringify(bubble.updates, null, 2))] : null,
    card ? [h("h4", {}, "现在的卡片"), source(JSON.stringify(card, null, 2))] : null,
  ];
}

function notes(title, lines) {
  return lines?.length ? [h("h4", {}, title), h("ul.advice", {}, lines.map((line) => h("li", {}, line)))] : null;
}

function times(callback) {
  return [
    facts([
      ["回调", `${callback.id}，${STATES[callback.state]}`],
      ["送出", callback.at.slice(0, 19).replace("T", " ")],
      ["收下用时", timed(callback.ack_ms)],
      ["回应用时", timed(callback.reply_ms)],
    ]),
    h("p.muted", {}, "收下：送出到第一次 200。回应：送出到此人看见回应。1 秒起变黄，5 秒起变红。"),
    copies(callback.copies),
    replays(callback),
  ];
}

const timed = (ms) => (ms === null || ms === undefined ? "—" : h(`span.badge.${pace(ms)}`, {}, duration(ms)));

function copies(list) {
  return h("table.copies", {},
    h("thead", {}, h("tr", {}, ["份", "第几次", "状态", "用时", "原因"].map((name) => h("th", {}, name)))),
    h("tbody", {}, list.map((copy) => h("tr", {},
      [COPIES[copy.copy] || copy.copy, String(copy.attempt), String(copy.status || "—"), duration(copy.ms), copy.error || ""].map((cell) => h("td", {}, cell))))));
}

function replays(callback) {
  const result = h("p.muted", { role: "status" });
  const again = async (mode, words) => {
    const answer = await post(`/callbacks/${callback.id}/replay`, { mode });
    if (answer) result.textContent = `${words}：${answer.status || answer.error}，${duration(answer.ms)}${answer.body ? `，正文 ${answer.body}` : ""}`;
  };
  return h("div.replays", {}, h("h4", {}, "重放这个回调"),
    REPLAYS.map(([mode, words]) => button("tool", words, () => again(mode, words), words)), result);
}
