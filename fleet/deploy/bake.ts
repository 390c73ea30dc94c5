import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "./rollout";

/** Waits until a wave has baked. A Ctrl-C ends the wait. @param since milliseconds since 1970 */
export async function bake(
  step: Step,
  since: number,
  drain: AbortSignal,
  note: (text: string) => void,
): Promise<void> {
  const until = since + step.bakeMinutes * 60_000;
  const left = until - Date.now();
  if (left <= 0 || drain.aborted) return;
  note(`wave ${step.name} bakes until ${new Date(until).toISOString()} (${Math.ceil(left / 60_000)} min)`);
  await sleep(left, undefined, { signal: drain }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
