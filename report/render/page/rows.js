// @ts-check
"use strict";

const { readHash, writeHash } = require("../../../pages/page/hash");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../html/page-data").PageRow} PageRow
 * @typedef {import("../../../pages/page/hash").Filters} Filters
 *
 * @typedef {object} View What a reader looks at, beside the filters.
 * @property {string} sort Name of a column, with a minus in front for descending; empty: the worst first.
 * @property {number} page From 1.
 * @property {number} size Rows of a page.
 * @property {string} session Key of the session whose evidence is open; empty: none.
 *
 * @typedef {Filters & View} State
 */

const SIZES = [50, 100];

/** What the columns are sorted by. @type {Record<string, (row: PageRow) => number | string>} */
const SORTS = {
  verdict: ({ verdict }) => verdict,
  start: ({ start }) => start,
  duration: ({ seconds }) => seconds ?? -1,
  person: ({ person }) => person.toLowerCase(),
  account: ({ account }) => account.toLowerCase(),
  region: ({ region }) => region,
  instance: ({ instance }) => instance.toLowerCase(),
  session: ({ id }) => id.toLowerCase(),
};

/** @type {View} */
const FIRST_VIEW = { sort: "", page: 1, size: SIZES[0] ?? 50, session: "" };

/**
 * The state that the hash of a URL names, without what the page does not have.
 * @param {string} hash
 * @param {PageData["facets"]} facets
 * @returns {State}
 */
function readState(hash, facets) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const sort = parameters.get("sort") ?? "";
  const size = Number(parameters.get("size"));
  return {
    ...readHash(hash, facets),
    sort: Object.hasOwn(SORTS, sort.replace(/^-/, "")) ? sort : "",
    page: Math.max(1, Math.floor(Number(parameters.get("page"))) || 1),
    size: SIZES.includes(size) ? size : FIRST_VIEW.size,
    session: parameters.get("session") ?? "",
  };
}

/**
 * The hash of a URL that names a state. Empty if nothing is set.
 * @param {State} state
 */
function writeState({ search, chosen, sort, page, size, session }) {
  const parameters = new URLSearchParams(writeHash({ search, chosen }).slice(1));
  if (sort !== "") parameters.set("sort", sort);
  if (size !== FIRST_VIEW.size) parameters.set("size", String(size));
  if (page > 1) parameters.set("page", String(page));
  if (session !== "") parameters.set("session", session);
  const text = parameters.toString();
  return text === "" ? "" : `#${text}`;
}

/**
 * Finds rows. A row is an index in the data, because its evidence is found by the index.
 * @param {PageData} data
 */
function finder(data) {
  /** @type {string[]} */
  const texts = [];
  /** What each filter compares. @type {Record<string, (row: PageRow) => string>} */
  const values = {
    verdict: ({ verdict }) => data.verdicts[verdict]?.title ?? "",
    level: ({ verdict }) => data.verdicts[verdict]?.level ?? "",
    hours: ({ outOfHours }) => (outOfHours ? "out of hours" : "working hours"),
    account: ({ account }) => account,
    region: ({ region }) => region,
    person: ({ person }) => person,
    document: ({ document }) => document,
    access: ({ access }) => access,
  };
  /** @param {number} index */
  const text = (index) => {
    const row = /** @type {PageRow} */ (data.rows[index]);
    return (texts[index] ??= [
      ...[row.id, row.person, row.account, row.region, row.instance, row.document, row.access, row.started],
      ...[row.more, data.verdicts[row.verdict]?.title],
    ]
      .join(" ")
      .toLowerCase());
  };

  /**
   * Indexes of the rows that a state lets through, in its order.
   * @param {Pick<State, "search" | "chosen" | "sort">} state
   */
  return ({ search, chosen, sort }) => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Object.entries(chosen)
      .filter(([, all]) => all.length > 0)
      .map(([name, all]) => ({ of: values[name] ?? (() => ""), all: new Set(all) }));
    const found = data.rows
      .map((_, index) => index)
      .filter((index) => {
        const row = /** @type {PageRow} */ (data.rows[index]);
        return (
          wanted.every(({ of, all }) => all.has(of(row))) && words.every((word) => text(index).includes(word))
        );
      });
    const by = SORTS[sort.replace(/^-/, "")];
    if (by === undefined) return found;
    const direction = sort.startsWith("-") ? -1 : 1;
    const keys = data.rows.map(by);
    return found.sort((one, other) => {
      const [a, b] = [keys[one] ?? "", keys[other] ?? ""];
      return a < b ? -direction : a > b ? direction : one - other;
    });
  };
}

module.exports = { FIRST_VIEW, SIZES, SORTS, finder, readState, writeState };
