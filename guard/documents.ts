import type { GuardConfiguration } from "./configuration";

/** The part of the configuration that says which documents sessions may use. */
type Rules = Pick<
  GuardConfiguration,
  "partition" | "account" | "region" | "preferences" | "allowedDocuments"
>;

/**
 * The document of a session, from the name in an event or a list. A session whose name is missing or empty uses the
 * preferences: `StartSession` takes no name of fewer than three characters.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartSession.html
 */
export const documentOf = (name: string | undefined): string | undefined => (name === "" ? undefined : name);

/**
 * Whether sessions with a document may run.
 * @param document name or ARN of the document, as `StartSession` or `DescribeSessions` gives it; undefined for the
 * preferences
 */
export function isAllowed(document: string | undefined, rules: Rules): boolean {
  if (rules.allowedDocuments === null || document === undefined) return true;
  const name = ownName(document, rules);
  return name !== null && [rules.preferences, ...rules.allowedDocuments].includes(name);
}

/**
 * Whether a session's document is the preferences document. Only then is it known where the session is recorded.
 * @param document name or ARN of the document; undefined for the preferences
 */
export const isPreferences = (document: string | undefined, rules: Omit<Rules, "allowedDocuments">) =>
  document === undefined || ownName(document, rules) === rules.preferences;

/**
 * The name of a document that belongs to this account or to AWS, and null for a document of another account. Another
 * account can share a document that has the name of an allowed one and any content.
 */
function ownName(document: string, { partition, account, region }: Omit<Rules, "allowedDocuments">) {
  if (!document.startsWith("arn:")) return document;
  const [, ofPartition, service, ofRegion, owner, resource = "", ...more] = document.split(":");
  const [kind, ...name] = resource.split("/");
  // An ARN that ends in a version is refused: an old version of an allowed document may have had other content.
  const isHere = ofPartition === partition && service === "ssm" && ofRegion === region && more.length === 0;
  // The ARN of a document that AWS owns has no account id, and AWS reserves names that begin with "aws" for itself.
  // See https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
  const isOurs = owner === account || (owner === "" && name.join("/").startsWith("AWS-"));
  return isHere && kind === "document" && isOurs ? name.join("/") : null;
}
