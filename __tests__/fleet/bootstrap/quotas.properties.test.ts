import fc from "fast-check";
import type { AccountsMap } from "../../../accounts/schema";
import type { PolicyDocument } from "../../../emulator/iam/policy-simulator";
import { refuseWhatIamRefuses } from "../../../fleet/bootstrap/policy-quotas";
import { bootstrap, type Bootstrap } from "../../../fleet/bootstrap/templates";
import { UserError } from "../../../processes/user-error";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { rolesOf } from "../../helpers/cloudformation";
import { holds } from "../../helpers/property";

const ACCOUNT = "444444444444";
const DEPLOY = "session-audit-deploy";

/** A map of many small accounts. @param roles the names of the instance roles of each account */
const mapOf = (organization: string, roles: readonly (readonly string[])[]): AccountsMap => ({
  organization: { name: organization, id: "o-a1b2c3d4e5" },
  trail: "existing",
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: DEPLOY, planRole: "session-audit-plan" },
  transcripts: { bucket: "none" },
  preferences: { enforce: { s3: false } },
  accounts: Object.fromEntries(
    roles.map((attachToRoles, index) => [
      `a${index}`,
      {
        id: String(400_000_000_000 + index),
        homeRegion: "eu-central-1",
        regions: ["eu-central-1"],
        access: { attachToRoles: [...attachToRoles] },
      },
    ]),
  ),
});

const made = (map: AccountsMap, environments: readonly string[] = ["production"]): Bootstrap =>
  bootstrap({
    organization: checkMap(map, "map"),
    pipeline: { kind: "github", repository: "acme/audit", environments, branch: "main" },
    pipelineAccount: "111111111111",
  });

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const size = (document: PolicyDocument) => JSON.stringify(document).length;
/** What IAM would refuse of the roles that templates make. */
function refusedByIam(templates: Bootstrap, accountId = ACCOUNT): string[] {
  const roles = [
    ...rolesOf(templates.accounts, accountId),
    ...rolesOf(templates.pipeline, "111111111111", { IdentityProvider: "create" }),
  ];
  return roles.flatMap(({ name, inline, managed, trust }) => {
    const documents = [...Object.values(inline), ...Object.values(managed)];
    return [
      ...(Object.values(inline).reduce((sum, one) => sum + size(one), 0) > 10_240 ? [`${name}: inline`] : []),
      ...Object.entries(managed).flatMap(([id, one]) => (size(one) > 6_144 ? [`${name}: ${id}`] : [])),
      ...(Object.keys(managed).length > 10 ? [`${name}: attached`] : []),
      ...(size(trust) > 2_048 ? [`${name}: trust`] : []),
      ...documents.flatMap(({ Statement }) => {
        const sids = (Statement as { Sid: string }[]).map(({ Sid }) => Sid);
        return new Set(sids).size === sids.length ? [] : [`${name}: a Sid twice`];
      }),
    ];
  });
}
/** The statements of a role's policies, one for each resource, without their Sids. */
function permissions(templates: Bootstrap, name: string): string[] {
  const { inline, managed } = rolesOf(templates.accounts, ACCOUNT).find((role) => role.name === name)!;
  return [...Object.values(inline), ...Object.values(managed)]
    .flatMap(({ Statement }) => Statement as { Sid: string; Resource: string | string[] }[])
    .flatMap(({ Sid: _, Resource, ...rest }) => [Resource].flat().map((one) => JSON.stringify([rest, one])))
    .sort();
}
const named = (count: number, length = 24) =>
  Array.from({ length: count }, (_, index) => [`${"r".repeat(length - 4)}${String(index).padStart(4, "0")}`]);

it("makes policies that IAM takes, or refuses the map, whatever the roles of instances are called", () =>
  holds(
    25,
    fc.property(
      fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/),
      fc.array(fc.uniqueArray(fc.stringMatching(/^[a-z][\w+=,.@-]{0,63}$/), { maxLength: 8 }), {
        minLength: 1,
        maxLength: 120,
        size: "max",
      }),
      (organization, roles) => {
        let templates: Bootstrap;
        try {
          templates = made(mapOf(organization, roles));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        expect(refusedByIam(templates)).toEqual([]);
      },
    ),
  ));

