// The bar on top: business clock, weather, inboxes, transcript, reset.

import { post, put } from "./api.js";
import { button, h, toast } from "./dom.js";
import { tomorrowMorning, wall } from "./format.js";
import { icon } from "./icons.js";
import { openLedger } from "./ledger.js";
import { openSms } from "./sms.js";
import { saveTranscript } from "./transcript.js";
import { badge } from "./phones.js";

export class Bar {
  constructor(store, drawer, phones) {
    Object.assign(this, { store, drawer, phones });
    this.date = h("span.clock-date");
    this.time = h("span.clock-time");
    this.smsCount = h("span");
    this.weather = new Map();
    this.element = h("div.bar-inner", {}, this.brand(), this.clock(), this.toggle(), this.tools());
    store.on("world", () => this.showWeather());
    store.on("sms", () => this.smsCount.replaceChildren(badge(store.sms.length) || ""));
  }

  brand() {
    return h("h1.brand", {}, h("img", { src: "icon.svg", alt: "" }), "手机模拟器");
  }

  clock() {
    const custom = h("input", { type: "datetime-local", "aria-label": "自定义时间", step: "60" });
    const form = h("details.custom", {}, h("summary", {}, "自定义"),
      h("div.pop", {}, custom, button("tool.primary", "拨到这个时间", () => this.set(`${custom.value}:00+08:00`, custom.value, form), "拨到")));
    form.addEventListener("toggle", () => {
      const { date, time } = wall(this.store.now());
      if (form.open) custom.value = `${date}T${time}`;
    });
    const on = (hours) => () => this.moved(post("/clock/advance", { hours }));
    return h("div.clock", { role: "group", "aria-label": "业务时钟" },
      h("time.clock-face", { "data-testid": "clock", title: "业务时钟（北京时间）" }, this.date, this.time),
      h("div.clock-moves.extra", {},
        button("tool", "+1小时", on(1), "+1小时"), button("tool", "+1天", on(24), "+1天"),
        button("tool", "到明早9点", () => this.moved(post("/clock/set", { now: tomorrowMorning(this.store.now()) })), "到明早9点"), form));
  }

  async set(now, given, form) {
    if (!given) return toast("请先选一个时间");
    form.open = false;
    return this.moved(post("/clock/set", { now }));
  }

  async moved(asked) {
    const answer = await asked;
    if (!answer) return;
    this.store.setClock(answer.now);
    this.store.tell("clock");
    this.tick(this.store.now());
    this.phones.tick(this.store.now());
  }

  toggle() {
    const choices = Object.entries({ calm: "晴", bad: "坏天气" }).map(([value, words]) => {
      const choice = button("switch-part", words, () => put("/settings", { weather: value }), words);
      choice.setAttribute("role", "radio");
      this.weather.set(value, choice);
      return choice;
    });
    return h("div.switch.extra", { role: "radiogroup", "aria-label": "天气" }, choices);
  }

  showWeather() {
    for (const [value, choice] of this.weather) {
      choice.setAttribute("aria-checked", String(value === this.store.world.settings.weather));
    }
  }

  tools() {
    const more = button("tool.only-narrow", "更多工具", () => document.body.classList.toggle("tools-open"), icon("menu"));
    return h("div.tools", {},
      h("div.extra.tool-row", {},
        button("tool", "短信", () => openSms(this.drawer, this.store), icon("sms"), "短信", this.smsCount),
        button("tool", "接口总账", () => openLedger(this.drawer, this.store), icon("ledger"), "接口总账"),
        button("tool", "保存对话", () => saveTranscript(this.store), icon("save"), "保存对话"),
        button("tool", "重置", () => this.reset(), icon("again"), "重置")),
      button("tool.primary", "添加手机", () => this.phones.add(), icon("add"), "手机"), more);
  }

  async reset() {
    if (!confirm("清空所有手机上的消息、总账和短信？机器人自己的数据不会变。")) return;
    if (await post("/reset")) toast("已清空");
  }

  tick(now) {
    const { day, weekday, time, seconds } = wall(now);
    this.date.textContent = `${day} ${weekday}`;
    this.time.replaceChildren(time, h("small", {}, `:${seconds}`));
  }
}
