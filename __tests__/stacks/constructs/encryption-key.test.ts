import { type Change, dropArchive, sessionStack } from "../../helpers/session-stack";

describe("encryption", () => {
  const keyArn = "arn:aws:kms:us-east-1:444444444444:key/11111111-2222-3333-4444-555555555555";
  const existing: Change = (m) => {
    const payments = m.accounts["payments"]!;
    payments.regions = { "us-east-1": { encryption: { mode: "existing", keyArn } } };
    payments.homeRegion = "us-east-1";
  };

  it("creates a key that rotates, with the map's periods", () => {
    const stack = sessionStack((m) => (m.encryption = { rotationPeriodDays: 90, deletionWindowDays: 7 }));
    expect(stack.the("aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      rotation_period_in_days: 90,
      deletion_window_in_days: 7,
    });
  });

  it("uses an existing key everywhere, creates none, and says what its policy must allow", () => {
    const stack = sessionStack(existing);
    expect(stack.all("aws_kms_key")).toEqual({});
    expect(stack.the("aws_cloudwatch_log_group")["kms_key_id"]).toBe(keyArn);
    expect(stack.the("aws_sns_topic", /^Activity/)["kms_master_key_id"]).toBe(keyArn);
    expect(
      stack.document<{ inputs: Record<string, unknown> }>("aws_ssm_document", "content").inputs["kmsKeyId"],
    ).toBe(keyArn);
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
    const stack = sessionStack((m) => {
      dropArchive(m);
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
