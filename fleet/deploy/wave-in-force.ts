import type { Screen } from "../../processes/terminal";
import { visible } from "../../pages/visible";
import type { Diagnosis } from "../doctor/model";
import type { Manifest, PlannedStack } from "../plan-folder";
import { ForeignFile, plannedFile } from "../planned-files";
import { FleetProgress } from "../progress";
import type { Step } from "./rollout";

/** What doctor needs after a wave. */
export interface WaveProps {
  /** Absolute path of the plan folder: what should be in force is what was reviewed. */
  readonly folder: string;
  readonly manifest: Pick<Manifest, "organization" | "profiles" | "stacks">;
  readonly env: NodeJS.ProcessEnv;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Prints a line. */
  readonly note: (text: string) => void;
}

/** Stacks that are looked at side by side. */
const PARALLEL = 8;

/**
 * Looks whether what a wave has deployed is in force, with a probe if the wave names a role for it.
 * @returns why the rollout must not go on, or null. What could not be looked at is a reason as well
 */
export async function waveInForce(step: Step, props: WaveProps): Promise<string | null> {
  const { folder, manifest, env, screen, signal, note } = props;
  const { organization, profiles } = manifest;
  // Loaded here, because most deployments need no AWS SDK.
  const { diagnose } = require("../doctor/doctor") as typeof import("../doctor/doctor");
  const { probing } = require("../doctor/probe") as typeof import("../doctor/probe");
  const isSynthesized = ({ configurationSha256 }: PlannedStack) => configurationSha256 !== null;
  const stacks = step.stacks.filter(isSynthesized);
  const others = manifest.stacks.filter((stack) => isSynthesized(stack) && !stacks.includes(stack));
  const progress = new FleetProgress(screen, "looking at", stacks.length);
  try {
    const diagnosis = await diagnose({
      organization,
      stacks,
      others,
      env,
      profiles,
      signal,
      progress,
      parallel: PARALLEL,
      now: new Date(),
      configurationOf: async (id) => {
        const stack = manifest.stacks.find((one) => one.id === id)!;
        return (await plannedFile(folder, stack, "configuration")).toString("utf8");
      },
      ...(step.probeRole !== null && { also: probing(step.probeRole, { env, profiles, signal }) }),
    });
    return reasonOf(step.name, diagnosis, note);
  } catch (error) {
    if (error instanceof ForeignFile) return error.problem;
    // A Ctrl-C ends the look. The rollout itself says that it was interrupted.
    if (!signal.aborted) throw error;
    return null;
  } finally {
    progress.end();
  }
}

/** Why the rollout must not go on, in one sentence. Each finding is printed. */
export function reasonOf(
  wave: string,
  { lines }: Pick<Diagnosis, "lines">,
  note: (text: string) => void,
): string | null {
  const open = lines.filter(({ verdict }) => verdict === "fault" || verdict === "not-looked-at");
  for (const { stack, check, subject, found, why } of open)
    note(
      `${stack}: ${check} ${visible(subject)}: ${visible(found)}${why === null ? "" : ` (${visible(why)})`}`,
    );
  if (open.length === 0) return null;
  const things = open.length === 1 ? "1 thing" : `${open.length} things`;
  return `doctor found ${things} in wave ${wave} not in force, or could not look`;
}
