import { z } from "zod";
import { aboutText } from "./advice";
import { described, flag, orNull, section, wholeNumber } from "./values";

const shellCommands = (system: string) =>
  described(
    z
      .string()
      .max(4096)
      .regex(/^(?![\s\S]*\{\{)[\s\S]*$/),
    {
      advise: (found) =>
        Array.isArray(found)
          ? `write one text, with \\n between the commands: ${JSON.stringify(found.join("\n"))}`
          : undefined,
      description: `Commands that run when a session starts on ${system}.`,
      allowed: "a string of at most 4096 characters, without {{",
      remedy:
        'write the commands as one string, separated by newlines, or "" for none; Systems Manager reads {{ as a parameter of the document, so move commands that need {{ into a script on the instances',
    },
  );

/**
 * What a map may say about the session preferences.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
 */
export const preferences = section(
  {
    idleTimeoutMinutes: wholeNumber(
      1,
      60,
      "minutes",
      "A session ends when it has been idle this long. Must be less than maximumDurationMinutes.",
    ),
    maximumDurationMinutes: orNull(
      wholeNumber(
        1,
        1440,
        "minutes",
        "A session ends after this long. null: no maximum. Session Manager does not accept 1040 to 1099, 1140 to 1199, 1240 to 1299 and 1340 to 1399.",
        "write a number of minutes up to 1440 (24 hours), or null for no maximum",
      ),
    ),
    runAs: section(
      {
        enabled: flag(
          "Run sessions on Linux and macOS as a named user instead of ssm-user, which may use sudo.",
        ),
        defaultUser: orNull(
          described(z.string().regex(/^(?!root$)[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/), {
            description:
              "Operating system user of sessions, unless the caller's tag SSMSessionRunAs names another. Required if enabled is true and byTagOnly is false.",
            allowed: "the name of an operating system user other than root",
            remedy: "name a user that exists on every instance",
            advise: aboutText((name) => {
              if (name === "root")
                return "name a user without sudo: a session as root can remove its own transcript";
              return name.includes("\\")
                ? "name a local user of Linux and macOS, without a domain"
                : undefined;
            }),
          }),
        ),
        byTagOnly: flag(
          "Sessions run as the user that the caller's tag SSMSessionRunAs names, and a caller without the tag is refused. Needs defaultUser null.",
        ),
        ssmUserExists: flag(
          "Something else than SSM Agent, such as the image, creates ssm-user on every instance: the agent does not while enabled is true. Required if defaultUser is ssm-user.",
        ),
      },
      "Run As support for Linux and macOS.",
    ),
    shellProfile: section(
      { linux: shellCommands("Linux and macOS"), windows: shellCommands("Windows") },
      "Shell profiles.",
    ),
    encryptSessionData: flag(
      "Encrypt the traffic between client and instance with the KMS key, in addition to TLS. Needs a customer managed key.",
    ),
    enforce: section(
      {
        s3: flag("Refuse a session if the encryption of the bucket cannot be confirmed. Needs a bucket."),
        cloudWatch: flag(
          "Refuse a session if the log group cannot be found or has no customer managed key. Needs both.",
        ),
      },
      "Which records a session must be able to leave: without them it is refused (fail closed).",
    ),
    adopt: flag("The document SSM-SessionManagerRunShell already exists: import it instead of creating it."),
  },
  "Session preferences: the document SSM-SessionManagerRunShell.",
);
