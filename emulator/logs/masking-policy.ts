import { AwsError } from "../gateway/protocol";
import { CREDENTIALS, OTHER_IDENTIFIERS } from "../../aws/data-identifiers";

/** Finds something in a text: where a match begins and ends. */
type Finder = RegExp;

const pem = (kind: string) =>
  new RegExp(`-----BEGIN ${kind}-----[\\s\\S]*?(?:-----END ${kind}-----|$)`, "gd");

/** How some managed data identifiers are found. AWS does more, partly by machine learning; the others find nothing here. */
const FINDERS: Readonly<Record<string, Finder>> = {
  // Only near one of AWS's own words for it.
  AwsSecretKey:
    /(?:aws_secret_access_key|credentials|secret access key|secret key|set-awscredential)[^A-Za-z0-9/+]{1,30}(?<found>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])/dgi,
  OpenSshPrivateKey: pem("OPENSSH PRIVATE KEY"),
  PgpPrivateKey: pem("PGP PRIVATE KEY BLOCK"),
  PkcsPrivateKey: pem("(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY"),
  PuttyPrivateKey: /PuTTY-User-Key-File-\d[\s\S]*/dg,
  EmailAddress: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/dg,
  IpAddress: /\b(?:\d{1,3}\.){3}\d{1,3}\b/dg,
};

/** Whether AWS has a managed data identifier of a name. */
export const isManaged = (name: string): boolean =>
  CREDENTIALS.includes(name) || OTHER_IDENTIFIERS.includes(name);

/** How an identifier of AWS's, by the last part of its ARN, finds what it is for. */
export const managedFinder = (name: string): Finder | undefined => FINDERS[name];

/** Puts asterisks in place of all that is found. */
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

/** A data protection policy as it is put. */
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

const LONGEST = 30_720;
const MOST_CUSTOM = 10;

const refuse = (message: string): never => {
  throw new AwsError("InvalidParameterException", message);
};

/**
 * Reads a data protection policy as `PutDataProtectionPolicy` does.
 * @returns how to find what it masks
 * @throws {@link AwsError} `InvalidParameterException`
 */
export function findersOf(text: string): RegExp[] {
  if (text.length > LONGEST) refuse(`The policy has ${text.length} characters, more than ${LONGEST}`);
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
    const name = /^arn:aws[\w-]*:dataprotection::aws:data-identifier\/(.+)$/.exec(identifier)?.[1] ?? "";
    if (!isManaged(name)) refuse(`${identifier} is no data identifier`);
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

function customFinders(custom: readonly { Name?: string; Regex?: string }[]): Map<string, RegExp> {
  if (custom.length > MOST_CUSTOM) refuse(`More than ${MOST_CUSTOM} custom data identifiers`);
  return new Map(
    custom.map(({ Name = "", Regex = "" }) => {
      if (!/^[\w-]{1,128}$/.test(Name) || isManaged(Name))
        refuse(`${Name} can't be a custom identifier's name`);
      if (!/^[\w#=@/;, ^$?[\]{}|\\*+.-]{1,200}$/.test(Regex))
        refuse(`The regular expression of ${Name} is invalid`);
      return [Name, new RegExp(Regex, "gd")];
    }),
  );
}
