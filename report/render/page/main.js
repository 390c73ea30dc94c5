// @ts-check
"use strict";

const { element, number } = require("../../../pages/page/elements");
const { facetsOf } = require("../../../pages/page/facets");
const { isFiltered } = require("../../../pages/page/hash");
const { keyboard } = require("../../../pages/page/keyboard");
const { themeButton } = require("../../../pages/page/theme");
const { cards } = require("./card");
const { FIRST_VIEW, readState, writeState } = require("./rows");
const { sessionTable } = require("./table");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("./rows").State} State
 */

/** @type {PageData} */
const data = JSON.parse(document.getElementById("data")?.textContent ?? "");
const tools = document.getElementById("tools");
const status = document.getElementById("status");

/** @type {State} */
let state = readState(location.hash, data.facets);

const CLEARED = { search: "", chosen: {}, page: 1 };

/** @param {Partial<State>} next */
function set(next) {
  const filters = "search" in next || "chosen" in next;
  state = { ...state, ...(filters && { page: 1 }), ...next };
  show({ reach: false });
}

const facets = facetsOf(data.facets, { get: () => state, set });
// A report without rows has no table.
const table = status === null ? null : sessionTable(data, { get: () => state, set }, cards(data));

/**
 * Shows the state, and writes it to the hash of the URL.
 * @param {{ reach: boolean }} how
 */
function show(how) {
  const shown = table?.show(how);
  if (shown !== undefined) state = { ...state, page: shown.page };
  history.replaceState(null, "", writeState(state) || location.pathname + location.search);
  facets.update();
  if (status === null || shown === undefined) return;
  status.textContent = isFiltered(state)
    ? `${number(shown.found)} of ${number(data.rows.length)} rows match ${words(state)}. The numbers above count all rows.`
    : `${number(data.rows.length)} rows, the worst first.`;
}

/**
 * The filters in words, for the line that a printed page has as well.
 * @param {State} set
 */
const words = ({ search, chosen }) =>
  [
    ...(search.trim() === "" ? [] : [`“${search.trim()}”`]),
    ...Object.entries(chosen)
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => `${name}: ${values.join(" or ")}`),
  ].join(", ");

/** Goes to a part of the page. @param {string} id */
function goTo(id) {
  const part = document.getElementById(id);
  if (part === null) return;
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView();
}

/** Goes to the session that is open, else to the table. */
function goToRows() {
  const card = document.querySelector("tr.card");
  const row = card?.previousElementSibling ?? null;
  if (row === null) {
    goTo("sessions");
    return;
  }
  row.scrollIntoView({ block: "start" });
  /** @type {HTMLElement | null} */ (row.querySelector("button"))?.focus({ preventScroll: true });
}

// The hash of the URL has the state, so a link within the page must not replace it.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const hash = link?.getAttribute("href") ?? "";
  if (!hash.startsWith("#") || hash.includes("=")) return;
  event.preventDefault();
  goTo(hash.slice(1));
});

addEventListener("hashchange", () => {
  state = readState(location.hash, data.facets);
  show({ reach: state.session !== "" });
  goToRows();
});

// A browser that prints asks for both, and one that shows how the page is printed for the former alone.
const paper = matchMedia("print");
const printed = () => table?.print();
const unprinted = () => show({ reach: false });
paper.addEventListener("change", () => (paper.matches ? printed() : unprinted()));
addEventListener("beforeprint", printed);
addEventListener("afterprint", unprinted);

const clear = () => set(CLEARED);
const box = /** @type {HTMLDetailsElement} */ (
  element(
    "details",
    { class: "tools" },
    element("summary", {}, "Search and filters"),
    ...facets.elements,
    help(),
  )
);
box.open = matchMedia("(min-width: 60rem)").matches;
tools?.append(themeButton(), box);
if (tools !== null) tools.hidden = false;
keyboard({ search: facets.search, clear });
state = { ...FIRST_VIEW, ...state };
show({ reach: state.session !== "" });
// The browser itself goes to the hash when the page is loaded, and takes the focus away.
if (state.session !== "") addEventListener("load", () => setTimeout(goToRows));

/** The keys of the page. */
function help() {
  const keys = [
    ["/", "search"],
    ["j", "next row"],
    ["k", "former row"],
    ["Enter", "open or close it"],
    ["Space", "play or pause"],
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