it.each([1, 20, 60, 150])("deploys with what %i roles of instances need, and with nothing more", (count) => {
  const role = named(count);
  const templates = made(mapOf("acme", role));
  expect(refusedByIam(templates)).toEqual([]);
  const attaching = permissions(templates, DEPLOY).filter((one) => /role\/(\*\/)?r+\d{4}"\]$/.test(one));
  expect(attaching).toHaveLength(2 * count);
  expect(new Set(attaching).size).toBe(2 * count);
  // Everything else is what a map with one role has.
  const rest = (of: Bootstrap) => permissions(of, DEPLOY).filter((one) => !/r{20}\d{4}"\]$/.test(one));
  expect(rest(templates)).toEqual(rest(made(mapOf("acme", named(1)))));
});

it("keeps one inline policy as long as it fits", () => {
  const { Resources } = made(mapOf("acme", named(1))).accounts;
  expect(Object.keys(Resources)).toEqual(["PlanRole", "DeployRole"]);
});

it("makes policies that IAM takes of an organization with a long name", () => {
  // The role that forwards events of an account has no room for a longer name.
  const map = { ...mapOf("a".repeat(23), named(3)), transcripts: { bucket: "none" as const } };
  expect(refusedByIam(made(map))).toEqual([]);
});

it.each<[string, () => Bootstrap, RegExp]>([
  [
    "with more roles of instances than its policies hold",
    () => made(mapOf("acme", named(900, 64))),
    /session-audit-deploy would have \d+ managed policies attached[\s\S]*10[\s\S]*access\.attachToRoles/,
  ],
  [
    "with more environments than a trust policy holds",
    () =>
      made(
        mapOf("acme", named(1)),
        [...Array(60).keys()].map((index) => `environment-of-a-wave-${index}`),
      ),
    /the trust policy of session-audit-pipeline-deploy would have [\d,]+ characters[\s\S]*2,048[\s\S]*--environment/,
  ],
  [
    "with an external id that a trust policy does not hold",
    () =>
      made({
        ...mapOf("acme", named(1)),
        deployment: {
          mode: "assume-role",
          role: DEPLOY,
          planRole: "session-audit-plan",
          externalId: "x".repeat(1_224),
        },
        state: { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" },
        pipeline: {
          account: { id: "555555555555" },
          region: "eu-central-1",
          workers: {
            repository: "https://github.com/acme/audit",
            connection:
              "arn:aws:codeconnections:eu-central-1:555555555555:connection/0f8fad5b-d9cb-469f-a165-70867728950e",
          },
        },
      }),
    /the trust policy of session-audit-(plan|deploy) would have [\d,]+ characters[\s\S]*deployment\.externalId/,
  ],
])("refuses a map %s", (_, make, text) => {
  expect(make).toThrow(UserError);
  expect(make).toThrow(text);
});

describe("with a role for the probes of each wave", () => {
  const probed = (count: number): AccountsMap => {
    const waves = Array.from({ length: count }, (_, index) => ({
      name: `w${index}`,
      doctor: true,
      probeRole: `${"p".repeat(60)}${index}`,
    }));
    const { accounts, ...map } = mapOf("acme", named(1));
    return {
      ...map,
      waves,
      state: { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" },
      pipeline: { account: { id: "111111111111" }, region: "eu-central-1" },
      accounts: Object.fromEntries(
        waves.map(({ name }, index) => [
          `a${index}`,
          { ...accounts["a0"]!, id: String(400_000_000_000 + index), wave: name },
        ]),
      ),
    };
  };

  it("makes policies that IAM takes of many waves", () => {
    const templates = made(probed(50));
    expect(refusedByIam(templates)).toEqual([]);
    expect(JSON.stringify(templates.pipeline).match(/p{60}\d+/g)).toHaveLength(50);
  });

  it("refuses more of them than a policy holds, and says what to do", () => {
    expect(() => made(probed(100))).toThrow(
      /the inline policies of session-audit-pipeline-deploy would have [\d,]+ characters[\s\S]*probeRole/,
    );
  });
});

it("makes policies that IAM takes of guardrails for many units", () => {
  const managementAccount = { id: "999999999999", homeRegion: "eu-central-1" };
  const organizationalUnits = Array.from(
    { length: 100 },
    (_, index) => `ou-ab12-${String(index).padStart(8, "0")}`,
  );
  const map = { ...exampleMap, guardrails: { managementAccount, organizationalUnits } };
  const templates = made({
    ...map,
    deployment: { mode: "assume-role", role: DEPLOY, planRole: "session-audit-plan" },
  } as AccountsMap);
  expect(refusedByIam(templates, managementAccount.id)).toEqual([]);
});

it("takes as many managed policies of a role as IAM does", () => {
  const template = (attached: number) => ({
    Resources: {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: { RoleName: "deploy", AssumeRolePolicyDocument: { Statement: [] } },
      },
      ...Object.fromEntries(
        Array.from({ length: attached }, (_, index) => [
          `Policy${index}`,
          {
            Type: "AWS::IAM::ManagedPolicy",
            Properties: { Roles: [{ Ref: "Role" }], PolicyDocument: { Statement: [] } },
          },
        ]),
      ),
    },
  });
  expect(() => refuseWhatIamRefuses(template(10), "")).not.toThrow();
  expect(() => refuseWhatIamRefuses(template(11), "")).toThrow(
    "deploy would have 11 managed policies attached",
  );
});
