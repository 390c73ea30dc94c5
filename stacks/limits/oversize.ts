import { renderPath, type Conflict, type Path } from "../../accounts/reading/problems";

/** What decides about which names and policies there are, and how long they become. */
export const MEASURED: readonly Path[] = [
  ...[["organization"], ["archive"], ["accounts", "*", "homeRegion"], ["accounts", "*", "regions"]],
  ...[["encryption"], ["transcripts"], ["logs"], ["access"], ["trail"], ["notifications"], ["guard"]],
  ...[["preferences", "encryptSessionData"], ["guardrails"]],
];

/** A problem, and how many times as large as its limit something is. */
export type Oversize = Conflict & { readonly times: number };

/** Something that is composed from the map, and its limit in characters. */
export interface Measured {
  /** `the key's policy` */
  readonly what: string;
  /** A text, or a document that becomes compact JSON. */
  readonly document: object | string;
  readonly limit: number;
  /** The setting to change. */
  readonly path: Path;
  readonly remedy: string;
  /** Value of the setting. @default the size of the document */
  readonly found?: unknown;
  /** Settings that decide about the size. @default MEASURED */
  readonly because?: readonly Path[];
}

/** The problem of a document that is longer than AWS accepts; none if it fits. */
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
  return [
    {
      path: renderPath(path),
      found: "found" in measured ? measured.found : `${size} characters`,
      allowed: `what fits into ${what}: it would have ${size} characters, and AWS takes ${limit}`,
      remedy,
      at: path,
      because: because ?? MEASURED,
      times: size / limit,
    },
  ];
}

/** A name that contains the organization's name. */
export interface ComposedName {
  readonly organization: string;
  /** `the bucket "session-audit-acme-..."` */
  readonly what: string;
  readonly name: string;
  readonly limit: number;
  /** The service that limits the name. */
  readonly service: "IAM" | "S3";
  /** Settings that decide about the name. @default MEASURED */
  readonly because?: readonly Path[];
}

/** The problem of a name that is longer than AWS accepts; none if it fits. */
export function longName({ organization, what, name, limit, service, because }: ComposedName): Oversize[] {
  const over = name.length - limit;
  if (over <= 0) return [];
  return [
    {
      path: "organization.name",
      found: organization,
      allowed: `at most ${organization.length - over} characters here: ${what} would have ${name.length}, and ${service} takes ${limit}`,
      remedy: "shorten the organization's name",
      at: ["organization", "name"],
      because: because ?? MEASURED,
      times: name.length / limit,
    },
  ];
}
