// @ts-check
"use strict";

/** @typedef {import("../html/page-data").PageReplay["frames"]} Frames */

/**
 * When each frame is played, in seconds, if nobody waits longer than a number of seconds for the next one.
 * @param {Frames} frames
 * @param {number} idle Infinity: every pause is kept
 */
function timesOf(frames, idle) {
  let [time, last] = [0, frames[0]?.[0] ?? 0];
  return frames.map(([seconds]) => {
    time += Math.min(seconds - last, idle);
    last = seconds;
    return time;
  });
}

/**
 * The text of a frame, for the search.
 * @param {Frames[number]} frame
 */
const textOf = ([, steps]) =>
  steps
    .map((step) =>
      typeof step === "string" ? step : step[0] === "mark" ? step[1] : step[0] === "move" ? " " : "",
    )
    .join("");

/**
 * The next frame after one in which a text is. The search begins anew at the end.
 * @param {Frames} frames
 * @param {string} wanted
 * @param {number} after index of a frame
 * @returns index, or -1
 */
function findFrame(frames, wanted, after) {
  const text = wanted.trim().toLowerCase();
  if (text === "") return -1;
  for (let step = 1; step <= frames.length; step += 1) {
    const index = (after + step) % frames.length;
    const frame = frames[index];
    if (frame !== undefined && textOf(frame).toLowerCase().includes(text)) return index;
  }
  return -1;
}

/** `3:07`, `1:03:07` @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

module.exports = { clock, findFrame, timesOf };
