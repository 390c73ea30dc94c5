import { AwsError } from "./aws-error";
import { isManaged, managedFinder } from "./sensitive-data";

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
