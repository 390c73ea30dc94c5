import map from "../../../fixtures/example-map";
import { wildcardMatches } from "../../../../emulator/iam/policy-document";
import { guarded, guardrailsOf, judged, type Call } from "./helpers";
import { actor, ADMINISTRATOR, administratorOf, EU, keyIn, MEMBER, roleIn } from "../helpers";

const GUARDRAILS = guardrailsOf();
const arn = (service: string, resource: string) => `arn:aws:${service}:${EU}:${MEMBER}:${resource}`;
const iam = (resource: string) => `arn:aws:iam::${MEMBER}:${resource}`;
const chat = (name: string) => `arn:aws:chatbot::${MEMBER}:chat-configuration/${name}`;
const ASSOCIATION = arn("ssm", "association/1234abcd-12ab-34cd-56ef-1234567890ab");
const OUR_TAG = { "aws:ResourceTag/session-audit": "acme" };
const FUNCTION = arn("lambda", "function:session-audit-acme-guard");
const TABLE = arn("dynamodb", "table/session-audit-acme-guard");
const TO_S3 = { "iam:PassedToService": "s3.amazonaws.com" };
const TO_CODEBUILD = { "iam:PassedToService": "codebuild.amazonaws.com" };
const TO_STATES = { "iam:PassedToService": "states.amazonaws.com" };
const TO_LAMBDA = { "iam:PassedToService": "lambda.amazonaws.com" };
const MAPPING = arn("lambda", "event-source-mapping:14e0db71-xmpl-4eb5-b481-8945cf9d10c2");
const ENDPOINT = arn("ec2", "vpc-endpoint/vpce-0123456789abcdef0");
const GROUP_OF_ENDPOINTS = arn("ec2", "security-group/sg-0123456789abcdef0");
const ALARM = arn("cloudwatch", "alarm:session-audit-acme-security-undelivered");
const RULE = arn("events", "rule/session-audit-acme-security-tampering");
const RULE_OF_OTHERS = arn("events", "rule/mallory");
const TOPIC = arn("sns", "session-audit-acme-security");
const ANOTHER_TOPIC = arn("sns", "another");
const TARGETS = (...topics: readonly string[]) => ({ "events:TargetArn": topics });
const DATASET = arn("cloudwatch", "dataset/default");
const OUR_NAMESPACE = { "cloudwatch:namespace": "session-audit-acme" };
const ACCOUNT = `arn:aws:account::${MEMBER}:account`;
const MEMBERSHIP = `arn:aws:organizations::999999999999:account/o-a1b2c3d4e5/${MEMBER}`;
/** The example map names this role in transcripts.readers. */
const READER = "arn:aws:iam::111111111111:role/session-reviewer";
const BUCKET = `arn:aws:s3:::session-audit-acme-${MEMBER}-${EU}`;
const GROUP = arn("logs", "log-group:/session-audit/acme/sessions");
const OURS = { "kms:ResourceAliases": ["alias/session-audit-acme"] };
const ARCHIVES = { "kms:ResourceAliases": ["alias/other", "alias/session-audit-acme-archive"] };
const DOCUMENT = arn("ssm", "document/SSM-SessionManagerRunShell");
const SETTING = (name: string) => arn("ssm", `servicesetting/ssm/${name}`);
const INSTANCE_POLICY = { "iam:PolicyARN": iam("policy/session-audit-acme-instance") };

/** A key policy that leaves the decision to IAM. */
const KEY_POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: iam("root") }, Action: "kms:*", Resource: "*" }],
};
const policyOf = ({ action }: Call) => (action.startsWith("kms:") ? { resourcePolicy: KEY_POLICY } : {});

type ProtectedCall = [sid: string, action: string, resource: string, context?: Call["context"]];

