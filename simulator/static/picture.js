// Shows pictures of this server; the address of any other is named, never fetched.

import { h } from "./dom.js";
import { icon } from "./icons.js";

export function picture(spec, url, label) {
  const address = new URL(url, location.href);
  if (address.origin === location.origin || url.startsWith("data:image/")) {
    return h(`img.${spec}`, { src: url, alt: label, loading: "lazy" });
  }
  return h(`div.${spec}.picture-elsewhere`, { role: "img", "aria-label": label, title: url }, icon("photo"), address.host);
}

const TINTS = 6;

/** A coloured square with the last character of a name. */
export function avatar(member) {
  const tint = [...member.userid].reduce((sum, char) => sum + char.charCodeAt(0), 0) % TINTS;
  const words = member.name.replace(/^.*[·•]/, "");
  return h(`span.avatar.tint-${tint}`, { "aria-hidden": "true" }, words.slice(-2));
}
