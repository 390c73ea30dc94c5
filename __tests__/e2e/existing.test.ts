import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateKeyCommand, DisableKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { Clients } from "../../emulator/clients/clients";
import { clientConfig } from "../../demo/people";
import { Deployment } from "../../demo/deployment";
import type { Terraform } from "../../fleet/terraform";
import { startEmbedded, type Embedded } from "../helpers/embedded";

// Existing resources that a map names and Terraform does not manage. Real plans check good, careless and unusable ones.
const ACCOUNT = "555555555555";
const REGION = "eu-west-1";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

let embedded: Embedded;
let here: Clients;
/** ARN of a key that fulfils every expectation. */
let keyArn: string;

const everybody = (Action: string, Resource = "*", Principal: object = { AWS: ROOT }, Effect = "Allow") => ({
  Effect,
  Principal,
  Action,
  Resource,
});
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const SERVICES = {
  Service: [`logs.${REGION}.amazonaws.com`, "events.amazonaws.com", "cloudwatch.amazonaws.com"],
};

async function key(policy: string, spec: object = {}): Promise<string> {
  const { KeyMetadata } = await here.kms.send(new CreateKeyCommand(spec));
  const KeyId = KeyMetadata!.KeyId!;
  await here.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy: policy }));
  return KeyMetadata!.Arn!;
}
/** Creates a key whose policy allows the same as the stacks' own statements, in other words. */
const goodKey = () => key(document(everybody("kms:*"), everybody("kms:*", "*", SERVICES)));

async function bucket(Bucket: string, keyArn: string | null, policy: object[], kept: boolean) {
  const LocationConstraint = REGION;
  await here.s3.send(
    new CreateBucketCommand({
      Bucket,
      ObjectLockEnabledForBucket: kept,
      CreateBucketConfiguration: { LocationConstraint },
    }),
  );
  const SSEAlgorithm = keyArn === null ? "AES256" : "aws:kms";
  const ApplyServerSideEncryptionByDefault = {
    SSEAlgorithm,
    ...(keyArn !== null && { KMSMasterKeyID: keyArn }),
  } as const;
  const Rules = [{ ApplyServerSideEncryptionByDefault }];
  await here.s3.send(
    new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
  );
  await here.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(...policy) }));
  if (!kept) return;
  await here.s3.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  const DefaultRetention = { Mode: "GOVERNANCE", Days: 30 } as const;
  await here.s3.send(
    new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } },
    }),
  );
}
const tlsOnly = (name: string) => ({
  ...everybody("s3:*", `arn:aws:s3:::${name}/*`, { AWS: "*" }, "Deny"),
  Condition: { Bool: { "aws:SecureTransport": false } },
});
const refuse = (name: string, Condition?: object) => ({
  ...everybody("s3:Put*", `arn:aws:s3:::${name}/*`, { AWS: "*" }, "Deny"),
  ...(Condition && { Condition }),
});

async function group(logGroupName: string, kmsKeyId: string | null, retentionInDays?: number) {
  await here.logs.send(new CreateLogGroupCommand({ logGroupName, ...(kmsKeyId !== null && { kmsKeyId }) }));
  if (retentionInDays !== undefined)
    await here.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
}

async function topic(Name: string, keyId: string | null, policy: object[] | null) {
  const { TopicArn } = await here.sns.send(new CreateTopicCommand({ Name }));
  const set = (AttributeName: string, AttributeValue: string) =>
    here.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
  if (keyId !== null) await set("KmsMasterKeyId", keyId);
  if (policy !== null) await set("Policy", document(...policy));
}
const publish = everybody("sns:Publish", "*", {
  Service: ["events.amazonaws.com", "cloudwatch.amazonaws.com"],
});

const refuseForOthers = {
  ...everybody("sns:*", "*", { AWS: "*" }, "Deny"),
  Condition: {
    Null: { "aws:SourceAccount": false },
    StringNotEquals: { "aws:SourceAccount": [ACCOUNT] },
  },
};

