import { z } from "zod";
import { aboutText } from "./advice";
import { day } from "./spellings";
import { described } from "./values";

/** The warnings that a map can accept, each with what it is about. */
export const WARNINGS = {
  "activity-unheard": "Sessions are reported, and the activity channel has nobody to notify.",
  "security-unheard": "Findings are reported, and the security channel has nobody to notify.",
  "no-role-can-record": "Sessions without a record are refused, and no role gets the permission to record.",
  "nothing-protected": "Terraform may destroy keys, buckets, log groups and preferences everywhere.",
  "not-enforced-late": "A wave after the first one does not refuse sessions without a record.",
  "compliance-lock": "Nobody can shorten Object Lock's retention in compliance mode.",
  "lock-of-days": "Object Lock keeps transcripts for less than a month.",
  "no-break-glass": "Guardrails bind everybody but the roles that deploy.",
  "reader-outside": "A role that reads transcripts is in an account that the map does not have.",
  "allowed-then-ended": "Guardrails allow sessions with a document, and the guard ends them.",
  "archive-in-management": "The archive is in the management account, which no guardrail binds.",
} as const;

export type AcceptableWarning = keyof typeof WARNINGS;

export const WARNING_IDS = Object.keys(WARNINGS) as [AcceptableWarning, ...AcceptableWarning[]];

const isDay = (text: string): boolean => {
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
};

/** The warnings that the operator accepts. */
export const accept = described(
  z
    .array(
      described(
        z.strictObject({
          warning: described(z.enum(WARNING_IDS), {
            description: "The warning, by its name. docs/warnings.md has all of them.",
            allowed: `the name of a warning: ${WARNING_IDS.join(", ")}`,
            remedy: "copy the name from the warning",
            words: WARNING_IDS,
          }),
          because: described(z.string().trim().min(10).max(500), {
            description: "Why the warning is accepted, for the people who review the map and its plans.",
            allowed: "a reason of 10 to 500 characters",
            remedy: "say why this is meant, in a sentence that a reviewer understands",
          }),
          until: described(z.string().refine(isDay), {
            description:
              "The last day on which the warning is accepted, in UTC. From the next day, the warning is shown again.",
            allowed: "a day as YYYY-MM-DD, in quotes",
            remedy: 'write the day on which somebody should look again, like until: "2027-03-31"',
            spell: day,
            advise: aboutText((text) =>
              /^\d{4}-\d{2}-\d{2}$/.test(text) ? "write a day that the calendar has" : undefined,
            ),
          }),
        }),
        {
          description: "An accepted warning.",
          allowed: "an object { warning, because, until }",
          remedy: 'write { warning: "<name>", because: "<reason>", until: "2027-03-31" }',
        },
      ),
    )
    .max(100),
  {
    description:
      "Warnings that are not shown, each with a reason and a last day. Reviews list them. A warning is accepted in all places of the map.",
    allowed: "a list of at most 100 objects { warning, because, until }",
    remedy:
      'write accept: [{ warning: "no-break-glass", because: "Our security team decided so.", until: "2027-03-31" }]',
  },
);
