import map from "../../fixtures/example-map";
import { ENDPOINT_SERVICES } from "../../../accounts/schema/network";
import type { AccountsMap } from "../../../accounts/schema";
import { arns, names } from "../../../stacks/names";
import { endpointPolicy, type EndpointService, reachOf } from "../../../stacks/policies/endpoint-policy";
import type { Verdict } from "../../../emulator/iam/policy-simulator";
import {
  administratorOf,
  ARCHIVE,
  at,
  EU,
  keyIn,
  MEMBER,
  ORGANIZATION,
  exampleOrganization,
  OTHER_MEMBER,
  STRANGER,
  targetIn,
  decisionOn,
} from "./helpers";

const VPC = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0"],
  routeTableIds: ["rtb-0123456789abcdef0"],
  clientCidrs: ["10.0.0.0/16"],
};

type Reach = "account" | "sessions";

/** The policy of an endpoint in a VPC of the example's sandbox. */
function policyOf(
  service: EndpointService,
  vpc: object = {},
  changes: Partial<AccountsMap> = {},
  sandbox: object = {},
) {
  const network = [{ ...VPC, ...vpc }];
  const organization = exampleOrganization({
    ...changes,
    accounts: { ...map.accounts, sandbox: { ...map.accounts["sandbox"]!, ...sandbox, network } },
  });
  const target = targetIn(organization, "sandbox", EU);
  return endpointPolicy(service, reachOf(organization, target, target.settings.network[0]!));
}

/**
 * Whether a request passes the endpoint, by the endpoint's policy alone. The caller may do everything. The
 * simulator treats the resource as one of the caller's account, so that the request needs no other policy; `owner`
 * is its true account.
 */
async function through(
  service: EndpointService,
  { account, action, resource, owner = account, vpc, changes, sandbox, unsigned = false }: Request,
): Promise<Verdict> {
  const who = administratorOf(account);
  const policy = policyOf(service, vpc, changes, sandbox);
  return decisionOn({
    who: { ...who, policies: [] },
    action,
    resource,
    owner: account,
    policy,
    context: {
      "aws:ResourceAccount": owner,
      "aws:ResourceOrgID": owner === STRANGER ? "o-zzzzzzzzzz" : ORGANIZATION,
      ...(unsigned && { "aws:PrincipalAccount": undefined, "aws:PrincipalOrgID": undefined }),
    },
  });
}

interface Request {
  readonly account: string;
  readonly action: string;
  readonly resource: string;
  readonly owner?: string;
  readonly vpc?: object;
  readonly changes?: Partial<AccountsMap>;
  readonly sandbox?: object;
  readonly unsigned?: boolean;
}

const instance = (account: string) => `arn:aws:ec2:${EU}:${account}:instance/i-0123456789abcdef0`;
const group = (account: string, name = names.logGroup({ organization: "acme" })) =>
  `${arns.logGroup(at(account), name)}:log-stream:alice-1`;
const CENTRAL = arns.bucket(at(ARCHIVE), names.transcriptBucket(at(ARCHIVE)));
const transcript = (account: string) => `${CENTRAL}/sessions/${account}/${EU}/alice-1.log`;
const YES = "Allowed";
const NO = "ImplicitlyDenied";

