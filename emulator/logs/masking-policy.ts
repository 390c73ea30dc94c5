import { arnParts } from "../../aws/arn";
import { AwsError } from "../gateway/protocol";
import { CREDENTIALS, OTHER_IDENTIFIERS } from "../../aws/data-identifiers";

/** A regular expression with the flag `d`, which says where a match begins and ends. */
type Finder = RegExp;

const pem = (kind: string) =>
  new RegExp(`-----BEGIN ${kind}-----[\\s\\S]*?(?:-----END ${kind}-----|$)`, "gd");

/**
 * How the emulator finds the data of some managed data identifiers. AWS finds more, partly by machine learning. The other
 * managed identifiers find nothing here.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types.html
 */
const FINDERS: Readonly<Record<string, Finder>> = {
  // AWS masks a secret key only near one of its keywords.
  // @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protect-sensitive-log-data-types-credentials.html
  AwsSecretKey:
    /(?:aws_secret_access_key|credentials|secret access key|secret key|set-awscredential)[^A-Za-z0-9/+]{1,30}(?<found>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/dgi,
  OpenSshPrivateKey: pem("OPENSSH PRIVATE KEY"),
  PgpPrivateKey: pem("PGP PRIVATE KEY BLOCK"),
  PkcsPrivateKey: pem("(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY"),
  PuttyPrivateKey: /PuTTY-User-Key-File-\d[\s\S]*/dg,
  EmailAddress: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/dg,
  IpAddress: /\b(?:\d{1,3}\.){3}\d{1,3}\b/dg,
};

/** Whether a name is that of a managed data identifier. */
export const isManaged = (name: string): boolean =>
  CREDENTIALS.includes(name) || OTHER_IDENTIFIERS.includes(name);

/** The finder of a managed data identifier, by the last part of its ARN; undefined when the emulator has none. */
export const managedFinder = (name: string): Finder | undefined => FINDERS[name];

/** Replaces every character that a finder matches by an asterisk. */
export function mask(text: string, finders: readonly Finder[]): string {
  let masked = text;
  for (const finder of finders) {
    for (const match of text.matchAll(finder)) {
      const [start, end] = match.indices?.groups?.["found"] ?? match.indices![0]!;
      masked = masked.slice(0, start) + "*".repeat(end - start) + masked.slice(end);
    }
  }
  return masked;
}

/** A data protection policy. */
interface Document {
  readonly Name?: string;
  readonly Version?: string;
  readonly Configuration?: { readonly CustomDataIdentifier?: readonly { Name?: string; Regex?: string }[] };
  readonly Statement?: readonly {
    readonly DataIdentifier?: readonly string[];
    readonly Operation?: {
      readonly Audit?: { readonly FindingsDestination?: object };
      readonly Deidentify?: { readonly MaskConfig?: object };
    };
  }[];
}

/**
 * The largest number of characters in a policy, and of custom data identifiers.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDataProtectionPolicy.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
 */
const MAX_CHARACTERS = 30_720;
const MAX_CUSTOM_IDENTIFIERS = 10;

const refuse = (message: string): never => {
  throw new AwsError("InvalidParameterException", message);
};

/**
 * Checks a data protection policy as `PutDataProtectionPolicy` does.
 * @returns finders of the data that the policy masks
 * @throws {@link AwsError} `InvalidParameterException`
 */
export function findersOf(text: string): RegExp[] {
  if (text.length > MAX_CHARACTERS)
    refuse(`The policy has ${text.length} characters, more than ${MAX_CHARACTERS}`);
  const { Version, Configuration, Statement = [] } = parse(text);
  if (Version !== "2021-06-01") refuse("Version must be 2021-06-01");
  const audit = Statement.find(({ Operation }) => Operation?.Audit !== undefined);
  const deidentify = Statement.find(({ Operation }) => Operation?.Deidentify !== undefined);
  if (Statement.length !== 2 || audit === undefined || deidentify === undefined)
    return refuse("The policy must have an Audit statement and a Deidentify statement");
  if (audit.Operation?.Audit?.FindingsDestination === undefined)
    refuse("Audit must have a FindingsDestination");
  if (JSON.stringify(deidentify.Operation?.Deidentify) !== '{"MaskConfig":{}}')
    refuse("Deidentify must have an empty MaskConfig");
  const identifiers = audit.DataIdentifier ?? [];
  if (identifiers.length === 0 || `${identifiers}` !== `${deidentify.DataIdentifier}`)
    refuse("Both statements must have the same DataIdentifier");
  const custom = customFinders(Configuration?.CustomDataIdentifier ?? []);
  return identifiers.flatMap((identifier) => {
    const own = custom.get(identifier);
    if (own !== undefined) return [own];
    const { service, resource } = arnParts(identifier);
    const name = resource.replace("data-identifier/", "");
    if (service !== "dataprotection" || !isManaged(name)) refuse(`${identifier} is not a data identifier`);
    return managedFinder(name) ?? [];
  });
}

function parse(text: string): Document {
  try {
    return JSON.parse(text) as Document;
  } catch {
    return refuse("The policy is not valid JSON");
  }
}

function compiled(name: string, regex: string): RegExp {
  try {
    return new RegExp(regex, "gd");
  } catch {
    return refuse(`The regular expression of ${name} is invalid`);
  }
}

function customFinders(custom: readonly { Name?: string; Regex?: string }[]): Map<string, RegExp> {
  if (custom.length > MAX_CUSTOM_IDENTIFIERS)
    refuse(`More than ${MAX_CUSTOM_IDENTIFIERS} custom data identifiers`);
  return new Map(
    custom.map(({ Name = "", Regex = "" }) => {
      if (!/^[\w-]{1,128}$/.test(Name) || isManaged(Name))
        refuse(`${Name} can't be the name of a custom data identifier`);
      if (!/^[\w#=@/;, ^$?[\]{}|\\*+.-]{1,200}$/.test(Regex))
        refuse(`The regular expression of ${Name} is invalid`);
      return [Name, compiled(Name, Regex)];
    }),
  );
}
