// Suggests to a newcomer what to type first; a suggestion leaves once it was used.

import { h } from "./dom.js";

const FOR_RM = ["帮助", "查 王秀兰", "拜访 王秀兰 电话 接通 聊了理财续期 下周三回访"];
const FOR_OTHERS = ["帮助", "待办", "我的"];
const ENOUGH = 4;

/** Chips above the bottom bar; none after the person has found the way alone. */
export function drawHints(member, bubbles, say) {
  const said = bubbles.filter((bubble) => bubble.side === "member" && bubble.kind === "text").map((bubble) => bubble.text);
  const posts = [...(member.posts || []), member.position];
  const hints = posts.some((post) => post?.includes("客户经理")) ? FOR_RM : FOR_OTHERS;
  const left = said.length < ENOUGH ? hints.filter((hint) => !said.includes(hint)) : [];
  return h("div.hints", { role: "group", "aria-label": "试试这样说", hidden: !left.length },
    left.map((hint) => h("button.hint", { type: "button", onclick: () => say(hint) }, hint)));
}
