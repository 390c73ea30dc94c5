import { arnParts } from "../../aws/arn";
import { AwsError, type AwsResponse, type Handler } from "../gateway/protocol";
import { bucketOfReplication } from "../gateway/bucket-urls";
import { KeptSettings } from "./kept-settings";

/** One rule of a bucket's replication configuration. */
export interface ReplicationRule {
  readonly id: string;
  readonly isEnabled: boolean;
  readonly prefix: string;
  /** Whether the rule also replicates objects that are encrypted with a KMS key. */
  readonly includesKmsEncrypted: boolean;
  /** Name of the destination bucket. */
  readonly destination: string;
  /** Whether the owner of the destination bucket becomes the owner of the replicas. */
  readonly overridesOwner: boolean;
  /** The KMS key of the replicas as it was set, normally an ARN; undefined when the rule names none. */
  readonly replicaKey: string | undefined;
}

/** The replication configuration of a bucket. */
export interface Replication {
  /** ARN of the role that S3 assumes. */
  readonly role: string;
  readonly rules: readonly ReplicationRule[];
}

/** Keeps the replication configurations of buckets as they were set. Moto drops filters, keys and selection criteria. */
export class BucketReplications {
  private readonly kept = new KeptSettings(bucketOfReplication);

  /** The replication configuration of a bucket; undefined when it has none. */
  of(bucket: string): Replication | undefined {
    const kept = this.kept.of(bucket);
    return kept && read(kept.text);
  }

  /** Remembers a configuration that is set, and forgets one that is deleted, alone or with its bucket; unless S3 refuses. */
  readonly observe = this.kept.observe;

  /**
   * Answers reads with the configuration as it was set, and checks one that is to be set, before moto checks that the
   * bucket is versioned.
   * @throws AwsError with the error code of S3
   */
  readonly answer: Handler = async (request) => {
    if (bucketOfReplication(request) !== undefined && request.method === "PUT")
      check(read(request.body.toString("utf8")));
    const kept = this.kept.readBy(request);
    return kept && xml(kept.text);
  };
}

const xml = (body: string): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body,
});

/** Checks what S3 checks. S3 does not check that a key exists: with a wrong key, objects fail to replicate later. */
function check({ role, rules }: Replication): void {
  const { service, accountId, resource } = arnParts(role);
  if (service !== "iam" || accountId === "" || !/^role\/./.test(resource)) {
    throw new AwsError("InvalidArgument", "Invalid IAM Role ARN");
  }
  if (rules.some(({ destination }) => destination === "")) {
    throw new AwsError("InvalidArgument", "Invalid bucket ARN.");
  }
  if (
    rules.some(({ includesKmsEncrypted, replicaKey }) => includesKmsEncrypted && replicaKey === undefined)
  ) {
    throw new AwsError(
      "InvalidRequest",
      "EncryptionConfiguration must be specified when SseKmsEncryptedObjects is present.",
    );
  }
}

function read(text: string): Replication {
  return { role: valueOf(text, "Role") ?? "", rules: elementsOf(text, "Rule").map(ruleOf) };
}

function ruleOf(rule: string): ReplicationRule {
  const [destination = ""] = elementsOf(rule, "Destination");
  const [filter = ""] = elementsOf(rule, "Filter");
  const [keyed = ""] = elementsOf(rule, "SseKmsEncryptedObjects");
  const own = withoutElements(rule);
  return {
    id: valueOf(rule, "ID") ?? "",
    isEnabled: valueOf(own, "Status") === "Enabled",
    prefix: valueOf(filter, "Prefix") ?? "",
    includesKmsEncrypted: valueOf(keyed, "Status") === "Enabled",
    destination: arnParts(valueOf(destination, "Bucket") ?? "").resource,
    overridesOwner: valueOf(destination, "Owner") === "Destination",
    replicaKey: valueOf(destination, "ReplicaKmsKeyID"),
  };
}

/** A rule without its nested elements, which have a `Status` of their own. */
const withoutElements = (rule: string): string =>
  rule.replace(
    /<(DeleteMarkerReplication|Destination|ExistingObjectReplication|Filter|SourceSelectionCriteria)>[\s\S]*?<\/\1>/g,
    "",
  );

const elementsOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, "g"))].map(([, inner = ""]) => inner);

const valueOf = (text: string, name: string): string | undefined => elementsOf(text, name)[0]?.trim();
