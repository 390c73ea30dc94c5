import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { isClosedFilterPattern } from "../../aws/filter-pattern";
import { CUSTOM_IDENTIFIERS_PER_POLICY } from "../../aws/quotas";
import { CREDENTIALS, OTHER_IDENTIFIERS } from "../../aws/data-identifiers";
import { aboutArnOf, type Advice } from "./advice";
import { amountIn } from "./amounts";
import { dashed } from "./spellings";
import { logGroupName } from "./names";
import { choice, createdOrExisting, described, flag, orNull, section } from "./values";

/** A region or an account in an ARN, or the placeholder that stands for the target's own. */
const region = "(?:[a-z0-9-]+|\\{region\\})";
const account = "(?:\\d{12}|\\{account\\})";

/**
 * ARNs that a subscription filter can send to. A function may have an alias or a version, but not `$LATEST`: CloudWatch
 * Logs needs a permission for exactly what it invokes, and Lambda refuses a permission whose qualifier is `$LATEST`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
const DESTINATION = new RegExp(
  `^(?:${[
    arnPattern({ service: "logs", region, account, resource: "destination:[^\\s:*$%]{1,512}" }),
    arnPattern({ service: "kinesis", region, account, resource: "stream/[\\w.-]{1,128}" }),
    arnPattern({ service: "firehose", region, account, resource: "deliverystream/[\\w.-]{1,64}" }),
    arnPattern({ service: "lambda", region, account, resource: "function:[\\w-]{1,64}(?::[\\w-]{1,128})?" }),
  ].join("|")})$`,
);

/** What a map may say about forwarding session logs. */
export const subscription = section(
  {
    destinationArn: described(z.string().regex(DESTINATION), {
      description:
        "Where CloudWatch Logs forwards each log event, in the target's region: a CloudWatch Logs destination of any account, or a Kinesis stream, Firehose stream or Lambda function of the target's own account. {region} and {account} are replaced by the target's. null: nowhere. Masked data arrives masked. A log group can have two subscription filters.",
      allowed:
        "the ARN of a CloudWatch Logs destination, Kinesis stream, Firehose stream or Lambda function (not of $LATEST), in which {region} and {account} may replace the target's own",
      remedy:
        "write arn:aws:logs:{region}:<account>:destination:<name>, with a destination of that name in each region",
      advise: (found) => {
        if (typeof found !== "string") return undefined;
        if (found.endsWith(":$LATEST"))
          return `write ${JSON.stringify(found.slice(0, -":$LATEST".length))}, which invokes $LATEST as well: Lambda gives no permission for $LATEST by its name`;
        return /^arn:[\w-]+:(?!logs|kinesis|firehose|lambda)/.test(found)
          ? aboutArnOf("a destination, a stream or a function", "logs")(found)
          : undefined;
      },
    }).nullable(),
    filterPattern: described(z.string().max(1024).refine(isClosedFilterPattern), {
      description: "CloudWatch Logs filter pattern: only log events that match are forwarded. Empty: all.",
      allowed: "a filter pattern of at most 1024 characters in which every quote and bracket is closed",
      remedy: 'leave it out to forward everything, or shorten it; a term in quotes looks like "\\"sudo\\""',
    }),
    distribution: choice(
      ["ByLogStream", "Random"],
      "How log events are spread over the shards of a Kinesis stream. ByLogStream: each session goes to one shard, in order. Random: each batch goes to any shard. Only for a destination or a Kinesis stream.",
    ),
    admittedBy: choice(
      ["organization", "account"],
      "Whom the access policy of the destination admits. organization: the organization, by aws:PrincipalOrgID; CloudWatch Logs then needs a role in the sending account, which is created. account: the account itself, which needs no role. Only for a destination.",
    ),
  },
  "A subscription filter on the log group, whether created or existing. Needs class STANDARD.",
);

/** Whether a text compiles. CloudWatch Logs refuses a policy with one that does not. */
function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

