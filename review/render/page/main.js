// @ts-check
"use strict";

const { element, number } = require("../../../pages/page/elements");
const { facetsOf } = require("../../../pages/page/facets");
const { isFiltered, readHash, writeHash } = require("../../../pages/page/hash");
const { focus, keyboard } = require("../../../pages/page/keyboard");
const { themeButton } = require("../../../pages/page/theme");
const { builder } = require("./builder");
const { matcher } = require("./filters");
const { lists } = require("./lists");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../../../pages/page/hash").Filters} Filters
 */

/** @param {string} id */
function required(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

const tools = required("tools");
const status = required("status");

/** @type {PageData} */
const data = JSON.parse(required("data").textContent ?? "");
const shown = lists(data);
const match = matcher(data);

/** @type {Filters} */
let filters = readHash(location.hash, data.facets);

/** Shows what the filters let through, and says how much that is. */
function show() {
  const { found, total } = shown.show(match(filters));
  facets.update();
  const filtered = isFiltered(filters);
  status.hidden = !filtered;
  status.textContent = filtered
    ? `${number(found)} of ${number(total)} entries match ${words(filters)}. Clear the filters for the tables of the whole review.`
    : "";
  for (const id of ["recording", "waves"]) required(id).hidden = filtered;
}

/**
 * The filters in words, for the line that a printed page has as well.
 * @param {Filters} set
 */
const words = ({ search, chosen }) =>
  [
    ...(search.trim() === "" ? [] : [`“${search.trim()}”`]),
    ...Object.entries(chosen)
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => `${name}: ${values.join(" or ")}`),
  ].join(", ");

/** @param {Filters} next */
function set(next) {
  filters = next;
  history.replaceState(null, "", writeHash(filters) || location.pathname + location.search);
  show();
}

const facets = facetsOf(data.facets, { get: () => filters, set });

/**
 * Opens an entry and goes there. Filters that hide the entry are cleared.
 * @param {string} id
 */
function goTo(id) {
  if (shown.reach(id) === null) set({ search: "", chosen: {} });
  const target = shown.reach(id);
  if (target === null) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView({ block: "start" });
  focus(/** @type {HTMLElement} */ (target.querySelector(":scope > summary") ?? target));
}

/** @param {string} hash */
const isEntry = (hash) => /^#[a-z-]+-\d+$/.test(hash);

// The hash of the URL has the filters, so a link within the page must not replace it.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const hash = link?.getAttribute("href") ?? "";
  if (!hash.startsWith("#") || hash.includes("=")) return;
  event.preventDefault();
  if (isEntry(hash)) goTo(hash.slice(1));
  else {
    const part = required(hash.slice(1));
    if (part.hidden) set({ search: "", chosen: {} });
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    part.scrollIntoView();
  }
});

addEventListener("hashchange", () => {
  if (isEntry(location.hash)) goTo(location.hash.slice(1));
  else if (location.hash.includes("=") || location.hash === "") {
    filters = readHash(location.hash, data.facets);
    show();
  }
});

/** What is open only because the page is printed. @type {HTMLDetailsElement[]} */
let opened = [];
/** A printed page has every entry that the filters let through, opened. */
function expand() {
  shown.growAll();
  const closed = [...document.querySelectorAll("details")].filter(({ open }) => !open);
  for (const one of closed) one.open = true;
  opened.push(...closed);
}
function collapse() {
  for (const one of opened) one.open = false;
  opened = [];
}
const print = matchMedia("print");
print.addEventListener("change", () => (print.matches ? expand() : collapse()));
addEventListener("beforeprint", expand);
addEventListener("afterprint", collapse);

// The lists of stacks in the table on top are whole only with the script.
document
  .querySelector("[data-tree=recording]")
  ?.replaceChildren(builder(data.stacks)(data.recording, () => true));

tools.append(themeButton(), ...facets.elements, help());
tools.hidden = false;
keyboard({ search: facets.search, clear: () => set({ search: "", chosen: {} }) });
show();
// The browser itself goes to the hash when the page is loaded, and takes the focus away.
if (isEntry(location.hash)) addEventListener("load", () => setTimeout(() => goTo(location.hash.slice(1))));

/** The keys of the page. */
function help() {
  const keys = [
    ["/", "search"],
    ["j", "next entry"],
    ["k", "former entry"],
    ["Enter", "open or close it"],
    ["Esc", "clear search and filters"],
  ];
  return element(
    "dl",
    { class: "keys" },
    ...keys.map(([key, does]) =>
      element("div", {}, element("dt", {}, element("kbd", {}, key ?? "")), element("dd", {}, does ?? "")),
    ),
  );
}
