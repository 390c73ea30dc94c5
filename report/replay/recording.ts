import type { Written } from "./events";
import { PLAIN, stepsOf, styleAfter, type Step, type Style } from "./safe-text";

/** What happens at one time of a recording. */
export type Frame = readonly [seconds: number, steps: readonly Step[]];

/** A session that can be played. */
export interface Recording {
  /** Time of the first frame, in milliseconds since 1970. */
  readonly start: number;
  /** Their seconds count from the start, and never go back. */
  readonly frames: readonly Frame[];
}

/** A recording of what a session wrote. */
export function recordingOf(written: readonly Written[]): Recording {
  const start = written[0]?.time ?? 0;
  let [seconds, style]: [number, Style] = [0, PLAIN];
  const frames = written.map(({ time, text }): Frame => {
    seconds = Math.max(seconds, (time - start) / 1000);
    const steps = stepsOf(text, style);
    style = styleAfter(steps, style);
    return [seconds, steps];
  });
  return { start, frames };
}
