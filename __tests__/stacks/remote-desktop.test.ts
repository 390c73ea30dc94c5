import { arns, names } from "../../stacks/names";
import { recordingBucketPolicy } from "../../stacks/policies/recording-policy";
import { exampleWith } from "../helpers/example";
import { sessionStack, type Change } from "../helpers/session-stack";
import { synthesizeOne } from "../helpers/synth";

const ACCOUNT = "444444444444";
const REGION = "us-east-1";
const BUCKET = `session-audit-acme-${ACCOUNT}-${REGION}-rdp`;
const PLACE = { organization: "acme", account: { id: ACCOUNT, partition: "aws" as const }, region: REGION };

/** Records connections to the servers of `payments`. */
const recordings =
  (value: "create" | "keep" | "none", more: Change = () => undefined): Change =>
  (map) => {
    map.accounts["payments"]!.remoteDesktop = { recordings: value };
    more(map);
  };
const recorded = sessionStack(recordings("create"));
const off = sessionStack();

/** Addresses are a contract, as `addresses.test.ts` says. */
it("has pinned addresses, and changes none of the others", () => {
  expect(recorded.addresses.filter((address) => !off.addresses.includes(address))).toEqual([
    "aws_cloudformation_stack.RemoteDesktop_Preferences_7F822435",
    "aws_s3_bucket.RemoteDesktop_AccessLogs_D5A1B690",
    "aws_s3_bucket.RemoteDesktop_Bucket_1A955235",
    "aws_s3_bucket_lifecycle_configuration.RemoteDesktop_AccessLogs_Lifecycle_1BFC53FA",
    "aws_s3_bucket_lifecycle_configuration.RemoteDesktop_Bucket_Lifecycle_1C547FEA",
    "aws_s3_bucket_logging.RemoteDesktop_Bucket_AccessLogging_DF985B93",
    "aws_s3_bucket_object_lock_configuration.RemoteDesktop_Bucket_ObjectLock_5B04D1F3",
    "aws_s3_bucket_ownership_controls.RemoteDesktop_AccessLogs_Ownership_DDD7B65D",
    "aws_s3_bucket_ownership_controls.RemoteDesktop_Bucket_Ownership_38A37F14",
    "aws_s3_bucket_policy.RemoteDesktop_AccessLogs_Policy_035D7313",
    "aws_s3_bucket_policy.RemoteDesktop_Bucket_Policy_90CD20F2",
    "aws_s3_bucket_public_access_block.RemoteDesktop_AccessLogs_PublicAccessBlock_1EC05DD5",
    "aws_s3_bucket_public_access_block.RemoteDesktop_Bucket_PublicAccessBlock_B600CDAA",
    "aws_s3_bucket_server_side_encryption_configuration.RemoteDesktop_AccessLogs_Encryption_A4813AF3",
    "aws_s3_bucket_server_side_encryption_configuration.RemoteDesktop_Bucket_Encryption_5BC04D56",
    "aws_s3_bucket_versioning.RemoteDesktop_AccessLogs_Versioning_EE2C351C",
    "aws_s3_bucket_versioning.RemoteDesktop_Bucket_Versioning_95AF27F2",
  ]);
  expect(off.addresses.filter((address) => !recorded.addresses.includes(address))).toEqual([]);
});

it("a map without it is synthesized to the same bytes as one that says none", () => {
  expect(JSON.stringify(sessionStack(recordings("none")).json)).toBe(JSON.stringify(off.json));
});

describe("the CloudFormation stack", () => {
  const stack = recorded.the("aws_cloudformation_stack");

  it("has a name of its own", () => {
    expect(stack["name"]).toBe("session-audit-acme-remote-desktop");
  });

  it("has preferences with the bucket, its owner and the key", () => {
    expect(recorded.document("aws_cloudformation_stack", "template_body")).toMatchObject({
      Resources: {
        Preferences: {
          Type: "AWS::SSMGuiConnect::Preferences",
          Properties: {
            ConnectionRecordingPreferences: {
              KMSKeyArn: expect.stringMatching(/^\$\{aws_kms_key\.Key\w*\.arn\}$/) as string,
              RecordingDestinations: { S3Buckets: [{ BucketName: BUCKET, BucketOwner: ACCOUNT }] },
            },
          },
        },
      },
    });
  });

  it("waits for what protects a recording from its upload on, and for the key's alias", () => {
    const waits = (stack["depends_on"] as string[]).map((address) => address.split(".")[0]);
    expect(waits.sort()).toEqual([
      "aws_kms_alias",
      "aws_s3_bucket_object_lock_configuration",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_versioning",
    ]);
  });

  it.each([
    [true, true],
    [false, false],
  ])("with protect %s, is kept by Terraform: %s", (protect, kept) => {
    const made = sessionStack(recordings("create", (map) => (map.protect = protect)));
    expect(made.the("aws_cloudformation_stack")["lifecycle"]).toEqual({ prevent_destroy: kept });
  });
});

