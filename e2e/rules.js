// What must hold on a page, as functions that run inside it. Each returns a list of sentences: empty means it holds.

/** Everything that makes the page wider than the window. */
export function sideways() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const inside = (element) => {
    for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
      if (getComputedStyle(e).overflowX !== "visible") return true; // a box that scrolls by itself
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1 && !inside(e));
  const named = wide.slice(0, 5).map((e) => `<${e.tagName.toLowerCase()} id="${e.id}" class="${e.getAttribute("class") ?? ""}">`);
  return [`${document.documentElement.scrollWidth} px wide in a window of ${width}: ${named.join(", ") || "no single element"}`];
}

/** One h1, and no level left out on the way down. */
export function headings() {
  const faults = [];
  const shown = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const firsts = shown.filter((h) => h.tagName === "H1").length;
  if (firsts !== 1) faults.push(`${firsts} h1`);
  let last = 0;
  for (const heading of shown) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) faults.push(`h${level} after h${last}: ${heading.textContent.trim().slice(0, 60)}`);
    if (heading.textContent.trim() === "") faults.push(`empty h${level}`);
    last = level;
  }
  return faults;
}

/** Ids are unique, and every link inside the page has somewhere to go. */
export function links() {
  const faults = [];
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) faults.push(`id used twice: ${id}`);
    seen.add(id);
  }
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id !== "" && !seen.has(id)) faults.push(`link to nowhere: #${id} (${link.textContent.trim().slice(0, 40)})`);
  }
  return faults;
}

/** Each figure leads to a place whose own text, with everything in it opened, holds the figure as the link prints it. */
export function figures() {
  // Only the comma between thousands, the kind of minus sign and white space may differ.
  const plain = (text) =>
    text
      .replace(/[\s\u00a0\u202f\u2009]+/g, " ")
      .replace(/(?<=\d),(?=\d{3})/g, "")
      .replace(/[\u2212\u2013](?=\d)/g, "-")
      .trim();
  const faults = [];
  for (const link of document.querySelectorAll('a.num[href^="#"]')) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    const target = document.getElementById(id);
    const value = plain(link.textContent);
    for (const folded of target?.querySelectorAll("details") ?? []) folded.open = true;
    if (!target) faults.push(`${value}: no #${id}`);
    else if (!plain(target.textContent).includes(value)) faults.push(`${value}: not shown at #${id}`);
  }
  return faults;
}

/**
 * A finding has no figure that is not a link. Not figures: years, names with digits in them, <time>, code, the level of
 * an interval, and a count of what the sentence itself is about ("1 of 13 provinces", "4 more", "any of 3 lenses").
 */
export function bareFigures() {
  const apart = [
    /(?<![\w-]|\d[.,])(19|20)\d\d(?!\d|[.,]\d)/g,
    /\b\d{1,3} of \d{1,3} (?=\p{L})/gu,
    /\b\d{1,3} (more|lenses|others|readings)\b/g,
    /\b\d\d% (?=interval|confidence|level)/g,
  ];
  const faults = [];
  for (const finding of document.querySelectorAll(".finding")) {
    const copy = finding.cloneNode(true);
    for (const e of copy.querySelectorAll("a, time, code, .name, svg, details, button")) e.replaceWith(" ");
    const text = apart.reduce((rest, pattern) => rest.replace(pattern, " "), copy.textContent.replace(/\s+/g, " "));
    const bare = text.match(/(?<![\p{L}\d_-])\d[\d,.]*/u);
    if (bare) faults.push(`${bare[0]} in: ${finding.textContent.trim().replace(/\s+/g, " ").slice(0, 120)}`);
  }
  return faults;
}

/** Whether focus can be seen, and where it is; for a walk with the Tab key. */
export function focused() {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  window.__walked ??= [];
  const last = window.__walked.at(-1);
  const backwards = last ? Boolean(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING) : false;
  const again = window.__walked.includes(e);
  window.__walked.push(e);
  const name = e.getAttribute("aria-label") || e.textContent.trim() || e.getAttribute("title") || "";
  return {
    what: `<${e.tagName.toLowerCase()}> ${name.replace(/\s+/g, " ").slice(0, 50)}`,
    text: e.textContent.trim(),
    href: e.getAttribute("href"),
    named: name !== "" || e.labels?.length > 0,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    ring,
    backwards,
    again,
  };
}
