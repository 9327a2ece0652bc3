// Finds a person by name, userid or post.

import { get } from "./api.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./picture.js";

const PAUSE = 150;

/** Asks who is to be shown; those in `taken` cannot be chosen again. */
export function pickPersona(store, taken, chosen) {
  const list = h("ul.people", { "aria-label": "成员" });
  const count = h("small.people-count", { "aria-live": "polite" });
  const box = h("input.people-search", { type: "search", placeholder: "姓名、成员号或岗位", "aria-label": "搜索成员",
    oninput: () => later(search), onkeydown: (event) => event.key === "Enter" && list.querySelector("button:enabled")?.click() });
  const dialog = h("dialog.picker", { "aria-label": "选一个人", onclose: () => dialog.remove() },
    h("div.picker-head", {}, icon("search"), box, button("picker-close", "关闭", () => dialog.close(), icon("close"))), list, count);

  async function search() {
    const query = box.value.trim();
    const { members, total } = await get(`/members?limit=60&q=${encodeURIComponent(query)}`);
    list.replaceChildren(...members.map((member) => row(member)));
    count.textContent = total > members.length ? `共 ${total} 人，只列前 ${members.length} 人` : `${total} 人`;
  }

  function row(member) {
    const pick = () => {
      dialog.close();
      chosen(member.userid);
    };
    const unread = store.unread.get(member.userid);
    const post = member.posts?.length ? member.posts.join("、") : member.position;
    return h("li", {}, h("button.person", { type: "button", disabled: taken.includes(member.userid), onclick: pick },
      avatar(member),
      h("span.person-words", {}, h("b", {}, member.name), h("small", {}, [member.userid, post, member.department_name].filter(Boolean).join(" · "))),
      member.status !== 1 && h("small", {}, "已离职"),
      taken.includes(member.userid) ? h("small", {}, "已打开") : unread ? h("span.unread", {}, String(unread)) : null));
  }

  document.body.append(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
  box.focus();
  search();
}

let waiting;

function later(task) {
  clearTimeout(waiting);
  waiting = setTimeout(task, PAUSE);
}
