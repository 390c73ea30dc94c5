import { ACCOUNT, arn, BASE, iam, KEY, OURS, verdict } from "./helpers/deployment-role";

/** Condition keys of a call to KMS that DynamoDB makes for the creator of a table. */
const forTable = (table: string) => ({
  "kms:ViaService": "dynamodb.eu-central-1.amazonaws.com",
  "kms:GrantIsForAWSResource": "true",
  "kms:EncryptionContext:aws:dynamodb:tableName": table,
  "kms:EncryptionContext:aws:dynamodb:subscriberId": ACCOUNT,
});

/** Characters of a role's inline policies, without white space. */
const INLINE_LIMIT = 10_240;

it("the policy fits into a role, with the longest name of an organization", () => {
  const longest = JSON.stringify(BASE[0]).replaceAll("acme", "a".repeat(30));
  expect(longest.length).toBeLessThan(INLINE_LIMIT);
});

const chat = (name: string) => `arn:aws:chatbot::${ACCOUNT}:chat-configuration/slack-channel/${name}`;
const CHAT_SERVICE_ROLE =
  "role/aws-service-role/management.chatbot.amazonaws.com/AWSServiceRoleForAWSChatbot";
const toChat = { "iam:PassedToService": "chatbot.amazonaws.com" };
const ASSOCIATION = "01234567-89ab-cdef-0123-456789abcdef";
const toLambda = { "iam:PassedToService": "lambda.amazonaws.com" };
const REPORT_POLICY = { "iam:PolicyARN": iam("policy/session-audit-acme-report") };
const INSTANCE_POLICY = { "iam:PolicyARN": iam("policy/session-audit-acme-instance") };
const TO_EVENTBRIDGE = { "iam:PassedToService": "events.amazonaws.com" };
const EVENTBRIDGE_INVOKES = { "lambda:Principal": "events.amazonaws.com" };

