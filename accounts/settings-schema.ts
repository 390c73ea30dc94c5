import { z } from "zod";
import { masking, subscription } from "./log-schema";
import { guard } from "./guard-schema";
import { network } from "./network-schema";
import { notifications } from "./notification-schema";
import { prerequisites } from "./prerequisite-schema";
import { replication } from "./replication-schema";
import {
  accountId,
  bucketName,
  choice,
  created,
  flag,
  keyArn,
  keyPrefix,
  logGroupName,
  policyArn,
  roleArn,
  roleName,
  rolePattern,
  section,
  tags,
  told,
  whole,
} from "./values";

/** Retention periods that CloudWatch Logs accepts, in days. */
const RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545],
  ...[731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();
const afterDays = (what: string, note = "") =>
  orNull(whole(1, 36500, "days", `Days until ${what}. null: never.${note && ` ${note}`}`));
const SMALL =
  "S3 moves no object under 128 KB unless it is told otherwise, and most transcripts are smaller: those stay where they are.";
const TRAIL_TOO =
  'The bucket of a trail that is made (trail: "create") follows what holds in the account\'s home region.';

const encryption = section(
  {
    mode: choice(
      ["customer-managed", "existing", "s3-managed"],
      "Which key encrypts. customer-managed creates a KMS key per target.",
      'use "customer-managed" or "existing"; dual-layer encryption (DSSE) counts as unencrypted to the SSM Agent, which would refuse every session',
    ),
    keyArn: orNull(keyArn("With mode existing: the key's ARN, in the target's own region.")),
    deletionWindowDays: whole(7, 30, "days", "Waiting period before a deleted key is gone."),
    rotationPeriodDays: whole(90, 2560, "days", "How often AWS rotates the key material."),
  },
  "What encrypts transcripts, the log group, the session channel and notifications.",
);

const transcripts = section(
  {
    bucket: created(
      "transcript bucket",
      "Where transcripts go. create: a bucket per target, or the archive account's. none: no transcripts in S3.",
      z.strictObject({
        existing: bucketName("Name of a bucket that is there already."),
        keyArn: keyArn("ARN of the KMS key in the bucket's default encryption; null for AES256.")
          .nullable()
          .default(null),
        account: accountId(
          "Id of the account that owns the bucket. One of the target's own account and region is looked at in each plan: how it encrypts, keeps and refuses. What the owner of another one must allow is in the outputs required_bucket_statements and required_bucket_key_statements. null: the map does not say, which each plan mentions.",
        )
          .nullable()
          .default(null),
      }),
      ["create", "none"],
    ),
    prefix: keyPrefix(
      "Key prefix. Transcripts lie under <prefix>/<account>/<region>/.",
      "drop leading and trailing slashes; the account and region are appended for you",
    ),
    objectLock: section(
      {
        mode: choice(
          ["governance", "compliance", "off"],
          `Object Lock mode of new transcripts. ${TRAIL_TOO}`,
        ),
        days: whole(1, 36500, "days", "How long a transcript cannot be deleted or overwritten."),
      },
      `Write once, read many. ${TRAIL_TOO}`,
    ),
    lifecycle: section(
      {
        glacierInstantRetrievalAfterDays: afterDays("transcripts move to Glacier Instant Retrieval", SMALL),
        glacierAfterDays: afterDays("transcripts move to Glacier Flexible Retrieval", SMALL),
        deepArchiveAfterDays: afterDays("transcripts move to Glacier Deep Archive", SMALL),
        expireAfterDays: afterDays(
          "transcripts expire, which must not be before their lock ends",
          "The bucket is versioned: what expires becomes a noncurrent version, so noncurrentExpireAfterDays is needed as well.",
        ),
        noncurrentExpireAfterDays: afterDays("overwritten, deleted or expired versions are gone"),
        abortMultipartAfterDays: whole(1, 365, "days", "Days until an unfinished upload is dropped."),
      },
      `Storage classes and expiry, each later than the one before. ${TRAIL_TOO}`,
    ),
    accessLogs: created(
      "bucket for server access logs",
      "Where S3 logs each access to the transcripts. create: a bucket next to theirs. none: nowhere.",
      z.strictObject({
        existing: bucketName(
          "Name of a bucket that takes server access logs. It must lie in the same account and region.",
        ),
      }),
      ["create", "none"],
    ),
    accessLogsExpireAfterDays: whole(
      1,
      36500,
      "days",
      "Days until a created bucket's access logs expire, those of a created trail's bucket included.",
    ),
    readers: told(z.array(roleArn("A role that may read transcripts.", true)).max(100), {
      description:
        "The only roles that may read and decrypt transcripts. Nobody else may, administrators included.",
      allowed: "a list of at most 100 IAM role ARNs",
      remedy: "list the ARNs of the reviewers' roles",
    }),
    replication,
  },
  "Transcripts in S3.",
);

const logs = section(
  {
    group: created(
      "log group",
      "Where session logs go. create: a log group per target. none: no logs in CloudWatch Logs.",
      z.strictObject({ existing: logGroupName("Name of a log group that is there already.") }),
      ["create", "none"],
    ),
    streaming: flag(
      "Stream while the session runs. The only record that survives an instance that dies. Needs a log group.",
    ),
    retentionDays: told(z.literal(RETENTION_DAYS), {
      description: "Days that CloudWatch Logs keeps the logs.",
      allowed: `one of ${RETENTION_DAYS.join(", ")}`,
      remedy: "take the next longer period, without quotes; CloudWatch Logs accepts only these",
    }),
    class: choice(["STANDARD", "INFREQUENT_ACCESS"], "Log class. It cannot be changed later."),
    subscription,
    masking,
  },
  "Session logs in CloudWatch Logs.",
);

const shellCommands = (system: string) =>
  told(
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

const preferences = section(
  {
    idleTimeoutMinutes: whole(
      1,
      60,
      "minutes",
      "A session that is idle this long ends. Less than maximumDurationMinutes.",
    ),
    maximumDurationMinutes: orNull(
      whole(
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
          told(z.string().regex(/^(?!root$)[A-Za-z_][A-Za-z0-9_.-]{0,31}\$?$/), {
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

const access = section(
  {
    attachToRoles: told(z.array(roleName("A role.")).max(100), {
      description: "Names of existing instance roles that get the instance policy.",
      allowed: "a list of IAM role names",
      remedy: "list the names of the roles in your instance profiles",
    }),
    defaultHostManagementRole: orNull(
      roleName(
        "Name of the role of Default Host Management Configuration, without its path, where it gets the instance policy too: AWS's own policy there lacks what recording needs. The console makes AWSSystemsManagerDefaultEC2InstanceManagementRole. Instances need IMDSv2 and SSM Agent 3.2.582.0; one whose instance profile grants ssm:UpdateInstanceInformation uses that profile instead.",
      ),
    ),
    instanceProfile: flag("Create an instance profile with everything Session Manager needs."),
    operatorPolicy: flag("Create the policy for people who open sessions."),
    reviewerPolicy: flag("Create the policy for people who read the record."),
    unmaskRoles: told(z.array(rolePattern("A role of the account.")).max(20), {
      description:
        "The only roles that may see what logs.masking masks, with the reviewer policy. Nobody else may, as far as policies made here go.",
      allowed: "a list of at most 20 names of IAM roles of the account, with their paths, where * may stand",
      remedy: "list the names of the reviewers' roles",
    }),
    permissionsBoundaryArn: orNull(policyArn("Permissions boundary of roles that are created.")),
  },
  "IAM of the account.",
);

/** Settings of one region: may be said for the organization, an account, or a region of an account. */
export const regionSettings = {
  encryption,
  transcripts,
  logs,
  preferences,
  notifications,
  prerequisites,
  guard,
  network,
  protect: flag("Refuse to destroy keys, buckets, log groups and the preferences."),
  tags: tags("Tags on every resource."),
};

/** Settings of one account: may be said for the organization or an account. */
export const accountSettings = {
  ...regionSettings,
  access,
  trail: choice(
    ["none", "existing", "create"],
    "The CloudTrail trail that notifications depend on. existing: an organization or account trail is there. create: make one, whose bucket follows transcripts.objectLock and transcripts.lifecycle of the account's home region. none: only while notifications are off.",
  ),
};
