// Counts the seconds until another code may be sent; the server keeps to them in any case.
"use strict";
const again = document.querySelector("[data-wait]");
const label = again.textContent;
const open = Date.now() + Number(again.dataset.wait) * 1000;
const tick = () => {
  const seconds = Math.ceil((open - Date.now()) / 1000);
  again.disabled = seconds > 0;
  again.classList.toggle("weui-btn_disabled", seconds > 0);
  again.textContent = seconds > 0 ? `${label}（${seconds}）` : label;
  if (seconds > 0) setTimeout(tick, 250);
};
tick();
