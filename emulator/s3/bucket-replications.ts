import { AwsError, type AwsResponse, type Handler, type Rewrite } from "../gateway/protocol";
import { bucketItselfOf, bucketOfReplication } from "../gateway/bucket-urls";

/** One rule of a bucket's replication. */
export interface ReplicationRule {
  readonly id: string;
  readonly isEnabled: boolean;
  readonly prefix: string;
  /** Whether objects that a KMS key encrypts are replicated. */
  readonly takesKmsEncrypted: boolean;
  /** Name of the bucket that it replicates to. */
  readonly destination: string;
  /** Whether the owner of that bucket becomes the owner of replicas. */
  readonly overridesOwner: boolean;
  /** ARN of the key of replicas, as it was put; undefined: none. */
  readonly replicaKey: string | undefined;
}

/** How a bucket is replicated. */
export interface Replication {
  /** ARN of the role that S3 takes. */
  readonly role: string;
  readonly rules: readonly ReplicationRule[];
}

/** Keeps the replication of buckets as it was put: moto forgets filters, keys and what is selected. */
export class BucketReplications {
  private readonly texts = new Map<string, string>();

  /** How a bucket is replicated; undefined: not at all. */
  of(bucket: string): Replication | undefined {
    const text = this.texts.get(bucket);
    return text === undefined ? undefined : read(text);
  }

  /** On its way to moto, which knows whether the bucket is versioned, a replication is checked. */
  readonly keep: Rewrite = (request) => {
    const bucket = bucketOfReplication(request);
    if (bucket === undefined || request.method !== "PUT") return request;
    const text = request.body.toString("utf8");
    check(read(text));
    this.texts.set(bucket, text);
    return request;
  };

  /** Reads are answered with what was put; deletions are noted and left to moto. */
  readonly answer: Handler = async (request) => {
    const bucket = bucketOfReplication(request);
    if (request.service === "s3" && request.method === "DELETE") {
      const gone = bucket ?? bucketItselfOf(request);
      if (gone !== undefined) this.texts.delete(gone);
    }
    const text = bucket === undefined ? undefined : this.texts.get(bucket);
    return request.method === "GET" && text !== undefined ? xml(text) : undefined;
  };
}

const xml = (body: string): AwsResponse => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body,
});

/** What S3 refuses by itself. It looks at no key: a wrong one shows in objects that are not replicated. */
function check({ role, rules }: Replication): void {
  if (!/^arn:[\w-]+:iam::\d{12}:role\/./.test(role)) {
    throw new AwsError("InvalidArgument", "Invalid IAM Role ARN");
  }
  if (rules.some(({ destination }) => destination === "")) {
    throw new AwsError("InvalidArgument", "Invalid bucket ARN.");
  }
  if (rules.some(({ takesKmsEncrypted, replicaKey }) => takesKmsEncrypted && replicaKey === undefined)) {
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
    takesKmsEncrypted: valueOf(keyed, "Status") === "Enabled",
    destination: (valueOf(destination, "Bucket") ?? "").split(":::")[1] ?? "",
    overridesOwner: valueOf(destination, "Owner") === "Destination",
    replicaKey: valueOf(destination, "ReplicaKmsKeyID"),
  };
}

/** A rule without what lies deeper, where other elements are called Status, too. */
const withoutElements = (rule: string): string =>
  rule.replace(
    /<(DeleteMarkerReplication|Destination|ExistingObjectReplication|Filter|SourceSelectionCriteria)>[\s\S]*?<\/\1>/g,
    "",
  );

const elementsOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, "g"))].map(([, inner = ""]) => inner);

const valueOf = (text: string, name: string): string | undefined => elementsOf(text, name)[0]?.trim();
