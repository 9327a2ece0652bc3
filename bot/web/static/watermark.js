// The page shows its contents only under its watermark: whoever takes the mark away sees nothing.
"use strict";
const sheet = document.querySelector(".sheet");
const mark = sheet.querySelector("svg[data-reader]");
const asServed = mark.outerHTML;
const observer = new MutationObserver(() => {
  const hidden = getComputedStyle(mark).display === "none" || getComputedStyle(mark).visibility === "hidden";
  if (!mark.isConnected || mark.outerHTML !== asServed || hidden) {
    observer.disconnect();
    sheet.remove();
  }
});
observer.observe(document.documentElement, { attributes: true, characterData: true, childList: true, subtree: true });
