// The text messages the SMS gateway took.

import { h } from "./dom.js";
import { wall } from "./format.js";

export function openSms(drawer, store) {
  const list = h("ul.sms-list", { "aria-label": "短信" });
  const draw = () => {
    const inbox = [...store.sms].reverse();
    list.replaceChildren(...(inbox.length ? inbox.map(line(store)) : [h("li.empty", {}, "还没有短信。逾期升级时，机器人会给手机号发短信。")]));
  };
  const stop = new AbortController();
  store.addEventListener("sms", draw, { signal: stop.signal });
  drawer.show("短信收件箱", list, () => stop.abort());
  draw();
}

function line(store) {
  return ({ id, mobile, text, at, copies }) => {
    const { day, time, seconds } = wall(at);
    const owner = [...store.members.values()].find((member) => plain(member.mobile) === plain(mobile));
    return h("li.sms", {},
      h("div.sms-head", {}, h("b", {}, owner?.name || "未登记的号码"), h("span", {}, mobile), h("small", {}, `${day} ${time}:${seconds}`)),
      h("p", {}, text),
      h("small.sms-id", { title: "短信的 id" }, id),
      copies > 1 && h("small.sms-copies", {}, `网关收到 ${copies} 次，只算一条`));
  };
}

/** A number without the signs people put between its digits. */
const plain = (number) => (number || "").replace(/[ -]/g, "");
