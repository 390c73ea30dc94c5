import { z } from "zod";
import { isAssociationSchedule } from "../../aws/association-schedule";
import { schedule as scheduleOf } from "./spellings";
import { choice, described, flag, section } from "./values";

/** What State Manager can install on instances. */
const PREREQUISITES = ["ssm-agent", "linux-tools"] as const;

const maintain = described(
  z
    .array(
      choice(
        PREREQUISITES,
        "ssm-agent: the newest SSM Agent, with the document AWS-UpdateSSMAgent. linux-tools: the package with script and, if the distribution has it, screen.",
      ),
    )
    .max(PREREQUISITES.length),
  {
    description:
      "What State Manager installs and keeps up to date on managed instances. An empty list, the default: nothing. Instances need the permissions of AmazonSSMManagedInstanceCore.",
    allowed: `a list of ${PREREQUISITES.join(", ")}`,
    remedy: "name what State Manager shall install, or leave the list out",
  },
);

const schedule = described(z.string().refine(isAssociationSchedule), {
  description:
    "How often State Manager applies it. A rate from 30 minutes to 30 days; or a cron expression in UTC for every half hour, for every 1, 2, 4, 8 or 12 hours, or for a time of day on some days.",
  allowed:
    "rate(<number> <minutes, hours or days>) of at least 30 minutes and less than 31 days, or cron(<minute> <hour> <day of month> * <day of week> *), with ? for one of the days",
  remedy:
    'write "rate(14 days)" or "cron(0 3 ? * SUN *)"; State Manager accepts no month, and the unit is singular only after 1, as in rate(1 day)',
  spell: scheduleOf,
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
              remedy: "give only the key, without tag: before it",
            }),
            values: described(z.array(z.string().min(1).max(256)).min(1).max(50), {
              description: "Values of the tag. An instance with any of these values matches.",
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
      "Managed instances to install it on. all: every instance in the account and region, future instances included. A list: the instances that have all of these tags.",
    allowed: '"all", or a list of 1 to 5 objects { tag, values }',
    remedy: 'write "all", or [{ tag: "SessionManager", values: ["yes"] }]',
    words: ["all"],
    instead: { "*": 'write "all"' },
  },
);

const share = (pattern: RegExp, description: string, least: string) =>
  described(z.string().regex(pattern), {
    description,
    allowed: `a number of instances from ${least}, or a percentage from ${least}% to 100%, in quotes`,
    remedy: 'write "10" for ten instances, or "10%" for a tenth of them',
  });

/** What a map may say about software that instances need so that their sessions are recorded completely. */
export const prerequisites = section(
  {
    maintain,
    schedule,
    applyOnlyAtCronInterval: flag(
      "Wait for the schedule. Otherwise State Manager also runs at once when the association is created or changed, and on each new instance. Only for cron expressions.",
    ),
    targets,
    maxConcurrency: share(
      /^(?:[1-9]\d{0,6}|[1-9]\d?%|100%)$/,
      "How many instances State Manager works on at the same time.",
      "1",
    ),
    maxErrors: share(
      /^(?:0|[1-9]\d{0,6}|\d%|[1-9]\d%|100%)$/,
      "How many instances may fail before State Manager stops. 0: it stops at the first failure.",
      "0",
    ),
    complianceSeverity: choice(
      ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNSPECIFIED"],
      "Severity of a failure in Systems Manager Compliance.",
    ),
  },
  "Software that instances need so that their sessions are recorded completely. State Manager installs it and keeps it up to date.",
);
