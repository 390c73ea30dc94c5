import { arnParts, isArn } from "../../aws/arn";

/**
 * Remedies for one wrong value, where the value itself says what its author had in mind: another kind of ARN, an alias
 * instead of a key. A value that only needs another spelling is not for this file: `reading/respellings.ts` finds it.
 */

/** The remedy for a wrong value; `undefined`: nothing in the value says what was meant. */
export type Advice = (found: unknown) => string | undefined;

/** Advice about texts. Other values are left to the type of the setting. */
export const aboutText =
  (advise: (text: string) => string | undefined): Advice =>
  (found) =>
    typeof found === "string" ? advise(found.trim()) : undefined;

const quoted = (text: string) => JSON.stringify(text);

/** What an ARN is the ARN of, in words: `an ARN of kms` for a service that has no words of its own here. */
function kindOf(arn: string): string {
  const { service, resource } = arnParts(arn);
  const [type = ""] = resource.split(/[:/]/);
  const known: Readonly<Record<string, string>> = {
    "iam role": "a role",
    "iam user": "a user",
    "iam group": "a group",
    "iam policy": "a policy",
    "iam instance-profile": "an instance profile",
    "iam root": "an account",
    "kms key": "a KMS key",
    "kms alias": "an alias of a KMS key",
    "lambda function": "a Lambda function",
    "ssm document": "a document",
    "logs log-group": "a log group",
  };
  const ofService: Readonly<Record<string, string>> = {
    s3: "a bucket",
    sns: "an SNS topic",
    sqs: "an SQS queue",
  };
  return known[`${service} ${type}`] ?? ofService[service] ?? `something of ${service || "no service"}`;
}

const isOf = (arn: string, service: string, type: string) => {
  const parts = arnParts(arn);
  return parts.service === service && parts.resource.startsWith(type);
};

/** Whether an ARN has fewer than six parts: most people leave out the empty region of IAM. */
const isCut = (arn: string) => arn.split(":").length < 6;

/** Advice for a setting that takes the ARN of a role. @param wildcard whether a * is allowed in it */
export const aboutRoleArn = (wildcard: boolean): Advice =>
  aboutText((text) => {
    const like = (name: string) => quoted(`arn:aws:iam::<account>:role/${name}`);
    if (/^[\w+=,.@/-]+$/.test(text) && !/^\d+$/.test(text)) return `write the role's ARN: ${like(text)}`;
    if (/^\d{12}$/.test(text))
      return `name a role of the account, like ${quoted(`arn:aws:iam::${text}:role/<name>`)}`;
    if (text === "*") return "name each role: * would admit everybody";
    if (!isArn(text)) return undefined;
    if (!wildcard && text.includes("*")) return "name each role: wildcards (*) are not supported here";
    if (isCut(text)) return undefined;
    const { service, accountId, resource } = arnParts(text);
    const [, name = ""] = /^assumed-role\/([^/]+)/.exec(resource) ?? [];
    if (service === "sts" && name.startsWith("AWSReservedSSO_"))
      return `a session's ARN lacks the path of the role; \`aws iam get-role --role-name ${name}\` shows the role's ARN`;
    if (service === "sts" && name !== "")
      return `write the ARN of the role, not of a session: ${quoted(`arn:aws:iam::${accountId}:role/${name}`)}, with the role's path if it has one`;
    if (isOf(text, "iam", "root"))
      return `name a role of the account, like ${quoted(`arn:aws:iam::${accountId}:role/<name>`)}`;
    if (isOf(text, "iam", "user") || isOf(text, "iam", "group"))
      return `name the role that these people assume; this is ${kindOf(text)}, and only roles are admitted`;
    if (isOf(text, "iam", "instance-profile"))
      return "name the role in the instance profile, as IAM shows it";
    return isOf(text, "iam", "role") ? undefined : `name a role; this is ${kindOf(text)}`;
  });

/** Advice for a setting that takes the ARN of a KMS key. */
export const aboutKeyArn: Advice = aboutText((text) => {
  if (text.startsWith("alias/") || isOf(text, "kms", "alias/"))
    return `write the ARN of the key behind the alias, because the alias may lead to another key one day; \`aws kms describe-key --key-id ${text}\` shows it`;
  if (/^(?:mrk-)?[0-9a-f-]{32,36}$/.test(text))
    return `write the key's ARN: ${quoted(`arn:aws:kms:<region>:<account>:key/${text}`)}`;
  if (!isArn(text) || isOf(text, "kms", "key/")) return undefined;
  return `name a KMS key; this is ${kindOf(text)}`;
});

/** Advice for a setting that takes the ARN of a managed policy. */
export const aboutPolicyArn: Advice = aboutText((text) => {
  if (/^[\w+=,.@/-]+$/.test(text))
    return `write the policy's ARN: ${quoted(`arn:aws:iam::<account>:policy/${text}`)}`;
  return isArn(text) && !isOf(text, "iam", "policy")
    ? `name a managed policy; this is ${kindOf(text)}`
    : undefined;
});

/** Advice for a setting that takes the name of a role. */
export const aboutRoleName: Advice = aboutText((text) => {
  if (text.includes("*")) return "name each role: wildcards (*) are not supported here";
  if (isOf(text, "sts", "assumed-role/")) return `write the role's name: ${quoted(text.split("/")[1]!)}`;
  return isArn(text) && !isOf(text, "iam", "role") ? `name a role; this is ${kindOf(text)}` : undefined;
});

/**
 * Advice for a setting that takes an ARN or a name of something of one service.
 * @param what for instance `an SQS queue`
 */
export const aboutArnOf = (what: string, service: string, more: Advice = () => undefined): Advice =>
  aboutText((text) => {
    if (isArn(text) && arnParts(text).service !== service) return `name ${what}; this is ${kindOf(text)}`;
    return more(text);
  });

/** Advice for the name of a bucket. */
export const aboutBucketName: Advice = aboutText((text) => {
  if (isArn(text))
    return arnParts(text).service === "s3" ? undefined : `name a bucket; this is ${kindOf(text)}`;
  if (/[/:]/.test(text)) return undefined;
  if (text.includes("."))
    return "use a bucket without dots in its name: a name with dots does not match the certificate of S3";
  return text.includes("_")
    ? "copy the bucket's name from S3; names with _, which S3 once allowed, are not supported"
    : undefined;
});

/** Advice for the id of an account. */
export const aboutAccountId: Advice = (found) => {
  if (typeof found === "string" && /^\d{12}$/.test(arnParts(found).accountId))
    return `write ${quoted(arnParts(found).accountId)}, the account in this ARN`;
  const digits =
    typeof found === "string" || typeof found === "number" ? String(found).replace(/\D/g, "") : "";
  if (digits.length === 0 || digits.length === 12) return undefined;
  if (typeof found === "number" && digits.length > 9 && digits.length < 12) return undefined;
  return `copy the account id again: it has 12 digits, and this one has ${digits.length}`;
};

/** Advice for a name of 1 to `max` characters. */
export const aboutShortName = (max: number): Advice =>
  aboutText((text) => {
    if (text.length > max)
      return `shorten the name: it has ${text.length} characters, and ${max} are allowed`;
    if (/^\d{12}$/.test(text))
      return `choose a name like payments, and set id: ${quoted(text)} in the account`;
    return /^[a-z]/i.test(text) ? undefined : "begin the name with a letter";
  });
