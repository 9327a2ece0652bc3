// Counts the seconds that are left, then forgets what was shown; a page that comes back from the history forgets too.
"use strict";
const shown = document.querySelector("[data-seconds]");
const left = shown.querySelector("[data-left]");
const until = Date.now() + Number(shown.dataset.seconds) * 1000;
const forget = () => {
  for (const text of shown.querySelectorAll(".plain__text")) text.textContent = "";
  location.replace(shown.dataset.back);
};
const tick = () => {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  if (seconds <= 0) return forget();
  left.textContent = String(seconds);
  setTimeout(tick, 250);
};
addEventListener("pageshow", (event) => { if (event.persisted) forget(); });
tick();
