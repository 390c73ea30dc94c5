// @ts-check
"use strict";

const { element } = require("../../../pages/page/elements");
const { player } = require("./player");

/**
 * @typedef {import("../html/page-data").PageData} PageData
 * @typedef {import("../html/page-data").PageRow} PageRow
 * @typedef {import("../html/page-data").PageReplay} PageReplay
 * @typedef {import("../html/page-data").FactChunk} FactChunk
 */

/** What an element of the page has as JSON. @param {string} id */
const decoded = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

/**
 * Makes the evidence of rows. The values are decoded when a reader opens the first row of their chunk.
 * @param {PageData} data
 */
function cards(data) {
  /** @type {Map<number, FactChunk>} */
  const chunks = new Map();
  /** @param {number} index */
  const valuesOf = (index) => {
    const chunk = Math.floor(index / data.chunk);
    /** @type {FactChunk} */
    const facts = chunks.get(chunk) ?? decoded(`facts-${chunk}`);
    chunks.set(chunk, facts);
    return (facts.rows[index % data.chunk] ?? []).map((position) => facts.values[position] ?? null);
  };

  /** @param {number} index of a row */
  return (index) => {
    const row = /** @type {PageRow} */ (data.rows[index]);
    const values = valuesOf(index);
    /** @type {Map<string, HTMLElement[]>} */
    const groups = new Map();
    data.facts.forEach(({ group, label }, position) => {
      const value = values[position] ?? null;
      if (value === null) return;
      const lines = groups.get(group) ?? [];
      lines.push(element("div", {}, element("dt", {}, label), element("dd", {}, value)));
      groups.set(group, lines);
    });
    const parts = [...groups].map(([title, lines]) =>
      element("section", { class: "evidence" }, element("h3", {}, title), element("dl", {}, ...lines)),
    );
    return element(
      "div",
      { class: "evidence-card" },
      ...(row.replay === undefined ? [] : replayOf(decoded(`replay-${row.replay}`))),
      element("div", { class: "parts" }, ...parts),
      element(
        "p",
        { class: "about" },
        element("a", { href: `#${new URLSearchParams({ session: row.key })}` }, "Link to this session"),
        ...(groups.has("Log stream") && row.replay === undefined
          ? [". Play it with ", element("code", {}, `session-audit report --session ${row.id} --replay`), "."]
          : []),
      ),
    );
  };

  /** @param {PageReplay} replay */
  function replayOf(replay) {
    const { frames, transcript } = replay;
    const timed = (frames.at(-1)?.[0] ?? 0) > 0;
    return [
      element("h3", {}, "Replay"),
      ...(frames.length === 0
        ? [element("p", {}, "The log stream has no events that could be read.")]
        : [
            ...(timed
              ? []
              : [
                  element(
                    "p",
                    { class: "about" },
                    "The log stream has no times: all of it was uploaded at once.",
                  ),
                ]),
            player(replay, data.timeZone),
          ]),
      ...(transcript === null
        ? []
        : [
            element(
              "details",
              {},
              element("summary", {}, "Transcript as text"),
              element(
                "pre",
                { class: "transcript", tabindex: "0", role: "region", "aria-label": "Transcript" },
                transcript,
              ),
            ),
          ]),
    ];
  }
}

module.exports = { cards };
