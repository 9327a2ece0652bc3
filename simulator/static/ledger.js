// Every call the bot made to WeCom's API, with its answer.

import { h } from "./dom.js";
import { duration, wall } from "./format.js";

const EVERY = 2000;
const MOST = 200;
const FATES = { dropped_minute: "超过每分钟上限，被静默丢弃", dropped_hour: "超过每小时上限，被静默丢弃" };

export function openLedger(drawer, store) {
  const list = h("ol.calls", { "aria-label": "接口调用" });
  const count = h("small.muted");
  const words = h("input", { type: "search", placeholder: "筛选：接口、错误码、正文", "aria-label": "筛选", oninput: () => draw() });
  const wrong = h("input", { type: "checkbox", onchange: () => draw() });

  function draw() {
    const all = [...store.calls.values()].reverse();
    const found = all.filter((call) => (!wrong.checked || isWrong(call)) && matches(call, words.value.trim().toLowerCase()));
    const open = new Set([...list.querySelectorAll("details[open]")].map((details) => details.dataset.id));
    list.replaceChildren(...found.slice(0, MOST).map((call) => row(call, open.has(String(call.id)))));
    count.textContent = `${found.length} / ${all.length} 次${found.length > MOST ? `，只列最新 ${MOST} 次` : ""}`;
  }

  const timer = setInterval(() => store.refreshCalls(), EVERY);
  const stop = new AbortController();
  store.addEventListener("calls", draw, { signal: stop.signal });
  store.addEventListener("reset", draw, { signal: stop.signal });
  drawer.show("接口总账", [h("div.filter", {}, words, h("label", {}, wrong, "只看出错"), count), list], () => {
    clearInterval(timer);
    stop.abort();
  });
  draw();
  store.refreshCalls();
}

const code = (call) => call.response?.errcode;
const fates = (call) => [...new Set(call.deliveries.map(({ fate }) => FATES[fate]).filter(Boolean))];
const isWrong = (call) => Boolean(code(call)) || call.status !== 200 || Boolean(call.fault) || call.violations.length > 0 || fates(call).length > 0;
const matches = (call, words) => !words || JSON.stringify([call.path, code(call), call.body, call.response]).toLowerCase().includes(words);

function row(call, open) {
  const notes = [call.fault && `故障：${call.fault}`, call.duplicate && "重复检查吞掉", ...call.violations, ...fates(call)].filter(Boolean);
  return h("li", {}, h("details.call", { open, "data-id": String(call.id) },
    h("summary", {},
      h("span.call-time", {}, wall(call.at).time), h("span.call-path", {}, call.path, target(call)),
      h(`span.errcode${isWrong(call) ? ".wrong" : ""}`, { title: "errcode" }, String(code(call) ?? call.status)),
      h("span.call-ms", {}, duration(call.ms)), notes.map((note) => h("span.call-note", {}, note))),
    h("h4", {}, "请求"), h("pre", {}, JSON.stringify(call.body, null, 2)),
    h("h4", {}, "回答"), h("pre", {}, JSON.stringify(call.response, null, 2)),
    call.advice.length ? [h("h4", {}, "建议"), h("ul.advice", {}, call.advice.map((line) => h("li", {}, line)))] : null));
}

function target({ body }) {
  const to = body?.touser || body?.userids?.join("、");
  return to ? h("small", {}, ` → ${to}${body.msgtype ? ` · ${body.msgtype}` : ""}`) : null;
}
