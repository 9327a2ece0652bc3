// The few line icons of the page, as SVG elements.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17.5 10h.01M8 14.5h8",
  menu: "M4 7h16M4 12h16M4 17h16",
  plus: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v8M8 12h8",
  add: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
  photo: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M15.5 9h.01",
  location: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM12 7.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  voice: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
  video: "M3 6h12v12H3zM15 10.5l6-3.5v10l-6-3.5",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
  again: "M4 12a8 8 0 1 0 2.5-5.8M4 4v4.5h4.5",
  save: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4 20h16",
  sms: "M4 5h16v11H9l-5 4z",
  ledger: "M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
  chevron: "M9 5l7 7-7 7",
  down: "M6 9l6 6 6-6",
  switch: "M4 8h13l-3-3M20 16H7l3 3",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.5h.01",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
