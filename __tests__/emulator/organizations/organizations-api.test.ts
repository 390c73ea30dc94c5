import type { Identities } from "../../../emulator/clients/identities";
import { organizationsApi } from "../../../emulator/organizations/organizations-api";
import { ServiceControlPolicies } from "../../../emulator/organizations/service-control-policies";
import { GUARDRAILS, guarded } from "../../stacks/policies/guardrails/helpers";
import { exampleOrganization } from "../../stacks/policies/helpers";
import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { organizationOf } from "../../../demo/deployment";

const ORGANIZATION = {
  id: "o-a1b2c3d4e5",
  managementAccount: "999999999999",
  accounts: ["999999999999", "111111111111", "222222222222"],
  units: { "r-ab12": ["111111111111", "222222222222"], "ou-ab12-1a2b3c4d": ["222222222222"] },
};
const UNIT = "ou-ab12-1a2b3c4d";
const DENY = {
  Version: "2012-10-17",
  Statement: [{ Sid: "A", Effect: "Deny", Action: "s3:*", Resource: "*" }],
};

/** A new organization, and calls to it, by default from the management account. */
function start(organization: Parameters<typeof organizationsApi>[1] = ORGANIZATION) {
  const policies = new ServiceControlPolicies(organization);
  const identities = { of: async (key: string) => ({ accountId: key }) } as unknown as Identities;
  const api = organizationsApi(policies, organization, identities, undefined);
  const call = async (operation: string, parameters: object = {}, from = "999999999999") => {
    const body = Buffer.from(JSON.stringify(parameters));
    const request = { service: "organizations", region: "us-east-1", operation, body, accessKeyId: from };
    const answer = await api(request as AwsRequest);
    return answer && (JSON.parse(answer.body) as Record<string, unknown>);
  };
  const create = async (Name = "deny", Content: unknown = DENY, more: object = {}) => {
    const content = typeof Content === "string" ? Content : JSON.stringify(Content);
    const Type = "SERVICE_CONTROL_POLICY";
    const { Policy } = (await call("CreatePolicy", { Name, Type, Content: content, ...more }))!;
    return (Policy as { PolicySummary: { Id: string } }).PolicySummary.Id;
  };
  return { policies, call, create };
}

const failure = async (attempt: Promise<unknown>): Promise<string | undefined> =>
  attempt.then(
    () => undefined,
    (error: { code: string }) => error.code,
  );

it("returns a policy as it was created, until it is changed", async () => {
  const { call, create } = start();
  const PolicyId = await create("deny", DENY, { Description: "why" });
  const arn = "arn:aws:organizations::999999999999:policy/o-a1b2c3d4e5/service_control_policy/p-00000001";
  expect(await call("DescribePolicy", { PolicyId })).toEqual({
    Policy: {
      PolicySummary: {
        Id: PolicyId,
        Arn: arn,
        Name: "deny",
        Description: "why",
        Type: "SERVICE_CONTROL_POLICY",
        AwsManaged: false,
      },
      Content: JSON.stringify(DENY),
    },
  });
  await call("UpdatePolicy", { PolicyId, Name: "other" });
  expect(await call("DescribePolicy", { PolicyId })).toMatchObject({
    Policy: { PolicySummary: { Name: "other", Description: "why" }, Content: JSON.stringify(DENY) },
  });
});

