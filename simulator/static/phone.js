// One person's phone: the chat, and everything that can be done with it.

import { act, BASE, openAs } from "./api.js";
import { button, h, renew, swap, toast } from "./dom.js";
import { drawBubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { drawHints } from "./hints.js";
import { icon } from "./icons.js";
import { avatar } from "./picture.js";
import { openSheet } from "./sheet.js";
import { wall } from "./format.js";

const PATIENCE = 5000;

export class Phone {
  /** `page` offers inspect(bubble), change(userid) and close(userid). */
  constructor(store, userid, page) {
    Object.assign(this, { store, userid, page, drafts: new Map(), pressedAt: new Map() });
    this.open = (url) => openAs(userid, url);
    this.time = h("span.status-time");
    this.list = h("ol.turns", { "aria-label": "聊天记录" });
    this.chat = h("div.chat", { tabindex: "0", role: "log", "aria-label": "聊天" }, this.list);
    this.hints = h("div.hints");
    this.composer = new Composer(this);
    this.persona = this.drawPersona();
    this.screen = h("div.screen", {}, this.drawTop(), this.chat, this.hints, this.composer.element);
    this.element = h("section.phone", { "data-testid": `phone-${userid}`, "aria-label": `手机 ${userid}` }, this.persona, this.screen);
    this.stayAtEnd();
    this.redraw();
  }

  /** Keeps the newest bubble in sight, until the person scrolls up. */
  stayAtEnd() {
    let last = 0;
    this.atEnd = true;
    this.chat.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.chat;
      const near = scrollHeight - scrollTop - clientHeight < 60;
      if (near || scrollTop < last) this.atEnd = near;
      last = scrollTop;
    });
    const observer = new ResizeObserver(() => this.atEnd && this.toEnd());
    observer.observe(this.chat);
    observer.observe(this.list);
  }

  member() {
    return this.store.members.get(this.userid) || { userid: this.userid, name: this.userid };
  }

  appName() {
    return this.store.world.app.name;
  }

  menu() {
    return this.store.world.menu?.button || [];
  }

  drawTop() {
    return h("div.top", {},
      h("div.status-bar", { "aria-hidden": "true" }, this.time, h("span.signals", {}, h("i.signal"), h("i.battery"))),
      h("header.title-bar", {}, h("h2", {}, this.appName())));
  }

  drawPersona() {
    const { name, posts, position, department_name: unit } = this.member();
    const post = posts?.length ? posts.join("、") : position;
    return h("div.persona", {},
      h("button.persona-who", { type: "button", "aria-label": `换人：${name}`, title: "换一个人", onclick: () => this.page.change(this.userid) },
        avatar(this.member()), h("span.persona-words", {}, h("b", {}, name), h("small", {}, [this.userid, post, unit].filter(Boolean).join(" · "))),
        icon("switch")),
      button("persona-tool", "重新进入应用", () => this.act("enter"), icon("again")),
      button("persona-tool", `收起手机 ${this.userid}`, () => this.page.close(this.userid), icon("close")));
  }

  /** Draws everything anew: a new person, a reset, another menu. */
  redraw() {
    this.persona = swap(this.persona, this.drawPersona());
    this.list.replaceChildren();
    let before = null;
    for (const bubble of this.store.of(this.userid)) {
      this.list.append(drawBubble(bubble, before, this));
      before = bubble;
    }
    this.refreshWorld();
    this.toEnd();
  }

  refreshWorld() {
    this.screen.querySelector("h2").textContent = this.appName();
    this.composer.refreshMenu();
    this.redrawHints();
  }

  redrawHints() {
    this.hints = renew(this.hints, drawHints(this.member(), this.store.of(this.userid), (text) => this.act("say", { text })));
  }

  tick(now) {
    this.time.textContent = wall(now).time;
  }

  /** Shows a new bubble, or the new state of one already shown. */
  show(bubble) {
    const old = this.list.querySelector(`[data-id="${bubble.id}"]`);
    if (old && old.dataset.updates !== String(bubble.updates?.length || 0)) this.drafts.delete(bubble.id);
    const fresh = drawBubble(bubble, this.store.before(bubble), this);
    if (old) swap(old, fresh);
    else this.list.append(fresh);
    if (this.atEnd || (!old && bubble.side === "member")) this.toEnd();
    if (bubble.side === "member") this.redrawHints();
  }

  toEnd() {
    requestAnimationFrame(() => (this.chat.scrollTop = this.chat.scrollHeight));
  }

  act(action, body) {
    return act(this.userid, action, body);
  }

  chosen(bubble, question) {
    return this.drafts.get(bubble.id)?.[question] ?? bubble.card_state.selected[question] ?? [];
  }

  choose(bubble, question, options) {
    this.drafts.set(bubble.id, { ...this.drafts.get(bubble.id), [question]: options });
  }

  async press(bubble, key) {
    this.pressedAt.set(bubble.id, performance.now());
    setTimeout(() => this.giveUp(bubble.id), PATIENCE + 100);
    await this.act("press", { bubble: bubble.id, key, selected: this.drafts.get(bubble.id) || {} });
  }

  action(bubble, key) {
    return this.act("action", { bubble: bubble.id, key });
  }

  /** Is the spinner on a pressed button still turning? */
  waitsFor(bubble) {
    return bubble.card_state.waiting && performance.now() - (this.pressedAt.get(bubble.id) ?? -PATIENCE) < PATIENCE;
  }

  giveUp(id) {
    const bubble = this.store.bubbles.get(this.userid)?.get(id);
    if (bubble?.card_state?.waiting) this.show(bubble);
  }

  flaws(bubble) {
    return this.store.flaws.get(bubble.id);
  }

  inspect(bubble) {
    this.page.inspect(bubble);
  }

  sheet(title, items) {
    openSheet(this.screen, title, items);
  }

  /** Goes where a card's target leads. */
  follow(target) {
    if (target.url) this.open(target.url);
    else toast("这里通往小程序，模拟器里打不开");
  }

  attachment(mediaId) {
    window.open(`${BASE}/media/${encodeURIComponent(mediaId)}`, "_blank", "noopener");
  }

  profile(userid) {
    const member = this.store.members.get(userid.toLowerCase());
    if (!member) return toast(`通讯录里没有 ${userid}`);
    return this.sheet(member.name, [{ label: member.userid, note: [member.position, member.department_name].join(" · "), pick() {} }]);
  }

  async openMenu(path) {
    const answer = await this.act("menu", { path });
    if (answer?.url) this.open(answer.url);
  }
}
