import exampleMap from "../fixtures/example-map";
import type { AccountsMap } from "../../accounts/schema";
import { OTHER_ACCESS_KINDS } from "../../aws/other-access";
import { SLACK } from "../fixtures/chat";
import { synthesize, synthesizeOne } from "../helpers/synth";
import { GUARDRAILS } from "./policies/guardrails/helpers";

type Said = NonNullable<AccountsMap["guardrails"]>;
const stack = (said: Partial<Said> = {}, changes: Partial<AccountsMap> = {}) =>
  synthesizeOne("guardrails", { ...exampleMap, ...changes, guardrails: { ...GUARDRAILS, ...said } });
const provider = (view = stack()) => view.json.provider.aws[0]!;

describe("the stack of guardrails", () => {
  it("exists only if the map has guardrails", () => {
    expect([...synthesize().keys()]).not.toContain("guardrails");
  });

  it("has these addresses, for each policy and each unit", () => {
    const attached = stack({ organizationalUnits: ["ou-ab12-1a2b3c4d", "111111111111"] });
    expect(attached.addresses).toEqual([
      "aws_organizations_policy.Channels",
      "aws_organizations_policy.Records",
      "aws_organizations_policy.Sessions",
      "aws_organizations_policy_attachment.Channels_Target-111111111111_5B488279",
      "aws_organizations_policy_attachment.Channels_Target-ou-ab12-1a2b3c4d_C03A2625",
      "aws_organizations_policy_attachment.Records_Target-111111111111_0ADB38FB",
      "aws_organizations_policy_attachment.Records_Target-ou-ab12-1a2b3c4d_6D817AA8",
      "aws_organizations_policy_attachment.Sessions_Target-111111111111_C1673CF3",
      "aws_organizations_policy_attachment.Sessions_Target-ou-ab12-1a2b3c4d_1FA878F2",
    ]);
  });

  it("has a provider for the management account only", () => {
    expect(provider()).toMatchObject({
      region: "us-east-1",
      allowed_account_ids: ["999999999999"],
      assume_role: [{ role_arn: "arn:aws:iam::999999999999:role/session-audit-deploy" }],
    });
  });

  it("assumes another role in the management account if the map names one", () => {
    const managementAccount = { ...GUARDRAILS.managementAccount, role: "org/policies" };
    expect(provider(stack({ managementAccount }))).toMatchObject({
      assume_role: [{ role_arn: "arn:aws:iam::999999999999:role/org/policies" }],
    });
  });

  it("assumes no role if the deployment is ambient", () => {
    const deploymentRoles = ["arn:aws:iam::*:role/ci"];
    expect(provider(stack({ deploymentRoles }, { deployment: { mode: "ambient" } }))).not.toHaveProperty(
      "assume_role",
    );
  });

  it("has the tags of the organization's settings on its policies", () => {
    const view = stack({}, { tags: { owner: "security" } });
    expect(provider(view)["default_tags"]).toEqual([
      { tags: { owner: "security", "session-audit": "acme" } },
    ]);
  });

  it("attaches each policy to each unit", () => {
    const units = ["ou-ab12-1a2b3c4d", "ou-ab12-5e6f7a8b"];
    const attachments = Object.values(
      stack({ organizationalUnits: units }).all("aws_organizations_policy_attachment"),
    );
    expect(attachments.map(({ target_id }) => target_id).sort()).toEqual(
      [...units, ...units, ...units].sort(),
    );
    expect(new Set(attachments.map(({ policy_id }) => policy_id))).toEqual(
      new Set(["Channels", "Records", "Sessions"].map((id) => `\${aws_organizations_policy.${id}.id}`)),
    );
  });

  it("writes policies without white space, which AWS would count", () => {
    const policies = Object.values(stack().all("aws_organizations_policy"));
    expect(policies.map(({ name }) => name)).toEqual([
      "session-audit-acme-sessions",
      "session-audit-acme-records",
      "session-audit-acme-channels",
    ]);
    for (const { content, type } of policies) {
      expect(type).toBe("SERVICE_CONTROL_POLICY");
      const text = String(content).replaceAll("$${", "${");
      expect(text).toBe(JSON.stringify(JSON.parse(text)));
      expect(text.length).toBeLessThanOrEqual(5_120);
    }
  });

  it("fits into AWS's limit with a permission set for emergencies, long names, and everything that it can refuse", () => {
    const organization = { ...exampleMap.organization, name: "a".repeat(13) };
    const permissionSet =
      "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_BreakGlassAccess_*";
    const said: Partial<Said> = {
      breakGlassRoles: [permissionSet],
      refuseOtherAccess: OTHER_ACCESS_KINDS,
      otherAccessRoles: ["arn:aws:iam::*:role/patching"],
    };
    const changes: Partial<AccountsMap> = {
      organization,
      access: {
        attachToRoles: ["app-server", "batch-worker", "build-agent"],
        unmaskRoles: ["session-reviewer"],
      },
      logs: { masking: { enabled: true } },
      notifications: { security: { chat: [SLACK] } },
      transcripts: {
        ...exampleMap.transcripts,
        organizationReaders: ["arn:aws:iam::444444444444:role/incident-response"],
      },
    };
    const sizes = Object.values(stack(said, changes).all("aws_organizations_policy")).map(
      ({ content }) => String(content).replaceAll("$${", "${").length,
    );
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_120);
  });

  it("leaves IAM's variables to IAM", () => {
    expect(String(stack().the("aws_organizations_policy", /Sessions/)["content"])).toContain(
      "$${aws:PrincipalAccount}",
    );
  });

  it("may be destroyed, so that people who are locked out can be let in again", () => {
    expect(JSON.stringify(stack().json)).not.toContain("prevent_destroy");
  });

  it("outputs in every plan the accounts of the map that no policy applies to", () => {
    expect(stack().json.output).toBeUndefined();
    const managementAccount = { id: "444444444444", homeRegion: "eu-central-1" };
    expect(stack({ managementAccount }).json.output).toEqual({
      accounts_without_guardrails: { value: ["payments"] },
    });
  });
});

it("no other stack changes with guardrails", () => {
  const guarded = { ...exampleMap, guardrails: GUARDRAILS };
  for (const id of ["archive-us-east-1", "account-payments", "session-payments-us-east-1"])
    expect(synthesizeOne(id, guarded).json).toEqual(synthesizeOne(id).json);
});
