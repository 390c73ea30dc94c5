import { DEPLOY_AGAIN, fault, judged, ok, type Finding, type Seen } from "../model";

/** The two versions of a document that matter. */
export interface DocumentVersions {
  /** The version that sessions use. */
  readonly latest: DocumentVersion;
  /** The version that the console shows. */
  readonly default: DocumentVersion;
}

interface DocumentVersion {
  /** A number. */
  readonly version: string;
  /** JSON. */
  readonly content: string;
}

/**
 * Judges the preferences document. Sessions use its latest version. The default version is what the console shows, and
 * Terraform cannot update a document whose default version is not its latest.
 * @param content what the stack declares, as JSON
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/31131
 * @see https://github.com/aws/session-manager-plugin/issues/112 for the version that sessions use
 */
export function judgePreferences(
  name: string,
  content: string,
  seen: Seen<DocumentVersions | null>,
): Finding[] {
  const about = { check: "preferences", subject: name } as const;
  return judged(about, seen, (document) => {
    if (document === null) {
      return [
        fault(
          about,
          "there is no such document",
          "Session Manager records nothing without it.",
          "Plan, review and deploy the stack.",
        ),
      ];
    }
    const { latest, default: byDefault } = document;
    const differences = differencesIn(latest.content, content);
    const findings: Finding[] = [];
    if (differences.length > 0) {
      findings.push(
        fault(
          about,
          `version ${latest.version}, the latest, has ${differences.join("; ")}`,
          "Sessions use the latest version.",
          DEPLOY_AGAIN,
        ),
      );
    }
    if (byDefault.version !== latest.version) {
      const others = differencesIn(byDefault.content, content);
      const has = others.length > 0 ? `, which has ${others.join("; ")}` : "";
      findings.push(
        fault(
          about,
          `the default version is ${byDefault.version}${has}, and the latest is ${latest.version}`,
          "The console shows the default version, and Terraform cannot update the document while they differ.",
          `aws ssm update-document-default-version --name ${name} --document-version ${latest.version}, if the latest version is the right one.`,
        ),
      );
    }
    return findings.length > 0 ? findings : [ok(about, `version ${latest.version} is as deployed`)];
  });
}

/** Judges a service setting. */
export function judgeSetting(setting: string, wanted: string, seen: Seen<string>): Finding[] {
  const about = { check: "sharing", subject: setting } as const;
  return judged(about, seen, (value) => [
    value === wanted
      ? ok(about, value)
      : fault(about, `${value} instead of ${wanted}`, "Documents can be shared publicly.", DEPLOY_AGAIN),
  ]);
}

/** The settings in which a document differs from the declared one, in words. */
function differencesIn(actual: string, declared: string): string[] {
  const [is, wanted] = [flat(parsed(actual)), flat(parsed(declared))];
  if (is.size === 0) return ["no content that is JSON"];
  return [...new Set([...wanted.keys(), ...is.keys()])].flatMap((path) => {
    const [found, expected] = [is.get(path), wanted.get(path)];
    if (found === expected) return [];
    if (expected === undefined) return `${path} ${found} although it is not declared`;
    return found === undefined ? `no ${path}` : `${path} ${found} instead of ${expected}`;
  });
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** The values of a document as JSON, by their paths, without `inputs`. */
function flat(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null)
    return path === "" ? new Map() : new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flat(inner, path === "" || path === "inputs" ? key : `${path}.${key}`),
    ]),
  );
}

/** The inputs of a document, as far as doctor needs them. */
export interface Inputs {
  readonly bucket: string;
  readonly prefix: string;
  readonly logGroup: string;
  readonly key: string;
  readonly streaming: boolean;
  readonly runAs: boolean;
  /** Whether the agent refuses a session when the bucket or the log group is not encrypted. */
  readonly enforced: { readonly s3: boolean; readonly cloudWatch: boolean };
}

/** The inputs of the declared document. */
export function inputsOf(content: string): Inputs {
  const { inputs = {} } = (parsed(content) ?? {}) as { readonly inputs?: Readonly<Record<string, unknown>> };
  const text = (name: string) => (typeof inputs[name] === "string" ? inputs[name] : "");
  return {
    bucket: text("s3BucketName"),
    prefix: text("s3KeyPrefix"),
    logGroup: text("cloudWatchLogGroupName"),
    key: text("kmsKeyId"),
    streaming: inputs["cloudWatchStreamingEnabled"] === true,
    runAs: inputs["runAsEnabled"] === true,
    enforced: {
      s3: inputs["s3EncryptionEnabled"] === true,
      cloudWatch: inputs["cloudWatchEncryptionEnabled"] === true,
    },
  };
}
