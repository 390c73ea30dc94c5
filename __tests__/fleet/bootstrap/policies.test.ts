import type { AccountsMap } from "../../../accounts/schema";
import { simulate, type PolicyDocument } from "../../../emulator/iam/policy-simulator";
import exampleMap from "../../fixtures/example-map";
import { rolesOf } from "../../helpers/cloudformation";
import { ACCOUNT, ROLES, CENTRAL, COMPLETE, GITHUB, made, accountRole } from "./made";

it.each<[string, Partial<AccountsMap>, string[]]>([
  ["nothing further", {}, ["DeployGuard"]],
  [
    "the guard nowhere",
    {
      accounts: {
        payments: exampleMap.accounts["payments"]!,
        "log-archive": exampleMap.accounts["log-archive"]!,
      },
      waves: ["rest"],
    },
    [],
  ],
  ["masking", { logs: { masking: { enabled: true } } }, ["DeployGuard", "DeployLogs"]],
  ["prerequisites", { prerequisites: { maintain: ["ssm-agent"] } }, ["DeployGuard", "DeployHosts"]],
  [
    "an existing topic",
    { notifications: { activity: { topic: { existing: "sessions" } } } },
    ["DeployExisting", "DeployGuard"],
  ],
  ...(["create", "keep"] as const).map((recordings): [string, Partial<AccountsMap>, string[]] => [
    `recordings of Remote Desktop: ${recordings}`,
    {
      accounts: {
        ...exampleMap.accounts,
        payments: { ...exampleMap.accounts["payments"]!, remoteDesktop: { recordings } },
      },
    },
    ["DeployGuard", "DeployRdp"],
  ]),
])("has the policies that a map with %s needs", (_, changes, expected) => {
  expect(Object.keys(accountRole(made(changes), ROLES.role).managed).sort()).toEqual(expected);
});

it.each<[string, object, string[]]>([
  ["are created", {}, ["DeployGuard"]],
  ["exist", { topic: { existing: "sessions" } }, ["DeployExisting", "DeployGuard"]],
])("has the policies that a map needs whose topics in one place %s", (_, topic, expected) => {
  const { accounts, notifications, ...rest } = CENTRAL;
  const activity = { ...notifications!.activity, ...topic };
  const own = { activity: { topic: "create" }, security: { topic: "create" } } as const;
  const map: AccountsMap = {
    ...rest,
    notifications: { ...notifications, activity },
    accounts: { ...accounts, work: { ...accounts["work"]!, notifications: own } },
  };
  expect(Object.keys(accountRole(made({}, GITHUB, map), ROLES.role).managed).sort()).toEqual(expected);
});

describe("with settings that name what exists, the deploying role", () => {
  const logGroup = (name: string) => `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:${name}`;
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const OWN_POLICY = { "iam:PolicyARN": `arn:aws:iam::${ACCOUNT}:policy/session-audit-acme-instance` };
  const masked = { masking: { enabled: true } };
  /** A map whose regions say nothing of the retention of logs, which an existing group has by itself. */
  const { payments, ...others } = exampleMap.accounts;
  const existing = { existing: "/corp/sessions" };
  const regions = ["eu-central-1", "us-east-1"];
  const MAPS: Readonly<Record<string, Partial<AccountsMap>>> = {
    "a masked group": {
      logs: { group: existing, ...masked },
      accounts: { ...others, payments: { ...payments!, regions } },
    },
    "a group of one account": {
      logs: masked,
      accounts: { ...others, payments: { ...payments!, regions, logs: { group: existing } } },
    },
    "a created group": { logs: masked },
    "a role of hosts": { access: { defaultHostManagementRole: "hosts" } },
  };

  it.each`
    map                         | action                             | resource                                    | may
    ${"a masked group"}         | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions")}               | ${true}
    ${"a masked group"}         | ${"logs:PutSubscriptionFilter"}    | ${logGroup("/corp/sessions:log-stream:x")}  | ${true}
    ${"a masked group"}         | ${"logs:DeleteSubscriptionFilter"} | ${logGroup("/corp/sessions")}               | ${true}
    ${"a masked group"}         | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions-of-others")}     | ${false}
    ${"a masked group"}         | ${"logs:GetLogEvents"}             | ${logGroup("/corp/sessions:log-stream:x")}  | ${false}
    ${"a masked group"}         | ${"logs:DeleteLogGroup"}           | ${logGroup("/corp/sessions")}               | ${false}
    ${"a masked group"}         | ${"logs:PutSubscriptionFilter"}    | ${logGroup("/session-audit/acme/sessions")} | ${true}
    ${"a group of one account"} | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions")}               | ${true}
    ${"a created group"}        | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions")}               | ${false}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("hosts")}                            | ${true}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("service-role/hosts")}               | ${true}
    ${"a role of hosts"}        | ${"iam:DetachRolePolicy"}          | ${role("corp/ops/hosts")}                   | ${true}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("other-hosts")}                      | ${false}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("hosts/other")}                      | ${false}
    ${"a role of hosts"}        | ${"iam:PutRolePolicy"}             | ${role("hosts")}                            | ${false}
  `(
    "with $map may $action on $resource: $may",
    async ({ map, action, resource, may }: Record<string, string>) => {
      const { name, inline, managed } = accountRole(made(MAPS[map!]), ROLES.role);
      const { result } = await simulate({
        principal: role(name),
        action: action!,
        resource: resource!,
        resourceAccountId: ACCOUNT,
        context: /^iam:(Attach|Detach)RolePolicy$/.test(action!) ? OWN_POLICY : {},
        identityPolicies: [...Object.values(inline), ...Object.values(managed)],
      });
      expect(result === "Allowed").toBe(may);
    },
  );

  it("attaches no policy of somebody else's to a role of hosts", async () => {
    const { name, inline, managed } = accountRole(made(MAPS["a role of hosts"]), ROLES.role);
    const { result } = await simulate({
      principal: role(name),
      action: "iam:AttachRolePolicy",
      resource: role("corp/ops/hosts"),
      resourceAccountId: ACCOUNT,
      context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
      identityPolicies: [...Object.values(inline), ...Object.values(managed)],
    });
    expect(result).toBe("ImplicitlyDenied");
  });
});

