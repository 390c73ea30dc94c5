import { type Change } from "../../helpers/session-stack";
import { replicated } from "../../helpers/replicated";
import { exampleWith, synthesizeOne, type StackView } from "../../helpers/synth";

/** The rule that keeps and expires, without what the map adds. */
const KEEP = {
  id: "keep-and-expire",
  status: "Enabled",
  filter: [{ prefix: "" }],
  abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
};
const EXPIRING = { expiration: [{ days: 365 }], noncurrent_version_expiration: [{ noncurrent_days: 365 }] };
const rulesOf = (stack: StackView, id = /^Transcripts_Lifecycle/) =>
  stack.the("aws_s3_bucket_lifecycle_configuration", id)["rule"] as object[];

describe("buckets", () => {
  const archive = (change?: Change) => synthesizeOne("archive-eu-central-1", change && exampleWith(change));

  it("are private, versioned and owned by their account", () => {
    const stack = archive();
    expect(Object.keys(stack.all("aws_s3_bucket"))).toHaveLength(2);
    for (const block of Object.values(stack.all("aws_s3_bucket_public_access_block"))) {
      expect(block).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
    for (const owner of Object.values(stack.all("aws_s3_bucket_ownership_controls"))) {
      expect(owner["rule"]).toEqual({ object_ownership: "BucketOwnerEnforced" });
    }
    for (const versioning of Object.values(stack.all("aws_s3_bucket_versioning"))) {
      expect(versioning["versioning_configuration"]).toEqual({ status: "Enabled" });
    }
  });

  it("name their key by its full ARN, with a bucket key", () => {
    const rule = archive().the(
      "aws_s3_bucket_server_side_encryption_configuration",
      /^Transcripts_Encryption/,
    );
    expect(rule["rule"]).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: "${aws_kms_key.Key.arn}",
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  it.each([
    ["governance", "GOVERNANCE"],
    ["compliance", "COMPLIANCE"],
  ] as const)("lock transcripts in %s mode for the days of the map", (mode, written) => {
    const stack = archive((m) => (m.transcripts!.objectLock = { mode, days: 400 }));
    expect(stack.the("aws_s3_bucket", /^Transcripts$/)["object_lock_enabled"]).toBe(true);
    expect(stack.the("aws_s3_bucket_object_lock_configuration")["rule"]).toEqual({
      default_retention: { mode: written, days: 400 },
    });
  });

  it("have no default retention if Object Lock is off, but keep Object Lock enabled, because a change replaces the bucket", () => {
    const stack = archive((m) => (m.transcripts!.objectLock = { mode: "off" }));
    expect(stack.the("aws_s3_bucket", /^Transcripts$/)["object_lock_enabled"]).toBe(true);
    expect(stack.the("aws_s3_bucket", /^Transcripts_AccessLogs_\w+$/)["object_lock_enabled"]).toBe(false);
    expect(stack.all("aws_s3_bucket_object_lock_configuration")).toEqual({});
  });

  it("transition and expire transcripts after the days of the map", () => {
    const stack = archive((m) => {
      m.transcripts!.lifecycle = {
        glacierInstantRetrievalAfterDays: 30,
        glacierAfterDays: 90,
        deepArchiveAfterDays: 365,
        expireAfterDays: 2557,
        noncurrentExpireAfterDays: 2600,
        abortMultipartAfterDays: 3,
      };
    });
    expect(stack.the("aws_s3_bucket_lifecycle_configuration", /^Transcripts_Lifecycle/)["rule"]).toEqual([
      {
        id: "keep-and-expire",
        status: "Enabled",
        filter: [{ prefix: "" }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 3 }],
        transition: [
          { storage_class: "GLACIER_IR", days: 30 },
          { storage_class: "GLACIER", days: 90 },
          { storage_class: "DEEP_ARCHIVE", days: 365 },
        ],
        expiration: [{ days: 2557 }],
        noncurrent_version_expiration: [{ noncurrent_days: 2600 }],
      },
    ]);
  });

  it("transition noncurrent versions after the days of the map", () => {
    const stack = archive((m) => {
      m.transcripts!.lifecycle = {
        noncurrentGlacierInstantRetrievalAfterDays: 30,
        noncurrentGlacierAfterDays: 90,
        noncurrentDeepArchiveAfterDays: 365,
      };
    });
    expect(rulesOf(stack)).toEqual([
      {
        ...KEEP,
        noncurrent_version_transition: [
          { storage_class: "GLACIER_IR", noncurrent_days: 30 },
          { storage_class: "GLACIER", noncurrent_days: 90 },
          { storage_class: "DEEP_ARCHIVE", noncurrent_days: 365 },
        ],
      },
    ]);
  });

  it("transition objects of the size of the map in a rule of its own, and expire objects of every size", () => {
    const stack = archive((m) => {
      m.transcripts!.lifecycle = {
        glacierAfterDays: 90,
        minimumTransitionBytes: 16_384,
        expireAfterDays: 400,
        noncurrentGlacierAfterDays: 90,
        noncurrentExpireAfterDays: 400,
      };
    });
    expect(rulesOf(stack)).toEqual([
      { ...KEEP, expiration: [{ days: 400 }], noncurrent_version_expiration: [{ noncurrent_days: 400 }] },
      {
        id: "move",
        status: "Enabled",
        filter: [{ object_size_greater_than: 16_383 }],
        transition: [{ storage_class: "GLACIER", days: 90 }],
        noncurrent_version_transition: [{ storage_class: "GLACIER", noncurrent_days: 90 }],
      },
    ]);
  });

  it.each([
    ["expire access logs after a year by default", {}, { ...KEEP, ...EXPIRING }],
    ["keep access logs forever", { accessLogsExpireAfterDays: null }, KEEP],
    [
      "transition access logs after the days of the map",
      { accessLogsLifecycle: { glacierAfterDays: 90 } },
      { ...KEEP, ...EXPIRING, transition: [{ storage_class: "GLACIER", days: 90 }] },
    ],
  ])("%s", (_title, transcripts, rule) => {
    const change: Change = (m) => Object.assign(m.transcripts!, transcripts);
    expect(rulesOf(archive(change), /^Transcripts_AccessLogs_Lifecycle/)).toEqual([rule]);
    const replica = synthesizeOne("replica-log-archive-eu-central-1", replicated(change));
    expect(rulesOf(replica, /^Copies_AccessLogs_Lifecycle/)).toEqual([rule]);
    const trail = synthesizeOne("account-storefront", exampleWith(change));
    expect(rulesOf(trail, /^Trail_AccessLogs_Lifecycle/)).toEqual([rule]);
  });

  it("transition access logs of the size of the map", () => {
    const stack = archive((m) => {
      m.transcripts!.accessLogsLifecycle = { deepArchiveAfterDays: 90, minimumTransitionBytes: 1 };
    });
    expect(rulesOf(stack, /^Transcripts_AccessLogs_Lifecycle/)[1]).toMatchObject({
      filter: [{ object_size_greater_than: 0 }],
      transition: [{ storage_class: "DEEP_ARCHIVE", days: 90 }],
    });
  });

  it("delete nothing unless the map has a number of days", () => {
    const stack = archive((m) => delete m.transcripts!.lifecycle);
    const [rule] = stack.the("aws_s3_bucket_lifecycle_configuration", /^Transcripts_Lifecycle/)[
      "rule"
    ] as object[];
    expect(Object.keys(rule!).sort()).toEqual([
      "abort_incomplete_multipart_upload",
      "filter",
      "id",
      "status",
    ]);
  });

  it("write their access logs to a created bucket, to an existing one, or nowhere", () => {
    const logging = (change?: Change) =>
      Object.values(archive(change).all("aws_s3_bucket_logging")).map(
        (resource) => resource["target_bucket"],
      );
    expect(logging()).toEqual(["session-audit-acme-111111111111-eu-central-1-access"]);
    expect(logging((m) => (m.transcripts!.accessLogs = { existing: "their-logs" }))).toEqual(["their-logs"]);
    expect(logging((m) => (m.transcripts!.accessLogs = "none"))).toEqual([]);
  });
});
