// @ts-check
"use strict";

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLInputElement && target.type !== "checkbox" && target.type !== "button";

/**
 * What a reader can focus in an entry: what opens it, or else the entry itself.
 * @returns {HTMLElement[]}
 */
const entries = () =>
  [...document.querySelectorAll(".item")].map((item) => {
    const summary = item.querySelector(":scope > summary, :scope button");
    return /** @type {HTMLElement} */ (summary ?? item);
  });

/** @param {HTMLElement} target */
function focus(target) {
  if (!target.matches("summary, button")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

/**
 * Moves the focus to the next or the former entry.
 * @param {1 | -1} direction
 */
function move(direction) {
  const all = entries();
  const current = document.activeElement?.closest(".item") ?? null;
  const position = current === null ? -1 : all.findIndex((one) => one.closest(".item") === current);
  const next = all[position === -1 && direction === -1 ? all.length - 1 : position + direction];
  if (next !== undefined) focus(next);
}

/**
 * Keys: `/` searches, `j` and `k` go from entry to entry, Enter opens and closes one as everywhere, Escape leaves the
 * search, and then clears it.
 * @param {{ search: HTMLInputElement, clear: () => void }} page
 */
function keyboard({ search, clear }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (document.activeElement === search && search.value === "") search.blur();
      else clear();
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === "Enter" && event.target === search) {
        event.preventDefault();
        move(1);
      }
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    }
  });
}

module.exports = { focus, keyboard };