it("has every policy of docs for a map that uses everything, within the quotas of IAM and CloudFormation", () => {
  const long = { ...COMPLETE, organization: { ...COMPLETE.organization, name: "acme" } };
  const pipeline = { account: { id: ACCOUNT, role: "machines" }, region: "eu-central-1" };
  const state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const templates = made({ pipeline, state }, GITHUB, long);
  const role = accountRole(templates, ROLES.role);
  expect(Object.keys(role.managed)).toEqual(["DeployGuard", "DeployHosts", "DeployLogs"]);
  const size = (document: PolicyDocument) => JSON.stringify(document).length;
  for (const one of rolesOf(templates.accounts, ACCOUNT)) {
    expect(Object.values(one.inline).reduce((sum, document) => sum + size(document), 0)).toBeLessThan(10_240);
    for (const document of Object.values(one.managed)) expect(size(document)).toBeLessThan(6_144);
  }
  // A template that is given in the call, and not in a bucket.
  expect(JSON.stringify(templates.accounts, null, 1).length).toBeLessThan(51_200);
});

it("names the roles of instances, and nothing if the map names none", () => {
  const statement = (changes: Partial<AccountsMap>) =>
    accountRole(made(changes), ROLES.role).inline["deploy"]!.Statement as {
      Sid: string;
      Resource: string[];
    }[];
  const attach = (changes: Partial<AccountsMap>) =>
    statement(changes).find(({ Sid }) => Sid === "AttachToInstanceRoles")?.Resource;
  expect(attach({ access: { attachToRoles: ["web", "app"] } })).toEqual(
    ["app", "*/app", "web", "*/web"].map((role) => `arn:aws:iam::${ACCOUNT}:role/${role}`),
  );
  expect(attach({ access: { attachToRoles: [], instanceProfile: true } })).toBeUndefined();
});

it("lets the policies of guardrails be changed in the management account alone", () => {
  const templates = made({}, GITHUB, COMPLETE);
  const management = COMPLETE.guardrails!.managementAccount.id;
  const names = (accountId: string) => rolesOf(templates.accounts, accountId).map(({ name }) => name);
  expect(names(ACCOUNT)).toEqual(["session-audit-plan", "session-audit-deploy"]);
  expect(names(management)).toEqual(["session-audit-plan", "session-audit-deploy", "organization-policies"]);
  const role = accountRole(templates, "organization-policies", management);
  const attach = (role.managed["Guardrails"]!.Statement as { Sid: string; Resource: string[] }[]).find(
    ({ Sid }) => Sid === "AttachToUnits",
  );
  expect(attach!.Resource).toEqual(
    COMPLETE.guardrails!.organizationalUnits.map(
      (unit) =>
        expect.stringMatching(
          `^arn:aws:organizations::${management}:(ou|root|account)/\\*/${unit}$`,
        ) as string,
    ),
  );
});
