// The line under the bar: what the weather means, whether a bot listens, who else has news.

import { h } from "./dom.js";

const WEATHER = {
  calm: "晴：每个回调只送一次，按先后。",
  bad: "坏天气：每个回调送三次（两次同时，一次换密文再送），不同人的先后打乱；机器人应当照样每件事只办一次。",
};
const MOST = 4;

export function drawStatus(place, store, phones) {
  const draw = () => place.replaceChildren(...[weather(store), listening(store), ...news(store, phones)].filter(Boolean));
  store.on("world", draw);
  store.on("unread", draw);
}

const weather = (store) => h("span.weather-words", {}, WEATHER[store.world.settings.weather]);

function listening({ world }) {
  if (world.app.callback_url) return null;
  return h("span.warning", {}, "还没有机器人连上来：先用 rmbot serve 启动机器人，再把回调地址告诉模拟器。");
}

/** People without an open phone who got something. */
function news(store, phones) {
  const waiting = [...store.unread].filter(([id, count]) => count && !phones.shown.has(id));
  const shown = waiting.slice(0, MOST).map(([id, count]) => {
    const name = store.members.get(id)?.name || id;
    return h("button.news-chip", { type: "button", "aria-label": `打开 ${name} 的手机，${count} 条未读`, onclick: () => phones.open(id) },
      name, h("span.unread", {}, String(count)));
  });
  if (waiting.length > MOST) shown.push(h("span.news-more", {}, `另有 ${waiting.length - MOST} 人有新消息`));
  return shown.length ? [h("span.news-line", {}, "没打开的手机上有新消息：", shown)] : [];
}
