import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import { compareDocuments, parseJsonString } from "../../review/documents";
import { findingsOfChange, type FoundAt } from "../../review/findings";
import { SEVERITIES } from "../../review/model";
import type { Json } from "../../review/plan-json";
import { resourcesOf } from "../../review/resources";
import type { Effect, FieldChange } from "./model";

/** Where a document is, for the sentences of the review. */
export interface DocumentPlace {
  /** Id of the stack. */
  readonly stack: string;
  readonly account: string;
  readonly accountId: string;
  readonly region: string;
}

/** The fields of preferences documents whose change alone weakens nothing. */
const HARMLESS = /^(?:description|schemaVersion|sessionType|inputs\.[A-Za-z0-9]+(?:\.(?:linux|windows))?)$/;

/** Fields that AWS knows. A change of another one is for a person to judge. */
const KNOWN_INPUTS = new Set([
  ...["s3BucketName", "s3KeyPrefix", "s3EncryptionEnabled", "cloudWatchLogGroupName"],
  ...["cloudWatchEncryptionEnabled", "cloudWatchStreamingEnabled", "kmsKeyId", "runAsEnabled"],
  ...["runAsDefaultUser", "idleSessionTimeout", "maxSessionDuration", "shellProfile"],
]);

/**
 * Field by field, what a deployment would change in a preferences document, and whether that is stronger or weaker. A
 * field counts alone: it is weaker if a rule of the review objects to its change, and stronger if a rule would object to
 * the way back.
 * @param before content of the document in AWS
 * @param after content that the stack would write
 * @returns null: one of the two is no JSON object, so that nobody can compare them
 */
export function fieldChanges(before: string, after: string, place: DocumentPlace): FieldChange[] | null {
  const [old, now] = [objectIn(before), objectIn(after)];
  if (old === null || now === null) return null;
  const fields = compareDocuments(old, now)?.fields ?? [];
  return fields.map(({ path, before: was, after: becomes }) => {
    const alone = withField(now, old, path.split("."));
    const there = findings(alone, now, place);
    const back = findings(now, alone, place);
    const effect = effectOf(there, back, path);
    return { path, before: was, after: becomes, effect, why: there[0]?.title ?? null };
  });
}

function objectIn(content: string): { readonly [key: string]: Json } | null {
  const found = parseJsonString(content);
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? (found as { readonly [key: string]: Json })
    : null;
}

type Tree = { readonly [key: string]: Json };

/** A document with one field as another document has it. */
function withField(document: Tree, other: Tree, [key, ...rest]: readonly string[]): Tree {
  const { [key!]: own, ...others } = document;
  const given = Object.hasOwn(other, key!) ? other[key!] : undefined;
  if (rest.length > 0 && isTree(own) && isTree(given))
    return { ...others, [key!]: withField(own, given, rest) };
  return given === undefined ? others : { ...others, [key!]: given };
}

const isTree = (value: Json | undefined): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NOTHING = resourcesOf({} as Parameters<typeof resourcesOf>[0]);

/** What the rules of the review say about a change of the document, the worst first. */
function findings(before: Tree, after: Tree, { stack: id, ...where }: DocumentPlace): FoundAt[] {
  const values = (document: Tree) => ({
    name: PREFERENCES_DOCUMENT,
    content: JSON.stringify(withDefaultTimeout(document)),
  });
  return findingsOfChange(
    {
      change: {
        address: "aws_ssm_document.Preferences",
        type: "aws_ssm_document",
        kind: "update",
        attributes: [],
      },
      before: values(before),
      after: values(after),
    },
    {
      stack: { id, kind: "session", wave: null, ...where },
      resources: NOTHING,
      destroyed: new Set(),
    },
  ).sort((one, other) => rank(one) - rank(other));
}

/**
 * A document that does not say after how many minutes an idle session ends, with AWS's default.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-timeout.html
 */
function withDefaultTimeout(document: Tree): Tree {
  const inputs = isTree(document["inputs"]) ? document["inputs"] : {};
  const { idleSessionTimeout = "" } = inputs;
  return idleSessionTimeout === ""
    ? { ...document, inputs: { ...inputs, idleSessionTimeout: "20" } }
    : document;
}

const rank = ({ severity }: FoundAt): number => SEVERITIES.indexOf(severity);

/** Rules may object to both directions, such as to an exchange of buckets. The worse objection then decides. */
function effectOf(there: readonly FoundAt[], returning: readonly FoundAt[], path: string): Effect {
  const [forth, back] = [there, returning].map(([worst]) =>
    worst === undefined ? SEVERITIES.length : rank(worst),
  );
  if (forth! < back!) return "weaker";
  if (forth! > back!) return "stronger";
  if (there.length > 0) return "other";
  const input = /^inputs\.([^.]+)/.exec(path)?.[1];
  return HARMLESS.test(path) && (input === undefined || KNOWN_INPUTS.has(input)) ? "neutral" : "other";
}
