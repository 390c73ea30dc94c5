import { CREDENTIALS, OTHER_IDENTIFIERS } from "../accounts/data-identifiers";

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
