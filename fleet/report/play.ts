import { setTimeout as sleep } from "node:timers/promises";
import type { Output } from "../../processes/program";
import { timesOf } from "../../report/render/page/timeline";
import { plainText } from "../../report/replay/plain-text";
import type { Recording } from "../../report/replay/recording";
import { PLAIN, styleAfter, type Style } from "../../report/replay/safe-text";
import { forTerminal, RESET } from "../../report/replay/terminal";
import type { Written } from "../../report/replay/events";

/** How a recording is played. */
export interface PlayProps {
  readonly output: Output;
  /** 2 plays twice as fast as the session was. */
  readonly speed: number;
  /** Seconds that a pause lasts at most. */
  readonly longestPause: number;
  readonly signal?: AbortSignal;
  /** Waits for a number of milliseconds. @default a timer */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

const timer = (milliseconds: number, signal?: AbortSignal) => sleep(milliseconds, undefined, { signal });

/**
 * Plays a recording in a terminal, at the pace of the session. Only text, its looks and moves within its line reach the
 * terminal. Whatever ends the replay, the terminal has its own looks again.
 * @throws the reason of an aborted signal
 */
export async function play({ frames }: Recording, props: PlayProps): Promise<void> {
  const { output, speed, longestPause, signal, wait = timer } = props;
  const times = timesOf(frames, longestPause);
  let [now, style]: [number, Style] = [0, PLAIN];
  try {
    for (const [index, [, steps]] of frames.entries()) {
      const pause = ((times[index]! - now) / speed) * 1000;
      now = times[index]!;
      if (pause > 0) await wait(pause, signal);
      signal?.throwIfAborted();
      output.write(forTerminal(steps, style));
      style = styleAfter(steps, style);
    }
  } finally {
    output.write(RESET);
  }
}

/** What a session wrote, for a file or a pipe, which has no pace. */
export const withoutPace = (written: readonly Written[]): string =>
  plainText(written.map(({ text }) => text).join(""));