const custom = described(
  z.strictObject({
    name: described(z.string().regex(/^[\w-]{1,128}$/), {
      description: "Name of the identifier, which findings show.",
      allowed: "1 to 128 letters, digits, - and _",
      remedy: "respell the name",
      spell: dashed,
    }),
    regex: described(
      z
        .string()
        .regex(/^[\w#=@/;, ^$?[\]{}|\\*+.-]{1,200}$/)
        .refine(isRegularExpression),
      {
        description: "Regular expression: what matches it is masked.",
        allowed: "a regular expression of 1 to 200 letters, digits, spaces, _#=@/;,- and ^$?[]{}|\\*+.",
        remedy:
          "leave out parentheses and other characters that CloudWatch Logs does not accept, and close every bracket",
      },
    ),
  }),
  {
    description: "A custom data identifier: a further pattern to mask.",
    allowed: "an object { name, regex }",
    remedy: "name the pattern and write its regular expression",
  },
);

/** What a map may say about masking secrets in session logs. */
export const masking = section(
  {
    enabled: flag(
      `Mask credentials (${CREDENTIALS.join(", ")}) in log events that arrive from now on. Only the roles in access.unmaskRoles can see them; subscriptions deliver them masked. Transcripts in S3 are not masked.`,
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
                "write the last part of the identifier's ARN, as listed in the CloudWatch Logs user guide",
              words: OTHER_IDENTIFIERS,
              advise: (found) =>
                CREDENTIALS.some((name) => name === found)
                  ? "remove it: credentials are always masked"
                  : undefined,
            },
          ),
        )
        .max(100),
      {
        description: "Managed data identifiers of CloudWatch Logs to mask besides the credentials.",
        allowed: "a list of managed data identifiers",
        remedy: 'list the last parts of their ARNs, like "EmailAddress"',
      },
    ),
    custom: described(z.array(custom).max(CUSTOM_IDENTIFIERS_PER_POLICY), {
      description: "Patterns of your own to mask, such as the pattern of your tokens.",
      allowed: `a list of at most ${CUSTOM_IDENTIFIERS_PER_POLICY} objects { name, regex }`,
      remedy: "list the name and the regular expression of each",
    }),
    findingsLogGroup: logGroupName(
      "Name of an existing log group in the target's account and region. It gets the findings: in which log events something was masked, but not what. null: findings are not kept.",
    ).nullable(),
  },
  "Masking of secrets in the log group, whether created or existing. It replaces any data protection policy that the log group has. Needs class STANDARD.",
);

/**
 * Retention periods that CloudWatch Logs accepts, in days.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** The shortest period that CloudWatch Logs accepts and that is long enough. */
const nextLonger: Advice = (found) => {
  const days = typeof found === "number" ? found : amountIn("days", String(found));
  if (days === undefined || RETENTION_DAYS.some((period) => period === days)) return undefined;
  if (days <= 0) return "write null to keep the logs forever";
  const next = RETENTION_DAYS.find((period) => period >= days);
  if (next !== undefined) return `write ${next}, the next longer period that CloudWatch Logs accepts`;
  return `write null to keep the logs forever; the longest period is ${RETENTION_DAYS.at(-1)} days`;
};

/** What a map may say about session logs. */
export const logs = section(
  {
    group: createdOrExisting(
      "log group",
      "Where session logs go. create: a log group in each account and region. none: no logs in CloudWatch Logs. { existing }: your own log group.",
      z.strictObject({ existing: logGroupName("Name of an existing log group.") }),
      ["create", "none"],
    ),
    streaming: flag(
      "Send logs while the session runs. Only streamed logs survive if the instance is terminated during the session. Needs a log group.",
    ),
    retentionDays: orNull(
      described(z.literal(RETENTION_DAYS), {
        description: "Days that CloudWatch Logs keeps the logs. null: forever.",
        allowed: `one of ${RETENTION_DAYS.join(", ")}`,
        remedy:
          "take the next longer period, without quotes, or null to keep logs forever; CloudWatch Logs accepts only these",
        unit: "days",
        advise: nextLonger,
      }),
    ),
    class: choice(["STANDARD", "INFREQUENT_ACCESS"], "Class of the log group. AWS cannot change it later."),
    subscription,
    masking,
  },
  "Session logs in CloudWatch Logs.",
);
