// @ts-check
"use strict";

const { element, number } = require("../../../pages/page/elements");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../html/tree").Tree} Tree
 * @typedef {import("../html/tree").Ranges} Ranges
 * @typedef {import("../html/tree").PlaceList["places"][number]} Place
 */

/** Stacks and places that are shown before a reader asks for more, and how many more a reader gets at a time. */
const FIRST = 20;
const FIRST_PLACES = 8;
const MORE = 500;

/**
 * A list that grows when a reader asks for more.
 * @template T
 * @param {readonly T[]} all
 * @param {(one: T) => Node} make
 * @param {number} first how many are shown at once
 */
function growing(all, make, first) {
  const list = element("ul", { class: "stacks" });
  let shown = 0;
  const label = element("span", {});
  // A printed page says how many more there are, and nobody can ask for them there.
  const button = element(
    "button",
    { type: "button", class: "more" },
    element("span", { class: "screen" }, "Show "),
    label,
  );
  /** @param {number} count */
  const grow = (count) => {
    list.append(...all.slice(shown, shown + count).map(make));
    shown = Math.min(shown + count, all.length);
    const left = all.length - shown;
    label.textContent = left > MORE ? `${number(MORE)} of ${number(left)} more` : `${number(left)} more`;
    if (left === 0) button.remove();
  };
  grow(first);
  if (shown === all.length) return list;
  button.addEventListener("click", () => grow(MORE));
  return element("div", {}, list, button);
}

/**
 * Makes the elements of trees.
 * @param {PageData["stacks"]} stacks
 */
function builder(stacks) {
  /** @param {number} index */
  const id = (index) => element("code", {}, stacks[index]?.id ?? "");
  /** @param {Place} place */
  const placeItem = ([index, address, title]) => {
    const item = element("li", {}, id(index));
    if (address !== null) item.append(" ", element("code", { class: "address" }, address));
    if (title !== null) item.append(" ", element("span", { class: "own" }, title));
    return item;
  };

  /**
   * @param {Tree} tree
   * @param {(index: number) => boolean} allows whether a stack is shown in the lists of the tree
   * @returns {string | Node}
   */
  return function build(tree, allows) {
    if (typeof tree === "string") return tree;
    if ("stacks" in tree) {
      /** @type {number[]} */
      const indexes = [];
      for (const [first, last] of tree.stacks)
        for (let index = first; index <= last; index += 1) if (allows(index)) indexes.push(index);
      return growing(indexes, (index) => element("li", {}, id(index)), FIRST);
    }
    if ("places" in tree)
      return growing(
        tree.places.filter(([index]) => allows(index)),
        placeItem,
        FIRST_PLACES,
      );
    const [tag, attributes, ...children] = tree;
    return element(
      tag,
      /** @type {Record<string, string>} */ (attributes),
      ...children.map((child) => build(child, allows)),
    );
  };
}

module.exports = { builder };
