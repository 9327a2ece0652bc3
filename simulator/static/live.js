// Follows what changes in the world: server-sent events, and long polling where those do not get through.

import { BASE, get } from "./api.js";
import { toast } from "./dom.js";

const TRIES = 3;

/** Calls `take(change)` for every change after `seq`, and `restarted()` when the world began anew. */
export function follow(seq, take, restarted) {
  const state = { seq, failures: 0 };
  const receive = (change) => {
    state.seq = Math.max(state.seq, change.seq);
    take(change);
  };
  listen(state, receive, restarted);
}

function listen(state, receive, restarted) {
  const source = new EventSource(`${BASE}/events?after=${state.seq}`);
  source.onmessage = (event) => receive(JSON.parse(event.data));
  source.onopen = () => reopened(state, restarted);
  source.onerror = () => {
    state.failures += 1;
    if (state.failures < TRIES && source.readyState !== EventSource.CLOSED) return;
    source.close();
    state.failures = 0;
    poll(state, receive, restarted);
  };
}

async function reopened(state, restarted) {
  if (state.failures) await insistOnSameWorld(state, restarted);
  state.failures = 0;
}

async function insistOnSameWorld(state, restarted) {
  const { seq } = await get("/world");
  if (seq < state.seq) restarted();
}

async function poll(state, receive, restarted) {
  for (;;) {
    try {
      if (state.failures) await reopened(state, restarted);
      const { changes } = await get(`/updates?after=${state.seq}&wait=25`);
      changes.forEach(receive);
    } catch {
      if (!state.failures) toast("与模拟器的连接断了，正在重连…");
      state.failures += 1;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}
