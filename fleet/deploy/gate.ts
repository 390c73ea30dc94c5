import { setTimeout as wait } from "node:timers/promises";
import type { Journal } from "./journal";
import type { Step } from "./rollout";

/** What is needed between the last apply of a wave and its end. */
export interface GateProps {
  /** All steps of the plan folder with all of their stacks, whatever the options of the command select. */
  readonly steps: readonly Step[];
  readonly journal: Journal;
  /** Aborted: neither `bakeMinutes` nor doctor is waited for. The wave has not passed then. */
  readonly drain: AbortSignal;
  /** Whether what a wave has deployed is in force. @returns why it is not, or null */
  readonly inForce: (step: Step) => Promise<string | null>;
  /** Prints a line. */
  readonly note: (text: string) => void;
  readonly now?: () => Date;
  /** Waits for milliseconds. It ends early, without an error, when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Waits for `bakeMinutes` of a wave, and then asks doctor, if the map demands it. The journal keeps that the wave has
 * passed, so that a deployment that goes on does not wait and ask again, unless it has applied a stack of the wave since.
 *
 * After a part of a wave, there is neither a wait nor a look: the stacks that `--stack` left out are not deployed yet. Without
 * doctor, the wait is only for the next step, so the last step of a plan folder has none.
 * @param step as the command deploys it: `--stack` may have left out some of its stacks
 * @returns why the rollout must not go on, or null
 */
export async function passGate(step: Step, props: GateProps): Promise<string | null> {
  const { steps, journal, drain, inForce, note, now = () => new Date(), sleep = sleepUntilAborted } = props;
  const whole = steps.find(({ name }) => name === step.name)!;
  const isSelected = new Set(step.stacks.map(({ id }) => id));
  const isLeftOut = whole.stacks.some(
    ({ id, result, planSha256 }) =>
      result === "changes" && !isSelected.has(id) && !journal.hasApplied(id, planSha256!),
  );
  const applied = lastApplied(whole, journal);
  if (isLeftOut || hasPassed(whole, journal, applied?.sequence ?? 0)) return null;
  if (applied !== null && (whole.doctor || whole !== steps.at(-1))) {
    const until = Date.parse(applied.time) + whole.bakeMinutes * 60_000;
    const left = until - now().getTime();
    if (left > 0 && !drain.aborted) {
      note(
        `wave ${whole.name} bakes until ${new Date(until).toISOString()} (${Math.ceil(left / 60_000)} min)`,
      );
      await sleep(left, drain);
    }
  }
  const unasked = whole.doctor
    ? `wave ${whole.name} has not passed: the deployment was interrupted before doctor had answered`
    : null;
  if (drain.aborted) return unasked;
  const reason = whole.doctor ? await inForce(whole) : null;
  if (reason !== null) return reason;
  // A look that was interrupted has no answer.
  if (drain.aborted) return unasked;
  await journal.add({ event: "passed", wave: whole.name });
  return null;
}

/** The line of the journal on the last stack of a wave that was applied, or null. */
function lastApplied({ stacks }: Step, journal: Journal) {
  const ids = new Set(stacks.map(({ id }) => id));
  return (
    journal.lines.findLast(
      (line) => line.event === "ended" && line.result === "applied" && ids.has(line.stack),
    ) ?? null
  );
}

const hasPassed = ({ name }: Step, journal: Journal, since: number): boolean =>
  journal.lines.some((line) => line.event === "passed" && line.wave === name && line.sequence > since);

/** Waits for milliseconds, or until a signal is aborted. */
export const sleepUntilAborted = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
