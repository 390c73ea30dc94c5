import { ACCOUNT, arn, BASE, FILES, iam, inDocs, KEY, OURS, verdict } from "./helpers/deployment-role";

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
