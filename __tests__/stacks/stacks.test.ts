import { exampleWith, synthesize, synthesizeOne } from "../helpers/synth";

const session = (change?: Parameters<typeof exampleWith>[0]) =>
  synthesizeOne("session-payments-us-east-1", change && exampleWith(change));

const withoutArchive: Parameters<typeof exampleWith>[0] = (map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
};

/** The region's own retention goes, which would have no effect. */
const existingGroup: Parameters<typeof exampleWith>[0] = (map) => {
  map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
  map.accounts["payments"]!.logs = { group: { existing: "/their/group" } };
};

interface Preferences {
  schemaVersion: string;
  sessionType: string;
  description: string;
  inputs: Record<string, unknown>;
}
const preferences = (change?: Parameters<typeof exampleWith>[0]) =>
  session(change).document<Preferences>("aws_ssm_document", "content");

describe("every stack", () => {
  const stacks = [...synthesize().values()];

  it.each(stacks.map((stack) => [stack.id, stack] as const))("%s reaches one account only", (_id, stack) => {
    const [provider] = stack.json.provider.aws;
    expect(stack.json.provider.aws).toHaveLength(1);
    const allowed = provider!["allowed_account_ids"] as string[];
    const [role] = provider!["assume_role"] as { role_arn: string }[];
    expect(allowed).toHaveLength(1);
    expect(role!.role_arn).toBe(`arn:aws:iam::${allowed[0]}:role/session-audit-deploy`);
  });

  it("takes the provider from hashicorp/aws, which Terraform and OpenTofu read alike", () => {
    for (const stack of stacks) {
      expect(stack.json.terraform.required_providers.aws).toEqual({
        source: "hashicorp/aws",
        version: "5.100.0",
      });
    }
  });

  it("says which Terraform it needs, rather than fail half way with an older one", () => {
    for (const stack of stacks) {
      expect((stack.json.terraform as { required_version?: string }).required_version).toBe(">= 1.10");
    }
  });

  it("tags all that it creates with the organization and the map's tags", () => {
    for (const stack of stacks) {
      expect(stack.json.provider.aws[0]!["default_tags"]).toEqual([
        { tags: { "session-audit": "acme", "managed-by": "session-audit" } },
      ]);
    }
  });

  it("reaches its account with the credentials it finds when deployment is ambient", () => {
    const map = exampleWith((m) => (m.deployment = { mode: "ambient" }));
    const [provider] = synthesizeOne("account-payments", map).json.provider.aws;
    expect(provider).not.toHaveProperty("assume_role");
    expect(provider).toHaveProperty("allowed_account_ids", ["444444444444"]);
  });

  it("passes the external id on", () => {
    const map = exampleWith(
      (m) => (m.deployment = { mode: "assume-role", role: "deploy", externalId: "secret-1" }),
    );
    const [provider] = synthesizeOne("account-payments", map).json.provider.aws;
    expect(provider!["assume_role"]).toEqual([
      {
        role_arn: "arn:aws:iam::444444444444:role/deploy",
        session_name: "session-audit",
        external_id: "secret-1",
      },
    ]);
  });
});

