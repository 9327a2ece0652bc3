// The row of phones: who is shown, kept in the address of the page.

import { button, h, toast } from "./dom.js";
import { Phone } from "./phone.js";
import { pickPersona } from "./picker.js";
import { inspect } from "./inspector.js";

const MOST = 3;
const DEFAULT = ["rm01", "rm02"];
const NARROW = matchMedia("(max-width: 720px)");

export class Phones {
  constructor(store, drawer) {
    Object.assign(this, { store, drawer, shown: new Map(), active: null });
    this.row = document.getElementById("phones");
    this.tabs = document.getElementById("tabs");
    store.on("bubble", (bubble) => this.shown.get(bubble.userid)?.show(bubble));
    store.on("world", () => this.onWorld());
    store.on("unread", () => this.drawTabs());
    store.on("reset", () => this.shown.forEach((phone) => phone.redraw()));
    store.on("calls", (calls) => this.markFlaws(calls));
    addEventListener("hashchange", () => this.show(this.fromAddress()));
    NARROW.addEventListener("change", () => this.lookAgain());
  }

  async begin() {
    await this.show(this.fromAddress());
  }

  fromAddress() {
    const asked = decodeURIComponent(location.hash.slice(1)).toLowerCase().split(",").filter((id) => this.store.members.has(id));
    return asked.length ? [...new Set(asked)].slice(0, MOST) : this.usual();
  }

  /** rm01 and rm02, or the first two who can be. */
  usual() {
    const known = DEFAULT.filter((id) => this.store.members.has(id));
    if (known.length) return known;
    const everybody = [...this.store.members.values()].filter((member) => member.status === 1);
    const managers = everybody.filter((member) => member.position.includes("客户经理"));
    return (managers.length ? managers : everybody).slice(0, 2).map((member) => member.userid);
  }

  ids() {
    return [...this.shown.keys()];
  }

  /** Makes the row show exactly these people, in this order. */
  async show(ids) {
    for (const id of this.ids().filter((known) => !ids.includes(known))) {
      this.shown.delete(id);
      this.store.forget(id);
    }
    const fresh = ids.filter((id) => !this.shown.has(id));
    await Promise.all(fresh.map((id) => this.store.watch(id)));
    this.shown = new Map(ids.map((id) => [id, this.shown.get(id) || new Phone(this.store, id, this)]));
    this.row.replaceChildren(...[...this.shown.values()].map((phone) => phone.element), ...(ids.length ? [] : [nobody()]));
    this.shown.forEach((phone) => phone.atEnd && phone.toEnd());
    if (!ids.includes(this.active)) this.active = fresh[0] || ids[0];
    this.lookAgain();
    fresh.forEach((id) => this.arrive(id));
  }

  /** Opening the chat is an event in WeCom too, whatever was written to the person before; the first time is enough. */
  arrive(id) {
    const phone = this.shown.get(id);
    phone.tick(this.store.now());
    const mark = `entered-${id}-${this.store.of(id)[0]?.at || ""}`;
    if (!this.store.world.app.callback_url || sessionStorage.getItem(mark)) return;
    if (this.store.of(id).some((bubble) => bubble.side === "member")) return;
    sessionStorage.setItem(mark, "1");
    phone.act("enter");
  }

  go(ids) {
    location.hash = ids.join(",");
  }

  add() {
    if (this.shown.size >= MOST) return toast(`最多并排 ${MOST} 部手机，可以先收起一部`);
    return pickPersona(this.store, this.ids(), (id) => this.open(id));
  }

  /** Shows this person: beside the others while there is room, else in the last place. */
  open(id) {
    this.active = id;
    if (!this.shown.has(id)) this.go([...this.ids().slice(0, MOST - 1), id]);
    else this.lookAgain();
  }

  change(id) {
    pickPersona(this.store, this.ids(), (other) => {
      this.active = other;
      this.go(this.ids().map((known) => (known === id ? other : known)));
    });
  }

  close(id) {
    if (this.shown.size === 1) return toast("至少留一部手机");
    return this.go(this.ids().filter((known) => known !== id));
  }

  inspect(bubble) {
    inspect(this.drawer, this.store, bubble);
  }

  onWorld() {
    if (!this.shown.size && this.store.members.size && this.started) this.show(this.fromAddress());
    this.shown.forEach((phone) => phone.refreshWorld());
    this.started = true;
  }

  markFlaws(calls) {
    const touched = calls.filter((call) => call.violations.length).flatMap((call) => call.deliveries);
    for (const { userid, bubble } of touched) {
      const flawed = this.store.bubbles.get(userid)?.get(bubble);
      if (flawed) this.shown.get(userid)?.show(flawed);
    }
  }

  /** On a narrow screen one phone at a time is before the eyes. */
  lookAgain() {
    for (const [id, phone] of this.shown) phone.element.classList.toggle("active", id === this.active);
    this.store.see(NARROW.matches ? [this.active].filter(Boolean) : this.ids());
    if (NARROW.matches) this.shown.get(this.active)?.toEnd();
    this.drawTabs();
  }

  drawTabs() {
    this.tabs.replaceChildren(...this.ids().map((id) => {
      const unread = this.store.unread.get(id);
      const name = this.store.members.get(id)?.name || id;
      const tab = button("tab", `${name}${unread ? `，${unread} 条未读` : ""}`, () => this.open(id), name, badge(unread));
      tab.setAttribute("aria-pressed", String(id === this.active));
      return tab;
    }));
  }

  tick(now) {
    this.shown.forEach((phone) => phone.tick(now));
  }
}

export const badge = (count) => (count ? h("span.unread", {}, count > 99 ? "99+" : String(count)) : null);

function nobody() {
  return h("p.nobody", {}, "通讯录还是空的。启动 ./run demo，或用控制接口 POST /_sim/v1/directory 放进成员，这里就会出现手机。");
}
