// @ts-check
"use strict";

/**
 * An element with a text. Nothing in this page is made from HTML, so no text can become an element.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(string | Node)} children
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {number} count */
const number = (count) => count.toLocaleString("en-US");

module.exports = { element, number };