describe.each<Reach>(["account", "sessions"])(
  "endpoints of a VPC whose setting reach in the map is %s",
  (reach) => {
    const wide = reach === "account";
    const vpc = { reach };

    it.each<[EndpointService, string, string]>([
      ["ssm", "ssm:UpdateInstanceInformation", instance(MEMBER)],
      ["ssm", "ssm:RequestManagedInstanceRoleToken", instance(MEMBER)],
      ["ssm", "ssm:StartSession", instance(MEMBER)],
      ["ssmmessages", "ssmmessages:CreateControlChannel", "*"],
      ["ssmmessages", "ssmmessages:CreateDataChannel", "*"],
      ["ssmmessages", "ssmmessages:OpenControlChannel", "*"],
      ["ssmmessages", "ssmmessages:OpenDataChannel", "*"],
      ["ec2messages", "ec2messages:GetMessages", "*"],
      ["ec2messages", "ec2messages:SendReply", "*"],
      ["logs", "logs:DescribeLogGroups", "*"],
      ["logs", "logs:PutLogEvents", group(MEMBER)],
      ["logs", "logs:CreateLogStream", group(MEMBER)],
      ["kms", "kms:Decrypt", keyIn(MEMBER)],
      ["kms", "kms:GenerateDataKey", keyIn(MEMBER)],
    ])("allow principals of the account to call %s: %s on %s", async (service, action, resource) => {
      expect(await through(service, { account: MEMBER, action, resource, vpc })).toBe(YES);
    });

    it.each<[EndpointService, string, string]>([
      ["ssm", "ssm:UpdateInstanceInformation", instance(STRANGER)],
      ["ssm", "ssm:PutParameter", `arn:aws:ssm:${EU}:${STRANGER}:parameter/loot`],
      ["ssmmessages", "ssmmessages:OpenDataChannel", "*"],
      ["ssmmessages", "ssmmessages:OpenControlChannel", "*"],
      ["ec2messages", "ec2messages:GetMessages", "*"],
      ["logs", "logs:PutLogEvents", group(STRANGER)],
      ["logs", "logs:PutLogEvents", group(MEMBER)],
      ["kms", "kms:GenerateDataKey", keyIn(STRANGER)],
      ["s3", "s3:PutObject", "arn:aws:s3:::their-bucket/loot"],
      ["s3", "s3:PutObject", transcript(MEMBER)],
    ])("refuse credentials of other accounts for %s: %s on %s", async (service, action, resource) => {
      const owner = resource.includes(MEMBER) ? MEMBER : STRANGER;
      expect(await through(service, { account: STRANGER, action, resource, owner, vpc })).toBe(NO);
      const fromUs = { account: OTHER_MEMBER, action, resource, owner, vpc };
      expect(await through(service, fromUs)).toBe(NO);
    });

    it.each<[EndpointService, string, string]>([
      ["logs", "logs:PutLogEvents", group(STRANGER)],
      ["logs", "logs:PutLogEvents", group(OTHER_MEMBER)],
      ["kms", "kms:GenerateDataKey", keyIn(STRANGER)],
      ["s3", "s3:PutObject", "arn:aws:s3:::their-bucket/loot"],
      ["s3", "s3:GetObject", "arn:aws:s3:::their-bucket/tools"],
    ])("refuse resources of other accounts for %s: %s on %s", async (service, action, resource) => {
      const owner = resource.includes(OTHER_MEMBER) ? OTHER_MEMBER : STRANGER;
      expect(await through(service, { account: MEMBER, action, resource, owner, vpc })).toBe(NO);
    });

    it.each<[string, string, Verdict, Verdict?]>([
      ["s3:PutObject", transcript(MEMBER), YES],
      ["s3:PutObjectAcl", transcript(MEMBER), YES],
      ["s3:GetEncryptionConfiguration", CENTRAL, YES],
      // The archive's bucket is in the organization, so the requests pass. The bucket policy decides who reads.
      ["s3:PutObject", transcript(OTHER_MEMBER), wide ? YES : NO],
      ["s3:GetObject", transcript(MEMBER), wide ? YES : NO],
    ])("for transcripts, %s on %s: %s", async (action, resource, expected) => {
      expect(await through("s3", { account: MEMBER, action, resource, owner: ARCHIVE, vpc })).toBe(expected);
    });

    it.each<[string, string]>([
      ["s3:PutObject", transcript(MEMBER)],
      ["s3:PutObjectAcl", transcript(MEMBER)],
      ["s3:GetEncryptionConfiguration", CENTRAL],
    ])("refuse %s on %s if a stranger has taken the name of the bucket", async (action, resource) => {
      const taken = { account: MEMBER, action, resource, owner: STRANGER, vpc };
      expect(await through("s3", taken)).toBe(NO);
    });

    it.each<[string | null, string, Verdict]>([
      [STRANGER, STRANGER, YES],
      // A bucket of the organization passes with reach: account.
      [STRANGER, OTHER_MEMBER, wide ? YES : NO],
      [null, STRANGER, YES],
    ])("for an existing bucket that the map gives to %s, of %s: %s", async (account, owner, expected) => {
      const sandbox = { transcripts: { bucket: { existing: "theirs", account } } };
      const ask = (action: string, resource: string) =>
        through("s3", { account: MEMBER, action, resource, owner, vpc, sandbox });
      expect(await ask("s3:PutObject", `arn:aws:s3:::theirs/sessions/${MEMBER}/${EU}/x.log`)).toBe(expected);
      expect(await ask("s3:GetEncryptionConfiguration", "arn:aws:s3:::theirs")).toBe(expected);
    });

    it.each<[string, Verdict]>([
      [`amazon-ssm-${EU}`, YES],
      [`aws-ssm-${EU}`, YES],
      [`patch-baseline-snapshot-${EU}`, YES],
      [`al2023-repos-${EU}-de612dc2`, YES],
      [`amazonlinux-2-repos-${EU}`, YES],
      [`prod-${EU}-starport-layer-bucket`, wide ? YES : NO],
      [`amazoncloudwatch-agent`, wide ? YES : NO],
      [`amazon-ssm-us-east-1`, NO],
      ["public-data-of-somebody", NO],
    ])("allow unsigned requests to read from %s: %s", async (bucket, expected) => {
      const request = {
        account: MEMBER,
        owner: STRANGER,
        resource: `arn:aws:s3:::${bucket}/x`,
        vpc,
        unsigned: true,
      };
      expect(await through("s3", { ...request, action: "s3:GetObject" })).toBe(expected);
      expect(await through("s3", { ...request, action: "s3:PutObject" })).toBe(NO);
    });

    it.each<[EndpointService, string, string]>([
      ["ssm", "ssm:GetParameter", `arn:aws:ssm:${EU}:${MEMBER}:parameter/app`],
      ["logs", "logs:PutLogEvents", group(MEMBER, "/app")],
      ["logs", "logs:GetLogEvents", group(MEMBER)],
      ["kms", "kms:Encrypt", keyIn(MEMBER)],
      ["s3", "s3:PutObject", "arn:aws:s3:::our-uploads/x"],
      ["s3", "s3:ListAllMyBuckets", "*"],
    ])(
      `let requests for other resources of the account pass unless only sessions may, to %s: %s on %s`,
      async (service, action, resource) => {
        expect(await through(service, { account: MEMBER, action, resource, vpc })).toBe(wide ? YES : NO);
      },
    );

    it("allow requests to buckets that the map names, and to no other bucket of another account", async () => {
      const request = {
        account: MEMBER,
        owner: STRANGER,
        action: "s3:PutObject",
        vpc: { reach, buckets: ["vendor"] },
      };
      expect(await through("s3", { ...request, resource: "arn:aws:s3:::vendor/x" })).toBe(YES);
      expect(await through("s3", { ...request, resource: "arn:aws:s3:::vendor-2/x" })).toBe(NO);
      expect(await through("s3", { ...request, account: STRANGER, resource: "arn:aws:s3:::vendor/x" })).toBe(
        NO,
      );
    });

    it("allow accounts that share the VPC to reach their own resources", async () => {
      const shared = { account: OTHER_MEMBER, vpc: { reach, sharedWith: ["payments"] } };
      for (const [service, action, resource] of [
        ["ssmmessages", "ssmmessages:OpenDataChannel", "*"],
        ["logs", "logs:PutLogEvents", group(OTHER_MEMBER)],
        ["kms", "kms:Decrypt", keyIn(OTHER_MEMBER)],
      ] as const) {
        expect(await through(service, { ...shared, action, resource })).toBe(YES);
      }
      const write = { ...shared, owner: ARCHIVE, action: "s3:PutObject", resource: transcript(OTHER_MEMBER) };
      expect(await through("s3", write)).toBe(YES);
      expect(
        await through("logs", {
          ...shared,
          action: "logs:PutLogEvents",
          resource: group(STRANGER),
          owner: STRANGER,
        }),
      ).toBe(NO);
    });
  },
);