it("keeps tags", async () => {
  const { call, create } = start();
  const ResourceId = await create("deny", DENY, {
    Tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  await call("TagResource", { ResourceId, Tags: [{ Key: "a", Value: "3" }] });
  await call("UntagResource", { ResourceId, TagKeys: ["b"] });
  expect(await call("ListTagsForResource", { ResourceId })).toEqual({ Tags: [{ Key: "a", Value: "3" }] });
});

it("lists the targets of a policy", async () => {
  const { call, create } = start();
  const PolicyId = await create();
  for (const TargetId of ["r-ab12", UNIT, "111111111111"]) await call("AttachPolicy", { PolicyId, TargetId });
  await call("DetachPolicy", { PolicyId, TargetId: "r-ab12" });
  const { Targets } = (await call("ListTargetsForPolicy", { PolicyId }))!;
  expect(Targets).toEqual([
    {
      TargetId: UNIT,
      Arn: `arn:aws:organizations::999999999999:ou/o-a1b2c3d4e5/${UNIT}`,
      Name: UNIT,
      Type: "ORGANIZATIONAL_UNIT",
    },
    expect.objectContaining({ TargetId: "111111111111", Type: "ACCOUNT" }),
  ]);
});

it.each([
  ["an account", "222222222222", ["222222222222"]],
  ["a unit", UNIT, ["222222222222"]],
  ["the root", "r-ab12", ["111111111111", "222222222222"]],
  ["the management account, to which no policy applies", "999999999999", []],
])("applies to the accounts below %s", async (_what, TargetId, bound) => {
  const { policies, call, create } = start();
  const PolicyId = await create();
  await call("AttachPolicy", { PolicyId, TargetId });
  expect(ORGANIZATION.accounts.filter((account) => policies.applyingTo(account).length > 0)).toEqual(bound);
  await call("DetachPolicy", { PolicyId, TargetId });
  expect(ORGANIZATION.accounts.filter((account) => policies.applyingTo(account).length > 0)).toEqual([]);
});

describe("refuses as AWS does", () => {
  const long = { ...DENY, Statement: [{ ...DENY.Statement[0], Resource: "x".repeat(5_120) }] };
  const principal = { ...DENY, Statement: [{ ...DENY.Statement[0], Principal: "*" }] };
  it.each([
    ["a policy that is too long", long, "ConstraintViolationException"],
    ["text that is not JSON", "{", "MalformedPolicyDocumentException"],
    [
      "a policy without a statement",
      { Version: "2012-10-17", Statement: [] },
      "MalformedPolicyDocumentException",
    ],
    ["a policy with a principal", principal, "MalformedPolicyDocumentException"],
  ])("%s, new or changed", async (_what, content, code) => {
    const { call, create } = start();
    const PolicyId = await create();
    expect(await failure(create("another", content))).toBe(code);
    const Content = typeof content === "string" ? content : JSON.stringify(content);
    expect(await failure(call("UpdatePolicy", { PolicyId, Content }))).toBe(code);
  });

  it("a name that is taken", async () => {
    const { call, create } = start();
    await create("one");
    const PolicyId = await create("two");
    expect(await failure(create("one"))).toBe("DuplicatePolicyException");
    expect(await failure(call("UpdatePolicy", { PolicyId, Name: "one" }))).toBe("DuplicatePolicyException");
    expect(await failure(call("UpdatePolicy", { PolicyId, Name: "two" }))).toBeUndefined();
  });

  it("a fifth policy on a unit, where FullAWSAccess is the first", async () => {
    const { call, create } = start();
    const attach = async (name: string) =>
      call("AttachPolicy", { PolicyId: await create(name), TargetId: UNIT });
    for (const name of ["a", "b", "c", "d"]) await attach(name);
    expect(await failure(attach("e"))).toBe("ConstraintViolationException");
  });

  it("to attach twice, to detach what is not attached, and to delete what is attached", async () => {
    const { call, create } = start();
    const PolicyId = await create();
    const on = { PolicyId, TargetId: UNIT };
    expect(await failure(call("DetachPolicy", on))).toBe("PolicyNotAttachedException");
    await call("AttachPolicy", on);
    expect(await failure(call("AttachPolicy", on))).toBe("DuplicatePolicyAttachmentException");
    expect(await failure(call("DeletePolicy", { PolicyId }))).toBe("PolicyInUseException");
    await call("DetachPolicy", on);
    await call("DeletePolicy", { PolicyId });
    expect(await failure(call("DescribePolicy", { PolicyId }))).toBe("PolicyNotFoundException");
  });

  it("a unit that does not exist", async () => {
    const { call, create } = start();
    const on = { PolicyId: await create(), TargetId: "ou-ab12-99999999" };
    expect(await failure(call("AttachPolicy", on))).toBe("TargetNotFoundException");
  });

  it("a caller outside the management account", async () => {
    const { call } = start();
    expect(await failure(call("DescribePolicy", {}, "111111111111"))).toBe("AccessDeniedException");
  });

  it("other types of policies", async () => {
    const { call } = start();
    const tags = { Name: "a", Type: "TAG_POLICY", Content: "{}" };
    expect(await failure(call("CreatePolicy", tags))).toBe("InvalidInputException");
  });
});

it("leaves to moto what it does not know, and an organization without a management account", async () => {
  expect(await start().call("ListRoots")).toBeUndefined();
  expect(await start({ id: "o-a1b2c3d4e5", accounts: [] }).call("CreatePolicy")).toBeUndefined();
});

describe("the organization of a map", () => {
  it("has every account of the map below each unit that its guardrails name", () => {
    const organizationalUnits = ["ou-ab12-1a2b3c4d", "222222222222"];
    const members = ["111111111111", "222222222222", "333333333333", "444444444444"];
    expect(organizationOf(guarded({ organizationalUnits }))).toEqual({
      id: "o-a1b2c3d4e5",
      accounts: [...members, "999999999999"],
      managementAccount: "999999999999",
      units: { "ou-ab12-1a2b3c4d": members },
    });
  });

  it("has an id, even when the map names none", () => {
    const nameless = exampleOrganization({ organization: { name: "acme" }, guardrails: GUARDRAILS });
    expect(organizationOf(nameless)?.id).toMatch(/^o-[a-z0-9]{10,32}$/);
    expect(organizationOf(exampleOrganization({ organization: { name: "acme" } }))).toBeUndefined();
    expect(organizationOf(exampleOrganization())).toEqual({
      id: "o-a1b2c3d4e5",
      accounts: ["111111111111", "222222222222", "333333333333", "444444444444"],
    });
  });
});
