// @ts-check
"use strict";

const { element, number } = require("../../../pages/page/elements");
const { newScreen } = require("./screen");
const { clock, findFrame, timesOf } = require("./timeline");

/** @typedef {import("../html/page-data").PageReplay} PageReplay */

const SPEEDS = [1, 2, 4, 8, 16];
/** A pause that is longer is cut to this, in seconds, if the reader skips idle times. */
const IDLE = [2, 5, 10];
/** Seconds that an arrow key goes forth or back. */
const JUMP = 5;

/**
 * @param {string} label
 * @param {readonly (readonly [value: string, text: string])[]} options
 */
function select(label, options) {
  const box = /** @type {HTMLSelectElement} */ (
    element(
      "select",
      { "aria-label": label },
      ...options.map(([value, text]) => element("option", { value }, text)),
    )
  );
  return box;
}

/** @param {string} text @param {Record<string, string>} [attributes] */
const button = (text, attributes = {}) =>
  /** @type {HTMLButtonElement} */ (element("button", { type: "button", ...attributes }, text));

/**
 * A player of a recording. It has no markup but its own: the recording's text only ever becomes text.
 * @param {PageReplay} replay
 * @param {string} timeZone
 */
function player({ start, frames }, timeZone) {
  const output = element("pre", {
    class: "screen-of-session",
    tabindex: "0",
    role: "region",
    "aria-label": "What the session wrote",
  });
  const play = button("Play", { class: "play", "aria-keyshortcuts": "Space" });
  const position = /** @type {HTMLInputElement} */ (
    element("input", { type: "range", min: "0", step: "0.1", value: "0", "aria-label": "Position" })
  );
  const speed = select(
    "Speed",
    SPEEDS.map((value) => [String(value), `${value}×`]),
  );
  const idle = select("Pauses", [
    ["Infinity", "Whole pauses"],
    ...IDLE.map((seconds) => /** @type {const} */ ([String(seconds), `At most ${seconds} s`])),
  ]);
  idle.value = String(IDLE[0]);
  const time = element("span", { class: "time" });
  const find = /** @type {HTMLInputElement} */ (
    element("input", {
      type: "search",
      "aria-label": "Find in the session",
      placeholder: "Find in the session",
    })
  );
  const next = button("Next hit");
  const said = element("span", { class: "said", role: "status" });

  /** When each frame is played. @type {number[]} */
  let times = [];
  let screen = newScreen();
  /** Frames that were played. */
  let played = 0;
  /** Lines that the output has, and those before it that the screen forgot. */
  let drawn = 0;
  let now = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let lastTick = 0;

  const end = () => times.at(-1) ?? 0;

  const drawLine = (/** @type {number} */ index) => {
    const runs = screen
      .runs(index)
      .map(({ text, look }) => (look === "" ? text : element("span", { class: look }, text)));
    return element("div", {}, ...runs, "\n");
  };
  /** Draws the last line again, because it may have changed, and the lines after it. */
  const draw = () => {
    output.lastElementChild?.remove();
    let first = Math.max(drawn - 1, 0);
    if (first < screen.forgotten()) {
      output.replaceChildren();
      first = screen.forgotten();
    }
    drawn = screen.count();
    for (let index = first; index < drawn; index += 1) output.append(drawLine(index));
    while (output.childElementCount > drawn - screen.forgotten()) output.firstElementChild?.remove();
    output.scrollTop = output.scrollHeight;
  };

  /** Shows everything up to a time. @param {number} seconds */
  const goTo = (seconds) => {
    const target = Math.min(Math.max(0, seconds), end());
    if (target < now) {
      screen = newScreen();
      output.replaceChildren();
      [played, drawn] = [0, 0];
    }
    now = target;
    const before = played;
    while (played < frames.length && (times[played] ?? Infinity) <= now + 1e-9) {
      screen.write(frames[played]?.[1] ?? []);
      played += 1;
    }
    if (played !== before || drawn === 0) draw();
    position.value = String(now);
    const at = new Date(start + (frames[Math.max(0, played - 1)]?.[0] ?? 0) * 1000);
    time.textContent = `${clock(now)} of ${clock(end())}`;
    position.setAttribute(
      "aria-valuetext",
      `${time.textContent}, ${at.toLocaleString("sv-SE", { timeZone })} ${timeZone}`,
    );
    time.title = `${at.toLocaleString("sv-SE", { timeZone })} ${timeZone}`;
  };

  const isPlaying = () => timer !== undefined;
  const pause = () => {
    clearTimeout(timer);
    timer = undefined;
    play.textContent = "Play";
  };
  const tick = () => {
    const clockNow = performance.now();
    goTo(now + ((clockNow - lastTick) / 1000) * Number(speed.value));
    lastTick = clockNow;
    if (now >= end() || !output.isConnected) pause();
    else timer = setTimeout(tick, 50);
  };
  const toggle = () => {
    if (isPlaying()) {
      pause();
      return;
    }
    if (now >= end()) goTo(0);
    play.textContent = "Pause";
    lastTick = performance.now();
    timer = setTimeout(tick, 50);
  };
  /** Keeps the place in the recording when the pauses change. */
  const retime = () => {
    const last = Math.max(0, played - 1);
    times = timesOf(frames, Number(idle.value));
    position.max = String(end());
    now = Infinity;
    goTo(times[last] ?? 0);
  };
  const search = () => {
    const index = findFrame(frames, find.value, played - 1);
    if (index === -1) {
      said.textContent = find.value.trim() === "" ? "" : "Not found";
      return;
    }
    pause();
    goTo(times[index] ?? 0);
    said.textContent = `Frame ${number(index + 1)} of ${number(frames.length)}`;
  };

  play.addEventListener("click", toggle);
  position.addEventListener("input", () => goTo(Number(position.value)));
  idle.addEventListener("change", retime);
  next.addEventListener("click", search);
  const steps = { ArrowLeft: -JUMP, ArrowRight: JUMP };
  const made = element(
    "div",
    { class: "player", role: "group", "aria-label": "Replay" },
    element("div", { class: "controls" }, play, position, time, speed, idle, find, next, said),
    output,
  );
  made.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === find) {
      if (event.key === "Enter") search();
      return;
    }
    if (event.key === " " && (event.target === output || event.target === position)) {
      event.preventDefault();
      toggle();
    } else if (event.target === output && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      goTo(now + steps[event.key]);
    }
  });
  retime();
  return made;
}

module.exports = { player };
