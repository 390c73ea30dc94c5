// @ts-check
"use strict";

const { element, number } = require("./elements");

/**
 * @typedef {import("./hash").Facet} Facet
 * @typedef {import("./hash").Filters} Filters
 */

/** Values of a filter that are shown without a search among them. */
const FEW = 8;

/**
 * The search and the filters beside the page.
 * @param {readonly Facet[]} facets
 * @param {{ get: () => Filters, set: (filters: Filters) => void }} state
 */
function facetsOf(facets, state) {
  const search = /** @type {HTMLInputElement} */ (
    element("input", {
      type: "search",
      id: "search",
      placeholder: "Search",
      autocomplete: "off",
      spellcheck: "false",
      "aria-keyshortcuts": "/",
    })
  );
  search.addEventListener("input", () => state.set({ ...state.get(), search: search.value }));

  const clear = element("button", { type: "button", class: "clear" }, "Clear search and filters");
  clear.addEventListener("click", () => state.set({ search: "", chosen: {} }));

  const groups = facets.filter(({ values }) => values.length > 1).map((facet) => facetGroup(facet, state));
  return {
    elements: [
      element(
        "div",
        { class: "search", role: "search" },
        element("label", { for: "search" }, "Search ", element("kbd", {}, "/")),
        search,
      ),
      clear,
      ...groups.map(({ group }) => group),
    ],
    search,
    /** Shows which filters are set. */
    update() {
      const filters = state.get();
      if (search.value !== filters.search) search.value = filters.search;
      clear.hidden =
        filters.search === "" && Object.values(filters.chosen).every(({ length }) => length === 0);
      for (const { update } of groups) update(filters);
    },
  };
}

/**
 * One filter: its values as check boxes, the chosen ones first. A filter of many values has a search of its own.
 * @param {Facet} facet
 * @param {{ get: () => Filters, set: (filters: Filters) => void }} state
 */
function facetGroup({ name, label, values }, state) {
  const boxes = element("div", { class: "boxes" });
  const rest = element("p", { class: "rest" });
  const find = /** @type {HTMLInputElement} */ (
    element("input", {
      type: "search",
      "aria-label": `Find: ${label}`,
      placeholder: `Find among ${number(values.length)}`,
    })
  );
  const group = element(
    "fieldset",
    { "data-facet": name },
    element("legend", {}, label),
    ...(values.length > FEW ? [find] : []),
    boxes,
    rest,
  );

  /** @param {string} value */
  const toggled = (value) => {
    const { search, chosen } = state.get();
    const before = chosen[name] ?? [];
    const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
    state.set({ search, chosen: { ...chosen, [name]: after } });
  };

  /** @param {Filters} filters */
  const update = ({ chosen }) => {
    const set = chosen[name] ?? [];
    const wanted = find.value.trim().toLowerCase();
    const found = values.filter((value) => !set.includes(value) && value.toLowerCase().includes(wanted));
    const listed = values.length > FEW ? [...set, ...found.slice(0, FEW)] : values;
    const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : null;
    const within = boxes.contains(document.activeElement);
    boxes.replaceChildren(
      ...listed.map((value) => {
        const box = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", value }));
        box.checked = set.includes(value);
        box.addEventListener("change", () => toggled(value));
        return element("label", {}, box, element("span", {}, value));
      }),
    );
    if (within) {
      const again = [...boxes.querySelectorAll("input")].find(({ value }) => value === focused);
      again?.focus();
    }
    const left = set.length + found.length - listed.length;
    rest.hidden = left <= 0 || values.length <= FEW;
    rest.textContent = `and ${number(left)} more`;
  };
  find.addEventListener("input", () => update(state.get()));
  return { group, update };
}

module.exports = { facetsOf };
