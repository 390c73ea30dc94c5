import type { ParsedMap } from "../schema";

/** A step of the rollout, with every setting filled in. */
export interface Wave {
  readonly name: string;
  /** How many stacks are deployed side by side; null: as many as the machine can run. */
  readonly maxConcurrent: number | null;
  /** How many stacks may fail: a number, or a share of the stacks of the wave like "5%". */
  readonly failureTolerance: number | `${number}%`;
  /** Whether a person approves the wave before it begins. */
  readonly approve: boolean;
  /** Minutes between the end of the wave and the beginning of the next one. */
  readonly bakeMinutes: number;
  /** Whether `session-audit doctor` must find the wave in force before the next one begins. */
  readonly doctor: boolean;
  /** Name of the role with which doctor probes the wave; null: it does not probe. */
  readonly probeRole: string | null;
}

/** The only wave of a map that names no waves. */
const ONLY_WAVE = "all";

/** The waves of a map, in order, with the safe defaults: no failure is tolerated. */
export const wavesOf = ({ waves = [ONLY_WAVE] }: Pick<ParsedMap, "waves">): Wave[] =>
  waves.map((wave) => {
    const {
      name,
      maxConcurrent = null,
      failureTolerance = 0,
      approve = false,
      bakeMinutes = 0,
      doctor = false,
      probeRole = null,
    } = typeof wave === "string" ? { name: wave } : wave;
    return {
      name,
      maxConcurrent,
      approve,
      bakeMinutes,
      doctor,
      probeRole,
      failureTolerance: failureTolerance as Wave["failureTolerance"],
    };
  });
