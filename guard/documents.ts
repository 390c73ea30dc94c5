import type { GuardConfiguration } from "./configuration";

type Rules = Pick<
  GuardConfiguration,
  "partition" | "account" | "region" | "preferences" | "allowedDocuments"
>;

/**
 * Whether sessions with a document may run.
 * @param document as StartSession or DescribeSessions names it: a name, or an ARN; undefined: the preferences
 */
export function isAllowed(document: string | undefined, rules: Rules): boolean {
  if (rules.allowedDocuments === null || document === undefined) return true;
  const name = ownName(document, rules);
  return name !== null && [rules.preferences, ...rules.allowedDocuments].includes(name);
}

/** Whether a session's document is the preferences, which say where it is recorded. */
export const isPreferences = (document: string | undefined, rules: Omit<Rules, "allowedDocuments">) =>
  document === undefined || ownName(document, rules) === rules.preferences;

/**
 * The name of a document of this account or of AWS; null for another account's. A document that somebody shares
 * may be called like an allowed one, and says what it likes.
 */
function ownName(document: string, { partition, account, region }: Omit<Rules, "allowedDocuments">) {
  if (!document.startsWith("arn:")) return document;
  const [, ofPartition, service, ofRegion, owner, resource = "", ...more] = document.split(":");
  const [kind, ...name] = resource.split("/");
  // A version would choose what the document said once.
  const isHere = ofPartition === partition && service === "ssm" && ofRegion === region && more.length === 0;
  // AWS's own documents are in no account, and nobody else's name begins like theirs.
  const isOurs = owner === account || (owner === "" && name.join("/").startsWith("AWS-"));
  return isHere && kind === "document" && isOurs ? name.join("/") : null;
}