describe("the state of a stack", () => {
  it("lies in a local file named after it, at a relative path", () => {
    expect(session().json.terraform.backend).toEqual({
      local: { path: "../../../state/session-payments-us-east-1.tfstate" },
    });
  });

  it("lies in S3 under the prefix, encrypted and locked by S3 itself", () => {
    const stack = session((m) => {
      m.state = { backend: "s3", bucket: "acme-state", region: "eu-west-1", keyPrefix: "audit" };
    });
    expect(stack.json.terraform.backend).toEqual({
      s3: {
        bucket: "acme-state",
        key: "audit/session-payments-us-east-1.tfstate",
        region: "eu-west-1",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it("is reached with a role and a key of its own where the map names them", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:999999999999:key/11111111-2222-3333-4444-555555555555";
    const roleArn = "arn:aws:iam::999999999999:role/state";
    const stack = session((m) => {
      m.state = {
        backend: "s3",
        bucket: "acme-state",
        region: "eu-west-1",
        keyPrefix: "audit",
        kmsKeyArn,
        roleArn,
      };
    });
    expect(stack.json.terraform.backend).toMatchObject({
      s3: { kms_key_id: kmsKeyArn, assume_role: { role_arn: roleArn } },
    });
  });

  it("lies in an HCP Terraform workspace named after it", () => {
    const stack = session((m) => {
      m.state = { backend: "cloud", organization: "acme", workspacePrefix: "audit-" };
    });
    expect(stack.json.terraform).toMatchObject({
      cloud: {
        hostname: "app.terraform.io",
        organization: "acme",
        workspaces: { name: "audit-session-payments-us-east-1" },
      },
    });
  });
});

describe("the preferences document", () => {
  it("is the account's own, of type Session", () => {
    expect(session().the("aws_ssm_document")).toMatchObject({
      name: "SSM-SessionManagerRunShell",
      document_type: "Session",
      document_format: "JSON",
    });
  });

  it("has booleans as booleans and timeouts as strings, and sends everything to both destinations", () => {
    expect(preferences()).toMatchObject({ schemaVersion: "1.0", sessionType: "Standard_Stream" });
    expect(preferences().inputs).toEqual({
      s3BucketName: "session-audit-acme-111111111111-us-east-1",
      s3KeyPrefix: "sessions/444444444444/us-east-1",
      s3EncryptionEnabled: true,
      cloudWatchLogGroupName: "/session-audit/acme/sessions",
      cloudWatchEncryptionEnabled: true,
      cloudWatchStreamingEnabled: true,
      kmsKeyId: "alias/session-audit-acme",
      runAsEnabled: false,
      runAsDefaultUser: "",
      idleSessionTimeout: "15",
      maxSessionDuration: "240",
      shellProfile: { windows: "", linux: "" },
    });
  });

  it.each<[string, Parameters<typeof exampleWith>[0], Record<string, unknown>]>([
    [
      "enforcement of S3 off",
      (m) => (m.preferences = { enforce: { s3: false } }),
      { s3EncryptionEnabled: false },
    ],
    [
      "enforcement of CloudWatch off",
      (m) => (m.preferences = { enforce: { cloudWatch: false } }),
      { cloudWatchEncryptionEnabled: false },
    ],
    ["no streaming", (m) => (m.logs = { streaming: false }), { cloudWatchStreamingEnabled: false }],
    ["no session key", (m) => (m.preferences = { encryptSessionData: false }), { kmsKeyId: "" }],
    [
      "run as",
      (m) => (m.preferences = { runAs: { enabled: true, defaultUser: "ops" } }),
      { runAsEnabled: true, runAsDefaultUser: "ops" },
    ],
    [
      "shell profiles",
      (m) => (m.preferences = { shellProfile: { linux: "exec bash", windows: "cls" } }),
      { shellProfile: { linux: "exec bash", windows: "cls" } },
    ],
    [
      "no maximum",
      (m) => (m.accounts["payments"]!.preferences = { maximumDurationMinutes: null }),
      { maxSessionDuration: "" },
    ],
    ["own bucket", withoutArchive, { s3BucketName: "session-audit-acme-444444444444-us-east-1" }],
    [
      "an existing bucket",
      (m) => (m.accounts["payments"]!.transcripts = { bucket: { existing: "their-bucket" } }),
      { s3BucketName: "their-bucket" },
    ],
    ["an existing group", existingGroup, { cloudWatchLogGroupName: "/their/group" }],
  ])("says %s", (_what, change, inputs) => {
    expect(preferences(change).inputs).toMatchObject(inputs);
  });

  it("changes its description with its content, so that no two revisions are the same to AWS", () => {
    const changed = preferences((m) => (m.accounts["payments"]!.preferences!.idleTimeoutMinutes = 14));
    expect(changed.description).not.toBe(preferences().description);
    expect(preferences().description).toMatch(/revision [0-9a-f]{12}/);
  });

  it("is imported only when the map says that it is there", () => {
    expect(session().json.import).toBeUndefined();
    const adopted = session((m) => (m.accounts["payments"]!.preferences!.adopt = true));
    expect(adopted.json.import).toEqual([
      { to: "aws_ssm_document.Preferences", id: "SSM-SessionManagerRunShell" },
    ]);
  });

  it("comes after everything that sessions are then told to use", () => {
    const stack = session(withoutArchive);
    const after = stack.the("aws_ssm_document")["depends_on"] as string[];
    expect(after).toEqual(
      expect.arrayContaining([
        stack.addresses.find((address) => address.startsWith("aws_kms_alias")),
        "aws_cloudwatch_log_group.LogGroup",
        stack.addresses.find((address) => /s3_bucket_policy.Transcripts_Policy/.test(address)),
        stack.addresses.find((address) => /encryption_configuration.Transcripts_Encryption/.test(address)),
      ]),
    );
  });
});

describe("protection", () => {
  const KEPT = ["aws_kms_key", "aws_s3_bucket", "aws_cloudwatch_log_group", "aws_ssm_document"];
  /** But the guard's own log, which goes when the map takes the guard away: it is no record of a session. */
  const kept = (change: Parameters<typeof exampleWith>[0]) =>
    [...synthesize(exampleWith(change)).values()].flatMap((stack) =>
      KEPT.flatMap((type) => Object.entries(stack.all(type)))
        .filter(([id]) => id !== "Guard_Function_Log_73965AC5")
        .map(([, resource]) => resource),
    );

  it("keeps every key, bucket, log group and preferences document from being destroyed", () => {
    const resources = kept((m) => delete m.accounts["sandbox"]!.protect);
    expect(resources.length).toBeGreaterThan(10);
    for (const resource of resources) {
      expect(resource["lifecycle"]).toEqual({ prevent_destroy: true });
      expect(resource["force_destroy"] ?? false).toBe(false);
    }
  });

  it("is off where the map says protect: false", () => {
    const resources = kept((m) => {
      m.protect = false;
      withoutArchive(m);
    });
    for (const resource of resources) expect(resource["lifecycle"]).toEqual({ prevent_destroy: false });
  });
});

describe("buckets", () => {
  const archive = (change?: Parameters<typeof exampleWith>[0]) =>
    synthesizeOne("archive-eu-central-1", change && exampleWith(change));

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

  it("lock nothing when it is off, and stay lockable, since switching that replaces a bucket", () => {
    const stack = archive((m) => (m.transcripts!.objectLock = { mode: "off" }));
    expect(stack.the("aws_s3_bucket", /^Transcripts$/)["object_lock_enabled"]).toBe(true);
    expect(stack.the("aws_s3_bucket", /^Transcripts_AccessLogs_\w+$/)["object_lock_enabled"]).toBe(false);
    expect(stack.all("aws_s3_bucket_object_lock_configuration")).toEqual({});
  });

  it("move and expire transcripts as the map says", () => {
    const stack = archive((m) => {
      m.transcripts!.lifecycle = {
        glacierInstantRetrievalAfterDays: 30,
        glacierAfterDays: 90,
        deepArchiveAfterDays: 365,
        expireAfterDays: 2557,
        noncurrentExpireAfterDays: 400,
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
        noncurrent_version_expiration: [{ noncurrent_days: 400 }],
      },
    ]);
  });

  it("delete nothing unless the map says when", () => {
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

  it("write their access logs to a bucket made for them, to an existing one, or nowhere", () => {
    const logging = (change?: Parameters<typeof exampleWith>[0]) =>
      Object.values(archive(change).all("aws_s3_bucket_logging")).map(
        (resource) => resource["target_bucket"],
      );
    expect(logging()).toEqual(["session-audit-acme-111111111111-eu-central-1-access"]);
    expect(logging((m) => (m.transcripts!.accessLogs = { existing: "their-logs" }))).toEqual(["their-logs"]);
    expect(logging((m) => (m.transcripts!.accessLogs = "none"))).toEqual([]);
  });
});

describe("encryption", () => {
  const keyArn = "arn:aws:kms:us-east-1:444444444444:key/11111111-2222-3333-4444-555555555555";
  const existing: Parameters<typeof exampleWith>[0] = (m) => {
    const payments = m.accounts["payments"]!;
    payments.regions = { "us-east-1": { encryption: { mode: "existing", keyArn } } };
    payments.homeRegion = "us-east-1";
  };

  it("creates a key that rotates, with the map's periods", () => {
    const stack = session((m) => (m.encryption = { rotationPeriodDays: 90, deletionWindowDays: 7 }));
    expect(stack.the("aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      rotation_period_in_days: 90,
      deletion_window_in_days: 7,
    });
  });

  it("uses an existing key everywhere, creates none, and says what its policy must allow", () => {
    const stack = session(existing);
    expect(stack.all("aws_kms_key")).toEqual({});
    expect(stack.the("aws_cloudwatch_log_group")["kms_key_id"]).toBe(keyArn);
    expect(stack.the("aws_sns_topic", /^Activity/)["kms_master_key_id"]).toBe(keyArn);
    expect(stack.document<Preferences>("aws_ssm_document", "content").inputs["kmsKeyId"]).toBe(keyArn);
    const required = stack.json.output!["required_key_statements"]!.value as { Sid: string }[];
    expect(required.map(({ Sid }) => Sid)).toEqual([
      "CloudWatchLogsEncryptsThisLogGroup",
      "UsersOpenDataChannels",
      "InstancesOpenDataChannels",
      "EventBridgePublishesToTopics",
      "CloudWatchAlarmsPublishToTopics",
    ]);
  });

  it("uses AES256 and no key where the map says s3-managed", () => {
    const stack = session((m) => {
      withoutArchive(m);
      m.encryption = { mode: "s3-managed" };
      m.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
    });
    expect(stack.all("aws_kms_key")).toEqual({});
    expect(stack.the("aws_cloudwatch_log_group")).not.toHaveProperty("kms_key_id");
    expect(stack.the("aws_sns_topic", /^Activity/)).not.toHaveProperty("kms_master_key_id");
    const encryption = stack.the(
      "aws_s3_bucket_server_side_encryption_configuration",
      /^Transcripts_Encryption/,
    );
    expect(JSON.stringify(encryption["rule"])).toContain('"sse_algorithm":"AES256"');
  });
});

describe("the log group", () => {
  it("keeps logs as long as the map says, in the class that it says", () => {
    const stack = session((m) => (m.logs = { class: "INFREQUENT_ACCESS" }));
    expect(stack.the("aws_cloudwatch_log_group")).toMatchObject({
      name: "/session-audit/acme/sessions",
      retention_in_days: 731,
      log_group_class: "INFREQUENT_ACCESS",
    });
  });

  it("is not created where one exists, or where none is wanted", () => {
    const existing = session(existingGroup);
    expect(existing.all("aws_cloudwatch_log_group")).toEqual({});
    const none = session((m) => {
      existingGroup(m);
      m.accounts["payments"]!.logs = { group: "none", streaming: false };
      m.preferences = { enforce: { cloudWatch: false } };
    });
    expect(none.all("aws_cloudwatch_log_group")).toEqual({});
  });
});

describe("the account stack", () => {
  const account = (change?: Parameters<typeof exampleWith>[0]) =>
    synthesizeOne("account-payments", change && exampleWith(change));

  it("attaches the instance policy to the roles of the map", () => {
    expect(account().the("aws_iam_role_policy_attachment")).toMatchObject({
      role: "app-server",
      policy_arn: "${aws_iam_policy.InstancePolicy.arn}",
    });
  });

  it("creates an instance profile with what Systems Manager and recording need, inside a boundary", () => {
    const boundary = "arn:aws:iam::444444444444:policy/boundary";
    const stack = account((m) => {
      m.accounts["payments"]!.access = {
        attachToRoles: [],
        instanceProfile: true,
        permissionsBoundaryArn: boundary,
      };
    });
    expect(stack.the("aws_iam_role")["permissions_boundary"]).toBe(boundary);
    const attached = Object.values(stack.all("aws_iam_role_policy_attachment")).map((a) => a["policy_arn"]);
    expect(attached.sort()).toEqual([
      "${aws_iam_policy.InstancePolicy.arn}",
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    ]);
  });

  it("leaves out the policies for people that the map does not want", () => {
    const stack = account((m) => (m.access = { operatorPolicy: false, reviewerPolicy: false }));
    expect(Object.keys(stack.all("aws_iam_policy"))).toEqual(["InstancePolicy"]);
  });

  it("creates a trail of all regions, encrypted and with validation, only when told to", () => {
    expect(account().all("aws_cloudtrail")).toEqual({});
    expect(synthesizeOne("account-storefront").the("aws_cloudtrail")).toMatchObject({
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
      kms_key_id: expect.stringMatching(/^\$\{aws_kms_key\.Trail_Key_[0-9A-F]{8}\.arn\}$/),
    });
  });
});

describe("a trail", () => {
  it("has a bucket without bucket key, with which CloudTrail would need to decrypt", () => {
    const encryption = synthesizeOne("account-storefront").the(
      "aws_s3_bucket_server_side_encryption_configuration",
      /^Trail_Bucket/,
    );
    expect(encryption["rule"]).toEqual([expect.objectContaining({ bucket_key_enabled: false })]);
  });

  it("is set up as the map says of the home region, whose key it needs", () => {
    const keyArn = "arn:aws:kms:us-east-1:333333333333:key/11111111-2222-3333-4444-555555555555";
    const map = exampleWith((m) => {
      m.accounts["storefront"]!.regions = { "us-east-1": { encryption: { mode: "existing", keyArn } } };
    });
    const stack = synthesizeOne("account-storefront", map);
    expect(stack.the("aws_cloudtrail")["kms_key_id"]).toBe(keyArn);
    expect(stack.all("aws_kms_key")).toEqual({});
    expect(JSON.stringify(stack.json.output!["required_trail_key_statements"]!.value)).toContain(
      "CloudTrailEncryptsThisTrail",
    );
  });
});

describe("notifications", () => {
  it("report the calls of the map, and only those that succeeded", () => {
    const stack = session((m) => (m.notifications!.activity!.events = ["StartSession"]));
    expect(stack.document("aws_cloudwatch_event_rule", "event_pattern", /^Activity/)).toMatchObject({
      source: ["aws.ssm"],
      detail: { eventName: ["StartSession"], errorCode: [{ exists: false }] },
    });
  });

  it("are not set up where they are off", () => {
    const stack = session((m) => (m.notifications!.activity!.enabled = false));
    expect(stack.addresses.filter((address) => /Activity/.test(address))).toEqual([]);
  });

  it("filter on the body of the message, and keep what machines do not take", () => {
    const stack = session((m) => {
      m.accounts["payments"]!.notifications = {
        activity: {
          subscribers: [
            {
              protocol: "sqs",
              endpoint: "arn:aws:sqs:us-east-1:444444444444:siem",
              filterPolicy: { action: ["StartSession"] },
            },
          ],
        },
      };
    });
    expect(stack.the("aws_sns_topic_subscription")).toMatchObject({
      filter_policy: '{"action":["StartSession"]}',
      filter_policy_scope: "MessageBody",
      redrive_policy:
        '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:444444444444:session-audit-acme-activity-dead-letters"}',
    });
  });

  it("are retried for a day, then kept for two weeks, and alarms tell", () => {
    const stack = session();
    expect(stack.the("aws_cloudwatch_event_target", /^Activity/)).toMatchObject({
      retry_policy: { maximum_event_age_in_seconds: 86400, maximum_retry_attempts: 185 },
      dead_letter_config: {
        arn: "arn:aws:sqs:us-east-1:444444444444:session-audit-acme-activity-dead-letters",
      },
    });
    expect(stack.the("aws_sqs_queue", /^Activity/)["message_retention_seconds"]).toBe(1209600);
    const alarms = Object.entries(stack.all("aws_cloudwatch_metric_alarm"))
      .filter(([id]) => id.startsWith("Activity"))
      .map(([, alarm]) => alarm);
    expect(alarms.map((alarm) => alarm["metric_name"]).sort()).toEqual([
      "ApproximateNumberOfMessagesVisible",
      "FailedInvocations",
      "InvocationsFailedToBeSentToDlq",
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        comparison_operator: "GreaterThanThreshold",
        threshold: 0,
        treat_missing_data: "notBreaching",
      });
      expect(alarm["alarm_actions"]).toContain(
        "arn:aws:sns:us-east-1:444444444444:session-audit-acme-activity",
      );
    }
  });
});

it("public sharing of documents is blocked in every target", () => {
  expect(session().the("aws_ssm_service_setting")).toMatchObject({
    setting_id:
      "arn:aws:ssm:us-east-1:444444444444:servicesetting/ssm/documents/console/public-sharing-permission",
    setting_value: "Disable",
  });
});
