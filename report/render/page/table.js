// @ts-check
"use strict";

const { element, number } = require("../../../pages/page/elements");
const { SIZES, SORTS, finder } = require("./rows");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../html/page-data").PageRow} PageRow
 * @typedef {import("./rows").State} State
 */

/** Rows that are printed, about 40 sheets of paper. */
const PRINTED = 1_000;

/**
 * The table of sessions: on a screen it has the rows of one page, whatever their number is;
 * on paper, nobody turns pages, and it has every row up to {@link PRINTED}.
 * @param {PageData} data
 * @param {{ get: () => State, set: (next: Partial<State>) => void }} state
 * @param {(index: number) => HTMLElement} card makes the evidence of a row
 */
function sessionTable(data, state, card) {
  const table = /** @type {HTMLTableElement} */ (document.getElementById("table"));
  const body = /** @type {HTMLElement} */ (document.getElementById("rows"));
  const find = finder(data);
  const headers = [...table.querySelectorAll("thead th")].map((header) => ({
    header,
    title: header.textContent ?? "",
    name: (header.textContent ?? "").toLowerCase(),
  }));

  for (const { header, title, name } of headers) {
    if (!Object.hasOwn(SORTS, name)) continue;
    const button = element(
      "button",
      { type: "button", class: "sort" },
      title,
      element("span", { class: "arrow", "aria-hidden": "true" }),
    );
    button.addEventListener("click", () => {
      const { sort } = state.get();
      state.set({ sort: sort === name ? `-${name}` : sort === `-${name}` ? "" : name, page: 1 });
    });
    header.replaceChildren(button);
  }

  /** @param {string} text @param {() => number} page */
  const turn = (text, page) => {
    const button = /** @type {HTMLButtonElement} */ (element("button", { type: "button" }, text));
    button.addEventListener("click", () => {
      state.set({ page: page() });
      table.scrollIntoView({ block: "start" });
    });
    return button;
  };
  let pages = 1;
  const first = turn("First", () => 1);
  const former = turn("Former", () => state.get().page - 1);
  const next = turn("Next", () => state.get().page + 1);
  const last = turn("Last", () => pages);
  const where = element("span", { class: "where", role: "status" });
  const size = /** @type {HTMLSelectElement} */ (
    element(
      "select",
      { "aria-label": "Rows of a page" },
      ...SIZES.map((rows) => element("option", { value: String(rows) }, `${rows} rows`)),
    )
  );
  size.addEventListener("change", () => state.set({ size: Number(size.value), page: 1 }));
  const unprinted = element("p", { class: "alert" });
  unprinted.hidden = true;
  table.after(
    unprinted,
    element(
      "div",
      { class: "paging", role: "group", "aria-label": "Pages of the table" },
      first,
      former,
      where,
      next,
      last,
      size,
    ),
  );

  /** @param {number} index */
  const rowOf = (index) => {
    const row = /** @type {PageRow} */ (data.rows[index]);
    const { title = "", level = "info" } = data.verdicts[row.verdict] ?? {};
    const { key } = row;
    const isOpen = state.get().session === key;
    const open = element(
      "button",
      { type: "button", class: `open badge ${level}`, "aria-expanded": String(isOpen) },
      title,
    );
    open.setAttribute("aria-label", `${title}: evidence about session ${row.id}`);
    open.addEventListener("click", () => state.set({ session: isOpen ? "" : key }));
    const cells = [row.started, row.lasted, row.person, row.account, row.region, row.instance, row.id];
    const line = element(
      "tr",
      { class: `item ${level}`, "data-key": key },
      element("th", { scope: "row" }, open),
      ...cells.map((value, position) =>
        element(
          "td",
          {
            "data-label": headers[position + 1]?.title ?? "",
            ...(position === 0 && row.outOfHours && { class: "late" }),
          },
          value,
          ...(position === 0 && row.outOfHours
            ? [element("span", { class: "late-word" }, "out of hours")]
            : []),
        ),
      ),
    );
    if (!isOpen) return [line];
    return [
      line,
      element("tr", { class: "card" }, element("td", { colspan: String(headers.length) }, card(index))),
    ];
  };

  /** Replaces the rows, and keeps the focus on its row. @param {readonly number[]} indexes */
  const fill = (indexes) => {
    const focused = document.activeElement?.closest(".item")?.getAttribute("data-key") ?? null;
    body.replaceChildren(...indexes.flatMap(rowOf));
    if (focused === null) return;
    const again = [...body.querySelectorAll(".item")].find((row) => row.getAttribute("data-key") === focused);
    /** @type {HTMLElement | null | undefined} */ (again?.querySelector("button"))?.focus({
      preventScroll: true,
    });
  };

  return {
    /** Shows the rows as they are printed, until the next {@link show}. */
    print() {
      const found = find(state.get());
      fill(found.slice(0, PRINTED));
      const left = found.length - PRINTED;
      unprinted.hidden = left <= 0;
      unprinted.textContent = `The first ${number(PRINTED)} rows are printed, and ${number(left)} are left out. Print them with filters, or read the CSV and JSON outputs, which have all rows.`;
    },
    /**
     * Shows the page of the rows that the state names. An open session decides the page on demand.
     * @param {{ reach: boolean }} how
     * @returns how many rows are found, and the page that is shown
     */
    show({ reach }) {
      const now = state.get();
      const found = find(now);
      pages = Math.max(1, Math.ceil(found.length / now.size));
      const at = reach ? found.findIndex((index) => data.rows[index]?.key === now.session) : -1;
      const page = at === -1 ? Math.min(now.page, pages) : Math.floor(at / now.size) + 1;
      const from = (page - 1) * now.size;
      fill(found.slice(from, from + now.size));
      unprinted.hidden = true;
      for (const { header, name } of headers) {
        const direction = now.sort === name ? "ascending" : now.sort === `-${name}` ? "descending" : null;
        if (direction === null) header.removeAttribute("aria-sort");
        else header.setAttribute("aria-sort", direction);
      }
      first.disabled = former.disabled = page === 1;
      next.disabled = last.disabled = page === pages;
      size.value = String(now.size);
      where.textContent =
        found.length === 0
          ? "No rows"
          : `${number(from + 1)}–${number(Math.min(from + now.size, found.length))} of ${number(found.length)}`;
      return { found: found.length, page };
    },
  };
}

module.exports = { sessionTable };
