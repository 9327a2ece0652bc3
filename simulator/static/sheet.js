// The panel that slides up inside a phone: choices, the "…" menu of a card, sample places.

import { button, h } from "./dom.js";
import { onEscape } from "./escape.js";

/** Opens a sheet in `host`; `items` are `{label, note, checked, pick}`; Esc and the dimmed part close it. */
export function openSheet(host, title, items) {
  const before = document.activeElement;
  const close = () => {
    settle();
    mask.remove();
    before?.focus?.();
  };
  const choose = (item) => {
    close();
    item.pick();
  };
  const box = h("div.sheet", { role: "dialog", "aria-modal": "true", "aria-label": title },
    h("div.sheet-title", {}, title),
    h("div.sheet-items", { role: items.some((item) => item.checked !== undefined) ? "radiogroup" : null },
      items.map((item) => entry(item, () => choose(item)))),
    button("sheet-cancel", "关闭", close, "关闭"));
  const mask = h("div.mask", { onclick: (event) => event.target === mask && close() }, box);
  const settle = onEscape(close);
  host.append(mask);
  (box.querySelector("[aria-checked=true]") || box.querySelector("button")).focus();
}

function entry(item, onclick) {
  const state = item.checked === undefined ? {} : { role: "radio", "aria-checked": String(item.checked) };
  return h("button.sheet-item", { type: "button", "aria-label": item.label, ...state, onclick },
    h("span", {}, item.label), item.note && h("small", {}, item.note));
}