interface Named {
  readonly keyArn: string;
  readonly bucket: { existing: string; keyArn: string | null; account: string | null };
  readonly group: string;
  readonly activity: string;
  readonly security: string;
}
const mapOf = (named: Named, more: object = {}) => ({
  organization: { name: "theirs" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  protect: false,
  trail: "existing",
  encryption: { mode: "existing", keyArn: named.keyArn },
  transcripts: { bucket: named.bucket },
  logs: { group: { existing: named.group } },
  notifications: {
    activity: { topic: { existing: named.activity } },
    security: { topic: { existing: named.security } },
  },
  accounts: { solo: { id: ACCOUNT, homeRegion: REGION, regions: [REGION] } },
  ...more,
});

/** The session stack of a map, ready to be planned. */
async function rehearse(name: string, map: object): Promise<Deployment> {
  const directory = join(embedded.directory, name);
  await mkdir(directory);
  await writeFile(join(directory, "map.json"), JSON.stringify(map));
  const deployment = new Deployment({ ...embedded, map: join(directory, "map.json"), directory });
  await deployment.synthesize();
  return deployment;
}
const sessions = (deployment: Deployment) => deployment.stacks.filter(({ id }) => id.startsWith("session-"));

/** The output of a plan without its progress, in one line, because Terraform breaks lines anywhere. */
async function planned(deployment: Deployment): Promise<string> {
  const terraform = (deployment as unknown as { terraform: Terraform }).terraform;
  const directory = deployment.directoryOf(sessions(deployment)[0]!.id);
  await terraform.init(directory);
  const { output } = await terraform
    .run(directory, ["plan", "-no-color", "-input=false"], [0, 1])
    .catch((error: { output: string }) => error);
  return output.replace(/^data\..*$/gm, "").replace(/\s+/g, " ");
}

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true });
  here = new Clients(await clientConfig(embedded.emulator, ACCOUNT, REGION));
  // The maps of several blocks name these.
  keyArn = await goodKey();
  await topic("careful", keyArn, [publish, refuseForOthers]);
  await group("/unencrypted", null);
});
afterAll(() => embedded?.stop());

/** One message for each fault. */
const WARNINGS = [
  "logs.group: the log group /short keeps logs for fewer than the 365 days",
  "transcripts.bucket: the bucket careless is not versioned",
  "transcripts.bucket: the bucket careless has no Object Lock",
  `the policy of the bucket careless refuses every write below sessions/${ACCOUNT}/${REGION}/`,
  "the policy of the bucket careless refuses what is encrypted with",
  "the policy of the bucket careless does not refuse plain HTTP",
  "does not allow kms:GenerateDataKey, kms:Decrypt to arn:aws:iam::555555555555:root. Add the statement AccountUsesKeyOfBucket",
  "encryption.keyArn: the policy of the key",
  "Add the statement UsersOpenDataChannels of the output required_key_statements",
  "Add the statement InstancesOpenDataChannels of the output required_key_statements",
  "notifications.activity.topic: the topic arn:aws:sns:eu-west-1:555555555555:plain is not encrypted",
  "notifications.security.topic: the topic arn:aws:sns:eu-west-1:555555555555:of-aws is encrypted with AWS's own key",
  "the policy of the topic arn:aws:sns:eu-west-1:555555555555:plain does not let events.amazonaws.com publish",
  "Add the statement AlarmsPublish of the output required_topic_statements",
  "the policy of the topic arn:aws:sns:eu-west-1:555555555555:of-aws lets rules of every account publish",
  "Add the statement RefuseEventBridgeForOtherAccounts of the output required_topic_statements",
];
const ERRORS = [
  "logs.group: there is no log group /none, and sessions would all be refused. Create it",
  "is disabled or on its way to deletion",
  "transcripts.bucket: the bucket unlike does not encrypt with arn:aws:kms:",
  "Resource (arn:aws:sns:eu-west-1:555555555555:default-policy)",
];
const MORE_ERRORS = [
  "logs.group: the log group /unencrypted has no customer key, and preferences.enforce.cloudWatch refuses every session",
  "is not a symmetric encryption key",
  "the bucket kms does not encrypt with S3's own key (AES256)",
];

describe("existing resources that fulfil every expectation, with policies in other words", () => {
  let deployment: Deployment;
  let output: string;

  beforeAll(async () => {
    const bucketKey = await goodKey();
    const refusesOthers = {
      StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": [bucketKey, "another"] },
    };
    await bucket("careful", bucketKey, [tlsOnly("careful"), refuse("careful", refusesOthers)], true);
    await group("/careful", keyArn);
    const named = {
      keyArn,
      bucket: { existing: "careful", keyArn: bucketKey, account: ACCOUNT },
      group: "/careful",
      activity: "careful",
      security: "careful",
    };
    deployment = await rehearse("good", mapOf(named));
    output = await planned(deployment);
  });

  it("are planned without a warning", () => {
    expect(output).toContain("Plan:");
    expect(output).not.toMatch(/Warning|Error/);
  });

  it("cause none of the messages that other resources cause", () => {
    for (const words of [...WARNINGS, ...ERRORS, ...MORE_ERRORS]) {
      const general = words.replace(/\/\w+|careless|unlike|plain|of-aws|default-policy/g, "");
      expect(output).not.toContain(general);
    }
  });

  it("are checked again by a second plan, which has no changes", async () => {
    await deployment.apply(sessions(deployment));
    expect((await deployment.changed(sessions(deployment))).map((changed) => changed.output)).toEqual([]);
  });
});

