import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { ALL_REGIONS, PARTITIONS, regionNamed, SUPPORTED_REGION } from "../../aws/regions";
import {
  aboutAccountId,
  aboutArnOf,
  aboutBucketName,
  aboutKeyArn,
  aboutPolicyArn,
  aboutRoleArn,
  aboutRoleName,
  aboutShortName,
  aboutText,
  type Advice,
} from "./advice";
import { accountIdOf, dashed, withBothColons } from "./spellings";
import { described, type Fact } from "./values";

const text = (pattern: RegExp, fact: Fact) => described(z.string().regex(pattern), fact);

/** A 12-digit account id. A string, because a number loses leading zeros. */
export const accountId = (description: string) =>
  text(/^\d{12}$/, {
    description,
    allowed: "a string of exactly 12 digits",
    remedy: 'write the account id in quotes with its leading zeros, like "012345678901"',
    advise: aboutAccountId,
    spell: accountIdOf,
  });

/** The code of an AWS region that this program knows, or that the map lists in newRegions; such as eu-central-1. */
export const region = (description: string) =>
  described(z.string().regex(SUPPORTED_REGION), {
    description,
    allowed: `an AWS region: ${ALL_REGIONS.join(", ")}`,
    remedy:
      "write the region's code, like eu-central-1 (eu-central-1a is an availability zone, not a region)",
    words: ALL_REGIONS,
    advise: aboutText((name) => {
      const code = regionNamed(name);
      return code && `write ${JSON.stringify(code)}, the code of ${name}`;
    }),
    kind: "region",
  });

/** The code of a region that is newer than this program. */
export const newRegion = (description: string) =>
  text(new RegExp(`^(?=[a-z0-9-]+$)(?:${SUPPORTED_REGION.source})`), {
    description,
    allowed: `the code of a region of the partitions ${PARTITIONS.join(", ")}, like eu-west-9`,
    remedy:
      "write the region's code; if AWS has begun a partition or a continent, update this program and the AWS provider, which tell the partition of a region by its name",
  });

