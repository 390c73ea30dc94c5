import { SLACK, TEAMS } from "../fixtures/chat";
import { exampleWith, synthesizeOne } from "../helpers/synth";

/**
 * Addresses are a contract: a changed one destroys a key, a bucket or a log group in every account.
 * If a list here does not match, do not change the list: give the construct back its id and its place, or
 * move the address with `moveFromId`.
 */
describe("the addresses of", () => {
  it("an archive stack", () => {
    expect(synthesizeOne("archive-eu-central-1").addresses).toEqual([
      "aws_cloudwatch_event_bus.Central_Bus_DBF55F8C",
      "aws_cloudwatch_event_bus_policy.Central_Bus_Policy_B4DBB6E1",
      "aws_cloudwatch_event_rule.Central_Channel_AlarmChanges_3E1476BD",
      "aws_cloudwatch_event_rule.Central_Channel_Sessions_8181E5AD",
      "aws_cloudwatch_event_rule.Central_Channel_Tampering_0E8E02DF",
      "aws_cloudwatch_event_rule.Security_Central_6091DC33",
      "aws_cloudwatch_event_rule.Security_Channels_3B9B675B",
      "aws_cloudwatch_event_rule.Security_Delivery_0DBE75BE",
      "aws_cloudwatch_event_rule.Security_Forwarding_AlarmChanges_00E26080",
      "aws_cloudwatch_event_rule.Security_Tampering_8F357D09",
      "aws_cloudwatch_event_target.Central_Channel_AlarmChanges_Target_885384D8",
      "aws_cloudwatch_event_target.Central_Channel_Sessions_Target_C4CB4C36",
      "aws_cloudwatch_event_target.Central_Channel_Tampering_Target_9671082A",
      "aws_cloudwatch_event_target.Security_Central_0E7D74F9",
      "aws_cloudwatch_event_target.Security_Central_Target_0049C30A",
      "aws_cloudwatch_event_target.Security_Channels_Central_BC9CDE5D",
      "aws_cloudwatch_event_target.Security_Channels_Target_04A837FA",
      "aws_cloudwatch_event_target.Security_Delivery_Central_E0FCF865",
      "aws_cloudwatch_event_target.Security_Delivery_Target_8A71C988",
      "aws_cloudwatch_event_target.Security_Forwarding_AlarmChanges_Central_B4A04361",
      "aws_cloudwatch_event_target.Security_Tampering_Central_CC08C92B",
      "aws_cloudwatch_event_target.Security_Tampering_Target_EA6FE3A8",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_DeadLetters_3D941DE2",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_FailedInvocations2_330FD4F8",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_FailedInvocations3_FE985F3E",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_FailedInvocations_12B982F7",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_LostDeadLetters2_D1620515",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_LostDeadLetters3_F74CEDC6",
      "aws_cloudwatch_metric_alarm.Central_Channel_Alarms_LostDeadLetters_3283ECA2",
      "aws_cloudwatch_metric_alarm.Security_Alarms_DeadLetters_0C1EF78D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations2_2AA37C9D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations3_3C494016",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocationsCentral_7F416E4F",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocationsForwarding_6C2CE93D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations_EEE7B251",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters2_BC81098B",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters3_7DC7E174",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLettersCentral_45E95579",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLettersForwarding_96FEBDBB",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters_AE6C1182",
      "aws_iam_role.Security_Forwarding_Role_65537DC6",
      "aws_iam_role_policy.Security_Forwarding_Role_Policy_DF449A31",
      "aws_kms_alias.Central_Key_Alias_FD34FB2A",
      "aws_kms_alias.Key_Alias_6C2E2031",
      "aws_kms_key.Central_Key_4F96929C",
      "aws_kms_key.Key",
      "aws_s3_bucket.Transcripts",
      "aws_s3_bucket.Transcripts_AccessLogs_D5952A82",
      "aws_s3_bucket_lifecycle_configuration.Transcripts_AccessLogs_Lifecycle_B704BDCF",
      "aws_s3_bucket_lifecycle_configuration.Transcripts_Lifecycle_2FEC3BB0",
      "aws_s3_bucket_logging.Transcripts_AccessLogging_50430F14",
      "aws_s3_bucket_object_lock_configuration.Transcripts_ObjectLock_FFE9DECE",
      "aws_s3_bucket_ownership_controls.Transcripts_AccessLogs_Ownership_6DBC8FCA",
      "aws_s3_bucket_ownership_controls.Transcripts_Ownership_697E8A13",
      "aws_s3_bucket_policy.Transcripts_AccessLogs_Policy_2233517B",
      "aws_s3_bucket_policy.Transcripts_Policy_25BB2828",
      "aws_s3_bucket_public_access_block.Transcripts_AccessLogs_PublicAccessBlock_AB26732A",
      "aws_s3_bucket_public_access_block.Transcripts_PublicAccessBlock_02159421",
      "aws_s3_bucket_server_side_encryption_configuration.Transcripts_AccessLogs_Encryption_D7569E13",
      "aws_s3_bucket_server_side_encryption_configuration.Transcripts_Encryption_5F4BC1C1",
      "aws_s3_bucket_versioning.Transcripts_AccessLogs_Versioning_E1914615",
      "aws_s3_bucket_versioning.Transcripts_Versioning_EE4D06D6",
      "aws_sns_topic.Central_Channel_Topic_DD36BF3C",
      "aws_sns_topic.Security_Topic_30ED212E",
      "aws_sns_topic_policy.Central_Channel_Topic_Policy_A0AA726A",
      "aws_sns_topic_policy.Security_Topic_Policy_340FDC87",
      "aws_sqs_queue.Central_Channel_DeadLetters_D5CBAF33",
      "aws_sqs_queue.Security_DeadLetters_00FCC4D2",
      "aws_sqs_queue_policy.Central_Channel_DeadLetters_Policy_F95CE4E3",
      "aws_sqs_queue_policy.Security_DeadLetters_Policy_10B19230",
    ]);
  });

  it("a session stack that uses the archive", () => {
    expect(synthesizeOne("session-payments-us-east-1").addresses).toEqual([
      "aws_cloudwatch_event_rule.Activity_Rule_5692A86F",
      "aws_cloudwatch_event_rule.Security_Account_942FEC3F",
      "aws_cloudwatch_event_rule.Security_Channels_3B9B675B",
      "aws_cloudwatch_event_rule.Security_Delivery_0DBE75BE",
      "aws_cloudwatch_event_rule.Security_Forwarding_AlarmChanges_00E26080",
      "aws_cloudwatch_event_rule.Security_Preferences_CEA6DD17",
      "aws_cloudwatch_event_rule.Security_Sessions_4402325A",
      "aws_cloudwatch_event_rule.Security_Tampering_8F357D09",
      "aws_cloudwatch_event_target.Activity_Rule_Target_2BC1145A",
      "aws_cloudwatch_event_target.Security_Account_Central_A2032FA2",
      "aws_cloudwatch_event_target.Security_Account_Target_6902E45F",
      "aws_cloudwatch_event_target.Security_Channels_Central_BC9CDE5D",
      "aws_cloudwatch_event_target.Security_Channels_Target_04A837FA",
      "aws_cloudwatch_event_target.Security_Delivery_Central_E0FCF865",
      "aws_cloudwatch_event_target.Security_Delivery_Target_8A71C988",
      "aws_cloudwatch_event_target.Security_Forwarding_AlarmChanges_Central_B4A04361",
      "aws_cloudwatch_event_target.Security_Preferences_Central_1EF1CEE8",
      "aws_cloudwatch_event_target.Security_Preferences_Target_14F7F22E",
      "aws_cloudwatch_event_target.Security_Sessions_Central_1F8B1C55",
      "aws_cloudwatch_event_target.Security_Sessions_Target_36210EB1",
      "aws_cloudwatch_event_target.Security_Tampering_Central_CC08C92B",
      "aws_cloudwatch_event_target.Security_Tampering_Target_EA6FE3A8",
      "aws_cloudwatch_log_group.LogGroup",
      "aws_cloudwatch_metric_alarm.Activity_Alarms_DeadLetters_A982127F",
      "aws_cloudwatch_metric_alarm.Activity_Alarms_FailedInvocations_865113FE",
      "aws_cloudwatch_metric_alarm.Activity_Alarms_LostDeadLetters_39E97218",
      "aws_cloudwatch_metric_alarm.Security_Alarms_DeadLetters_0C1EF78D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations2_2AA37C9D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations5_B4A6B457",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations6_C48C240B",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations7_39456557",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations8_34164EAF",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocationsForwarding_6C2CE93D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations_EEE7B251",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters2_BC81098B",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters5_2D99721D",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters6_05E27B3E",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters7_CA530E0F",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters8_5D2F489F",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLettersForwarding_96FEBDBB",
      "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters_AE6C1182",
      "aws_iam_role.Security_Forwarding_Role_65537DC6",
      "aws_iam_role_policy.Security_Forwarding_Role_Policy_DF449A31",
      "aws_kms_alias.Key_Alias_6C2E2031",
      "aws_kms_key.Key",
      "aws_sns_topic.Activity_Topic_5AA473BB",
      "aws_sns_topic.Security_Topic_30ED212E",
      "aws_sns_topic_policy.Activity_Topic_Policy_FD77723F",
      "aws_sns_topic_policy.Security_Topic_Policy_340FDC87",
      "aws_sns_topic_subscription.Activity_Topic_Subscriber-email-securityexamplecom_D09E022B",
      "aws_sqs_queue.Activity_DeadLetters_5E4D69C8",
      "aws_sqs_queue.Security_DeadLetters_00FCC4D2",
      "aws_sqs_queue_policy.Activity_DeadLetters_Policy_3B23C035",
      "aws_sqs_queue_policy.Security_DeadLetters_Policy_10B19230",
      "aws_ssm_document.Preferences",
      "aws_ssm_service_setting.PublicSharing",
    ]);
  });

  it("a target's own bucket are the same as those of the archive's bucket", () => {
    const map = exampleWith((m) => {
      delete m.archive;
      delete m.accounts["log-archive"];
    });
    const addresses = synthesizeOne("session-payments-us-east-1", map).addresses;
    const ofTheArchive = synthesizeOne("archive-eu-central-1").addresses;
    const bucket = (all: readonly string[]) => all.filter((address) => /Transcripts/.test(address));
    expect(bucket(addresses)).toHaveLength(16);
    expect(bucket(addresses)).toEqual(bucket(ofTheArchive));
  });

  it("an account stack with everything on", () => {
    const map = exampleWith((m) => {
      m.accounts["payments"]!.trail = "create";
      m.accounts["payments"]!.access = {
        instanceProfile: true,
        reporters: ["arn:aws:iam::111111111111:role/auditor"],
      };
    });
    expect(synthesizeOne("account-payments", map).addresses).toEqual([
      "aws_cloudtrail.Trail",
      "aws_iam_instance_profile.InstanceProfile",
      "aws_iam_policy.InstancePolicy",
      "aws_iam_policy.OperatorPolicy",
      "aws_iam_policy.ReportRole_Policy_91F021CA",
      "aws_iam_policy.ReviewerPolicy",
      "aws_iam_role.InstanceProfile_Role_9A608F43",
      "aws_iam_role.ReportRole",
      "aws_iam_role_policy_attachment.InstancePolicy_Role-app-server_7EBAA253",
      "aws_iam_role_policy_attachment.InstanceProfile_InstancePolicy_2F6CF9FA",
      "aws_iam_role_policy_attachment.InstanceProfile_ManagedInstanceCore_1B7328F8",
      "aws_iam_role_policy_attachment.ReportRole_Attachment_FC662E66",
      "aws_kms_alias.Trail_Key_Alias_5A19C3A2",
      "aws_kms_key.Trail_Key_678BF37E",
      "aws_s3_bucket.Trail_AccessLogs_A6AD1278",
      "aws_s3_bucket.Trail_Bucket_0A0B8CFC",
      "aws_s3_bucket_lifecycle_configuration.Trail_AccessLogs_Lifecycle_A8D7F3C5",
      "aws_s3_bucket_lifecycle_configuration.Trail_Bucket_Lifecycle_7144B4B7",
      "aws_s3_bucket_logging.Trail_Bucket_AccessLogging_E47E582B",
      "aws_s3_bucket_object_lock_configuration.Trail_Bucket_ObjectLock_38F8E0C4",
      "aws_s3_bucket_ownership_controls.Trail_AccessLogs_Ownership_7936F7F6",
      "aws_s3_bucket_ownership_controls.Trail_Bucket_Ownership_5FA26D3E",
      "aws_s3_bucket_policy.Trail_AccessLogs_Policy_74934790",
      "aws_s3_bucket_policy.Trail_Bucket_Policy_6F54985B",
      "aws_s3_bucket_public_access_block.Trail_AccessLogs_PublicAccessBlock_8824305B",
      "aws_s3_bucket_public_access_block.Trail_Bucket_PublicAccessBlock_5309D4C1",
      "aws_s3_bucket_server_side_encryption_configuration.Trail_AccessLogs_Encryption_C68E3857",
      "aws_s3_bucket_server_side_encryption_configuration.Trail_Bucket_Encryption_DDBC48B4",
      "aws_s3_bucket_versioning.Trail_AccessLogs_Versioning_FD742E62",
      "aws_s3_bucket_versioning.Trail_Bucket_Versioning_EBEB9F72",
    ]);
  });
});

