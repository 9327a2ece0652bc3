// Calls the simulator's control API; docs/simulator.md describes it.

import { toast } from "./dom.js";

export const BASE = "/_sim/v1";

async function call(method, path, body) {
  const request = { method, headers: {} };
  if (body instanceof FormData) request.body = body;
  else if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const reply = await fetch(BASE + path, request);
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.error || `HTTP ${reply.status}`);
  return answer;
}

/** Does what a person asked for; a refusal is told and gives null. */
async function asked(method, path, body) {
  try {
    return await call(method, path, body);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => asked("POST", path, body);
export const put = (path, body) => asked("PUT", path, body);

/** One action of a person on the phone. */
export const act = (userid, action, body = {}) => post(`/members/${encodeURIComponent(userid)}/${action}`, body);

/** Opens a page in this person's name, in a window of that person's own. */
export function openAs(userid, url) {
  if (!/^https?:\/\//i.test(url)) return toast(`网址要以 http:// 或 https:// 开头：${url}`);
  const query = new URLSearchParams({ sim_user: userid, url });
  return window.open(`${BASE}/open?${query}`, `h5-${userid}`);
}
