import { z } from "zod";
import { flag, section, described, wholeNumber } from "./values";

const documentName = described(z.string().regex(/^[A-Za-z0-9_.-]{3,128}$/), {
  description: "Name of a Session document.",
  allowed: "the name of a Session document: 3 to 128 letters, digits and -_.",
  remedy:
    "give the name, like AWS-StartPortForwardingSession, not an ARN; another account's documents are never allowed",
});

/** What a map may say about the guard. */
export const guard = section(
  {
    enabled: flag(
      "Deploy the guard: a Lambda function that ends sessions which leave no record, looks whether each session left its own, and tells the security channel. Needs that channel.",
    ),
    terminate: flag("End sessions whose document is not allowed, seconds to minutes after they started."),
    allowedDocuments: described(z.array(documentName).max(50), {
      description:
        "Session documents besides the preferences whose sessions may run, although they leave no transcript that the guard could look for.",
      allowed: "a list of at most 50 names of Session documents",
      remedy: 'list names, like "AWS-StartPortForwardingSession"',
    }),
    checkTranscriptsEveryMinutes: wholeNumber(
      15,
      1440,
      "minutes",
      "How often the guard looks for the transcripts of sessions that have ended. null: never.",
      "write a number of minutes from 15 to 1440 (a day), or null for never",
    ).nullable(),
    gracePeriodMinutes: wholeNumber(
      5,
      1440,
      "minutes",
      "How long after a session's end its transcript may still arrive before it counts as missing.",
    ),
    reservedConcurrency: wholeNumber(
      2,
      100,
      "runs at a time",
      "Runs that are set aside for the guard out of the account's. null: none, which most accounts need: AWS keeps 100 unreserved, and grants new accounts 10 in all.",
      "write a number from 2 (so that a check does not hold up the end of a session) to 100, or null",
    ).nullable(),
  },
  "The guard: acts on sessions that leave no record.",
);
