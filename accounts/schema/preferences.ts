import { described, section, wholeNumber, flag, orNull } from "./values";
import { z } from "zod";

const shellCommands = (system: string) =>
  described(
    z
      .string()
      .max(4096)
      .regex(/^(?![\s\S]*\{\{)[\s\S]*$/),
    {
      description: `Commands that run when a session starts on ${system}.`,
      allowed: "a string of at most 4096 characters, without {{",
      remedy:
        'write the commands as one string, separated by newlines, "" for none; Systems Manager takes {{ for a parameter of the document, so put what needs it into a script on the instances',
    },
  );

export const preferences = section(
  {
    idleTimeoutMinutes: wholeNumber(
      1,
      60,
      "minutes",
      "A session that is idle this long ends. Less than maximumDurationMinutes.",
    ),
    maximumDurationMinutes: orNull(
      wholeNumber(
        1,
        1440,
        "minutes",
        "A session ends after this long. null: no maximum. The service's own pattern leaves out 1040 to 1099, 1140 to 1199, 1240 to 1299 and 1340 to 1399.",
        "write a number of minutes up to 1440 (24 hours), or null for no maximum",
      ),
    ),
    runAs: section(
      {
        enabled: flag("Sessions on Linux run as a named user instead of ssm-user, which has sudo."),
        defaultUser: orNull(
          described(z.string().regex(/^(?!root$)[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/), {
            description:
              "The user, unless the caller's SSMSessionRunAs tag names another. Needed where enabled is true.",
            allowed: "the name of an operating system user other than root",
            remedy: "name a user that exists on every instance",
          }),
        ),
      },
      "Run As support for Linux and macOS.",
    ),
    shellProfile: section(
      { linux: shellCommands("Linux and macOS"), windows: shellCommands("Windows") },
      "Shell profiles.",
    ),
    encryptSessionData: flag(
      "Encrypt what travels between client and instance with the key, on top of TLS. Needs a customer key.",
    ),
    enforce: section(
      {
        s3: flag("Refuse sessions when the bucket's encryption cannot be confirmed. Needs a bucket."),
        cloudWatch: flag(
          "Refuse sessions when the log group cannot be found or has no customer key. Needs both.",
        ),
      },
      "Refuse a session that could not be recorded (fail closed).",
    ),
    adopt: flag("The document SSM-SessionManagerRunShell exists already: import it instead of creating it."),
  },
  "The document SSM-SessionManagerRunShell.",
);
