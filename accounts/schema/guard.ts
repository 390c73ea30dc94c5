import { z } from "zod";
import { described, flag, section, wholeNumber } from "./values";

const documentName = described(z.string().regex(/^[A-Za-z0-9_.-]{3,128}$/), {
  description: "Name of a Session document.",
  allowed: "the name of a Session document: 3 to 128 letters, digits and -_.",
  remedy:
    "give the name, like AWS-StartPortForwardingSession, not an ARN; documents of another account are never allowed",
});

/** What a map may say about the guard. */
export const guard = section(
  {
    enabled: flag(
      "Deploy the guard: a Lambda function that ends sessions whose document is not allowed, checks that each session has left its transcript, and reports to the security channel. Needs notifications.security.enabled.",
    ),
    terminate: flag("End sessions whose document is not allowed, seconds to minutes after they start."),
    allowedDocuments: described(z.array(documentName).max(50), {
      description:
        "Session documents, besides the preferences, whose sessions may run although they leave no transcript that the guard could check.",
      allowed: "a list of at most 50 names of Session documents",
      remedy: 'list names, like "AWS-StartPortForwardingSession"',
    }),
    checkTranscriptsEveryMinutes: wholeNumber(
      15,
      1440,
      "minutes",
      "How often the guard checks the transcripts of sessions that have ended. null: never.",
      "write a number of minutes from 15 to 1440 (a day), or null for never",
    ).nullable(),
    gracePeriodMinutes: wholeNumber(
      5,
      1440,
      "minutes",
      "How long after the end of a session its transcript may still arrive. Later it counts as missing.",
    ),
    reservedConcurrency: wholeNumber(
      2,
      100,
      "concurrent runs",
      "Concurrent executions that Lambda reserves for the guard. null: none. Most accounts need null: AWS always keeps 100 of the account's concurrent executions unreserved, and new accounts have only 10.",
      "write a number from 2 (with 1, a check would delay the end of a session) to 100, or null",
    ).nullable(),
  },
  "The guard, which acts on sessions that leave no record.",
);
