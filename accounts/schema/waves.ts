import { z } from "zod";
import { shortName } from "./names";
import { described } from "./values";

const positive = (description: string, max: number) =>
  described(z.number().int().min(1).max(max), {
    description,
    allowed: `a whole number from 1 to ${max}`,
    remedy: "write a number without quotes",
  });

/** A wave with settings for `session-audit deploy`. */
const detailedWave = described(
  z.strictObject({
    name: shortName("Name of the wave.", 30),
    maxConcurrent: positive(
      "How many stacks of the wave are deployed side by side. Without it, the cores and the memory of the machine decide.",
      999,
    ).optional(),
    failureTolerance: described(
      z.union([z.number().int().min(0).max(100_000), z.string().regex(/^(?:\d{1,2}|100)%$/)]),
      {
        description:
          "How many stacks of the wave may fail, as a number or as a share of the stacks of the wave that have changes, rounded down. When more have failed, no further stack is started, and the waves behind it are not either. Stacks that are being deployed go on to their end, as in CloudFormation StackSets with SOFT_FAILURE_TOLERANCE.",
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
      "How many minutes pass after the wave, before the next one begins. Within that time, notifications and drift show what the wave has done.",
      10_080,
    ).optional(),
  }),
  {
    description: "A wave with settings for session-audit deploy. cdktf deploy does not know them.",
    allowed: "an object with name, maxConcurrent, failureTolerance, approve and bakeMinutes",
    remedy: 'write { name: "canary", bakeMinutes: 60 }',
  },
);

/** The waves of a rollout. */
export const waves = described(z.array(z.union([shortName("A wave.", 30), detailedWave])).min(1), {
  description:
    "The waves of a rollout, in order: names, or objects with settings for session-audit deploy. Without them, all accounts are in one wave, all.",
  allowed: "a list of names or objects with a name, first wave first",
  remedy: 'write waves: ["canary", "rest"]',
});