describe("existing resources that work, but fulfil few expectations", () => {
  let output: string;

  beforeAll(async () => {
    const careless = await key(
      document(everybody("kms:DescribeKey"), everybody("kms:*", "*", { Service: SERVICES.Service[0] })),
    );
    const bucketKey = await key(document(everybody("kms:DescribeKey")));
    const asksForAnother = {
      StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "another" },
    };
    await bucket("careless", bucketKey, [refuse("careless"), refuse("careless", asksForAnother)], false);
    await group("/short", careless, 30);
    await topic("plain", null, [everybody("sns:*")]);
    await topic("of-aws", "alias/aws/sns", [publish]);
    const named = {
      keyArn: careless,
      bucket: { existing: "careless", keyArn: bucketKey, account: ACCOUNT },
      group: "/short",
      activity: "plain",
      security: "of-aws",
    };
    output = await planned(await rehearse("careless", mapOf(named)));
  });

  it("are planned all the same", () => {
    expect(output).toContain("Plan:");
    expect(output).not.toContain("Error:");
  });

  it.each(WARNINGS)("cause a warning: %s", (words) => {
    expect(output).toContain(words);
  });

  it("cause no warning for the one expectation that they fulfil: CloudWatch Logs may use the key", () => {
    expect(output).not.toContain("CloudWatchLogsEncryptsThisLogGroup");
    expect(output).not.toContain("/short has no customer key");
  });
});

describe("existing resources that would lose records, or lock everybody out", () => {
  let output: string;

  beforeAll(async () => {
    const disabled = await goodKey();
    await here.kms.send(new DisableKeyCommand({ KeyId: disabled.split("/")[1] }));
    const bucketKey = await goodKey();
    await bucket("unlike", await goodKey(), [tlsOnly("unlike")], true);
    await topic("default-policy", bucketKey, null);
    const named = {
      keyArn: disabled,
      bucket: { existing: "unlike", keyArn: bucketKey, account: ACCOUNT },
      group: "/none",
      activity: "default-policy",
      security: "careful",
    };
    output = await planned(await rehearse("worse", mapOf(named)));
  });

  it.each(ERRORS)("stop the plan: %s", (words) => {
    expect(output.slice(output.indexOf("Error:"))).toContain(words);
  });
});

