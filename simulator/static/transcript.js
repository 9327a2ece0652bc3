// Saves what the phones show as one JSON object a line.

import { h } from "./dom.js";
import { wall } from "./format.js";
import { order } from "./store.js";

export function saveTranscript(store) {
  const bubbles = [...store.bubbles.values()].flatMap((shown) => [...shown.values()]).sort((one, other) => order(one) - order(other));
  const text = bubbles.map((bubble) => `${JSON.stringify(bubble)}\n`).join("");
  const url = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const { date, time } = wall(store.now());
  const anchor = h("a", { href: url, download: `对话-${date}-${time.replace(":", "")}.jsonl` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
