// @ts-check
"use strict";

/**
 * @typedef {object} Facet A filter with its values, in the order in which the page shows them.
 * @property {string} name
 * @property {string} label
 * @property {readonly string[]} values
 *
 * @typedef {object} Filters
 * @property {string} search Words that an entry must all have.
 * @property {Record<string, string[]>} chosen Values of each filter. None: the filter lets everything through.
 */

/**
 * The filters that the hash of a URL names, without values that the page does not have.
 * @param {string} hash
 * @param {readonly Facet[]} facets
 * @returns {Filters}
 */
function readHash(hash, facets) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const chosen = facets.map(({ name, values }) => [
    name,
    parameters
      .getAll(name)
      .filter((value, index, all) => values.includes(value) && all.indexOf(value) === index),
  ]);
  return { search: parameters.get("search") ?? "", chosen: Object.fromEntries(chosen) };
}

/**
 * The hash of a URL that names some filters. Empty if none is set.
 * @param {Filters} filters
 */
function writeHash({ search, chosen }) {
  const parameters = new URLSearchParams();
  if (search !== "") parameters.set("search", search);
  for (const [name, values] of Object.entries(chosen))
    for (const value of values) parameters.append(name, value);
  const text = parameters.toString();
  return text === "" ? "" : `#${text}`;
}

/** @param {Filters} filters */
const isFiltered = ({ search, chosen }) =>
  search.trim() !== "" || Object.values(chosen).some((values) => values.length > 0);

module.exports = { isFiltered, readHash, writeHash };
