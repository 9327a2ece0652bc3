// Suggests to a newcomer what to type first; a suggestion leaves once it was used.

import { h } from "./dom.js";

const FOR_RM = ["帮助", "查 王秀兰", "拜访 王秀兰 电话 接通 聊了理财续期 下周三回访"];
const FOR_LEADERS = ["帮助", "查 王秀兰", "待办", "案件"];
const FOR_AGENTS = ["投诉 欧阳静 说理财到期没有人提醒", "案件", "帮助"];
const FOR_OTHERS = ["帮助", "待办", "我的"];
const ENOUGH = 4;

/** Chips above the bottom bar; none after the person has found the way alone. */
export function drawHints(member, bubbles, say) {
  const said = bubbles.filter((bubble) => bubble.side === "member" && bubble.kind === "text").map((bubble) => bubble.text);
  const hints = hintsFor([...(member.posts || []), member.position].join());
  const left = said.length < ENOUGH ? hints.filter((hint) => !said.includes(hint)) : [];
  return h("div.hints", { role: "group", "aria-label": "试试这样说", hidden: !left.length },
    left.map((hint) => h("button.hint", { type: "button", onclick: () => say(hint) }, hint)));
}

function hintsFor(posts) {
  if (posts.includes("客户经理")) return FOR_RM;
  if (posts.includes("客服坐席")) return FOR_AGENTS;
  return /主管|行长/.test(posts) ? FOR_LEADERS : FOR_OTHERS;
}
