// What the page knows: the world, the bubbles of the phones shown, the account of API calls.

import { get, post } from "./api.js";

const KEEP_CALLS = 1000;

/** Tells its listeners `world`, `clock`, `bubble` (detail: the bubble), `unread`, `calls`, `sms`, `reset`. */
export class Store extends EventTarget {
  world = { seq: 0, app: {}, members: [], menu: null, clock: {}, settings: {} };
  members = new Map();
  bubbles = new Map();
  visible = new Set();
  unread = new Map();
  calls = new Map();
  flaws = new Map();
  sms = [];
  clockBase = { now: 0, at: 0 };

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  on(kind, listener) {
    this.addEventListener(kind, (event) => listener(event.detail));
  }

  async refresh() {
    this.world = await get("/world");
    this.members = new Map(this.world.members.map((member) => [member.userid, member]));
    this.unread = new Map(this.world.members.map((member) => [member.userid, member.unread]));
    this.setClock(this.world.clock.now);
    this.sms = (await get("/sms")).inbox;
    ["world", "clock", "unread", "sms"].forEach((kind) => this.tell(kind));
  }

  setClock(now) {
    this.clockBase = { now: new Date(now).getTime(), at: performance.now() };
  }

  /** The business clock now, in milliseconds. */
  now() {
    return this.clockBase.now + performance.now() - this.clockBase.at;
  }

  /** Loads what a phone shows; from then on its bubbles are kept. */
  async watch(userid) {
    const { bubbles } = await get(`/members/${encodeURIComponent(userid)}/bubbles`);
    this.bubbles.set(userid, new Map(bubbles.map((bubble) => [bubble.id, bubble])));
  }

  forget(userid) {
    this.bubbles.delete(userid);
  }

  /** Takes a new or changed bubble, unless a newer version of it is known. */
  keep(bubble) {
    const shown = this.bubbles.get(bubble.userid);
    const before = shown?.get(bubble.id);
    if (before && before.seq >= bubble.seq) return;
    shown?.set(bubble.id, bubble);
    if (bubble.side === "app" && !before && isFirstSight(bubble)) this.count(bubble.userid);
    this.tell("bubble", bubble);
  }

  count(userid) {
    this.unread.set(userid, (this.unread.get(userid) || 0) + 1);
    if (this.visible.has(userid)) this.read(userid);
    else this.tell("unread");
  }

  /** These phones are before somebody's eyes. */
  see(userids) {
    this.visible = new Set(userids);
    userids.forEach((userid) => this.read(userid));
  }

  async read(userid) {
    if (!this.unread.get(userid)) return;
    this.unread.set(userid, 0);
    this.tell("unread");
    await post(`/members/${encodeURIComponent(userid)}/read`);
  }

  /** Bubbles of one phone, oldest first. */
  of(userid) {
    return [...(this.bubbles.get(userid)?.values() || [])].sort((one, other) => order(one) - order(other));
  }

  /** The bubble above this one. */
  before(bubble) {
    const all = this.of(bubble.userid);
    return all[all.findIndex(({ id }) => id === bubble.id) - 1];
  }

  async refreshCalls() {
    const last = Math.max(0, ...this.calls.keys());
    const { calls } = await get(`/ledger?after=${last}`);
    if (!calls.length) return;
    for (const call of calls) this.keepCall(call);
    for (const id of [...this.calls.keys()].slice(0, -KEEP_CALLS)) this.calls.delete(id);
    this.tell("calls", calls);
  }

  keepCall(call) {
    this.calls.set(call.id, call);
    if (!call.violations.length) return;
    for (const { bubble } of call.deliveries) if (bubble) this.flaws.set(bubble, call.violations);
  }

  async takeReset() {
    this.calls.clear();
    this.flaws.clear();
    for (const userid of this.bubbles.keys()) this.bubbles.set(userid, new Map());
    await this.refresh();
    this.tell("reset");
  }
}

/** Bubbles are numbered in the order they were made. */
export const order = (bubble) => Number(bubble.id.slice(1));

/** Changes of a phone nobody watches come without the bubble's past. */
const isFirstSight = (bubble) => bubble.seq === bubble.said && !bubble.updates?.length;
