import { z } from "zod";
import { isAssociationSchedule } from "../../aws/association-schedule";
import { choice, flag, section, described } from "./values";

/** What can be kept on instances. */
const PREREQUISITES = ["ssm-agent", "linux-tools"] as const;

const maintain = described(
  z
    .array(
      choice(
        PREREQUISITES,
        "ssm-agent: the newest SSM Agent, by AWS-UpdateSSMAgent. linux-tools: script and, where the distribution has it, screen.",
      ),
    )
    .max(PREREQUISITES.length),
  {
    description:
      "What State Manager keeps on managed instances. An empty list: nothing, which is the default. Instances need what AmazonSSMManagedInstanceCore grants.",
    allowed: `a list of ${PREREQUISITES.join(", ")}`,
    remedy: "name what is to be kept, or leave the list out",
  },
);

const schedule = described(z.string().refine(isAssociationSchedule), {
  description:
    "How often. A rate of 30 minutes up to 30 days; or a cron expression in UTC for each half hour, 1, 2, 4, 8 or 12 hours, or for a time of some days.",
  allowed:
    "rate(<number> <minutes, hours or days>) of at least 30 minutes and less than 31 days, or cron(<minute> <hour> <day of month> * <day of week> *), with ? for one of the days",
  remedy:
    'write "rate(14 days)" or "cron(0 3 ? * SUN *)"; State Manager takes no month, and singular only for 1, as in rate(1 day)',
});

const targets = described(
  z.union([
    z.literal("all"),
    z
      .array(
        described(
          z.strictObject({
            tag: described(z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=@-]{1,128}$/u), {
              description: "Key of a tag.",
              allowed: "a tag's key of 1 to 128 letters, digits, spaces and _.:/=@-",
              remedy: "give the key alone, without tag: before it",
            }),
            values: described(z.array(z.string().min(1).max(256)).min(1).max(50), {
              description: "Values of the tag; an instance with any of them is meant.",
              allowed: "a list of 1 to 50 values",
              remedy: "list the values; put numbers and booleans in quotes",
            }),
          }),
          {
            description: "Instances with a tag.",
            allowed: "an object { tag, values }",
            remedy: 'write { tag: "SessionManager", values: ["yes"] }',
          },
        ),
      )
      .min(1)
      .max(5),
  ]),
  {
    description:
      "Which managed instances. all: each one in the account and region, those to come included. A list: those that have all of these tags.",
    allowed: '"all", or a list of 1 to 5 objects { tag, values }',
    remedy: 'write "all", or [{ tag: "SessionManager", values: ["yes"] }]',
    words: ["all"],
  },
);

const share = (pattern: RegExp, description: string, least: string) =>
  described(z.string().regex(pattern), {
    description,
    allowed: `a number of instances from ${least}, or a percentage from ${least}% to 100%, in quotes`,
    remedy: 'write "10" for ten instances, or "10%" for a tenth of them',
  });

/** What a map may say about what instances need for their sessions to be recorded well. */
export const prerequisites = section(
  {
    maintain,
    schedule,
    applyOnlyAtCronInterval: flag(
      "Wait for the schedule, instead of running at once on creation, after changes, and on each new instance. For cron expressions only.",
    ),
    targets,
    maxConcurrency: share(
      /^(?:[1-9]\d{0,6}|[1-9]\d?%|100%)$/,
      "How many instances are worked on at a time.",
      "1",
    ),
    maxErrors: share(
      /^(?:0|[1-9]\d{0,6}|\d%|[1-9]\d%|100%)$/,
      "How many instances may fail before no more are tried. 0: it stops at the first.",
      "0",
    ),
    complianceSeverity: choice(
      ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNSPECIFIED"],
      "How badly an instance counts in Systems Manager Compliance where it fails.",
    ),
  },
  "What instances need so that their sessions are recorded whole, kept there by State Manager.",
);
