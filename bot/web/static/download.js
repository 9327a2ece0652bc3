// A second tap would be a second download; once it is under way, the page shows how many are left.
"use strict";
const AFTER = 4000; // milliseconds
document.querySelector("form")?.addEventListener("submit", ({ target }) => {
  const button = target.querySelector("button");
  setTimeout(() => {
    button.disabled = true;
    button.classList.add("weui-btn_disabled");
    button.textContent = "正在下载…";
  });
  setTimeout(() => location.reload(), AFTER);
});
