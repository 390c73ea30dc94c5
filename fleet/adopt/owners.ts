/** What a preferences document shows of whoever keeps it. */
export interface OwnerMarks {
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Fields of the preferences. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Who seems to keep a preferences document. */
export interface Owner {
  /**
   * `own`: session-audit, for the same organization. `tool`: a tool that may write the document again. `person`: nothing
   * hints at a tool.
   */
  readonly kind: "own" | "tool" | "person";
  /** Name with the evidence, for a sentence. */
  readonly name: string;
}

/**
 * The description of a document that session-audit has written.
 * `stacks/constructs/session-preferences.ts` writes it.
 */
const OWN = /^Session Manager preferences of (.+), kept by session-audit \(revision [0-9a-f]{12}\)$/;

/**
 * The description that the console, AWS's own example and several tools write.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-preferences-cli.html
 */
const CONSOLE = "Document to hold regional settings for Session Manager";

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
const STACK_TAG = "aws:cloudformation:stack-name";

/**
 * Who keeps a preferences document, by its description, its tags and what the tools that are known write into it.
 * @param organization name of the organization in the map
 */
export function ownerOf({ description, tags, inputs }: OwnerMarks, organization: string): Owner {
  const own = OWN.exec(description)?.[1];
  if (own === organization) return { kind: "own", name: "session-audit" };
  if (own !== undefined) return tool(`session-audit for the organization ${own} (description)`);
  const stack = tags[STACK_TAG];
  if (stack !== undefined) return tool(`${stackKind(stack)} ${stack} (tag ${STACK_TAG})`);
  const accelerator = acceleratorEvidence(inputs, tags);
  if (accelerator !== null) return tool(`Landing Zone Accelerator on AWS (${accelerator})`);
  for (const [name, pattern] of TAGGED) {
    const tag = Object.entries(tags).find(([key, value]) => pattern.test(key) || pattern.test(value));
    if (tag !== undefined) return tool(`${name} (tag ${tag[0]}: ${tag[1]})`);
  }
  if (description === CONSOLE) {
    return { kind: "person", name: "nobody that is known: it has the console's description" };
  }
  return { kind: "person", name: "nobody that is known" };
}

const tool = (name: string): Owner => ({ kind: "tool", name });

/** Tools that people name in tags, by their words in a key or a value. */
const TAGGED: readonly (readonly [string, RegExp])[] = [
  ["OpenTofu", /\bopentofu\b/i],
  ["Terraform", /terraform/i],
  ["Pulumi", /\bpulumi\b/i],
  ["AWS CDK", /\bcdk\b/i],
];

function stackKind(stack: string): string {
  if (/QuickSetup/i.test(stack)) return "Systems Manager Quick Setup, with the CloudFormation stack";
  if (/^AWSAccelerator-/.test(stack)) return "Landing Zone Accelerator on AWS, with the CloudFormation stack";
  if (/^StackSet-/.test(stack)) return "a CloudFormation StackSet, with the stack";
  return "the CloudFormation stack";
}

/**
 * What Landing Zone Accelerator writes: a custom resource of it writes the document anew in each run, and keeps nothing but
 * Run As.
 * @see https://github.com/awslabs/landing-zone-accelerator-on-aws
 */
function acceleratorEvidence(inputs: OwnerMarks["inputs"], tags: OwnerMarks["tags"]): string | null {
  const text = (name: string) => String(inputs[name] ?? "");
  if (tags["Accelerator"] !== undefined) return `tag Accelerator: ${tags["Accelerator"]}`;
  const group = text("cloudWatchLogGroupName");
  if (/-sessionmanager-logs$/.test(group)) return `log group ${group}`;
  const key = text("kmsKeyId");
  if (/alias\/accelerator\/sessionmanager-logs\//.test(key)) return `key ${key}`;
  const prefix = text("s3KeyPrefix");
  return /^session\/\d{12}\/[a-z0-9-]+$/.test(prefix) ? `prefix ${prefix}` : null;
}
