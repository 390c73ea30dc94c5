import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { sessionKeyPolicy } from "../stacks/policies/key-policy";
import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";

const ACCOUNT = "444444444444";
const DOCS = join(resolve(__dirname, ".."), "docs");
const inDocs = (file: string) =>
  JSON.parse(
    readFileSync(join(DOCS, file), "utf8")
      .replaceAll("<organization>", "acme")
      .replaceAll("<account>", ACCOUNT),
  ) as PolicyDocument;
const FILES = readdirSync(DOCS).filter((file) => /^deployment-role.*\.json$/.test(file));
const BASE = [inDocs("deployment-role.json")];
/** The policy that every map needs, and the policies that some settings need in addition. */
const ALL = FILES.map(inDocs);

const PLACE = {
  organization: "acme",
  account: { id: ACCOUNT, partition: "aws" as const },
  region: "eu-central-1",
};
const KEY_POLICY = sessionKeyPolicy(PLACE, {
  logGroup: null,
  bucket: null,
  readers: [],
  sessionData: true,
  topics: [],
  guard: { topicArns: [] },
  recordings: { bucket: "session-audit-acme-444444444444-eu-central-1-rdp", readers: [] },
});
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
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

const verdict = async (
  action: string,
  resource: string,
  context: Record<string, string> = {},
  policies = ALL,
) =>
  (
    await simulate({
      principal: `arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`,
      action,
      resource,
      resourceAccountId: ACCOUNT,
      identityPolicies: policies,
      ...(action.startsWith("kms:") && { resourcePolicy: KEY_POLICY as PolicyDocument }),
      context,
    })
  ).result;

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${rest}`;
const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;
const chat = (name: string) => `arn:aws:chatbot::${ACCOUNT}:chat-configuration/slack-channel/${name}`;
const CHAT_SERVICE_ROLE =
  "role/aws-service-role/management.chatbot.amazonaws.com/AWSServiceRoleForAWSChatbot";
const toChat = { "iam:PassedToService": "chatbot.amazonaws.com" };
const ASSOCIATION = "01234567-89ab-cdef-0123-456789abcdef";
const OURS = { "aws:ResourceTag/session-audit": "acme" };
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
  [
    "iam:AttachRolePolicy",
    iam("role/service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole"),
    INSTANCE_POLICY,
  ],
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

describe("with the policy for subscriptions and masking, the deployment role", () => {
  const logs = [...BASE, inDocs("deployment-role-logs.json")];
  const group = `${arn("logs", "log-group:/session-audit/acme/sessions")}`;
  const role = iam("role/session-audit-acme-subscription");
  const own = { "iam:PolicyARN": iam("policy/session-audit-acme-subscription") };
  const service = { "lambda:Principal": "logs.eu-central-1.amazonaws.com" };
  const passedTo = (principal: string) => ({ "iam:PassedToService": principal });

  it.each<[string, string, Record<string, string>?]>([
    ["logs:PutSubscriptionFilter", group],
    ["logs:DeleteSubscriptionFilter", group],
    ["logs:PutDataProtectionPolicy", group],
    ["logs:PutSubscriptionFilter", "arn:aws:logs:eu-central-1:999999999999:destination:siem"],
    ["iam:AttachRolePolicy", role, own],
    ["iam:PassRole", role, passedTo("logs.amazonaws.com")],
    ["iam:PassRole", role, passedTo("logs.eu-central-1.amazonaws.com")],
    ["lambda:AddPermission", arn("lambda", "function:siem"), service],
    ["logs:PutResourcePolicy", "*"],
  ])("may %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context, logs)).toBe("Allowed");
    expect(await verdict(action, resource, context, BASE)).toBe("ImplicitlyDenied");
  });

  it.each<[string, string, Record<string, string>?]>([
    ["logs:PutSubscriptionFilter", arn("logs", "log-group:/another")],
    ["logs:Unmask", group],
    ["iam:AttachRolePolicy", role, { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" }],
    ["iam:PassRole", role, passedTo("ec2.amazonaws.com.example")],
    ["iam:PassRole", iam("role/administrator"), passedTo("logs.amazonaws.com")],
    ["lambda:AddPermission", arn("lambda", "function:siem"), { "lambda:Principal": "s3.amazonaws.com" }],
    ["lambda:InvokeFunction", arn("lambda", "function:siem")],
  ])("may not %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context, logs)).toBe("ImplicitlyDenied");
  });
});

describe("with the policy for recordings of Remote Desktop, the deployment role", () => {
  const rdp = [...BASE, inDocs("deployment-role-rdp.json")];
  const stack = (name: string) =>
    `${arn("cloudformation", `stack/${name}`)}/0a1b2c3d-0000-0000-0000-000000000000`;
  const own = stack("session-audit-acme-remote-desktop");
  const through = { "kms:ViaService": "ssm-guiconnect.eu-central-1.amazonaws.com" };
  const bucket = "arn:aws:s3:::session-audit-acme-444444444444-eu-central-1-rdp";

  it.each<[string, string, Record<string, string>?]>([
    ["cloudformation:CreateStack", own],
    ["cloudformation:UpdateStack", own],
    ["cloudformation:DeleteStack", own],
    ["cloudformation:DescribeStacks", own],
    ["cloudformation:DescribeStackEvents", own],
    ["cloudformation:GetTemplate", own],
    ["ssm-guiconnect:GetConnectionRecordingPreferences", "*"],
    ["ssm-guiconnect:UpdateConnectionRecordingPreferences", "*"],
    ["ssm-guiconnect:DeleteConnectionRecordingPreferences", "*"],
    ["kms:CreateGrant", KEY, through],
  ])("may %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context, rdp)).toBe("Allowed");
    expect(await verdict(action, resource, context, BASE)).toBe("ImplicitlyDenied");
  });

  it.each(["s3:CreateBucket", "s3:PutBucketPolicy", "s3:PutBucketObjectLockConfiguration"])(
    "needs no more than the first policy to %s for recordings",
    async (action) => {
      expect(await verdict(action, bucket, {}, BASE)).toBe("Allowed");
    },
  );

  it.each<[string, string, Record<string, string>?]>([
    ["cloudformation:CreateStack", stack("session-audit-other-remote-desktop")],
    ["cloudformation:DeleteStack", stack("theirs")],
    ["cloudformation:SetStackPolicy", own],
    ["ssm-guiconnect:StartConnection", "*"],
    ["kms:CreateGrant", KEY],
    ["kms:CreateGrant", KEY, { "kms:ViaService": "ec2.eu-central-1.amazonaws.com" }],
    ["kms:GenerateDataKey", KEY, through],
    ["kms:Decrypt", KEY, through],
    ["s3:GetObject", `${bucket}/recording.mp4`],
  ])("may not %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context, rdp)).toBe("ImplicitlyDenied");
  });
});

describe("with the policy for what exists, the deployment role", () => {
  const existing = [inDocs("deployment-role-existing.json")];
  const own = { "aws:ResourceAccount": ACCOUNT };
  const key = arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");

  it.each<[string, string, Record<string, string>?]>([
    ["cloudformation:GetResource", "*"],
    ["s3:GetBucketPolicy", "arn:aws:s3:::theirs", own],
    ["s3:ListBucket", "arn:aws:s3:::theirs", own],
    ["s3:GetBucketOwnershipControls", "arn:aws:s3:::theirs", own],
    ["s3:GetBucketObjectLockConfiguration", "arn:aws:s3:::theirs", own],
    ["s3:GetEncryptionConfiguration", "arn:aws:s3:::theirs", own],
    ["logs:ListTagsForResource", arn("logs", "log-group:/theirs")],
    ["kms:GetKeyPolicy", key],
    ["sns:GetTopicAttributes", arn("sns", "theirs")],
  ])("may %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context, existing)).toBe("Allowed");
  });

  it.each<[string, string, Record<string, string>?]>([
    ["cloudformation:UpdateResource", "*"],
    ["s3:GetObject", "arn:aws:s3:::theirs/sessions/x.log", own],
    ["s3:PutBucketPolicy", "arn:aws:s3:::theirs", own],
    ["s3:GetBucketPolicy", "arn:aws:s3:::strangers", { "aws:ResourceAccount": "999999999999" }],
    ["logs:GetLogEvents", arn("logs", "log-group:/theirs:log-stream:x")],
    ["kms:Decrypt", key],
    ["sns:Publish", arn("sns", "theirs")],
  ])("may not %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context, existing)).toBe("ImplicitlyDenied");
  });
});

it.each(FILES.filter((file) => file !== "deployment-role.json"))("%s fits into a managed policy", (file) => {
  const longest = JSON.stringify(inDocs(file)).replaceAll("acme", "a".repeat(30));
  expect(longest.length).toBeLessThanOrEqual(6_144);
});

it("the deployment role may associate one document of AWS's, whose ARN names no account", () => {
  const documents = JSON.stringify(inDocs("deployment-role-hosts.json")).match(
    /"arn:aws:ssm:[^"]*::document[^"]*"/g,
  );
  expect(documents).toEqual(['"arn:aws:ssm:*::document/AWS-UpdateSSMAgent"']);
});

describe("with the policy for hosts, the deployment role", () => {
  const tagged = { "aws:RequestTag/session-audit": "acme" };
  const endpoint = arn("ec2", "vpc-endpoint/vpce-0123456789abcdef0");
  const group = arn("ec2", "security-group/sg-0123456789abcdef0");
  const rule = arn("ec2", "security-group-rule/sgr-0123456789abcdef0");

  it.each<[string, string, Record<string, string>?]>([
    ["ec2:CreateVpcEndpoint", endpoint, tagged],
    ["ec2:CreateVpcEndpoint", arn("ec2", "vpc/vpc-0123456789abcdef0")],
    ["ec2:CreateVpcEndpoint", arn("ec2", "subnet/subnet-0123456789abcdef0")],
    ["ec2:CreateVpcEndpoint", arn("ec2", "route-table/rtb-0123456789abcdef0")],
    ["ec2:CreateVpcEndpoint", group, OURS],
    ["ec2:CreateSecurityGroup", group, tagged],
    ["ec2:CreateTags", endpoint, { "ec2:CreateAction": "CreateVpcEndpoint" }],
    ["ec2:AuthorizeSecurityGroupIngress", group, OURS],
    ["ec2:AuthorizeSecurityGroupIngress", rule, tagged],
    ["ec2:RevokeSecurityGroupEgress", group, OURS],
    ["ec2:ModifyVpcEndpoint", endpoint, OURS],
    ["ec2:DeleteVpcEndpoints", endpoint, OURS],
    ["ec2:DeleteSecurityGroup", group, OURS],
    ["ec2:DescribeVpcEndpoints", "*"],
  ])("may %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context)).toBe("Allowed");
  });

  it.each<[string, string, Record<string, string>?]>([
    ["ec2:CreateVpcEndpoint", endpoint],
    ["ec2:CreateVpcEndpoint", group],
    ["ec2:ModifyVpcEndpoint", endpoint],
    ["ec2:DeleteVpcEndpoints", endpoint, { "aws:ResourceTag/session-audit": "other" }],
    ["ec2:AuthorizeSecurityGroupIngress", group],
    ["ec2:AuthorizeSecurityGroupEgress", group, OURS],
    ["ec2:DeleteSecurityGroup", group],
    ["ec2:CreateTags", arn("ec2", "instance/i-0123456789abcdef0")],
    ["ec2:CreateTags", group],
    ["ec2:RunInstances", arn("ec2", "instance/i-0123456789abcdef0")],
  ])("may not %s on %s", async (...[action, resource, context]) => {
    expect(await verdict(action, resource, context)).toBe("ImplicitlyDenied");
  });
});
