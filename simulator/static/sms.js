// The text messages the SMS gateway took.

import { h } from "./dom.js";
import { wall } from "./format.js";

export function openSms(drawer, store) {
  const list = h("ul.sms-list", { "aria-label": "短信" });
  const draw = () => {
    const inbox = [...store.sms].reverse();
    list.replaceChildren(...(inbox.length ? inbox.map(line) : [h("li.empty", {}, "还没有短信。逾期升级时，机器人会给手机号发短信。")]));
  };
  const stop = new AbortController();
  store.addEventListener("sms", draw, { signal: stop.signal });
  drawer.show("短信收件箱", list, () => stop.abort());
  draw();
}

function line({ mobile, text, at, copies }) {
  const { day, time } = wall(at);
  return h("li.sms", {}, h("div.sms-head", {}, h("b", {}, mobile), h("small", {}, `${day} ${time}`)),
    h("p", {}, text), copies > 1 && h("small.muted", {}, `网关收到 ${copies} 次，只算一条`));
}
