// Builds elements without ever reading HTML from a string.

/** `h("button.big", {onclick, "aria-label": "发送"}, "发送")`; null and false children are left out. */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (["value", "checked", "disabled", "selected", "hidden", "open"].includes(name)) element[name] = value;
  else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
}

/** A real button, so that keyboard and screen readers know it. */
export function button(spec, label, onclick, ...children) {
  return h(`button.${spec}`, { type: "button", "aria-label": label, title: label, onclick }, ...children);
}

/** Puts `fresh` in the place of `old` and gives the focus back to the control with the same name. */
export function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  old.replaceWith(fresh);
  if (focused) [...fresh.querySelectorAll("[aria-label]")].find((e) => e.getAttribute("aria-label") === focused)?.focus();
  return fresh;
}

/** As `swap`, unless it looks the same: an element replaced under a finger or a mouse never hears the click. */
export function renew(old, fresh) {
  return old.isEqualNode(fresh) ? old : swap(old, fresh);
}

let hiding;

/** One short line at the bottom of the page. */
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => place.classList.remove("shown"), 3500);
}
