import { select } from "../../fleet/selection";
import { checkMap } from "../../stacks/read-organization";
import { SLACK } from "../fixtures/chat";
import { BACKUP, crossed, replicated, replicatedTargets } from "../helpers/replicated";
import { synthesize, synthesizeOne } from "../helpers/synth";
import { stacksOf } from "../../stacks/stack-graph";

const ID = "replica-log-archive-eu-central-1";
const COPY = "session-audit-acme-111111111111-eu-central-1-copy";
const replica = (change?: Parameters<typeof replicated>[0]) => synthesizeOne(ID, replicated(change));

interface Rule {
  filter: { prefix: string };
  delete_marker_replication: { status: string };
  source_selection_criteria?: { sse_kms_encrypted_objects: { status: string } };
  destination: Record<string, unknown>;
}
const ruleOf = (stack = replica()) =>
  (stack.the("aws_s3_bucket_replication_configuration")["rule"] as Rule[])[0]!;

it("declares each replica under its pinned addresses", () => {
  expect(replica().addresses).toEqual([
    "aws_cloudwatch_event_rule.Security_Account_942FEC3F",
    "aws_cloudwatch_event_rule.Security_Channels_3B9B675B",
    "aws_cloudwatch_event_rule.Security_Delivery_0DBE75BE",
    "aws_cloudwatch_event_rule.Security_Forwarding_AlarmChanges_00E26080",
    "aws_cloudwatch_event_rule.Security_Tampering_8F357D09",
    "aws_cloudwatch_event_target.Security_Account_Target_6902E45F",
    "aws_cloudwatch_event_target.Security_Channels_Central_BC9CDE5D",
    "aws_cloudwatch_event_target.Security_Channels_Target_04A837FA",
    "aws_cloudwatch_event_target.Security_Delivery_Central_E0FCF865",
    "aws_cloudwatch_event_target.Security_Delivery_Target_8A71C988",
    "aws_cloudwatch_event_target.Security_Forwarding_AlarmChanges_Central_B4A04361",
    "aws_cloudwatch_event_target.Security_Tampering_Central_CC08C92B",
    "aws_cloudwatch_event_target.Security_Tampering_Target_EA6FE3A8",
    "aws_cloudwatch_metric_alarm.Replication_Failed_4051FB54",
    "aws_cloudwatch_metric_alarm.Security_Alarms_DeadLetters_0C1EF78D",
    "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations2_2AA37C9D",
    "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations3_3C494016",
    "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations4_965E919B",
    "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocationsForwarding_6C2CE93D",
    "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations_EEE7B251",
    "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters2_BC81098B",
    "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters3_7DC7E174",
    "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters4_ECAD898F",
    "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLettersForwarding_96FEBDBB",
    "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters_AE6C1182",
    "aws_iam_role.Replication_Role_31133ADA",
    "aws_iam_role.Security_Forwarding_Role_65537DC6",
    "aws_iam_role_policy.Replication_Policy_18722E3B",
    "aws_iam_role_policy.Security_Forwarding_Role_Policy_DF449A31",
    "aws_kms_alias.Key_Alias_6C2E2031",
    "aws_kms_key.Key",
    "aws_s3_bucket.Copies",
    "aws_s3_bucket.Copies_AccessLogs_62B04BBA",
    "aws_s3_bucket_lifecycle_configuration.Copies_AccessLogs_Lifecycle_5127FC84",
    "aws_s3_bucket_lifecycle_configuration.Copies_Lifecycle_6914EE8C",
    "aws_s3_bucket_logging.Copies_AccessLogging_98358F21",
    "aws_s3_bucket_object_lock_configuration.Copies_ObjectLock_F7DABEF5",
    "aws_s3_bucket_ownership_controls.Copies_AccessLogs_Ownership_1919424B",
    "aws_s3_bucket_ownership_controls.Copies_Ownership_F0191A23",
    "aws_s3_bucket_policy.Copies_AccessLogs_Policy_F8066F93",
    "aws_s3_bucket_policy.Copies_Policy_141B59BF",
    "aws_s3_bucket_public_access_block.Copies_AccessLogs_PublicAccessBlock_BDD10113",
    "aws_s3_bucket_public_access_block.Copies_PublicAccessBlock_FBD27612",
    "aws_s3_bucket_replication_configuration.Replication",
    "aws_s3_bucket_server_side_encryption_configuration.Copies_AccessLogs_Encryption_10B2FEE7",
    "aws_s3_bucket_server_side_encryption_configuration.Copies_Encryption_350E35E7",
    "aws_s3_bucket_versioning.Copies_AccessLogs_Versioning_BCED9C3F",
    "aws_s3_bucket_versioning.Copies_Versioning_614822AD",
    "aws_sns_topic.Security_Topic_30ED212E",
    "aws_sns_topic_policy.Security_Topic_Policy_340FDC87",
    "aws_sqs_queue.Security_DeadLetters_00FCC4D2",
    "aws_sqs_queue_policy.Security_DeadLetters_Policy_10B19230",
  ]);
});

