// Starts the page: reads the world, shows the phones, follows what changes.

import { Bar } from "./bar.js";
import { Drawer } from "./drawer.js";
import { follow } from "./live.js";
import { Phones } from "./phones.js";
import { Store } from "./store.js";
import { drawStatus } from "./status.js";

const store = new Store();
const drawer = new Drawer();
const phones = new Phones(store, drawer);
const bar = new Bar(store, drawer, phones);
const place = (id, element) => document.getElementById(id).append(element);

place("bar", bar.element);
drawStatus(document.getElementById("status"), store, phones);
await store.refresh();
await phones.begin();
await store.refreshCalls();
follow(store.world.seq, take, () => location.reload());
setInterval(tick, 1000);
tick();

let reading;

/** The account of calls has no event of its own; whatever is seen on a phone may have a call behind it. */
function readCallsSoon() {
  clearTimeout(reading);
  reading = setTimeout(() => store.refreshCalls().catch(() => {}), 300);
}

function take(change) {
  if (change.kind === "bubble") {
    store.keep(change.bubble);
    readCallsSoon();
  } else if (change.kind === "reset") store.takeReset();
  else store.refresh();
}

function tick() {
  bar.tick(store.now());
  phones.tick(store.now());
}
