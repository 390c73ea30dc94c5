import { z } from "zod";
import { CREDENTIALS, OTHER_IDENTIFIERS } from "../../aws/data-identifiers";
import { choice, flag, logGroupName, section, described, createdOrExisting } from "./values";

const ARN = "arn:(?:aws|aws-us-gov|aws-cn)";
const REGION = "(?:[a-z0-9-]+|\\{region\\})";
const ACCOUNT = "(?:\\d{12}|\\{account\\})";

/** ARNs that a subscription filter can send to: the last part says of which kind one is. */
const DESTINATION = new RegExp(
  `^${ARN}:(?:${[
    `logs:${REGION}:${ACCOUNT}:destination:[^\\s:*]{1,512}`,
    `kinesis:${REGION}:${ACCOUNT}:stream/[\\w.-]{1,128}`,
    `firehose:${REGION}:${ACCOUNT}:deliverystream/[\\w.-]{1,64}`,
    `lambda:${REGION}:${ACCOUNT}:function:[\\w-]{1,64}(?::[\\w$-]+)?`,
  ].join("|")})$`,
);

/** What a map may say about where session logs are sent on to. */
export const subscription = section(
  {
    destinationArn: described(z.string().regex(DESTINATION), {
      description:
        "Where CloudWatch Logs sends each log event on to, in the target's region: a destination of any account, or a Kinesis stream, Firehose stream or Lambda function of the target's own. {region} and {account} stand for the target's. null: nowhere. What is masked arrives masked. A log group takes two subscription filters.",
      allowed:
        "an ARN of a CloudWatch Logs destination, Kinesis stream, Firehose stream or Lambda function, in which {region} and {account} may stand for the target's own",
      remedy:
        "write arn:aws:logs:{region}:<account>:destination:<name>, with a destination of that name in each region",
    }).nullable(),
    filterPattern: described(z.string().max(1024), {
      description: "CloudWatch Logs filter pattern of what is sent. Empty: everything.",
      allowed: "a filter pattern of at most 1024 characters",
      remedy: 'leave it out to send everything, or shorten it; terms in quotes look like "\\"sudo\\""',
    }),
    distribution: choice(
      ["ByLogStream", "Random"],
      "How a Kinesis stream's shards share the load: a session to one shard, in order, or each batch to any. For a destination or a Kinesis stream.",
    ),
    admittedBy: choice(
      ["organization", "account"],
      "Whom the destination's access policy names: the organization (aws:PrincipalOrgID), for which CloudWatch Logs wants a role in the sending account, which is then created, or the account itself, for which it wants none. For a destination.",
    ),
  },
  "A subscription filter on the log group, created or existing. Needs class STANDARD.",
);

const custom = described(
  z.strictObject({
    name: described(z.string().regex(/^[\w-]{1,128}$/), {
      description: "Name of the identifier, which findings bear.",
      allowed: "1 to 128 letters, digits, - and _",
      remedy: "respell the name",
    }),
    regex: described(z.string().regex(/^[\w#=@/;, ^$?[\]{}|\\*+.-]{1,200}$/), {
      description: "Regular expression of what is masked.",
      allowed: "1 to 200 letters, digits, spaces, _#=@/;,- and ^$?[]{}|\\*+.",
      remedy: "leave out parentheses and other characters, which CloudWatch Logs does not take",
    }),
  }),
  {
    description: "Custom data identifiers: further patterns to mask.",
    allowed: "an object { name, regex }",
    remedy: "name the pattern and write its regular expression",
  },
);

/** What a map may say about masking secrets in session logs. */
export const masking = section(
  {
    enabled: flag(
      `Mask credentials (${CREDENTIALS.join(", ")}) in the log group, from then on. Only roles in access.unmaskRoles see them; subscriptions deliver them masked. Transcripts in S3 are not masked.`,
    ),
    identifiers: described(
      z
        .array(
          described(
            z.string().refine((value) => OTHER_IDENTIFIERS.includes(value)),
            {
              description: "A managed data identifier.",
              allowed: `a managed data identifier besides the credentials, which are always masked: ${OTHER_IDENTIFIERS.join(", ")}`,
              remedy:
                "write the last part of the identifier's ARN, as the CloudWatch Logs user guide lists it",
              words: OTHER_IDENTIFIERS,
            },
          ),
        )
        .max(100),
      {
        description: "Managed data identifiers of CloudWatch Logs that are masked besides credentials.",
        allowed: "a list of managed data identifiers",
        remedy: 'list the last parts of their ARNs, like "EmailAddress"',
      },
    ),
    custom: described(z.array(custom).max(10), {
      description: "Patterns of your own that are masked, such as those of your tokens.",
      allowed: "a list of at most 10 objects { name, regex }",
      remedy: "list name and regular expression of each",
    }),
    findingsLogGroup: logGroupName(
      "Name of an existing log group of the target that is told where something was found, but not what. null: none is.",
    ).nullable(),
  },
  "Masking of secrets in the log group, created or existing, in place of a data protection policy that it has. Needs class STANDARD.",
);

/** Retention periods that CloudWatch Logs accepts, in days. */
const RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545],
  ...[731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

export const logs = section(
  {
    group: createdOrExisting(
      "log group",
      "Where session logs go. create: a log group per target. none: no logs in CloudWatch Logs.",
      z.strictObject({ existing: logGroupName("Name of a log group that is there already.") }),
      ["create", "none"],
    ),
    streaming: flag(
      "Stream while the session runs. The only record that survives an instance that dies. Needs a log group.",
    ),
    retentionDays: described(z.literal(RETENTION_DAYS), {
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
