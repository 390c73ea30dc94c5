// @ts-check
"use strict";

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../html/page-data").Item} Item
 * @typedef {import("../html/tree").Tree} Tree
 * @typedef {import("../html/tree").Ranges} Ranges
 * @typedef {import("../../../pages/page/hash").Filters} Filters
 */

/** Filters of an entry. All others are filters of a stack. */
const OF_ENTRIES = ["severity", "change"];

/**
 * The texts of a tree, without its lists of stacks.
 * @param {Tree} tree
 * @returns {string}
 */
function textOf(tree) {
  if (typeof tree === "string") return tree;
  if (!Array.isArray(tree)) return "";
  const [, , ...children] = /** @type {import("../html/tree").Element} */ (tree);
  return children.map(textOf).join(" ");
}

/**
 * Which entries and stacks some filters let through.
 * @param {PageData} data
 */
function matcher(data) {
  /** @type {WeakMap<Item, string>} */
  const texts = new WeakMap();
  const ids = data.stacks.map(({ id }) => id.toLowerCase());
  /** @param {Item} item */
  const text = (item) => {
    const known = texts.get(item) ?? textOf(item.tree).toLowerCase();
    texts.set(item, known);
    return known;
  };

  /** @param {Filters} filters */
  return ({ search, chosen }) => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const ofStacks = Object.entries(chosen).filter(
      ([name, values]) => values.length > 0 && !OF_ENTRIES.includes(name),
    );
    const allowed = data.stacks.map((stack) =>
      ofStacks.every(([name, values]) =>
        values.includes(/** @type {Record<string, string>} */ ({ ...stack })[name] ?? ""),
      ),
    );
    const byWord = words.map((word) => ids.map((id, index) => allowed[index] === true && id.includes(word)));

    /**
     * @param {Ranges} at
     * @param {readonly boolean[]} wanted
     */
    const anyOf = (at, wanted) =>
      at.some(([first, last]) => {
        for (let index = first; index <= last; index += 1) if (wanted[index]) return true;
        return false;
      });
    /**
     * @param {string} name
     * @param {readonly string[]} values
     */
    const passes = (name, values) => {
      const wanted = chosen[name] ?? [];
      return wanted.length === 0 || values.some((value) => wanted.includes(value));
    };
    return {
      /**
       * Whether an entry is shown.
       * @param {Item} item
       */
      shows: (item) =>
        passes("severity", item.severities) &&
        passes("change", item.changes) &&
        (ofStacks.length === 0 || anyOf(item.at, allowed)) &&
        words.every((word, index) => text(item).includes(word) || anyOf(item.at, byWord[index] ?? [])),
      /**
       * Whether a stack is shown in the lists of an entry.
       * @param {number} index
       */
      allows: (index) => allowed[index] === true,
    };
  };
}

module.exports = { matcher, textOf };
