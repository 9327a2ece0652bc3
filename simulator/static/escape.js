// Esc closes what was opened last.

const open = [];

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) open.at(-1)?.();
});

/** Lets Esc call `close`; the answer takes that back. */
export function onEscape(close) {
  open.push(close);
  return () => open.splice(open.indexOf(close), 1);
}