/** A short name that becomes part of resource names, stack ids and tags. */
export const shortName = (description: string, max: number) =>
  text(new RegExp(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?<=^.{1,${max}})`), {
    description,
    allowed: `1 to ${max} lower-case letters, digits and single hyphens, beginning with a letter`,
    remedy: "respell the name; it becomes part of resource names and stack ids",
    advise: aboutShortName(max),
    spell: dashed,
  });

/**
 * The name of an existing bucket. A name with dots is refused: it does not match the certificate of S3's endpoint.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName = (description: string) =>
  text(/^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias)$/, {
    description,
    allowed: "a bucket name of 3 to 63 lower-case letters, digits and hyphens, without dots",
    remedy: "copy the bucket's name from S3",
    advise: aboutBucketName,
  });

/** The ARN of a KMS key. */
export const keyArn = (description: string) =>
  text(new RegExp(`^${arnPattern({ service: "kms", resource: "key/[A-Za-z0-9-]+" })}$`), {
    description,
    allowed: "the full ARN of a KMS key: arn:aws:kms:<region>:<account>:key/<key id>",
    remedy:
      "give the key's own ARN; AWS looks up an alias or a bare key id in the account of the caller, which need not be the account of the key",
    advise: aboutKeyArn,
  });

/** The ARN of an IAM role, or with `wildcard` a pattern of such ARNs. */
export const roleArn = (description: string, wildcard = false) => {
  const resource = `role/[\\w+=,.@/${wildcard ? "*" : ""}-]+`;
  return text(new RegExp(`^${arnPattern({ service: "iam", region: "", resource })}$`), {
    description,
    allowed: `the ARN of an IAM role: arn:aws:iam::<account>:role/<path and name>${wildcard ? ", in which * in the path or name stands for any characters" : ""}`,
    remedy: "give the role's ARN as IAM shows it, not an assumed-role (sts) ARN, a user or an account",
    advise: aboutRoleArn(wildcard),
    spell: withBothColons,
  });
};

/** The ARN of a managed policy, of an account or of AWS. */
export const policyArn = (description: string) => {
  const arn = { service: "iam", region: "", account: "(?:\\d{12}|aws)", resource: "policy/[\\w+=,.@/-]+" };
  return text(new RegExp(`^${arnPattern(arn)}$`), {
    description,
    allowed: "the ARN of an IAM managed policy: arn:aws:iam::<account>:policy/<name>",
    remedy: "give the policy's ARN as IAM shows it",
    advise: aboutPolicyArn,
  });
};

/** The name of an IAM role, without its path. */
export const roleName = (description: string) =>
  text(/^[\w+=,.@-]{1,64}$/, {
    description,
    allowed: "the name of an IAM role: 1 to 64 letters, digits and +=,.@-_",
    remedy: "give the role's name without path or ARN",
    advise: aboutRoleName,
  });

/** The name of a role with its path, or a pattern. It has no account, so that one list works in every account. */
export const rolePattern = (description: string) =>
  text(/^(?!\/)[\w+=,.@/*-]{1,512}(?<!\/)$/, {
    description,
    allowed:
      "the name of an IAM role with its path, in which * stands for any characters: session-reviewer, or people/audit-*",
    remedy: "give the part of the role's ARN after role/",
  });

/** What is wrong with a key prefix. A prefix with slashes at its ends, which is understood, has another spelling. */
const aboutKeyPrefix: Advice = aboutText((prefix) => {
  if (prefix === "") return "write a prefix of at least one character";
  const dots = prefix.split("/").find((segment) => segment === "." || segment === "..");
  if (dots !== undefined)
    return `remove ${JSON.stringify(dots)} between the slashes: a key is no path, and S3 resolves no ${dots} in it`;
  const [stranger] = /[^\w!'()/.-]/.exec(prefix) ?? [];
  return stranger && `remove ${JSON.stringify(stranger)}: a prefix has letters, digits and -_/.!'() alone`;
});

/**
 * The prefix of object keys in a bucket. Policies contain it in ARNs, so it has no `*` and no `?`, which stand for any
 * characters there. It has no segment `.` or `..` either: SSM Agent joins the prefix and the name of a transcript as a
 * path, which resolves such segments, and IAM compares keys as texts. The instance could not write the transcript.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/fileutil/fileutil.go
 */
export const keyPrefix = (description: string, remedy: string) =>
  text(/^(?!.*\/\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[\w!'()-][\w!'()/.-]*(?<!\/)$(?<=^.{1,256})/, {
    description,
    allowed:
      "a key prefix of 1 to 256 letters, digits and -_/.!'(), with no slash at its ends and no segment . or ..",
    remedy,
    advise: aboutKeyPrefix,
  });

/** The name of a log group. */
export const logGroupName = (description: string) =>
  text(/^[\w./#-]{1,512}$/, {
    description,
    allowed: "a log group's name: 1 to 512 letters, digits and -_/.#",
    remedy: "give the name, not the ARN",
  });

/**
 * The name or the ARN of a standard SNS topic. A FIFO topic needs a message group id with each message.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-target-sns.html
 */
export const topicName = (description: string) =>
  text(new RegExp(`^(?:${arnPattern({ service: "sns", resource: "" })})?[\\w-]{1,256}$`), {
    description,
    allowed: "the name or ARN of a standard SNS topic",
    remedy:
      "give the topic's name, which works in every account that has a topic of that name, or its ARN; a FIFO topic does not work: the EventBridge rules that session-audit creates send no message group id",
    advise: aboutArnOf(
      "an SNS topic",
      "sns",
      aboutText((topic) =>
        topic.endsWith(".fifo")
          ? "use a standard topic: the EventBridge rules that session-audit creates send no message group id"
          : undefined,
      ),
    ),
  });