describe("chat", () => {
  const map = exampleWith((m) => {
    m.notifications!.security = { chat: [SLACK, TEAMS] };
    m.notifications!.activity!.chat = [SLACK];
  });

  it("has a stack with these addresses", () => {
    expect(synthesizeOne("chat-payments", map).addresses).toEqual([
      "aws_chatbot_slack_channel_configuration.Slack-T07EA123LEP-C07EZ1ABC23",
      "aws_chatbot_teams_channel_configuration.Teams-74361522-da01-4f5d-8a2e-ac7918c6bb92",
      "aws_iam_role.Role",
    ]);
  });

  it.each([
    [
      "session-payments-us-east-1",
      [
        "aws_cloudwatch_event_target.Activity_Rule_Chat_8F4BE18D",
        "aws_cloudwatch_event_target.Security_Account_Chat_5FF90A88",
        "aws_cloudwatch_event_target.Security_Channels_Chat_DC96474B",
        "aws_cloudwatch_event_target.Security_Delivery_Chat_EB0CDC5A",
        "aws_cloudwatch_event_target.Security_Preferences_Chat_EAAE66F2",
        "aws_cloudwatch_event_target.Security_Sessions_Chat_69C0D883",
        "aws_cloudwatch_event_target.Security_Tampering_Chat_FF646FBB",
        "aws_sns_topic.Activity_Chat_FE57AD48",
        "aws_sns_topic.Security_Chat_0FFF78A5",
        "aws_sns_topic_policy.Activity_Chat_Policy_9D6B008C",
        "aws_sns_topic_policy.Security_Chat_Policy_56C01E99",
      ],
    ],
    [
      "archive-us-east-1",
      [
        "aws_cloudwatch_event_target.Central_Channel_AlarmChanges_Chat_A3F10431",
        "aws_cloudwatch_event_target.Central_Channel_Sessions_Chat_FE212585",
        "aws_cloudwatch_event_target.Central_Channel_Tampering_Chat_5A741DEE",
        "aws_cloudwatch_event_target.Security_Account_Chat_5FF90A88",
        "aws_cloudwatch_event_target.Security_Central_Chat_7EEA526C",
        "aws_cloudwatch_event_target.Security_Channels_Chat_DC96474B",
        "aws_cloudwatch_event_target.Security_Delivery_Chat_EB0CDC5A",
        "aws_cloudwatch_event_target.Security_Tampering_Chat_FF646FBB",
        "aws_sns_topic.Central_Channel_Chat_E988120F",
        "aws_sns_topic.Security_Chat_0FFF78A5",
        "aws_sns_topic_policy.Central_Channel_Chat_Policy_25D3E338",
        "aws_sns_topic_policy.Security_Chat_Policy_56C01E99",
      ],
    ],
  ])("adds these addresses to %s, and changes no others", (id, added) => {
    const before = synthesizeOne(id).addresses;
    const after = synthesizeOne(id, map).addresses;
    expect(after.filter((address) => !before.includes(address))).toEqual(added);
    expect(before.filter((address) => !after.includes(address))).toEqual([]);
  });
});