describe("other existing resources that would", () => {
  let output: string;

  beforeAll(async () => {
    const signing = await key(document(everybody("kms:*")), { KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
    await bucket("kms", await goodKey(), [tlsOnly("kms")], true);
    const named = {
      keyArn: signing,
      bucket: { existing: "kms", keyArn: null, account: ACCOUNT },
      group: "/unencrypted",
      activity: "careful",
      security: "careful",
    };
    output = await planned(await rehearse("worst", mapOf(named)));
  });

  it.each(MORE_ERRORS)("stop the plan: %s", (words) => {
    expect(output.slice(output.indexOf("Error:"))).toContain(words);
  });
});

describe("an existing bucket for access logs", () => {
  const SOURCE = `session-audit-theirs-${ACCOUNT}-${REGION}`;
  const deliver = (name: string) =>
    everybody("s3:PutObject", `arn:aws:s3:::${name}/*`, { Service: "logging.s3.amazonaws.com" });
  /** The session stack of an account with a bucket of its own, whose access logs go to a bucket. */
  const loggingTo = (name: string) =>
    rehearse(`logging-to-${name}`, {
      organization: { name: "theirs" },
      state: { backend: "local", directory: `state-${name}` },
      deployment: { mode: "assume-role", role: "session-audit-deploy" },
      protect: false,
      trail: "none",
      transcripts: { accessLogs: { existing: name } },
      logs: { group: "none", streaming: false },
      preferences: { enforce: { cloudWatch: false } },
      notifications: { activity: { enabled: false }, security: { enabled: false } },
      accounts: { solo: { id: ACCOUNT, homeRegion: REGION, regions: [REGION] } },
    });
  const inOneLine = (text: string) => text.replace(/\u001b\[[\d;]*m|[│╷╵]/g, "").replace(/\s+/g, " ");

  beforeAll(async () => {
    await bucket("good-logs", null, [deliver("good-logs")], false);
    await bucket("locked-logs", null, [deliver("locked-logs")], true);
    await bucket("keyed-logs", await goodKey(), [deliver("keyed-logs")], false);
    await bucket("deaf-logs", null, [tlsOnly("deaf-logs"), refuse("deaf-logs")], false);
    await bucket("silent-logs", null, [deliver("silent-logs")], false);
    await here.s3.send(new DeleteBucketPolicyCommand({ Bucket: "silent-logs" }));
    await bucket("acl-logs", null, [deliver("acl-logs")], false);
    await here.s3.send(new DeleteBucketPolicyCommand({ Bucket: "acl-logs" }));
    await here.s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket: "acl-logs",
        OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
      }),
    );
    const elsewhere = new Clients(await clientConfig(embedded.emulator, ACCOUNT, "eu-central-1"));
    await elsewhere.s3.send(
      new CreateBucketCommand({
        Bucket: "far-logs",
        CreateBucketConfiguration: { LocationConstraint: "eu-central-1" },
      }),
    );
    const stranger = new Clients(await clientConfig(embedded.emulator, "999999999999", REGION));
    await stranger.s3.send(
      new CreateBucketCommand({
        Bucket: "strange-logs",
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
  });

  it.each([
    ["Object Lock with a default retention", "locked-logs", "has Object Lock with a default retention"],
    ["a KMS key", "keyed-logs", "encrypts with a KMS key by default"],
    ["another region", "far-logs", `is not in ${REGION}, where the bucket ${SOURCE} is`],
    ["no bucket policy", "silent-logs", "PolicyThatLetsS3Deliver"],
    ["another owner", "strange-logs", "Access Denied"],
    ["no such bucket", "no-logs", "no-logs"],
  ])("is refused by an apply: %s", async (_fault, name, words) => {
    const deployment = await loggingTo(name);
    const applied = deployment.apply(sessions(deployment)).then(
      () => "applied",
      (error: { output?: string; message: string }) => inOneLine(`${error.message} ${error.output ?? ""}`),
    );
    expect(await applied).toContain(words);
    const created = await here.s3.send(new ListBucketsCommand({}));
    expect(created.Buckets!.map(({ Name }) => Name)).not.toContain(SOURCE);
  });

  it("causes warnings if its policy does not let S3 deliver", async () => {
    const output = await planned(await loggingTo("deaf-logs"));
    expect(output).toContain("Plan:");
    expect(output).toContain("the policy of the bucket deaf-logs does not let S3 deliver access logs");
    expect(output).toContain(`the policy of the bucket deaf-logs refuses every write below ${SOURCE}/`);
  });

  it.each(["good-logs", "acl-logs"])("is planned without a warning: %s", async (name) => {
    const output = await planned(await loggingTo(name));
    expect(output).toContain("Plan:");
    expect(output).not.toMatch(/Warning|Error/);
  });
});

describe("existing resources of another account", () => {
  const elsewhere = (account: string | null) => ({
    ...mapOf({
      keyArn: `arn:aws:kms:${REGION}:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
      bucket: { existing: "far-away", keyArn: null, account },
      group: "/unencrypted",
      activity: "careful",
      security: "careful",
    }),
    preferences: { enforce: { cloudWatch: false } },
    notifications: { activity: { enabled: false }, security: { enabled: false } },
  });

  it("are not checked, and do not stop the plan", async () => {
    const output = await planned(await rehearse("elsewhere", elsewhere("999999999999")));
    expect(output).toContain("Plan:");
    expect(output).not.toMatch(/Error|999999999999:key.*is disabled|far-away is not versioned/);
    expect(output).toContain("AccountWritesTranscripts");
  });

  it("cause a warning as long as the map does not name their account", async () => {
    const output = await planned(await rehearse("unknown", elsewhere(null)));
    expect(output).toContain("Plan:");
    expect(output).toContain(
      "nobody has looked at the bucket far-away, since the map does not say whose it is",
    );
    expect(output).toContain("the log group /unencrypted has no customer key: whoever may read logs");
  });
});
