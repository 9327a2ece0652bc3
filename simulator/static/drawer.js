// The panel at the right: one thing at a time, closed by Esc.

import { button, h } from "./dom.js";
import { onEscape } from "./escape.js";
import { icon } from "./icons.js";

export class Drawer {
  constructor() {
    this.element = h("aside.drawer", { hidden: true, role: "dialog" });
    this.closed = null;
    document.body.append(this.element);
  }

  /** Shows `content` under `title`; `closed` runs when it goes away. */
  show(title, content, closed = null) {
    this.leave();
    this.before ??= document.activeElement;
    this.closed = closed;
    this.element.setAttribute("aria-label", title);
    const shut = button("drawer-close", "关闭", () => this.close(), icon("close"));
    this.element.replaceChildren(h("header", {}, h("h2", {}, title), shut), h("div.drawer-body", {}, content));
    if (this.element.hidden) this.settle = onEscape(() => this.close());
    this.element.hidden = false;
    document.body.classList.add("drawer-open");
    document.body.classList.remove("tools-open");
    shut.focus();
  }

  leave() {
    this.closed?.();
    this.closed = null;
  }

  close() {
    if (this.element.hidden) return;
    this.leave();
    this.settle();
    this.element.hidden = true;
    document.body.classList.remove("drawer-open");
    this.before?.focus?.();
    this.before = null;
  }
}