/** Calls that change what records, each with the Sid of the statement that refuses it. */
const PROTECTED: readonly ProtectedCall[] = [
  ["KeepPreferences", "ssm:CreateDocument", DOCUMENT],
  ["KeepPreferences", "ssm:UpdateDocument", DOCUMENT],
  ["KeepPreferences", "ssm:UpdateDocumentDefaultVersion", DOCUMENT],
  ["KeepPreferences", "ssm:DeleteDocument", DOCUMENT],
  ["KeepPreferences", "ssm:ModifyDocumentPermission", DOCUMENT],
  [
    "KeepPreferences",
    "ssm:UpdateServiceSetting",
    SETTING("managed-instance/default-ec2-instance-management-role"),
  ],
  ["KeepPreferences", "ssm:ResetServiceSetting", SETTING("documents/console/public-sharing-permission")],
  ["KeepPreferences", "ssm:UpdateDocument", arn("ssm", "document/session-audit-acme-x")],
  ...["ssm:DeleteAssociation", "ssm:UpdateAssociation"].map((action): ProtectedCall => [
    "KeepHosts",
    action,
    ASSOCIATION,
    OUR_TAG,
  ]),
  ["KeepHosts", "ssm:RemoveTagsFromResource", ASSOCIATION, OUR_TAG],
  ["KeepHosts", "ssm:AddTagsToResource", ASSOCIATION, OUR_TAG],
  ["KeepHosts", "ec2:ModifyVpcEndpoint", ENDPOINT, OUR_TAG],
  ["KeepHosts", "ec2:DeleteVpcEndpoints", ENDPOINT, OUR_TAG],
  ...[
    ...["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateTags", "DeleteSecurityGroup"],
    ...["DeleteTags", "ModifySecurityGroupRules", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
  ].map((call): ProtectedCall => ["KeepHosts", `ec2:${call}`, GROUP_OF_ENDPOINTS, OUR_TAG]),
  ["KeepInstanceBoundaries", "iam:PutRolePermissionsBoundary", iam("role/app-server")],
  ["KeepInstanceBoundaries", "iam:PutRolePermissionsBoundary", iam("role/service-role/app-server")],
  ["KeepRegions", "account:DisableRegion", ACCOUNT, { "account:TargetRegion": EU }],
  ["KeepRoles", "iam:CreateRole", iam("role/break-glass")],
  ["KeepRoles", "iam:UpdateAssumeRolePolicy", READER],
  ["KeepRoles", "iam:CreateRole", READER],
  ...["TagRole", "UntagRole", "UpdateRole", "UpdateRoleDescription"].map((call): ProtectedCall => [
    "KeepRoles",
    `iam:${call}`,
    iam("role/session-audit-acme-guard-eu-central-1"),
  ]),
  ["KeepRoles", "iam:UpdateAssumeRolePolicy", iam("role/session-audit-acme-report")],
  ["KeepRoles", "iam:AttachRolePolicy", iam("role/session-audit-acme-report")],
  ["KeepRoles", "iam:PutRolePolicy", iam("role/session-audit-acme-report")],
  ["KeepRoles", "iam:UpdateAssumeRolePolicy", iam("role/break-glass")],
  ["KeepRoles", "iam:UpdateAssumeRolePolicy", iam("role/session-audit-deploy")],
  ["KeepRoles", "iam:AttachRolePolicy", iam("role/session-audit-deploy")],
  ["KeepRoles", "iam:DetachRolePolicy", iam("role/session-audit-deploy")],
  ...["UpdateAssumeRolePolicy", "PutRolePolicy", "AttachRolePolicy", "CreateRole"].map(
    (call): ProtectedCall => ["KeepRoles", `iam:${call}`, iam("role/session-audit-pipeline-deploy")],
  ),
  ["KeepRoles", "iam:UpdateAssumeRolePolicy", iam("role/session-audit-pipeline-plan")],
  ["KeepRoles", "iam:DeleteRole", iam("role/session-audit-acme-instance")],
  ["KeepRoles", "iam:PutRolePolicy", iam("role/session-audit-acme-instance")],
  ["KeepRoles", "iam:PutRolePermissionsBoundary", iam("role/session-audit-acme-instance")],
  ["KeepRoles", "iam:DeleteRolePermissionsBoundary", iam("role/session-audit-acme-instance")],
  ["KeepRoles", "iam:RemoveRoleFromInstanceProfile", iam("instance-profile/session-audit-acme-instance")],
  ["KeepRoles", "iam:AddRoleToInstanceProfile", iam("instance-profile/session-audit-acme-instance")],
  ["KeepRoles", "iam:DeleteInstanceProfile", iam("instance-profile/session-audit-acme-instance")],
  ["KeepRolesOfFunctions", "iam:PassRole", iam("role/session-audit-acme-guard"), TO_LAMBDA],
  ["KeepRolesOfFunctions", "iam:PassRole", iam("role/session-audit-acme-replication-eu-central-1"), TO_S3],
  ["KeepRolesOfFunctions", "iam:PassRole", iam("role/session-audit-acme-pipeline-worker"), TO_CODEBUILD],
  ["KeepRolesOfFunctions", "iam:PassRole", iam("role/session-audit-acme-pipeline-eu-central-1"), TO_STATES],
  ["KeepExemptRolesFromServices", "iam:PassRole", iam("role/session-audit-deploy"), TO_LAMBDA],
  [
    "KeepExemptRolesFromServices",
    "iam:PassRole",
    iam("role/break-glass"),
    { "iam:PassedToService": "ec2.amazonaws.com" },
  ],
  ["KeepAccessPolicies", "iam:CreatePolicyVersion", iam("policy/session-audit-acme-instance")],
  ["KeepAccessPolicies", "iam:SetDefaultPolicyVersion", iam("policy/session-audit-acme-operator")],
  ["KeepAccessPolicies", "iam:DeletePolicy", iam("policy/session-audit-acme-reviewer")],
  ["KeepAccessPolicies", "iam:DeletePolicyVersion", iam("policy/session-audit-acme-instance")],
  ["KeepInstancePolicyAttached", "iam:DetachRolePolicy", iam("role/app-server"), INSTANCE_POLICY],
  ["StayInOrganization", "organizations:LeaveOrganization", "*"],
  [
    "StayInOrganization",
    "organizations:AcceptHandshake",
    `arn:aws:organizations::999999999999:handshake/o-other/invite/h-1`,
  ],
  ["StayInOrganization", "organizations:CloseAccount", MEMBERSHIP],
  ["StayInOrganization", "account:CloseAccount", ACCOUNT],
  ["KeepTranscripts", "s3:PutBucketPolicy", BUCKET],
  ["KeepTranscripts", "s3:DeleteBucketPolicy", BUCKET],
  ["KeepTranscripts", "s3:DeleteBucket", `${BUCKET}-access`],
  ["KeepTranscripts", "s3:PutBucketVersioning", BUCKET],
  ["KeepTranscripts", "s3:PutBucketLogging", BUCKET],
  ["KeepTranscripts", "s3:PutBucketObjectLockConfiguration", BUCKET],
  ["KeepTranscripts", "s3:PutBucketPublicAccessBlock", BUCKET],
  ["KeepTranscripts", "s3:PutEncryptionConfiguration", BUCKET],
  ["KeepTranscripts", "s3:PutLifecycleConfiguration", BUCKET],
  ["KeepTranscripts", "s3:PutReplicationConfiguration", BUCKET],
  ["KeepTranscripts", "s3:BypassGovernanceRetention", `${BUCKET}/sessions/x.log`],
  ["KeepTranscripts", "s3:DeleteObject", `${BUCKET}/sessions/x.log`],
  ["KeepTranscripts", "s3:DeleteObjectVersion", `${BUCKET}-trail/AWSLogs/x.json.gz`],
  ["KeepTranscripts", "s3:ReplicateDelete", `${BUCKET}/sessions/x.log`],
  ["KeepTranscripts", "s3:UpdateObjectEncryption", `${BUCKET}/sessions/x.log`],
  ["KeepTranscripts", "s3:PauseReplication", BUCKET],
  ["KeepLocks", "s3:PutObjectRetention", `${BUCKET}/sessions/x.log`],
  ["KeepLocks", "s3:PutObjectLegalHold", `${BUCKET}/sessions/x.log`],
  // Whatever the prefix is, in a replica, and in the bucket of a trail.
  ...["", "-copy", "-trail"].flatMap((bucket) =>
    ["s3:PutObjectRetention", "s3:PutObjectLegalHold"].map((action): ProtectedCall => [
      "KeepLocks",
      action,
      `${BUCKET}${bucket}/other/prefix/x.log`,
    ]),
  ),
  ["KeepSessionLogs", "logs:DeleteLogGroup", GROUP],
  ["KeepSessionLogs", "logs:PutSyslogConfiguration", GROUP],
  ["KeepSessionLogs", "logs:DeleteLogStream", `${GROUP}:log-stream:alice-1`],
  ["KeepSessionLogs", "logs:PutRetentionPolicy", GROUP],
  ["KeepSessionLogs", "logs:DeleteRetentionPolicy", GROUP],
  ["KeepSessionLogs", "logs:AssociateKmsKey", GROUP],
  ["KeepSessionLogs", "logs:DisassociateKmsKey", GROUP],
  ["KeepSessionLogs", "logs:PutSubscriptionFilter", GROUP],
  ["KeepSessionLogs", "logs:DeleteSubscriptionFilter", GROUP],
  ["KeepSessionLogs", "logs:PutDataProtectionPolicy", GROUP],
  ["KeepSessionLogs", "logs:DeleteDataProtectionPolicy", GROUP],
  ["KeepSessionLogs", "logs:PutLogGroupDeletionProtection", GROUP],
  ["KeepSessionLogs", "logs:PutTransformer", GROUP],
  ["KeepSessionLogs", "logs:PutBearerTokenAuthentication", GROUP],
  ["KeepSessionLogs", "logs:PutMetricFilter", arn("logs", "log-group:/session-audit/acme/guard")],
  ["KeepSessionLogs", "logs:DeleteLogGroup", arn("logs", "log-group:/session-audit/acme/guard")],
  ["KeepKeys", "kms:ScheduleKeyDeletion", keyIn(MEMBER), OURS],
  ["KeepKeys", "kms:DisableKey", keyIn(MEMBER), ARCHIVES],
  ["KeepKeys", "kms:DisableKeyRotation", keyIn(MEMBER), OURS],
  ["KeepKeys", "kms:DeleteImportedKeyMaterial", keyIn(MEMBER), OURS],
  ["KeepKeys", "kms:ImportKeyMaterial", keyIn(MEMBER), OURS],
  ["KeepKeys", "kms:PutKeyPolicy", keyIn(MEMBER), OURS],
  ["KeepKeys", "kms:RevokeGrant", keyIn(MEMBER), OURS],
  ["KeepKeyAliases", "kms:DeleteAlias", arn("kms", "alias/session-audit-acme")],
  ["KeepKeyAliases", "kms:UpdateAlias", arn("kms", "alias/session-audit-acme-archive")],
  ["KeepTrail", "cloudtrail:StopLogging", arn("cloudtrail", "trail/session-audit-acme")],
  ["KeepTrail", "cloudtrail:DeleteTrail", arn("cloudtrail", "trail/session-audit-acme")],
  ["KeepTrail", "cloudtrail:UpdateTrail", arn("cloudtrail", "trail/session-audit-acme")],
  ["KeepTrail", "cloudtrail:PutEventSelectors", arn("cloudtrail", "trail/session-audit-acme")],
  [
    "KeepNotifications",
    "chatbot:UpdateSlackChannelConfiguration",
    chat("slack-channel/session-audit-acme-x"),
  ],
  [
    "KeepNotifications",
    "chatbot:DeleteSlackChannelConfiguration",
    chat("slack-channel/session-audit-acme-x"),
  ],
  [
    "KeepNotifications",
    "chatbot:UpdateMicrosoftTeamsChannelConfiguration",
    chat("microsoft-teams-channel/session-audit-acme-x"),
  ],
  [
    "KeepNotifications",
    "chatbot:DeleteMicrosoftTeamsChannelConfiguration",
    chat("microsoft-teams-channel/session-audit-acme-x"),
  ],
  ["KeepNotifications", "events:PutRule", arn("events", "rule/session-audit-acme-activity")],
  ["KeepNotifications", "events:DisableRule", arn("events", "rule/session-audit-acme-activity")],
  ["KeepNotifications", "events:DeleteRule", arn("events", "rule/session-audit-acme-security-tampering")],
  ["KeepNotifications", "events:PutTargets", arn("events", "rule/session-audit-acme-activity")],
  ["KeepNotifications", "events:RemoveTargets", arn("events", "rule/session-audit-acme-activity")],
  [
    "KeepNotifications",
    "events:DeleteRule",
    arn("events", "rule/session-audit-acme-central/session-audit-acme-central-security-tampering"),
  ],
  ["KeepNotifications", "events:DeleteEventBus", arn("events", "event-bus/session-audit-acme-central")],
  ["KeepNotifications", "events:UpdateEventBus", arn("events", "event-bus/session-audit-acme-central")],
  ["KeepNotifications", "sns:DeleteTopic", arn("sns", "session-audit-acme-activity")],
  ["KeepNotifications", "sns:SetTopicAttributes", arn("sns", "session-audit-acme-activity")],
  ["KeepNotifications", "sns:AddPermission", arn("sns", "session-audit-acme-activity")],
  ["KeepNotifications", "sns:RemovePermission", arn("sns", "session-audit-acme-activity")],
  ["KeepNotifications", "sns:Unsubscribe", arn("sns", "session-audit-acme-activity")],
  ["KeepNotifications", "sns:SetSubscriptionAttributes", arn("sns", "session-audit-acme-activity")],
  ["KeepNotifications", "sns:PutDataProtectionPolicy", arn("sns", "session-audit-acme-security")],
  ["KeepNotifications", "cloudwatch:PutCompositeAlarm", ALARM],
  ["KeepNotifications", "cloudwatch:PutLogAlarm", ALARM],
  ["KeepTopicsFromRules", "events:PutTargets", RULE_OF_OTHERS, TARGETS(TOPIC)],
  ["KeepTopicsFromRules", "events:PutTargets", RULE_OF_OTHERS, TARGETS(ANOTHER_TOPIC, `${TOPIC}-chat`)],
  ["KeepNotifications", "events:UpdateEventBus", arn("events", "event-bus/default")],
  ["KeepMetrics", "cloudwatch:PutMetricData", DATASET, OUR_NAMESPACE],
  ["KeepMetrics", "cloudwatch:PutMetricData", DATASET, { "cloudwatch:namespace": "AWS/Lambda" }],
  ["KeepFunctions", "dynamodb:UpdateContinuousBackups", TABLE],
  ["KeepFunctions", "lambda:CreateFunctionUrlConfig", FUNCTION],
  ["KeepFunctions", "lambda:CreateAlias", FUNCTION],
  ["KeepEventSources", "lambda:CreateEventSourceMapping", "*", { "lambda:FunctionArn": FUNCTION }],
  ["KeepEventSources", "lambda:UpdateEventSourceMapping", MAPPING, { "lambda:FunctionArn": FUNCTION }],
  ["KeepNotifications", "sqs:DeleteQueue", arn("sqs", "session-audit-acme-activity-dead-letters")],
  ["KeepNotifications", "sqs:PurgeQueue", arn("sqs", "session-audit-acme-activity-dead-letters")],
  ["KeepNotifications", "sqs:SetQueueAttributes", arn("sqs", "session-audit-acme-activity-dead-letters")],
  ["KeepNotifications", "sqs:AddPermission", arn("sqs", "session-audit-acme-activity-dead-letters")],
  ["KeepNotifications", "sqs:RemovePermission", arn("sqs", "session-audit-acme-activity-dead-letters")],
  [
    "KeepNotifications",
    "cloudwatch:DeleteAlarms",
    arn("cloudwatch", "alarm:session-audit-acme-activity-lost"),
  ],
  [
    "KeepNotifications",
    "cloudwatch:PutMetricAlarm",
    arn("cloudwatch", "alarm:session-audit-acme-activity-lost"),
  ],
  [
    "KeepNotifications",
    "cloudwatch:DisableAlarmActions",
    arn("cloudwatch", "alarm:session-audit-acme-activity-lost"),
  ],
  [
    "KeepNotifications",
    "cloudwatch:SetAlarmState",
    arn("cloudwatch", "alarm:session-audit-acme-activity-lost"),
  ],
  [
    "KeepNotifications",
    "cloudwatch:PutAlarmMuteRule",
    arn("cloudwatch", "alarm:session-audit-acme-guard-errors"),
  ],
  ...[
    ...["lambda:AddPermission", "lambda:DeleteFunction", "lambda:InvokeFunction"],
    ...["lambda:PutFunctionConcurrency", "lambda:RemovePermission"],
    ...["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
  ].map((action): ProtectedCall => ["KeepFunctions", action, FUNCTION]),
  ["KeepFunctions", "dynamodb:DeleteTable", TABLE],
  ["KeepFunctions", "dynamodb:DeleteResourcePolicy", TABLE],
  ["KeepFunctions", "dynamodb:PutResourcePolicy", TABLE],
  ["KeepFunctions", "dynamodb:UpdateTable", TABLE],
  ["KeepFunctions", "dynamodb:UpdateTimeToLive", TABLE],
  ...[
    ...["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"],
    ...["PartiQLDelete", "PartiQLInsert", "PartiQLUpdate"],
  ].map((call): ProtectedCall => ["KeepFunctionsMemory", `dynamodb:${call}`, TABLE]),
];

describe.each(PROTECTED)("%s: %s on %s", (...[sid, action, resource, context = {}]) => {
  const call: Call = { action, resource, context };

  it("is refused to an administrator, by this statement alone", async () => {
    const verdict = await judged(administratorOf(MEMBER), call, GUARDRAILS, policyOf(call));
    expect(verdict).toEqual({ result: "ExplicitlyDenied", decisive: [sid] });
  });

  const exempt = sid !== "KeepTopicsFromRules";

  it(`is ${exempt ? "allowed" : "refused"} to the deployment role and to break-glass`, async () => {
    for (const name of ["session-audit-deploy", "break-glass"]) {
      const who = actor(roleIn(MEMBER, name), ADMINISTRATOR);
      const { result } = await judged(who, call, GUARDRAILS, policyOf(call));
      expect(result).toBe(exempt ? "Allowed" : "ExplicitlyDenied");
    }
  });
});

it("the table covers every action and every resource of each statement", () => {
  const refusals = GUARDRAILS.flatMap(({ policy }) => policy.Statement).filter(({ Sid }) =>
    Sid.startsWith("Keep"),
  );
  const untried = refusals.flatMap(({ Sid, Action = [], Resource = [] }) => {
    const rows = PROTECTED.filter(([sid]) => sid === Sid);
    const tried = (pattern: string, column: 1 | 2) =>
      rows.some((row) => wildcardMatches(pattern, row[column]));
    return [
      ...Action.filter((action) => !tried(action, 1)),
      ...[Resource].flat().filter((resource) => !tried(resource, 2)),
    ].map((pattern) => `${Sid}: ${pattern}`);
  });
  expect(refusals.length).toBeGreaterThan(10);
  expect(untried).toEqual([]);
});

it.each`
  who                                                 | action                 | resource          | context                                      | expected              | deploys
  ${"a rule of somebody else with a topic of theirs"} | ${"events:PutTargets"} | ${RULE_OF_OTHERS} | ${TARGETS(ANOTHER_TOPIC)}                    | ${"Allowed"}          | ${"Allowed"}
  ${"a rule of somebody else with a function"}        | ${"events:PutTargets"} | ${RULE_OF_OTHERS} | ${TARGETS(arn("lambda", "function:theirs"))} | ${"Allowed"}          | ${"Allowed"}
  ${"a rule of somebody else with a created topic"}   | ${"events:PutTargets"} | ${RULE_OF_OTHERS} | ${TARGETS(TOPIC)}                            | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
  ${"a created rule with a topic of somebody else"}   | ${"events:PutTargets"} | ${RULE}           | ${TARGETS(ANOTHER_TOPIC)}                    | ${"ExplicitlyDenied"} | ${"Allowed"}
  ${"a created rule with a created topic"}            | ${"events:PutTargets"} | ${RULE}           | ${TARGETS(TOPIC)}                            | ${"ExplicitlyDenied"} | ${"Allowed"}
`(
  "an administrator puts $who: $expected; the deployment role: $deploys",
  async ({ action, resource, context, expected, deploys }) => {
    const call: Call = { action, resource, context };
    expect((await judged(administratorOf(MEMBER), call, GUARDRAILS)).result).toBe(expected);
    const deployer = actor(roleIn(MEMBER, "session-audit-deploy"), ADMINISTRATOR);
    expect((await judged(deployer, call, GUARDRAILS)).result).toBe(deploys);
  },
);

describe("the exemption", () => {
  const call: Call = { action: "ssm:UpdateDocument", resource: DOCUMENT };
  const verdictOn = async (principal: string, guardrails = GUARDRAILS) =>
    (await judged(actor(principal, ADMINISTRATOR), call, guardrails)).result;

  it.each([
    ["the root user", `arn:aws:iam::${MEMBER}:root`],
    ["a user of an exempt name", iam("user/break-glass")],
    ["a role whose name begins like an exempt one", iam("role/break-glass-2")],
    ["a role of that name below a path", iam("role/mine/break-glass")],
    ["a role of that name of another partition", `arn:aws-cn:iam::${MEMBER}:role/break-glass`],
  ])("does not apply to %s", async (_who, principal) => {
    expect(await verdictOn(principal)).toBe("ExplicitlyDenied");
  });

  it("applies to every session of an exempt role", async () => {
    expect(await verdictOn(`arn:aws:sts::${MEMBER}:assumed-role/break-glass/alice`)).toBe("Allowed");
  });

  it("is limited to a role of one account if the map names that role", async () => {
    const guardrails = guardrailsOf(guarded({ breakGlassRoles: [roleIn(MEMBER, "break-glass")] }));
    expect(await verdictOn(roleIn(MEMBER, "break-glass"), guardrails)).toBe("Allowed");
    expect(await verdictOn(roleIn("444444444444", "break-glass"), guardrails)).toBe("ExplicitlyDenied");
  });

  it("applies to the roles of a named permission set, and to no other permission set", async () => {
    const sso = (name: string) => `role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${name}`;
    const guardrails = guardrailsOf(guarded({ breakGlassRoles: [`arn:aws:iam::*:${sso("BreakGlass_*")}`] }));
    expect(await verdictOn(iam(sso("BreakGlass_0123456789abcdef")), guardrails)).toBe("Allowed");
    expect(await verdictOn(iam(sso("Administrator_0123456789abcdef")), guardrails)).toBe("ExplicitlyDenied");
  });
});

it("the guard's role may write to its table, and may not change the table", async () => {
  const guard = actor(roleIn(MEMBER, "session-audit-acme-guard-eu-central-1"), ADMINISTRATOR);
  const verdictOn = async (call: Call) => (await judged(guard, call, GUARDRAILS)).result;
  expect(await verdictOn({ action: "dynamodb:PutItem", resource: TABLE })).toBe("Allowed");
  expect(await verdictOn({ action: "dynamodb:DeleteTable", resource: TABLE })).toBe("ExplicitlyDenied");
  expect(await verdictOn({ action: "ssm:UpdateDocument", resource: DOCUMENT })).toBe("ExplicitlyDenied");
});

it.each([
  "session-audit-acme-instance",
  "session-audit-acme-replication-eu-central-1",
  "session-audit-acme-eu-central-1-security-0a1b2c3d",
])("another created role may not write to the guard's table: %s", async (name) => {
  const call = { action: "dynamodb:PutItem", resource: TABLE };
  const { decisive } = await judged(actor(roleIn(MEMBER, name), ADMINISTRATOR), call, GUARDRAILS);
  expect(decisive).toEqual(["KeepFunctionsMemory"]);
});

it.each`
  role                                             | expected
  ${"session-audit-acme-replication-eu-central-1"} | ${"Allowed"}
  ${"session-audit-acme-guard-eu-central-1"}       | ${"ExplicitlyDenied"}
  ${"app-server"}                                  | ${"ExplicitlyDenied"}
`("$role writes the lock of a replica: $expected", async ({ role, expected }: Record<string, string>) => {
  for (const action of ["s3:PutObjectRetention", "s3:PutObjectLegalHold"]) {
    const call = { action, resource: `${BUCKET}-copy/sessions/x.log` };
    const who = actor(roleIn(MEMBER, role!), ADMINISTRATOR);
    expect((await judged(who, call, GUARDRAILS)).result).toBe(expected);
  }
});

describe("roles that read", () => {
  const changed = guardrailsOf(
    guarded(
      {},
      {
        logs: { masking: { enabled: true } },
        access: { unmaskRoles: ["people/unmask-*", "*"] },
        transcripts: {
          readers: ["arn:aws:iam::222222222222:role/audit/*-reader", "arn:aws:iam::222222222222:role/*"],
          organizationReaders: ["arn:aws:iam::444444444444:role/incident-response"],
        },
      },
    ),
  );
  const verdict = async (resource: string) =>
    (await judged(administratorOf(MEMBER), { action: "iam:UpdateAssumeRolePolicy", resource }, changed))
      .decisive;

  it.each([
    "arn:aws:iam::222222222222:role/audit/night-reader",
    "arn:aws:iam::222222222222:role/people/unmask-1",
    "arn:aws:iam::444444444444:role/incident-response",
  ])("keep whom they trust: %s", async (role) => {
    expect(await verdict(role)).toContain("KeepRoles");
  });

  it.each([
    ["a role whose name only contains the name of a reader", "arn:aws:iam::222222222222:role/night-reader"],
    ["the reader of another account", "arn:aws:iam::222222222222:role/incident-response"],
    ["any role, if a pattern matches every role of an account", "arn:aws:iam::222222222222:role/app-server"],
  ])("do not include %s", async (_which, role) => {
    expect(await verdict(role)).not.toContain("KeepRoles");
  });
});

describe("the preferences that record connections by Remote Desktop", () => {
  const CALLS = ["UpdateConnectionRecordingPreferences", "DeleteConnectionRecordingPreferences"];
  const recorded = guardrailsOf(
    guarded(
      {},
      {
        accounts: {
          ...map.accounts,
          sandbox: { ...map.accounts["sandbox"]!, remoteDesktop: { recordings: "create" } },
        },
      },
    ),
  );
  const call = (operation: string) => ({ action: `ssm-guiconnect:${operation}`, resource: "*" });

  it.each(CALLS)("stay: %s is refused to an administrator", async (operation) => {
    const { result, decisive } = await judged(administratorOf(MEMBER), call(operation), recorded);
    expect({ result, decisive }).toEqual({
      result: "ExplicitlyDenied",
      decisive: ["KeepRemoteDesktopRecording"],
    });
  });

  it.each(CALLS)("can be repaired: %s is allowed to a break-glass role", async (operation) => {
    const who = actor(roleIn(MEMBER, "break-glass"), ADMINISTRATOR);
    expect((await judged(who, call(operation), recorded)).result).toBe("Allowed");
  });

  it.each([...CALLS, "StartConnection"])(
    "are left to their owners, if the map has none: %s",
    async (operation) => {
      expect((await judged(administratorOf(MEMBER), call(operation), GUARDRAILS)).result).toBe("Allowed");
    },
  );

  it("do not keep people from connecting", async () => {
    expect((await judged(administratorOf(MEMBER), call("StartConnection"), recorded)).result).toBe("Allowed");
  });
});

it("a map without chat leaves the authorization of chat to its owners", () => {
  expect(GUARDRAILS.flatMap(({ policy }) => policy.Statement.map(({ Sid }) => Sid))).not.toContain(
    "KeepChatAuthorizations",
  );
});

describe("other resources", () => {
  it.each<[string, string, Call["context"]?]>([
    ["s3:PutBucketPolicy", "arn:aws:s3:::session-audit"],
    ["s3:PutBucketPolicy", "arn:aws:s3:::another"],
    ["s3:DeleteObject", "arn:aws:s3:::another/session-audit-acme-x"],
    ["logs:DeleteLogGroup", arn("logs", "log-group:/app/sessions")],
    ["logs:DeleteLogStream", arn("logs", "log-group:/session-audit/acme2/sessions:log-stream:x")],
    ["kms:ScheduleKeyDeletion", keyIn(MEMBER), { "kms:ResourceAliases": ["alias/app"] }],
    ["kms:ScheduleKeyDeletion", keyIn(MEMBER)],
    ["kms:PutKeyPolicy", keyIn(MEMBER), { "kms:ResourceAliases": ["alias/session-audit-acme2"] }],
    ["kms:UpdateAlias", arn("kms", "alias/app")],
    ["cloudtrail:StopLogging", arn("cloudtrail", "trail/theirs")],
    ["events:DisableRule", arn("events", "rule/theirs")],
    ["events:DeleteEventBus", arn("events", "event-bus/theirs")],
    // AWS authorizes this call for no resource, so refusing it would refuse it for every bus.
    ["events:PutPermission", "*"],
    ["sns:DeleteTopic", arn("sns", "theirs")],
    ["sqs:DeleteQueue", arn("sqs", "theirs")],
    ["cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:theirs")],
    ["chatbot:UpdateSlackChannelConfiguration", chat("slack-channel/theirs")],
    ["ssm:UpdateDocument", arn("ssm", "document/Theirs")],
    ["ssm:DeleteAssociation", ASSOCIATION],
    ["ssm:DeleteAssociation", ASSOCIATION, { "aws:ResourceTag/session-audit": "acme2" }],
    ["lambda:UpdateFunctionCode", arn("lambda", "function:theirs")],
    ["logs:PutBearerTokenAuthentication", arn("logs", "log-group:/app/sessions")],
    ["dynamodb:PutItem", arn("dynamodb", "table/theirs")],
    ["iam:PassRole", iam("role/theirs"), TO_LAMBDA],
    ["ssm:CreateDocument", arn("ssm", "document/SSM-SessionManagerRunShell-2")],
    ["ssm:UpdateServiceSetting", SETTING("parameter-store/default-parameter-tier")],
    ["iam:CreateRole", iam("role/theirs")],
    ["iam:UpdateAssumeRolePolicy", iam("role/app-server")],
    ["iam:PutRolePolicy", iam("role/app-server")],
    ["iam:PutRolePermissionsBoundary", iam("role/theirs")],
    ["iam:DeleteRolePermissionsBoundary", iam("role/app-server")],
    ["iam:UpdateAssumeRolePolicy", iam("role/session-reviewer")],
    ["s3:PutObjectLegalHold", "arn:aws:s3:::another/x"],
    ["ec2:ModifyVpcEndpoint", ENDPOINT],
    ["ec2:RevokeSecurityGroupIngress", GROUP_OF_ENDPOINTS, { "aws:ResourceTag/session-audit": "acme2" }],
    ["ec2:CreateTags", GROUP_OF_ENDPOINTS],
    ["events:UpdateEventBus", arn("events", "event-bus/theirs")],
    ["events:PutPermission", "*"],
    ["cloudwatch:PutMetricData", DATASET, { "cloudwatch:namespace": "theirs" }],
    ["lambda:CreateEventSourceMapping", "*", { "lambda:FunctionArn": arn("lambda", "function:theirs") }],
    ["account:DisableRegion", ACCOUNT, { "account:TargetRegion": "me-south-1" }],
    ["account:EnableRegion", ACCOUNT],
    ["iam:CreatePolicyVersion", iam("policy/theirs")],
    ["iam:DetachRolePolicy", iam("role/app-server"), { "iam:PolicyARN": iam("policy/theirs") }],
  ])("may be changed: %s on %s", async (action, resource, context = {}) => {
    const call: Call = { action, resource, context };
    expect((await judged(administratorOf(MEMBER), call, GUARDRAILS, policyOf(call))).result).toBe("Allowed");
  });
});

describe("what people and instances do every day", () => {
  it.each<[string, string, Call["context"]?]>([
    ["s3:PutObject", `${BUCKET}/sessions/${MEMBER}/${EU}/x.log`],
    ["s3:PutObjectAcl", `${BUCKET}/sessions/${MEMBER}/${EU}/x.log`],
    ["s3:GetEncryptionConfiguration", BUCKET],
    ["s3:GetObject", `${BUCKET}/sessions/${MEMBER}/${EU}/x.log`],
    ["s3:ListBucket", BUCKET],
    ["logs:CreateLogStream", `${GROUP}:log-stream:alice-1`],
    ["logs:PutLogEvents", `${GROUP}:log-stream:alice-1`],
    ["logs:DescribeLogGroups", "*"],
    ["logs:GetLogEvents", `${GROUP}:log-stream:alice-1`],
    ["logs:StartQuery", GROUP],
    ["kms:Decrypt", keyIn(MEMBER), OURS],
    ["kms:GenerateDataKey", keyIn(MEMBER), OURS],
    ["ssm:GetDocument", DOCUMENT],
    ["sqs:ReceiveMessage", arn("sqs", "session-audit-acme-activity-dead-letters")],
    ["sqs:DeleteMessage", arn("sqs", "session-audit-acme-activity-dead-letters")],
    ["iam:PassRole", iam("role/session-audit-acme-instance"), { "iam:PassedToService": "ec2.amazonaws.com" }],
    ["dynamodb:GetItem", TABLE],
    ["sns:Subscribe", arn("sns", "session-audit-acme-activity")],
    ["iam:AttachRolePolicy", iam("role/app-server"), INSTANCE_POLICY],
    [
      "iam:DetachRolePolicy",
      iam("role/people"),
      { "iam:PolicyARN": iam("policy/session-audit-acme-operator") },
    ],
    [
      "iam:AttachRolePolicy",
      iam("role/people"),
      { "iam:PolicyARN": iam("policy/session-audit-acme-operator") },
    ],
  ])("is allowed: %s on %s", async (action, resource, context = {}) => {
    const call: Call = { action, resource, context };
    expect((await judged(administratorOf(MEMBER), call, GUARDRAILS, policyOf(call))).result).toBe("Allowed");
  });
});

describe.each([
  ["aws-us-gov", "us-gov-west-1"],
  ["aws-cn", "cn-north-1"],
  ["aws-eusc", "eusc-de-east-1"],
])("in the partition %s", (partition, homeRegion) => {
  const accounts = { one: { id: MEMBER, homeRegion, regions: [homeRegion] } };
  const managementAccount = { id: "999999999999", homeRegion };
  const breakGlassRoles = [`arn:${partition}:iam::*:role/break-glass`];
  const changes = { accounts, archive: undefined, waves: undefined, transcripts: {} };
  const guardrails = guardrailsOf(guarded({ managementAccount, breakGlassRoles }, changes));
  const resource = `arn:${partition}:ssm:${homeRegion}:${MEMBER}:document/SSM-SessionManagerRunShell`;

  it("they name no other partition", () => {
    const found = [...JSON.stringify(guardrails).matchAll(/arn:(aws[a-z-]*):/g)].map(([, name]) => name);
    expect([...new Set(found)]).toEqual([partition]);
  });

  it("they refuse and exempt as in the partition aws", async () => {
    const call: Call = { action: "ssm:UpdateDocument", resource };
    const verdictOn = async (role: string) =>
      (await judged(actor(roleIn(MEMBER, role, partition), ADMINISTRATOR), call, guardrails)).result;
    expect(await verdictOn("administrator")).toBe("ExplicitlyDenied");
    expect(await verdictOn("session-audit-deploy")).toBe("Allowed");
    expect(await verdictOn("break-glass")).toBe("Allowed");
  });
});