describe("the stack of a replica", () => {
  const [owner, source] = replica().json.provider.aws;

  it("has a provider for the owner of the replica, in the region of the copy", () => {
    expect(owner).toMatchObject({ region: "eu-west-1", allowed_account_ids: [BACKUP] });
    expect(owner).not.toHaveProperty("alias");
  });

  it("has a second provider for the owner of the source bucket, with the same role", () => {
    expect(source).toMatchObject({
      alias: "source",
      region: "eu-central-1",
      allowed_account_ids: ["111111111111"],
      assume_role: [{ role_arn: "arn:aws:iam::111111111111:role/session-audit-deploy" }],
    });
  });

  it("creates the rule and role of replication at the source, and everything else at the copy", () => {
    const stack = replica();
    const atSource = stack.addresses.filter((address) => {
      const [type, id] = address.split(".") as [string, string];
      return stack.all(type)[id]!["provider"] === "aws.source";
    });
    expect(atSource).toEqual(stack.addresses.filter((address) => /\.Replication/.test(address)));
    expect(atSource).toHaveLength(4);
  });

  it("has a state with its id in the key", () => {
    expect(replica().json.terraform.backend).toEqual({
      local: { path: `../../../state/${ID}.tfstate` },
    });
  });
});

describe("the replica", () => {
  it("is a bucket named after its source", () => {
    expect(replica().the("aws_s3_bucket", /^Copies$/)).toMatchObject({
      bucket: COPY,
      object_lock_enabled: true,
    });
  });

  it.each([
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_object_lock_configuration",
    "aws_s3_bucket_lifecycle_configuration",
  ])("has the same retention as its source: %s", (type) => {
    const settings = (stack: ReturnType<typeof replica>, id: RegExp) => {
      const { bucket: _, depends_on: __, "//": ___, ...rest } = stack.the(type, id);
      return rest;
    };
    const map: Parameters<typeof replicated>[0] = (m) => {
      m.accounts["log-archive"]!.transcripts = {
        objectLock: { mode: "compliance", days: 30 },
        lifecycle: { glacierAfterDays: 400 },
      };
    };
    const archive = synthesizeOne("archive-eu-central-1", replicated(map));
    expect(settings(replica(map), /^Copies_[^A]/)).toEqual(settings(archive, /^Transcripts_[^A]/));
  });

  it.each([
    [{ deepArchiveAfterDays: 365 }, true],
    [{ glacierInstantRetrievalAfterDays: 90 }, false],
  ])("lets readers restore copies as its source does, with %j: %s", (lifecycle, restores) => {
    const map: Parameters<typeof replicated>[0] = (m) => (m.transcripts = { ...m.transcripts, lifecycle });
    const archive = synthesizeOne("archive-eu-central-1", replicated(map));
    const policies = [
      replica(map).document("aws_s3_bucket_policy", "policy", /^Copies_Policy/),
      archive.document("aws_s3_bucket_policy", "policy", /^Transcripts_Policy/),
    ];
    for (const policy of policies) expect(JSON.stringify(policy).includes("s3:RestoreObject")).toBe(restores);
  });

  it("is encrypted with its own key, with a bucket key", () => {
    const { rule } = replica().the("aws_s3_bucket_server_side_encryption_configuration", /^Copies_E/);
    expect(rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          kms_master_key_id: "${aws_kms_key.Key.arn}",
          sse_algorithm: "aws:kms",
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  it("has its own access log bucket, whatever bucket has the source's access logs", () => {
    const stack = replica((m) => {
      m.accounts["log-archive"]!.transcripts = { accessLogs: { existing: "their-access-logs" } };
    });
    expect(stack.the("aws_s3_bucket_logging")["target_bucket"]).toBe(`${COPY}-access`);
  });

  it("has no access logs if the source has none", () => {
    const stack = replica((m) => {
      m.accounts["log-archive"]!.transcripts = { accessLogs: "none" };
    });
    expect(stack.all("aws_s3_bucket_logging")).toEqual({});
  });

  it("has the protection of its source, not of its owner", () => {
    const protects = (change: Parameters<typeof replicated>[0]) =>
      replica(change).the("aws_s3_bucket", /^Copies$/)["lifecycle"];
    expect(protects((m) => (m.accounts["backup"]!.protect = false))).toEqual({ prevent_destroy: true });
    expect(protects((m) => (m.accounts["log-archive"]!.protect = false))).toEqual({ prevent_destroy: false });
  });

  it("can use an existing key of its owner", () => {
    const keyArn = `arn:aws:kms:eu-west-1:${BACKUP}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
    const stack = replica((m) => (m.accounts["backup"]!.encryption = { mode: "existing", keyArn }));
    expect(stack.all("aws_kms_key")).toEqual({});
    expect(ruleOf(stack).destination).toMatchObject({
      encryption_configuration: { replica_kms_key_id: keyArn },
    });
    expect(JSON.stringify(stack.json.output!["required_key_statements"])).toContain(
      "ReplicationEncryptsThroughS3",
    );
  });
});

describe("the rule", () => {
  it("replicates transcripts, with their keys, and no delete marker", () => {
    expect(ruleOf()).toEqual({
      id: "transcripts",
      priority: 1,
      status: "Enabled",
      filter: { prefix: "sessions/" },
      delete_marker_replication: { status: "Disabled" },
      source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
      destination: {
        bucket: `arn:aws:s3:::${COPY}`,
        account: BACKUP,
        access_control_translation: { owner: "Destination" },
        encryption_configuration: { replica_kms_key_id: "${aws_kms_key.Key.arn}" },
        metrics: { status: "Enabled" },
      },
    });
  });

  it("has the prefix of its source", () => {
    const stack = replica((m) => (m.accounts["log-archive"]!.transcripts = { prefix: "kept/here" }));
    expect(ruleOf(stack).filter).toEqual({ prefix: "kept/here/" });
  });

  it("changes the owner of objects only across accounts", () => {
    const stack = replica((m) => {
      delete m.accounts["backup"];
      m.transcripts!.replication = { region: "eu-west-1" };
    });
    expect(ruleOf(stack).destination).not.toHaveProperty("account");
    expect(ruleOf(stack).destination).not.toHaveProperty("access_control_translation");
  });

  it("names no key if the copy has none", () => {
    const stack = replica((m) => {
      m.encryption = { mode: "s3-managed" };
      m.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
    });
    expect(ruleOf(stack)).not.toHaveProperty("source_selection_criteria");
    expect(ruleOf(stack).destination).not.toHaveProperty("encryption_configuration");
  });

  it("is created after the bucket that it replicates to, and after the policy of its role", () => {
    const waits = replica().the("aws_s3_bucket_replication_configuration")["depends_on"] as string[];
    expect(waits).toEqual(
      expect.arrayContaining([
        "aws_iam_role_policy.Replication_Policy_18722E3B",
        expect.stringMatching(/^aws_s3_bucket_versioning\.Copies_/),
        expect.stringMatching(/^aws_s3_bucket_policy\.Copies_/),
        expect.stringMatching(/^aws_s3_bucket_object_lock_configuration\.Copies_/),
      ]),
    );
  });

  it("has a role with the permissions boundary of its account", () => {
    const boundary = "arn:aws:iam::111111111111:policy/boundary";
    const stack = replica(
      (m) => (m.accounts["log-archive"]!.access = { permissionsBoundaryArn: boundary, attachToRoles: [] }),
    );
    expect(stack.the("aws_iam_role", /^Replication/)).toMatchObject({
      name: "session-audit-acme-replication-eu-central-1",
      permissions_boundary: boundary,
    });
  });
});

describe("a transcript that is not replicated", () => {
  const alarm = (stack = replica()) => stack.the("aws_cloudwatch_metric_alarm", /^Replication/);

  it("raises an alarm at the first failure", () => {
    expect(alarm()).toMatchObject({
      alarm_name: `${COPY}-failed`,
      namespace: "AWS/S3",
      metric_name: "OperationsFailedReplication",
      dimensions: {
        SourceBucket: "session-audit-acme-111111111111-eu-central-1",
        DestinationBucket: COPY,
        RuleId: "transcripts",
      },
      threshold: 0,
      comparison_operator: "GreaterThanThreshold",
    });
  });

  it("is reported to the archive's security channel", () => {
    expect(alarm()["alarm_actions"]).toEqual([
      "arn:aws:sns:eu-central-1:111111111111:session-audit-acme-archive-security",
    ]);
  });

  it("is reported to the target's security channel if the target has its own bucket", () => {
    const stack = synthesizeOne("replica-payments-us-east-1", replicatedTargets());
    expect(alarm(stack)["alarm_actions"]).toEqual([
      "arn:aws:sns:us-east-1:444444444444:session-audit-acme-activity",
      "arn:aws:sns:us-east-1:444444444444:session-audit-acme-security",
    ]);
  });
});

describe("changes to a replica", () => {
  const pattern = (stack = replica()) =>
    stack.document<{ detail: { $or: { requestParameters?: Record<string, unknown> }[] } }>(
      "aws_cloudwatch_event_rule",
      "event_pattern",
      /Tampering/,
    );

  it("are reported in the account and region of the replica, also for its access logs", () => {
    const watched = pattern().detail.$or.flatMap(
      ({ requestParameters }) => requestParameters?.["bucketName"] ?? [],
    );
    expect(watched).toEqual([COPY, `${COPY}-access`]);
    expect(JSON.stringify(pattern())).toContain(`alias/${COPY}`);
  });

  it("have rules whose names are short enough for AWS", () => {
    const rules = Object.values(replica().all("aws_cloudwatch_event_rule")).map((rule) => rule["name"]);
    const named = ["account", "alarms", "copy", "delivery", "rules"].map((last) =>
      COPY.replace(/copy$/, last),
    );
    expect(rules.sort()).toEqual(named);
  });

  it("go to a topic of the replica's own", () => {
    expect(replica().the("aws_sns_topic")).toMatchObject({ name: COPY });
  });

  it("are not reported if the owner's security channel is off", () => {
    const stack = replica((m) => (m.accounts["backup"]!.notifications = { security: { enabled: false } }));
    expect(stack.all("aws_sns_topic")).toEqual({});
  });

  it("go to an existing topic if the map names one", () => {
    const topic = { existing: "findings" };
    const stack = replica((m) => (m.accounts["backup"]!.notifications = { security: { topic } }));
    const existing = `arn:aws:sns:eu-west-1:${BACKUP}:findings`;
    expect(stack.all("aws_sns_topic")).toEqual({});
    const targets = Object.values(stack.all("aws_cloudwatch_event_target"));
    const topics = targets.filter((target) => target["target_id"] === "topic");
    expect(topics.map((target) => target["arn"])).toEqual(Array(4).fill(existing));
    expect(Object.keys(stack.json.output!["required_topic_statements"]!.value as object)).toEqual([existing]);
  });
});

describe("chat", () => {
  const chatting = (map = replicated) =>
    map((m) => {
      m.notifications!.security = { chat: [SLACK] };
      m.accounts["backup"]!.access = { attachToRoles: [] };
    });

  it("receives changes to the replicas of an account, through the account's chat stack", () => {
    const told = JSON.stringify(
      synthesizeOne("chat-backup", chatting()).the("aws_chatbot_slack_channel_configuration"),
    );
    expect(told).toContain(`arn:aws:sns:eu-west-1:${BACKUP}:${COPY}-chat`);
  });

  it("is deployed after the replicas, whatever the waves of their sources", () => {
    for (const map of [chatting(), chatting(replicatedTargets)]) {
      const stacks = stacksOf(checkMap(map, "map"));
      const order = stacks.map(({ id }) => id);
      const chat = stacks.find(({ id }) => id === "chat-backup")!;
      expect(chat.dependsOn).toEqual(expect.arrayContaining(order.filter((id) => id.startsWith("replica-"))));
      for (const before of chat.dependsOn) expect(order.indexOf(before)).toBeLessThan(order.indexOf(chat.id));
    }
  });
});

describe("the bucket that is replicated", () => {
  it("allows only its own role to read for replication", () => {
    const stack = synthesizeOne("archive-eu-central-1", replicated());
    const policy = JSON.stringify(stack.document("aws_s3_bucket_policy", "policy", /^Transcripts_Policy/));
    expect(policy).toContain("arn:aws:iam::111111111111:role/session-audit-acme-replication-eu-central-1");
  });

  it("differs only in its policy from a bucket without a replica", () => {
    const { resource } = synthesizeOne("archive-eu-central-1", replicated()).json;
    const plain = synthesizeOne("archive-eu-central-1").json.resource!;
    const { aws_s3_bucket_policy: _, ...others } = plain;
    expect(resource).toMatchObject(others);
  });
});

describe("the stacks of a map with replicas", () => {
  const ids = (map = replicated()) => stacksOf(checkMap(map, "map")).map(({ id }) => id);

  it("are those that are synthesized", () => {
    for (const map of [replicated(), replicatedTargets()]) {
      expect(ids(map).sort()).toEqual([...synthesize(map).keys()].sort());
    }
  });

  it("are deployed after the source bucket, and before session stacks that write to an archive", () => {
    const order = ids();
    expect(order.indexOf("archive-us-east-1")).toBeLessThan(order.indexOf("replica-log-archive-us-east-1"));
    expect(order.indexOf("replica-log-archive-us-east-1")).toBeLessThan(
      order.indexOf("session-payments-us-east-1"),
    );
  });

  it("are deployed after the session stack whose own bucket is replicated", () => {
    const order = ids(replicatedTargets());
    expect(order.indexOf("session-payments-us-east-1")).toBeLessThan(
      order.indexOf("replica-payments-us-east-1"),
    );
  });

  it("are deployed in the order of their dependencies", () => {
    for (const map of [replicated(), replicatedTargets(), crossed()]) {
      const stacks = stacksOf(checkMap(map, "map"));
      for (const { id, dependsOn } of stacks) {
        for (const before of dependsOn) expect(ids(map).indexOf(before)).toBeLessThan(ids(map).indexOf(id));
      }
    }
  });

  it("are selected with a wave whose sessions need them, and with their source", () => {
    const selected = (map: ReturnType<typeof replicated>, selection: Parameters<typeof select>[1]) =>
      select(stacksOf(checkMap(map, "map")), selection).map(({ id }) => id);
    expect(selected(replicated(), { waves: ["canary"] })).toContain("replica-log-archive-eu-central-1");
    expect(selected(replicatedTargets(), { waves: ["canary"] })).toContain("replica-sandbox-eu-central-1");
    expect(selected(replicatedTargets(), { accounts: ["storefront"] })).toEqual([
      "account-storefront",
      "session-storefront-us-east-1",
      "replica-storefront-us-east-1",
    ]);
    expect(selected(replicated(), { kinds: ["replica"] })).toEqual([
      "archive-eu-central-1",
      "archive-us-east-1",
      "replica-log-archive-eu-central-1",
      "replica-log-archive-us-east-1",
    ]);
  });
});

describe("archives that are copied to each other's region", () => {
  const replicas = [...synthesize(crossed()).values()].filter(({ id }) => id.startsWith("replica-"));

  it("have a replica each, in the other region", () => {
    expect(replicas.map(({ id, json }) => [id, json.provider.aws[0]!["region"]])).toEqual([
      ["replica-log-archive-eu-central-1", "us-east-1"],
      ["replica-log-archive-us-east-1", "eu-central-1"],
    ]);
  });

  it("replicate from archives to replicas alone, so that nothing goes round", () => {
    const buckets = replicas.map((stack) => ({
      from: stack.the("aws_s3_bucket_replication_configuration")["bucket"],
      to: ruleOf(stack).destination["bucket"],
    }));
    const archive = "session-audit-acme-111111111111";
    expect(buckets).toEqual([
      { from: `${archive}-eu-central-1`, to: `arn:aws:s3:::${archive}-eu-central-1-copy` },
      { from: `${archive}-us-east-1`, to: `arn:aws:s3:::${archive}-us-east-1-copy` },
    ]);
  });
});

it("the owner of replicas has a policy for reviewers, and so has the account of their source", () => {
  const map = replicated();
  for (const account of ["backup", "log-archive"]) {
    const policy = JSON.stringify(
      synthesizeOne(`account-${account}`, map).document("aws_iam_policy", "policy"),
    );
    expect(policy).toContain(`arn:aws:s3:::${COPY}/*`);
  }
  const member = JSON.stringify(
    synthesizeOne("account-payments", map).document("aws_iam_policy", "policy", /Reviewer/),
  );
  expect(member).not.toContain(COPY);
});
