import { z } from "zod";
import { ALL_REGIONS, partitionOf } from "../../aws/regions";

/** What is told about a value: to editors (description), and to whoever gets it wrong. */
export interface Fact {
  readonly description?: string;
  readonly allowed: string;
  readonly remedy: string;
  /** Every word that may stand there, where they can be counted: for suggestions, and completion in editors. */
  readonly words?: readonly string[];
}

/** The facts of every schema node that has some. Errors and the JSON Schema are made from it. */
export const facts = z.registry<Fact>();

/** Attaches facts to a schema node. */
export const described = <T extends z.ZodType>(schema: T, fact: Fact): T => {
  facts.add(schema, fact);
  return schema;
};

const text = (pattern: RegExp, fact: Fact) => described(z.string().regex(pattern), fact);

export const flag = (description: string) =>
  described(z.boolean(), { description, allowed: "true or false", remedy: "write true or false, without quotes" });

export const choice = <const T extends readonly string[]>(values: T, description: string, remedy?: string) =>
  described(z.enum(values), {
    description,
    allowed: values.map((value) => JSON.stringify(value)).join(" or "),
    remedy: remedy ?? "use one of the allowed words",
    words: values,
  });

export const wholeNumber = (min: number, max: number, unit: string, description: string, remedy?: string) =>
  described(z.int().min(min).max(max), {
    description,
    allowed: `a whole number of ${unit} from ${min} to ${max}`,
    remedy: remedy ?? `write a number from ${min} to ${max}, without quotes`,
  });

/** A 12-digit account id. A string, because a number loses leading zeros. */
export const accountId = (description: string) =>
  text(/^\d{12}$/, {
    description,
    allowed: "a string of exactly 12 digits",
    remedy: 'write the account id in quotes with its leading zeros, like "012345678901"',
  });

export const region = (description: string) =>
  described(
    z.string().refine((value) => partitionOf(value) !== undefined),
    {
      description,
      allowed: `an AWS region: ${ALL_REGIONS.join(", ")}`,
      remedy:
        "write the region's code, like eu-central-1 (an availability zone such as eu-central-1a is none)",
      words: ALL_REGIONS,
    },
  );

/** Short names that go into resource names, stack ids and tags. */
export const shortName = (description: string, max: number) =>
  text(new RegExp(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$(?<=^.{1,${max}})`), {
    description,
    allowed: `1 to ${max} lower-case letters, digits and single hyphens, beginning with a letter`,
    remedy: "shorten or respell the name; it becomes part of resource names and stack ids",
  });

export const bucketName = (description: string) =>
  text(/^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias)$/, {
    description,
    allowed: "a bucket name of 3 to 63 lower-case letters, digits and hyphens, without dots",
    remedy:
      "give the bucket's name, not its ARN; a name with dots fails TLS host checks, so use a bucket without them",
  });

const ARN = "arn:(?:aws|aws-us-gov|aws-cn)";

export const keyArn = (description: string) =>
  text(new RegExp(`^${ARN}:kms:[a-z0-9-]+:\\d{12}:key/[A-Za-z0-9-]+$`), {
    description,
    allowed: "the full ARN of a KMS key: arn:aws:kms:<region>:<account>:key/<key id>",
    remedy:
      "give the key's own ARN; an alias or a bare key id is looked up in the caller's account, which is the wrong one across accounts",
  });

export const roleArn = (description: string, wildcard = false) =>
  text(new RegExp(`^${ARN}:iam::\\d{12}:role/[\\w+=,.@/${wildcard ? "*" : ""}-]+$`), {
    description,
    allowed: `the ARN of an IAM role: arn:aws:iam::<account>:role/<path and name>${wildcard ? ", where * may stand in the path or name" : ""}`,
    remedy: "give the role's ARN as IAM shows it, not an assumed-role (sts) ARN, a user or an account",
  });

export const policyArn = (description: string) =>
  text(new RegExp(`^${ARN}:iam::(?:\\d{12}|aws):policy/[\\w+=,.@/-]+$`), {
    description,
    allowed: "the ARN of an IAM managed policy: arn:aws:iam::<account>:policy/<name>",
    remedy: "give the policy's ARN as IAM shows it",
  });

export const roleName = (description: string) =>
  text(/^[\w+=,.@-]{1,64}$/, {
    description,
    allowed: "the name of an IAM role: 1 to 64 letters, digits and +=,.@-_",
    remedy: "give the role's name without path or ARN",
  });

/** A role of whichever account it is asked in, so that one list serves all of them. */
export const rolePattern = (description: string) =>
  text(/^(?!\/)[\w+=,.@/*-]{1,512}(?<!\/)$/, {
    description,
    allowed: "the name of an IAM role with its path, where * may stand: session-reviewer, or people/audit-*",
    remedy: "give the name as it stands after role/ in the role's ARN",
  });

export const keyPrefix = (description: string, remedy: string) =>
  text(/^(?!.*\/\/)[\w!*'()-][\w!*'()/.-]*(?<!\/)$(?<=^.{1,256})/, {
    description,
    allowed: "a key prefix of 1 to 256 letters, digits and -_/.!*'(), with no slash at its ends",
    remedy,
  });

export const logGroupName = (description: string) =>
  text(/^[\w./#-]{1,512}$/, {
    description,
    allowed: "a log group's name: 1 to 512 letters, digits and -_/.#",
    remedy: "give the name, not the ARN",
  });

export const topicName = (description: string) =>
  text(new RegExp(`^(?:${ARN}:sns:[a-z0-9-]+:\\d{12}:)?[\\w-]{1,256}$`), {
    description,
    allowed: "the name or ARN of a standard SNS topic",
    remedy:
      "give the topic's name, which serves every account that has a topic of that name, or its ARN; a FIFO topic takes nothing from EventBridge without a message group",
  });

/** Tags that a resource may have: 50, of which some are left to the program and to services. */
export const MOST_TAGS = 45;

const tagKey = /^(?!aws:|session-audit$)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu;
const tagValue = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u;

export const tags = (description: string) =>
  described(
    z
      .record(z.string().regex(tagKey), z.string().regex(tagValue))
      .refine((value) => Object.keys(value).length <= MOST_TAGS),
    {
      description,
      allowed: `an object of tag keys (at most ${MOST_TAGS}; 1 to 128 characters, not beginning with aws:, not session-audit, which is set already) and string values (to 256 characters), both of letters, digits, spaces and _.:/=+@-`,
      remedy: "respell the tag or take some out; put numbers and booleans in quotes",
    },
  );

/** A section of settings: an object of which each key may be left out, and no other key is known. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T, description: string) =>
  described(z.strictObject(shape).partial(), {
    description,
    allowed: `an object with ${Object.keys(shape).join(", ")}`,
    remedy: "write an object, or leave the section out to keep its defaults",
  });

/** What may be made here, in one of some words, or exist already. */
export const createdOrExisting = <T extends z.ZodType, const W extends readonly string[]>(
  name: string,
  description: string,
  existing: T,
  words: W,
) =>
  described(z.union([z.enum(words), existing]), {
    description,
    allowed: `${words.map((word) => JSON.stringify(word)).join(" or ")}, or an object that names an existing ${name}`,
    remedy: `write ${words.map((word) => JSON.stringify(word)).join(" or ")}, or { existing: "<name>" }`,
    words,
  });

export const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();
