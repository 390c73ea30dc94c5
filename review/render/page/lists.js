// @ts-check
"use strict";

const { element, number } = require("../../../pages/page/elements");
const { builder } = require("./builder");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../html/page-data").Item} Item
 * @typedef {{ shows: (item: Item) => boolean, allows: (index: number) => boolean }} Match
 *
 * @typedef {object} List
 * @property {string} name
 * @property {readonly Item[]} items All entries.
 * @property {readonly Item[]} matching Entries that the filters let through.
 * @property {number} shown How many of these have elements.
 */

/** Entries that get elements at a time. The others get theirs when a reader comes near them. */
const CHUNK = 40;

/**
 * The lists of the page, whose entries are made when they are needed: thousands of entries cost nothing until then.
 * @param {PageData} data
 */
function lists(data) {
  const build = builder(data.stacks);
  /** Entries that a reader has opened or closed. @type {Map<string, boolean>} */
  const opened = new Map();
  /** @type {Match} */
  let match = { shows: () => true, allows: () => true };
  /** @type {List[]} */
  const all = Object.entries(data.lists).map(([name, items]) => ({ name, items, matching: items, shown: 0 }));

  /** @param {string} name */
  const containerOf = (name) => document.querySelector(`[data-list="${name}"]`);
  /** @param {string} name */
  const moreOf = (name) => document.getElementById(`more-${name}`);

  /** @param {Item} item */
  const make = (item) => {
    const made = /** @type {HTMLElement} */ (build(item.tree, match.allows));
    if (made instanceof HTMLDetailsElement) {
      made.open = opened.get(item.id) ?? made.open;
      made.addEventListener("toggle", () => opened.set(item.id, made.open));
    }
    return made;
  };

  /**
   * Makes the elements of the next entries of a list.
   * @param {List} list
   * @param {number} [count]
   */
  const grow = (list, count = CHUNK) => {
    containerOf(list.name)?.append(...list.matching.slice(list.shown, list.shown + count).map(make));
    list.shown = Math.min(list.shown + count, list.matching.length);
    const more = moreOf(list.name);
    const left = list.matching.length - list.shown;
    if (more === null) return;
    more.hidden = left === 0;
    more.textContent = `Show more: ${number(left)} left`;
  };

  const nearby = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const list = all.find(({ name }) => target.id === `more-${name}`);
        if (isIntersecting && list !== undefined) grow(list);
      }
    },
    { rootMargin: "600px" },
  );
  for (const list of all) {
    const container = containerOf(list.name);
    if (container === null) continue;
    const more = element("button", { type: "button", class: "more", id: `more-${list.name}` });
    more.addEventListener("click", () => grow(list));
    (container.closest(".wide") ?? container).after(more);
    nearby.observe(more);
  }

  return {
    /**
     * Shows the entries that some filters let through.
     * @param {Match} next
     * @returns how many entries are shown, and how many there are
     */
    show(next) {
      match = next;
      for (const list of all) {
        list.matching = list.items.filter(match.shows);
        list.shown = 0;
        containerOf(list.name)?.replaceChildren();
        grow(list);
        const count = document.querySelector(`[data-count="${list.name}"]`);
        const [found, total] = [list.matching.length, list.items.length];
        if (count !== null)
          count.textContent = found === total ? number(total) : `${number(found)} of ${number(total)}`;
      }
      return {
        found: all.reduce((sum, { matching }) => sum + matching.length, 0),
        total: all.reduce((sum, { items }) => sum + items.length, 0),
      };
    },
    /**
     * Makes the elements of all lists up to an entry.
     * @param {string} id
     * @returns the element of the entry, or null if the filters do not let it through
     */
    reach(id) {
      for (const list of all) {
        const position = list.matching.findIndex((item) => item.id === id);
        if (position >= list.shown) grow(list, position + 1 - list.shown);
      }
      return document.getElementById(id);
    },
    /** Makes the elements of every entry that the filters let through, as a printed page needs them. */
    growAll() {
      for (const list of all) grow(list, list.matching.length);
    },
  };
}

module.exports = { lists };