describe("resources of the account", () => {
  it("are the account's own buckets if the map does not have the organization's id", async () => {
    const changes = { organization: { name: "acme" } };
    const own = { account: MEMBER, action: "s3:PutObject", resource: "arn:aws:s3:::artifacts/x", changes };
    expect(await through("s3", { ...own, owner: MEMBER })).toBe(YES);
    expect(await through("s3", { ...own, owner: OTHER_MEMBER })).toBe(NO);
    expect(await through("s3", { ...own, owner: OTHER_MEMBER, changes: {} })).toBe(YES);
  });

  it("do not limit Systems Manager, whose documents AWS owns", async () => {
    const owner = STRANGER;
    const [document] = [`arn:aws:ssm:${EU}:${STRANGER}:document/AWS-UpdateSSMAgent`];
    expect(
      await through("ssm", { account: MEMBER, owner, action: "ssm:GetDocument", resource: document! }),
    ).toBe(YES);
  });
});

it("a key of another account may be used if the map names it", async () => {
  const key = keyIn(ARCHIVE);
  const sandbox = { encryption: { mode: "existing", keyArn: key } };
  const request = { account: MEMBER, owner: ARCHIVE, action: "kms:GenerateDataKey", sandbox };
  expect(await through("kms", { ...request, resource: key })).toBe(YES);
  expect(
    await through("kms", {
      ...request,
      resource: keyIn(ARCHIVE, EU, "ffffffff-1111-2222-3333-444444444444"),
    }),
  ).toBe(NO);
});

it("a VPC is shared with an account in the region of the VPC alone", () => {
  const network = [{ ...VPC, sharedWith: ["payments"] }];
  const organization = exampleOrganization({
    accounts: { ...map.accounts, sandbox: { ...map.accounts["sandbox"]!, network } },
  });
  const target = targetIn(organization, "sandbox", EU);
  const { users } = reachOf(organization, target, target.settings.network[0]!);
  expect(users.map(({ place }) => `${place.account.id} ${place.region}`)).toEqual([
    `${MEMBER} ${EU}`,
    `${OTHER_MEMBER} ${EU}`,
  ]);
});

it("in China every resource is in the partition aws-cn", () => {
  const organization = exampleOrganization({
    archive: undefined,
    transcripts: {},
    accounts: {
      beijing: { id: MEMBER, homeRegion: "cn-north-1", regions: ["cn-north-1"], network: [VPC] },
    },
    access: {},
    waves: undefined,
  });
  const target = targetIn(organization, "beijing", "cn-north-1");
  const reach = reachOf(organization, target, target.settings.network[0]!);
  const resources = ENDPOINT_SERVICES.flatMap((service) =>
    endpointPolicy(service, reach).Statement.flatMap(({ Resource }) => Resource!),
  );
  const foreign = resources.filter((resource) => resource !== "*" && !resource.startsWith("arn:aws-cn:"));
  expect(foreign).toEqual([]);
  expect(resources).toContain("arn:aws-cn:s3:::amazon-ssm-cn-north-1/*");
});
