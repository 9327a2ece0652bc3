// The bottom bar of a phone: the application's menu or the keyboard, and the panel behind the plus.

import { button, h, swap } from "./dom.js";
import { icon } from "./icons.js";

const PLACES = [
  { label: "示例路 1 号（示例支行）", lat: 31.2304, lng: 121.4737 },
  { label: "示例大厦 18 层（客户单位）", lat: 31.2397, lng: 121.4998 },
  { label: "示例小区 6 栋（客户家）", lat: 31.2189, lng: 121.4402 },
];
const ARTICLE = { title: "示例文章：理财到期以后", description: "一篇示例文章", url: "https://example.com/article", picurl: "" };

/** `phone` offers member, menu, act, openMenu and sheet; the bar redraws itself. */
export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.typing = true;
    this.panelOpen = false;
    this.box = h("textarea.say", { rows: "1", placeholder: "发消息…", "aria-label": "消息", enterkeyhint: "send",
      onkeydown: (event) => this.key(event), oninput: () => this.resize() });
    this.file = h("input.file", { type: "file", accept: "image/png,image/jpeg", "aria-label": "选择照片", tabindex: "-1",
      onchange: () => this.sendFile() });
    this.element = this.draw();
  }

  redraw() {
    this.element = swap(this.element, this.draw());
  }

  /** Of the world only the menu is seen here; the keyboard stays as it is under the hand. */
  refreshMenu() {
    if (!this.typing && this.drawn !== JSON.stringify(this.phone.menu())) this.redraw();
  }

  draw() {
    this.drawn = JSON.stringify(this.phone.menu());
    const toggle = () => {
      this.typing = !this.typing;
      this.redraw();
    };
    return h("footer.composer", {},
      h("div.composer-row", {},
        button("round", this.typing ? "切换到菜单" : "切换到键盘", toggle, icon(this.typing ? "menu" : "keyboard")),
        this.typing ? this.keyboard() : this.menu()),
      this.panelOpen && this.typing && this.panel(),
      this.file);
  }

  keyboard() {
    const plus = button("round", "更多输入", () => {
      this.panelOpen = !this.panelOpen;
      this.redraw();
    }, icon("plus"));
    plus.setAttribute("aria-expanded", String(this.panelOpen));
    return [this.box, plus, button("send", "发送", () => this.send(), "发送")];
  }

  menu() {
    const entries = this.phone.menu();
    if (!entries.length) return h("span.no-menu", {}, "机器人还没有设置菜单");
    return h("div.menus", {}, entries.map((entry, index) => {
      const children = entry.sub_button || [];
      const items = () => children.map((child, n) => ({ label: child.name, pick: () => this.phone.openMenu([index, n]) }));
      const go = () => (children.length ? this.phone.sheet(entry.name, items()) : this.phone.openMenu([index]));
      return button("menu-entry", entry.name, go, children.length ? icon("menu") : null, entry.name);
    }));
  }

  panel() {
    const does = (action, body) => () => this.phone.act(action, body);
    const entries = [
      ["照片", "photo", () => this.offerPhotos()],
      ["位置", "location", () => this.offerPlaces()],
      ["语音", "voice", does("voice")],
      ["视频", "video", does("video")],
      ["链接", "link", does("link", ARTICLE)],
    ];
    return h("div.panel", { role: "group", "aria-label": "更多输入" },
      entries.map(([label, sign, go]) => button("panel-entry", label, go, h("span.panel-icon", {}, icon(sign)), label)));
  }

  offerPhotos() {
    this.phone.sheet("发一张照片", [
      { label: "示例照片", note: "一张小的示例图片", pick: () => this.phone.act("photo", { sample: true }) },
      { label: "从本机选一张", note: "JPG 或 PNG", pick: () => this.file.click() },
    ]);
  }

  offerPlaces() {
    this.phone.sheet("发送位置", PLACES.map((place) => ({ label: place.label, pick: () => this.phone.act("location", place) })));
  }

  sendFile() {
    const [file] = this.file.files;
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    this.file.value = "";
    this.phone.act("photo", form);
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    this.box.value = "";
    this.resize();
    if (!(await this.phone.act("say", { text }))) this.box.value = text;
  }

  resize() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 120)}px`;
  }
}
