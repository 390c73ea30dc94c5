import { actionsOf, WEAKENING_CALLS } from "../../../../stacks/weakening";
import { actor, ADMINISTRATOR, administratorOf, MEMBER, roleIn } from "../helpers";
import { guarded, guardrailsOf, judged } from "./helpers";

// The role of instances in the example map is app-server.
const BY_DEFAULT = guardrailsOf();
const KEPT = guardrailsOf(guarded({ keepInstanceRoles: true }));
const ADMIN = administratorOf(MEMBER);
const APP_SERVER = roleIn(MEMBER, "app-server");
const BOUNDARY = "iam:PutRolePermissionsBoundary";

/** The calls that change a role of instances, as the table of weakening calls has them. */
const CALLS = WEAKENING_CALLS.filter(({ refused }) => refused.includes("KeepInstanceRoles")).flatMap(
  ({ service, operations }) => operations.flatMap((operation) => actionsOf(service, operation)),
);

it("keeping the roles of instances is about each call that decides what a role may do, and who has it", () => {
  expect([...CALLS].sort()).toEqual([
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
  ]);
});

describe.each(CALLS)("%s", (action) => {
  const verdict = (who: typeof ADMIN, resource = APP_SERVER, guardrails = KEPT) =>
    judged(who, { action, resource }, guardrails);
  const boundary = action === BOUNDARY ? ["KeepInstanceBoundaries"] : [];

  it.each([
    ["the role", APP_SERVER],
    ["the role below a path", roleIn(MEMBER, "apps/shop/app-server")],
  ])("on %s is refused to an administrator", async (_what, role) => {
    expect(await verdict(ADMIN, role)).toEqual({
      result: "ExplicitlyDenied",
      decisive: [...boundary, "KeepInstanceRoles"],
    });
  });

  it.each([
    ["a session of an administrator", `arn:aws:sts::${MEMBER}:assumed-role/administrator/alice`],
    ["the instance itself", `arn:aws:sts::${MEMBER}:assumed-role/app-server/i-0123456789abcdef0`],
    ["a role whose name begins with an exempt one", roleIn(MEMBER, "break-glass-2")],
    ["a role below a path that ends in an exempt name", roleIn(MEMBER, "x/break-glass")],
  ])("is refused to %s", async (_who, principal) => {
    const { result, decisive } = await verdict(actor(principal, ADMINISTRATOR));
    expect(result).toBe("ExplicitlyDenied");
    expect(decisive).toContain("KeepInstanceRoles");
  });

  it.each([
    ["the break-glass role", roleIn(MEMBER, "break-glass")],
    ["a session of the break-glass role", `arn:aws:sts::${MEMBER}:assumed-role/break-glass/alice`],
    ["the deploying role", roleIn(MEMBER, "session-audit-deploy")],
    ["a session of the deploying role", `arn:aws:sts::${MEMBER}:assumed-role/session-audit-deploy/ci`],
  ])("is allowed to %s", async (_who, principal) => {
    expect((await verdict(actor(principal, ADMINISTRATOR))).result).toBe("Allowed");
  });

  it.each(["other", "app-server-2", "my-app-server", "app-server/other"])(
    "on the role %s, which the map does not name, is allowed to an administrator",
    async (role) => {
      expect((await verdict(ADMIN, roleIn(MEMBER, role))).result).toBe("Allowed");
    },
  );

  it("is allowed to an administrator by default, except a boundary", async () => {
    expect(await verdict(ADMIN, APP_SERVER, BY_DEFAULT)).toMatchObject(
      action === BOUNDARY
        ? { result: "ExplicitlyDenied", decisive: ["KeepInstanceBoundaries"] }
        : { result: "Allowed" },
    );
  });
});

it.each(["iam:UpdateRole", "iam:TagRole", "iam:GetRole", "iam:PassRole"])(
  "%s on a kept role is allowed, because it takes no permission away",
  async (action) => {
    expect((await judged(ADMIN, { action, resource: APP_SERVER }, KEPT)).result).toBe("Allowed");
  },
);

it("the role of Default Host Management is kept below the path that AWS's console gives it", async () => {
  const name = "AWSSystemsManagerDefaultEC2InstanceManagementRole";
  const guardrails = guardrailsOf(
    guarded({ keepInstanceRoles: true }, { access: { defaultHostManagementRole: name } }),
  );
  const call = { action: "iam:PutRolePolicy", resource: roleIn(MEMBER, `service-role/${name}`) };
  expect(await judged(ADMIN, call, guardrails)).toEqual({
    result: "ExplicitlyDenied",
    decisive: ["KeepInstanceRoles"],
  });
});

it("keeps the roles of instances, their boundaries included, where other existing resources are not protected", async () => {
  const guardrails = guardrailsOf(guarded({ keepInstanceRoles: true, protectExisting: false }));
  expect(guardrails.map(({ id }) => id)).toEqual(["Sessions", "Records", "Channels", "Existing"]);
  expect(await judged(ADMIN, { action: BOUNDARY, resource: APP_SERVER }, guardrails)).toEqual({
    result: "ExplicitlyDenied",
    decisive: ["KeepInstanceRoles"],
  });
});
