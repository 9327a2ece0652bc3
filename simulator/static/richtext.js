// Turns the little markup WeCom knows into elements; only http(s) links become links, everything else stays text.

import { h } from "./dom.js";

const LINK = /<a\s+href\s*=\s*(["'])(https?:\/\/[^"'\s]+)\1[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；、）]+)/gi;
const INLINE = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)|<font\s+color\s*=\s*["']?(info|comment|warning)["']?>([\s\S]*?)<\/font>/gi;
const DIV = /<div\s+class\s*=\s*["']?(gray|normal|highlight)["']?>([\s\S]*?)<\/div>/gi;

/** Words with every match of `pattern` replaced by what `draw` makes of it. */
function mixed(text, pattern, draw) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(last, match.index), draw(match));
    last = match.index + match[0].length;
  }
  return [...parts, text.slice(last)].filter((part) => part !== "");
}

export function link(url, label, open) {
  const onclick = (event) => {
    event.preventDefault();
    event.stopPropagation();
    open(url);
  };
  return h("a.link", { href: url, onclick, rel: "noopener" }, label);
}

/** A text message: `<a href>` and bare addresses. */
export function plain(text, open) {
  return mixed(text, LINK, ([, , href, label, bare]) => link(href || bare, label || bare, open));
}

function inline(text, open) {
  return mixed(text, INLINE, ([, bold, code, label, url, color, colored]) => {
    if (bold) return h("strong", {}, inline(bold, open));
    if (code) return h("code", {}, code);
    return url ? link(url, label, open) : h(`span.ink-${color.toLowerCase()}`, {}, inline(colored, open));
  });
}

/** WeCom's markdown subset: headings, bold, links, code, quotes, three colours. */
export function markdown(text, open) {
  return text.split("\n").map((line) => {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) return h(`div.heading.heading-${heading[1].length}`, {}, inline(heading[2], open));
    const quote = /^>\s?(.*)$/.exec(line);
    return quote ? h("blockquote", {}, inline(quote[1], open)) : h("div.paragraph", {}, inline(line, open));
  });
}

/** The description of a textcard: `<br>` and three classes of `<div>`. */
export function description(text) {
  const lines = text.replace(/<br\s*\/?>/gi, "\n");
  return mixed(lines, DIV, ([, tone, words]) => h(`div.tone-${tone.toLowerCase()}`, {}, words));
}