describe("the bucket of recordings", () => {
  it("has the policy of recordings, for the readers of the target", () => {
    const readers = ["arn:aws:iam::111111111111:role/session-reviewer"];
    const made = sessionStack(
      recordings(
        "create",
        (map) => (map.transcripts = { ...map.transcripts, readers, organizationReaders: [] }),
      ),
    );
    expect(made.document("aws_s3_bucket_policy", "policy", /^RemoteDesktop_Bucket/)).toEqual(
      recordingBucketPolicy(PLACE, { bucket: BUCKET, readers, protect: true }),
    );
  });

  it("lets readers restore recordings if it follows a lifecycle to Deep Archive", () => {
    const readers = ["arn:aws:iam::111111111111:role/session-reviewer"];
    const made = sessionStack(
      recordings("create", (map) => {
        const lifecycle = { deepArchiveAfterDays: 365 };
        map.transcripts = { ...map.transcripts, readers, organizationReaders: [], lifecycle };
      }),
    );
    expect(made.document("aws_s3_bucket_policy", "policy", /^RemoteDesktop_Bucket/)).toEqual(
      recordingBucketPolicy(PLACE, { bucket: BUCKET, readers, protect: true, archived: true }),
    );
  });

  it("is locked as transcripts are", () => {
    const made = sessionStack(
      recordings("create", (map) => {
        map.accounts["payments"]!.transcripts = { objectLock: { mode: "compliance", days: 77 } };
      }),
    );
    expect(made.the("aws_s3_bucket_object_lock_configuration", /^RemoteDesktop/)).toMatchObject({
      rule: { default_retention: { mode: "COMPLIANCE", days: 77 } },
    });
  });

  it.each([
    ["none", undefined],
    [{ existing: "their-logs" }, "their-logs"],
  ] as const)("logs accesses as transcripts do: %j", (accessLogs, target) => {
    const made = sessionStack(
      recordings("create", (map) => {
        map.accounts["payments"]!.transcripts = { accessLogs };
      }),
    );
    const found = Object.values(made.all("aws_s3_bucket_logging")).map(({ target_bucket }) => target_bucket);
    expect(found).toEqual(target === undefined ? [] : [target]);
  });

  it("has the statement that an existing bucket for its access logs needs as an output", () => {
    const made = sessionStack(
      recordings("create", (map) => {
        map.accounts["payments"]!.transcripts = { accessLogs: { existing: "their-logs" } };
      }),
    );
    expect(JSON.stringify(made.json.output?.["required_recording_access_log_statements"]?.value)).toContain(
      arns.bucket(PLACE, BUCKET),
    );
  });
});

describe("the key", () => {
  const TAG = { SystemsManagerJustInTimeNodeAccessManaged: "true" };

  it("has the tag without which AWS's policies let nobody use it", () => {
    expect(recorded.the("aws_kms_key")["tags"]).toEqual(TAG);
  });

  it("has no such tag if there are no recordings", () => {
    expect(off.the("aws_kms_key")["tags"]).toBeUndefined();
  });
});

describe("when recording ends", () => {
  const ended = sessionStack(recordings("keep"));
  const forgotten = (view: typeof ended) =>
    ((view.json as { removed?: { from: string }[] }).removed ?? []).map(({ from }) => from);

  it("nothing records any more", () => {
    expect(ended.all("aws_cloudformation_stack")).toEqual({});
  });

  it("Terraform forgets each resource of the bucket, and destroys none", () => {
    const made = recorded.addresses.filter(
      (address) => address.startsWith("aws_s3_") && /\.RemoteDesktop_/.test(address),
    );
    expect(made.length).toBeGreaterThan(10);
    expect(forgotten(ended)).toEqual(expect.arrayContaining(made));
  });

  it("Terraform destroys the bucket with protect: false", () => {
    const open = sessionStack(recordings("keep", (map) => (map.protect = false)));
    expect(forgotten(open).filter((from) => /RemoteDesktop/.test(from))).toEqual([]);
  });
});

describe("the security channel", () => {
  const patterns = (view: typeof recorded) =>
    Object.values(view.all("aws_cloudwatch_event_rule"))
      .map(({ event_pattern }) => event_pattern)
      .join();

  it.each([BUCKET, `${BUCKET}-access`])("reports changes to the bucket %s", (name) => {
    expect(patterns(recorded)).toContain(`"${name}"`);
    expect(patterns(off)).not.toContain(`"${name}"`);
  });
});

describe("the policies of people", () => {
  const account = synthesizeOne("account-payments", exampleWith(recordings("create")));
  const unrecorded = synthesizeOne("account-payments");
  const sidsOf = (view: typeof account, id: RegExp) =>
    view
      .document<{ Statement: { Sid: string }[] }>("aws_iam_policy", "policy", id)
      .Statement.map(({ Sid }) => Sid);

  it.each([
    [/^OperatorPolicy/, ["LetConnectionsBeRecorded"]],
    [/^ReviewerPolicy/, ["ReadRecordings", "ListRecordings", "DecryptRecordings"]],
  ])("%s has what recordings need, and nothing without them", (id, sids) => {
    const before = sidsOf(unrecorded, id);
    expect(sidsOf(account, id).filter((sid) => !before.includes(sid))).toEqual(sids);
  });
});

it("no bucket has a name that is too long, with the longest names of an organization and a region", () => {
  const place = { ...PLACE, organization: "a".repeat(20), region: "ap-northeast-3" };
  expect(names.recordingAccessLogBucket(place).length).toBeLessThanOrEqual(
    names.trailAccessLogBucket(place).length,
  );
});
