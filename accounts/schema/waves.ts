import { z } from "zod";
import { roleName, shortName } from "./names";
import { described, flag, nearest } from "./values";

const positive = (description: string, max: number, unit: string) =>
  described(z.number().int().min(1).max(max), {
    description,
    allowed: `a whole number from 1 to ${max}`,
    remedy: "write a number without quotes",
    unit,
    advise: (found) => nearest(found, 1, max, unit),
  });

/** A wave with settings for `session-audit deploy`. */
const detailedWave = described(
  z.strictObject({
    name: shortName("Name of the wave.", 30),
    maxConcurrent: positive(
      "How many stacks of the wave are deployed side by side. Without it, the cores and the memory of the machine decide.",
      999,
      "stacks",
    ).optional(),
    failureTolerance: described(
      z.union([z.number().int().min(0).max(100_000), z.string().regex(/^(?:\d{1,2}|100)%$/)]),
      {
        description:
          "How many stacks of the wave may fail, as a number or as a share of the stacks of the wave that have changes, rounded down. If more fail, no further stack and no later wave is started. Stacks that are being deployed are finished, as in CloudFormation StackSets with SOFT_FAILURE_TOLERANCE.",
        allowed: 'a whole number, or a percentage in quotes like "5%"',
        remedy: "write failureTolerance: 2; without it, the first failure ends the rollout",
      },
    ).optional(),
    approve: described(z.boolean(), {
      description:
        "Whether a person approves the wave before it begins: at a question on a terminal, or with --approve <wave> in a pipeline.",
      allowed: "true or false",
      remedy: "write approve: true",
    }).optional(),
    bakeMinutes: positive(
      "How many minutes pass after the wave was applied, before doctor looks and the next wave begins. Within that time, notifications and drift show what the wave has done. Without doctor, nothing is waited for after the last wave of a plan folder.",
      10_080,
      "minutes",
    ).optional(),
    doctor: flag(
      "Whether session-audit doctor looks at the wave after these minutes, also if session-audit deploy ends with this wave. Unless doctor finds everything in force, the next wave does not begin, and deploy fails.",
    ).optional(),
    probeRole: roleName(
      "Role with which doctor writes and finds a record in each target of the wave, as the SSM Agent does. It needs the instance policy, and must trust the identity that deploys.",
    ).optional(),
  }),
  {
    description: "A wave with settings for session-audit deploy. cdktf deploy does not know them.",
    allowed:
      "an object with name, maxConcurrent, failureTolerance, approve, bakeMinutes, doctor and probeRole",
    remedy: 'write { name: "canary", bakeMinutes: 60 }',
  },
);

/** One wave. */
const wave = described(z.union([shortName("A wave.", 30), detailedWave]), {
  description: "A wave: its name, or an object with its name and settings for session-audit deploy.",
  allowed: "1 to 30 lower-case letters, digits and single hyphens, or an object with a name",
  remedy: 'write "canary", or { name: "canary", bakeMinutes: 60 }',
});

/** The waves of a rollout. */
export const waves = described(z.array(wave).min(1), {
  description:
    "The waves of a rollout, in order: names, or objects with settings for session-audit deploy. Without them, all accounts are in one wave, all.",
  allowed: "a list of names or objects with a name, first wave first",
  remedy: 'write waves: ["canary", "rest"]',
});