it.each<[string, string, Record<string, string>?]>([
  ["iam:CreatePolicy", iam("policy/session-audit-acme-operator")],
  ["iam:AttachRolePolicy", iam("role/app-server"), INSTANCE_POLICY],
  ["iam:AttachRolePolicy", iam("role/session-audit-acme-instance"), INSTANCE_POLICY],
  ["iam:AttachRolePolicy", iam("role/session-audit-acme-report"), REPORT_POLICY],
  ["iam:PassRole", iam("role/session-audit-acme-instance"), { "iam:PassedToService": "ec2.amazonaws.com" }],
  ["iam:CreateRole", iam("role/session-audit-acme-eu-central-1-activity-0a1b2c3d")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-eu-central-1-activity-0a1b2c3d")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-eu-central-1-archive-0a1b2c3d")],
  ["iam:PassRole", iam("role/session-audit-acme-eu-central-1-security-0a1b2c3d"), TO_EVENTBRIDGE],
  ["lambda:AddPermission", arn("lambda", "function:on-session"), EVENTBRIDGE_INVOKES],
  ["lambda:RemovePermission", arn("lambda", "function:on-session"), EVENTBRIDGE_INVOKES],
  ["lambda:GetPolicy", arn("lambda", "function:on-session")],
  ["iam:CreateRole", iam("role/session-audit-acme-replication-eu-central-1")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-replication-eu-central-1")],
  [
    "iam:PassRole",
    iam("role/session-audit-acme-replication-eu-central-1"),
    { "iam:PassedToService": "s3.amazonaws.com" },
  ],
  ["s3:PutReplicationConfiguration", "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"],
  ["kms:PutKeyPolicy", arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")],
  ["s3:PutBucketPolicy", "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"],
  ["s3:PutBucketObjectLockConfiguration", "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"],
  ["s3:PutBucketOwnershipControls", "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"],
  ["logs:AssociateKmsKey", arn("logs", "log-group:/session-audit/acme/sessions")],
  ["ssm:UpdateDocument", arn("ssm", "document/SSM-SessionManagerRunShell")],
  ...["", "service-role/", "corp/ops/"].map((path): [string, string, Record<string, string>] => [
    "iam:AttachRolePolicy",
    iam(`role/${path}AWSSystemsManagerDefaultEC2InstanceManagementRole`),
    INSTANCE_POLICY,
  ]),
  ["ssm:CreateDocument", arn("ssm", "document/session-audit-acme-linux-tools")],
  [
    "ssm:CreateAssociation",
    arn("ssm", `association/${ASSOCIATION}`),
    { "aws:RequestTag/session-audit": "acme" },
  ],
  ["ssm:DeleteAssociation", arn("ssm", `association/${ASSOCIATION}`), OURS],
  ["ssm:UpdateAssociation", arn("ssm", `association/${ASSOCIATION}`), OURS],
  ["sns:CreateTopic", arn("sns", "session-audit-acme-archive-security")],
  ["sqs:SetQueueAttributes", arn("sqs", "session-audit-acme-activity-dead-letters")],
  ["events:PutTargets", arn("events", "rule/session-audit-acme-security-tampering")],
  ["events:CreateEventBus", arn("events", "event-bus/session-audit-acme-central")],
  ["events:PutPermission", "*"],
  [
    "events:PutTargets",
    arn("events", "rule/session-audit-acme-central/session-audit-acme-central-security-tampering"),
  ],
  ["iam:CreateRole", iam("role/session-audit-acme-eu-central-1-central")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-eu-central-1-central")],
  ["iam:PassRole", iam("role/session-audit-acme-eu-central-1-archive-central"), TO_EVENTBRIDGE],
  ["iam:PassRole", iam("role/session-audit-acme-444444444444-eu-west-1-copy-central"), TO_EVENTBRIDGE],
  ["cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:session-audit-acme-activity-lost")],
  ["lambda:UpdateFunctionCode", arn("lambda", "function:session-audit-acme-guard")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-guard-eu-central-1")],
  ["iam:PassRole", iam("role/session-audit-acme-guard-eu-central-1"), toLambda],
  ["dynamodb:CreateTable", arn("dynamodb", "table/session-audit-acme-guard")],
  ["dynamodb:PutResourcePolicy", arn("dynamodb", "table/session-audit-acme-guard")],
  ["dynamodb:GetResourcePolicy", arn("dynamodb", "table/session-audit-acme-guard")],
  ["dynamodb:DeleteResourcePolicy", arn("dynamodb", "table/session-audit-acme-guard")],
  ["kms:CreateGrant", KEY, forTable("session-audit-acme-guard")],
  ["logs:PutMetricFilter", arn("logs", "log-group:/session-audit/acme/guard")],
  ["states:UpdateStateMachine", arn("states", "stateMachine:session-audit-acme-pipeline")],
  ["codebuild:UpdateProject", arn("codebuild", "project/session-audit-acme-pipeline-worker")],
  ["logs:PutRetentionPolicy", arn("logs", "log-group:/aws/vendedlogs/states/session-audit-acme-pipeline")],
  ["sqs:SetQueueAttributes", arn("sqs", "session-audit-acme-pipeline")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-pipeline-eu-central-1-worker")],
  [
    "iam:PassRole",
    iam("role/session-audit-acme-pipeline-eu-central-1"),
    { "iam:PassedToService": "states.amazonaws.com" },
  ],
  ["cloudtrail:StartLogging", arn("cloudtrail", "trail/session-audit-acme")],
  ["chatbot:CreateSlackChannelConfiguration", "*"],
  ["chatbot:CreateMicrosoftTeamsChannelConfiguration", "*"],
  ["chatbot:UpdateSlackChannelConfiguration", chat("session-audit-acme-slack-T07EA123LEP-C07EZ1ABC23")],
  ["iam:PassRole", iam("role/session-audit-acme-chat"), toChat],
  [
    "iam:CreateServiceLinkedRole",
    iam(CHAT_SERVICE_ROLE),
    { "iam:AWSServiceName": "management.chatbot.amazonaws.com" },
  ],
])("the deployment role may %s on %s", async (...[action, resource, context]) => {
  expect(await verdict(action, resource, context)).toBe("Allowed");
});

it.each<[string, string, Record<string, string>?]>([
  ["s3:GetObject", "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1/sessions/x.log"],
  ["s3:DeleteObjectVersion", "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1/sessions/x.log"],
  ["s3:PutBucketPolicy", "arn:aws:s3:::another-bucket"],
  ["kms:Decrypt", arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")],
  ["kms:CreateGrant", arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab")],
  ["logs:GetLogEvents", arn("logs", "log-group:/session-audit/acme/sessions:log-stream:alice-1")],
  [
    "iam:AttachRolePolicy",
    iam("role/app-server"),
    { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
  ],
  ["iam:AttachRolePolicy", iam("role/administrator"), INSTANCE_POLICY],
  ["iam:AttachRolePolicy", iam("role/app-server"), REPORT_POLICY],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-instance")],
  ["iam:PutRolePolicy", iam("role/administrator")],
  ["iam:PassRole", iam("role/session-audit-acme-instance"), TO_EVENTBRIDGE],
  ["iam:PassRole", iam("role/administrator"), TO_EVENTBRIDGE],
  ["iam:PassRole", iam("role/session-audit-acme-eu-central-1-central"), toLambda],
  ["events:DeleteEventBus", arn("events", "event-bus/theirs")],
  ["events:PutEvents", arn("events", "event-bus/session-audit-acme-central")],
  ["lambda:AddPermission", arn("lambda", "function:on-session"), { "lambda:Principal": "*" }],
  ["lambda:InvokeFunction", arn("lambda", "function:on-session")],
  ["iam:PassRole", iam("role/session-audit-acme-instance"), { "iam:PassedToService": "s3.amazonaws.com" }],
  ["ssm:UpdateDocument", arn("ssm", "document/Another")],
  ["ssm:CreateAssociation", arn("ssm", `association/${ASSOCIATION}`)],
  ["ssm:DeleteAssociation", arn("ssm", `association/${ASSOCIATION}`)],
  [
    "ssm:UpdateAssociation",
    arn("ssm", `association/${ASSOCIATION}`),
    { "aws:ResourceTag/session-audit": "other" },
  ],
  ["states:StartExecution", arn("states", "stateMachine:session-audit-acme-pipeline")],
  ["states:UpdateStateMachine", arn("states", "stateMachine:theirs")],
  ["codebuild:StartBuild", arn("codebuild", "project/session-audit-acme-pipeline-worker")],
  ["sqs:SendMessage", arn("sqs", "session-audit-acme-pipeline")],
  ["iam:PassRole", iam("role/session-audit-acme-pipeline-eu-central-1"), toLambda],
  ["ssm:SendCommand", arn("ssm", "document/session-audit-acme-linux-tools")],
  ["ssm:StartSession", arn("ec2", "instance/i-0123456789abcdef0")],
  ["cloudtrail:StopLogging", arn("cloudtrail", "trail/organization")],
  ["lambda:UpdateFunctionCode", arn("lambda", "function:theirs")],
  ["lambda:InvokeFunction", arn("lambda", "function:session-audit-acme-guard")],
  ["iam:PutRolePolicy", iam("role/session-audit-acme-instance")],
  ["iam:PassRole", iam("role/session-audit-acme-instance"), toLambda],
  ["dynamodb:PutItem", arn("dynamodb", "table/session-audit-acme-guard")],
  ["dynamodb:PutResourcePolicy", arn("dynamodb", "table/theirs")],
  ["kms:CreateGrant", KEY, forTable("theirs")],
  ["kms:Decrypt", KEY, { "kms:ViaService": "s3.eu-central-1.amazonaws.com" }],
  ["chatbot:UpdateSlackChannelConfiguration", chat("their-channel")],
  ["chatbot:DeleteSlackWorkspaceAuthorization", "*"],
  ["iam:PassRole", iam("role/administrator"), toChat],
  ["iam:PassRole", iam("role/session-audit-acme-instance"), toChat],
  [
    "iam:CreateServiceLinkedRole",
    iam("role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM"),
    { "iam:AWSServiceName": "ssm.amazonaws.com" },
  ],
])("the deployment role may not %s on %s", async (...[action, resource, context]) => {
  expect(await verdict(action, resource, context)).toBe("ImplicitlyDenied");
});
