// Draws the five kinds of template card as WeCom's phone shows them.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { picture } from "./picture.js";
import { buttonSelection, selectList, vote } from "./card_questions.js";

/** The card of `bubble`; `phone` does what the person asks for. */
export function drawCard(bubble, phone) {
  const { card } = bubble;
  return h(`article.card.card-${card.card_type}`, { "data-testid": "card", "aria-label": card.main_title?.title || "卡片" },
    head(bubble, phone),
    opening(card, phone),
    quote(card.quote_area, phone),
    imageText(card.image_text_area, phone),
    card.vertical_content_list?.map(({ title, desc }) => h("div.vertical", {}, h("b", {}, title), desc && h("p", {}, desc))),
    horizontal(card.horizontal_content_list, phone),
    jumps(card.jump_list, phone),
    card.button_selection && buttonSelection(card.button_selection, bubble, phone),
    card.checkbox && vote(card.checkbox, bubble, phone),
    card.select_list?.map((question) => selectList(question, bubble, phone)),
    feet(bubble, phone));
}

function head(bubble, phone) {
  const { source, action_menu: menu } = bubble.card;
  if (!source && !menu) return null;
  const entries = () => menu.action_list.map(({ text, key }) => ({ label: text, pick: () => phone.action(bubble, key) }));
  return h("div.card-head", {},
    source?.icon_url && picture("source-icon", source.icon_url, ""),
    h(`span.source.source-${source?.desc_color || 0}`, {}, source?.desc || ""),
    menu && bubble.card_state.live && button("card-more", "更多", () => phone.sheet(menu.desc || "更多", entries()), icon("more")));
}

/** Title, picture, key figure and text; the whole of it opens the card's page where there is one. */
function opening(card, phone) {
  const { main_title: title = {}, emphasis_content: emphasis, card_action: action, card_image: image } = card;
  const parts = [
    image && picture(Number(image.aspect_ratio) > 1.7 ? "card-image.wide" : "card-image", image.url, title.title || "图片"),
    title.title && h("h3", {}, title.title),
    title.desc && h("p.card-desc", {}, title.desc),
    emphasis && h("div.emphasis", {}, h("strong", {}, emphasis.title), h("span", {}, emphasis.desc || "")),
    card.sub_title_text && h("p.sub-title", {}, card.sub_title_text),
  ];
  if (!action?.type) return h("div.opening", {}, parts);
  return tappable("opening", `打开：${title.title || card.sub_title_text}`, action, phone, parts);
}

function tappable(spec, label, target, phone, ...children) {
  if (!target?.type) return h(`div.${spec}`, {}, children);
  const go = () => phone.follow(target);
  const onkeydown = (event) => event.key === "Enter" && event.target === event.currentTarget && go();
  return h(`div.${spec}.tappable`, { role: "link", tabindex: "0", "aria-label": label, onclick: go, onkeydown }, children);
}

function quote(area, phone) {
  if (!area?.title && !area?.quote_text) return null;
  return tappable("quote", `打开：${area.title || area.quote_text}`, area, phone,
    area.title && h("b", {}, area.title), area.quote_text && h("p", {}, area.quote_text));
}

function imageText(area, phone) {
  if (!area) return null;
  return tappable("image-text", `打开：${area.title || "图文"}`, area, phone,
    picture("image-text-picture", area.image_url, area.title || "图片"),
    h("div", {}, area.title && h("b", {}, area.title), area.desc && h("p", {}, area.desc)));
}

function horizontal(list, phone) {
  if (!list?.length) return null;
  return h("dl.pairs", {}, list.map((row) => [h("dt", {}, row.keyname), h("dd", {}, pairValue(row, phone))]));
}

function pairValue(row, phone) {
  const words = row.value || "";
  const targets = {
    1: () => phone.follow(row),
    2: () => phone.attachment(row.media_id),
    3: () => phone.profile(row.userid),
  };
  if (!targets[row.type]) return words;
  return h("button.pair-link", { type: "button", onclick: targets[row.type] }, row.type === 2 && icon("file"), words || row.userid);
}

function jumps(list, phone) {
  if (!list?.length) return null;
  return h("div.jumps", {}, list.map((jump) =>
    tappable("jump", jump.title, jump, phone, h("span", {}, jump.title), jump.type ? icon("chevron") : null)));
}

function feet(bubble, phone) {
  const { card, card_state: state } = bubble;
  const entries = card.submit_button
    ? [{ text: card.submit_button.text || "提交", key: card.submit_button.key, style: 1 }]
    : card.button_list || [];
  if (state.replace_text !== null) return h("div.feet", {}, h("button.foot.spent", { type: "button", disabled: true }, state.replace_text));
  if (!entries.length) return null;
  const waiting = state.live && phone.waitsFor(bubble);
  return [
    h("div.feet", {}, entries.map((entry) => foot(entry, bubble, phone, waiting))),
    state.live && state.waiting && !waiting && h("p.unanswered", {}, "5 秒内没有更新这张卡片；真机会提示处理超时，可以再按一次。"),
  ];
}

function foot(entry, bubble, phone, waiting) {
  const pressed = waiting && bubble.card_state.pressed === entry.key;
  const onclick = () => (entry.type === 1 ? phone.follow({ type: 1, url: entry.url }) : phone.press(bubble, entry.key));
  return h(`button.foot.style-${entry.style || 1}${pressed ? ".pressed" : ""}`,
    { type: "button", "aria-label": entry.text, "aria-busy": pressed ? "true" : null, disabled: waiting || !bubble.card_state.live, onclick },
    pressed && h("i.weui-loading"), entry.text);
}
