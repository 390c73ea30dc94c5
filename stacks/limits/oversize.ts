import { renderPath, type Conflict, type Path } from "../../accounts/reading/problems";

/** The settings that decide which names and policies there are, and how long they are. */
export const MEASURED: readonly Path[] = [
  ["organization"],
  ["archive"],
  ["accounts", "*", "homeRegion"],
  ["accounts", "*", "regions"],
  ["encryption"],
  ["transcripts"],
  ["logs"],
  ["access"],
  ["trail"],
  ["notifications"],
  ["guard"],
  ["preferences", "encryptSessionData"],
  ["guardrails"],
];

/** The remedy for a policy that admits too many accounts by their ids. */
export const KNOW_THE_ORGANIZATION =
  "set organization.id, so that members are admitted by it instead of one by one";

/** A problem of size. `times` is the size divided by the limit. */
export type Oversize = Conflict & { readonly times: number };

/** A document that is composed from the map, with its limit in characters. */
export interface Measured {
  /** What the document is, in the words of the error, like `the key's policy`. */
  readonly what: string;
  /** A text, or an object that is measured as JSON without white space. */
  readonly document: object | string;
  readonly limit: number;
  /** The setting to change, or a function that finds it: it is called only if the document is too long. */
  readonly path: Path | (() => Path);
  /** How to make the document smaller. */
  readonly remedy: string;
  /** Value of the setting. @default the size of the document */
  readonly found?: unknown;
  /** Settings that decide about the size. @default MEASURED */
  readonly because?: readonly Path[];
}

/**
 * The problem of a document that is longer than AWS accepts.
 * @returns an empty list if the document fits
 * @example overLimit({ what: "the key's policy", document, limit: POLICY_LIMITS.key, path, remedy })
 */
export function overLimit({
  what,
  document,
  limit,
  path,
  remedy,
  because,
  ...measured
}: Measured): Oversize[] {
  const size = (typeof document === "string" ? document : JSON.stringify(document)).length;
  if (size <= limit) return [];
  const at = typeof path === "function" ? path() : path;
  return [
    {
      path: renderPath(at),
      found: "found" in measured ? measured.found : `${size} characters`,
      allowed: `what fits into ${what}: it would have ${size} characters, and AWS accepts ${limit}`,
      remedy,
      at,
      because: because ?? MEASURED,
      times: size / limit,
    },
  ];
}

/** A name that contains the organization's name. */
export interface ComposedName {
  readonly organization: string;
  /** What has the name, in the words of the error, like `the bucket "session-audit-acme-..."`. */
  readonly what: string;
  readonly name: string;
  readonly limit: number;
  /** The service that limits the name. */
  readonly service: "IAM" | "S3" | "EventBridge";
  /** Another remedy than a shorter name. A name of an organization that is in use stays for good. */
  readonly or?: string;
  /** Settings that decide about the name. @default MEASURED */
  readonly because?: readonly Path[];
}

/**
 * The problem of a name that is longer than AWS accepts.
 * @returns an empty list if the name fits
 */
export function longName({
  organization,
  what,
  name,
  limit,
  service,
  or,
  because,
}: ComposedName): Oversize[] {
  const over = name.length - limit;
  if (over <= 0) return [];
  return [
    {
      path: "organization.name",
      found: organization,
      allowed: `at most ${organization.length - over} characters here: ${what} would have ${name.length}, and ${service} accepts ${limit}`,
      remedy: `shorten the organization's name${or === undefined ? "" : `, or ${or}`}`,
      at: ["organization", "name"],
      because: because ?? MEASURED,
      times: name.length / limit,
    },
  ];
}