it("a guard adds these addresses to a session stack", () => {
  const map = exampleWith((m) => (m.guard = { enabled: true }));
  const before = synthesizeOne("session-payments-us-east-1").addresses;
  const { addresses } = synthesizeOne("session-payments-us-east-1", map);
  expect(addresses.filter((address) => !before.includes(address))).toEqual([
    "aws_cloudwatch_event_rule.Guard_Schedule_E89E6DAF",
    "aws_cloudwatch_event_rule.Guard_Sessions_2F8E6966",
    "aws_cloudwatch_event_rule.Security_Guard_DD20C27C",
    "aws_cloudwatch_event_target.Guard_Schedule_Target_738E60CD",
    "aws_cloudwatch_event_target.Guard_Sessions_Target_F1FA5C3B",
    "aws_cloudwatch_event_target.Security_Guard_Central_FD72C1D2",
    "aws_cloudwatch_event_target.Security_Guard_Target_364FB96D",
    "aws_cloudwatch_log_group.Guard_Function_Log_73965AC5",
    "aws_cloudwatch_log_metric_filter.Guard_GuardAlarms_Checks_AA01F47E",
    "aws_cloudwatch_log_metric_filter.Guard_GuardAlarms_MissingTranscripts_F36CAF29",
    "aws_cloudwatch_log_metric_filter.Guard_GuardAlarms_RefusedEvents_A1F9AEBD",
    "aws_cloudwatch_metric_alarm.Guard_Alarms_DeadLetters_8217236D",
    "aws_cloudwatch_metric_alarm.Guard_Alarms_FailedInvocations2_EE8EB7C1",
    "aws_cloudwatch_metric_alarm.Guard_Alarms_FailedInvocations_B7DBD34B",
    "aws_cloudwatch_metric_alarm.Guard_Alarms_LostDeadLetters2_BDA578E8",
    "aws_cloudwatch_metric_alarm.Guard_Alarms_LostDeadLetters_8B0D20DE",
    "aws_cloudwatch_metric_alarm.Guard_GuardAlarms_ChecksAlarm_210D9BAE",
    "aws_cloudwatch_metric_alarm.Guard_GuardAlarms_Errors_18EE6D61",
    "aws_cloudwatch_metric_alarm.Guard_GuardAlarms_IdleAlarm_CBC694E4",
    "aws_cloudwatch_metric_alarm.Guard_GuardAlarms_MissingTranscriptsAlarm_7C420BD1",
    "aws_cloudwatch_metric_alarm.Guard_GuardAlarms_RefusedEventsAlarm_6171A28C",
    "aws_cloudwatch_metric_alarm.Security_Alarms_FailedInvocations4_965E919B",
    "aws_cloudwatch_metric_alarm.Security_Alarms_LostDeadLetters4_ECAD898F",
    "aws_dynamodb_resource_policy.Guard_Table_Policy_205F7F59",
    "aws_dynamodb_table.Guard_Table_5CF205EE",
    "aws_iam_role.Guard_Function_Role_20EEBF6A",
    "aws_iam_role_policy.Guard_Function_RolePolicy_652511C4",
    "aws_lambda_function.Guard_Function_795CED7A",
    "aws_lambda_permission.Guard_Function_Invoked-Schedule_3F2F5648",
    "aws_lambda_permission.Guard_Function_Invoked-Sessions_68BF9CEF",
    "aws_sqs_queue.Guard_DeadLetters_57E026E2",
    "aws_sqs_queue_policy.Guard_DeadLetters_Policy_E6CF656F",
  ]);
});

it("adding a subscriber does not change the addresses of the others", () => {
  const before = synthesizeOne("session-sandbox-eu-central-1").addresses;
  const map = exampleWith((m) =>
    m.notifications!.activity!.subscribers!.unshift({
      protocol: "https",
      endpoint: "https://hooks.example.com/a",
    }),
  );
  const after = synthesizeOne("session-sandbox-eu-central-1", map).addresses;
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toHaveLength(before.length + 1);
});
