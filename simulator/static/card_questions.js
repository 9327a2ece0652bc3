// The three ways a card asks: drop-down beside buttons, vote, and lists that open as sheets.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";

const frozen = (question, bubble) => Boolean(question.disable) || !bubble.card_state.live;

export function buttonSelection(question, bubble, phone) {
  const [chosen] = phone.chosen(bubble, question.question_key);
  const title = question.title || "请选择";
  const onchange = (event) => phone.choose(bubble, question.question_key, [event.target.value]);
  return h("label.drop-down", {}, h("span", {}, title),
    h("select", { "aria-label": title, onchange, disabled: frozen(question, bubble) },
      question.option_list.map(({ id, text }) => h("option", { value: id, selected: id === chosen }, text))),
    icon("down"));
}

export function vote(box, bubble, phone) {
  const key = box.question_key;
  const several = box.mode === 1;
  const chosen = phone.chosen(bubble, key);
  const group = h("fieldset.vote", { disabled: frozen(box, bubble), role: several ? "group" : "radiogroup" },
    h("legend", {}, several ? "可多选" : "单选"),
    box.option_list.map(({ id, text }) => h("label.vote-option", {},
      h("input", { type: several ? "checkbox" : "radio", name: `${bubble.id}-${key}`, value: id, checked: chosen.includes(id) }),
      h("i.tick"), h("span", {}, text))));
  group.addEventListener("change", () => {
    phone.choose(bubble, key, [...group.querySelectorAll("input:checked")].map((input) => input.value));
  });
  return group;
}

export function selectList(question, bubble, phone) {
  const key = question.question_key;
  const title = question.title || "请选择";
  const chosen = () => phone.chosen(bubble, key)[0];
  const words = () => question.option_list.find(({ id }) => id === chosen())?.text || "请选择";
  const value = h("span.pick-value", {}, words());
  const pick = (id) => {
    phone.choose(bubble, key, [id]);
    value.textContent = words();
    row.setAttribute("aria-label", `${title}：${words()}`);
  };
  const items = () => question.option_list.map(({ id, text }) => ({ label: text, checked: id === chosen(), pick: () => pick(id) }));
  const row = button("pick", `${title}：${words()}`, () => phone.sheet(title, items()),
    h("span.pick-title", {}, title), value, icon("chevron"));
  row.removeAttribute("title");
  row.setAttribute("aria-haspopup", "dialog");
  row.disabled = frozen(question, bubble);
  return row;
}
