import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import { organizationOf } from "../../demo/deployment";
import { createSurroundings } from "../../demo/surroundings";
import { bootstrap, PIPELINE_ROLES } from "../../fleet/bootstrap/templates";
import { checkMap, readOrganization } from "../../stacks/read-organization";
import { makeRoles, rolesOf } from "../helpers/cloudformation";
import { ROOT } from "../helpers/embedded";
import { Fleet } from "../helpers/fleet";

// The roles of the templates plan and deploy a map that switches nearly everything on. The embedded AWS judges each call of
// the role that plans. It does not know the condition keys of every call that changes something, so the calls of the role
// that deploys are in truth tables alone (deployment-role.test.ts).
const COMPLETE = parse(readFileSync(join(ROOT, "docs", "examples", "complete.yaml"), "utf8")) as AccountsMap;
const { sandbox: _, payments, ...accounts } = COMPLETE.accounts;
const MAP: AccountsMap = {
  ...COMPLETE,
  state: {
    backend: "s3",
    bucket: "acme-terraform-state",
    region: "eu-central-1",
    keyPrefix: "session-audit",
  },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  waves: ["rest"],
  accounts: { ...accounts, payments: { ...payments!, regions: ["eu-central-1"] } },
};
/** The account of the dummy credentials, which owns the bucket of the states. */
const PIPELINE_ACCOUNT = "123456789012";

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({
    organization: organizationOf(checkMap(MAP, "map"))!,
    judgedRoles: ["session-audit-plan"],
  });
  fleet.write(MAP);
  const { emulator } = fleet;
  const organization = readOrganization(fleet.path("map.json"));
  const templates = bootstrap({
    organization,
    pipeline: { kind: "github", repository: "acme/audit", environments: ["production"], branch: "main" },
    pipelineAccount: PIPELINE_ACCOUNT,
  });
  const management = organization.guardrails!.managementAccount.id;
  await makeRoles(
    emulator,
    PIPELINE_ACCOUNT,
    rolesOf(templates.pipeline, PIPELINE_ACCOUNT, { IdentityProvider: "create" }),
  );
  for (const id of new Set([...organization.accounts.map((account) => account.id), management])) {
    // The dummy credentials stand for the roles of the pipeline. Truth tables prove whom the real trust policies admit.
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${PIPELINE_ACCOUNT}:root` },
          Action: "sts:AssumeRole",
        },
      ],
    };
    await makeRoles(emulator, id, rolesOf(templates.accounts, id), trust);
  }
  await createSurroundings(emulator, organization);
});
afterAll(() => fleet.stop());

const refused = () =>
  fleet.emulator.judgments
    .filter(({ allowed }) => !allowed)
    .map(({ principal, action, resource }) => `${principal} ${action} ${resource}`);

it("plans everything with the role that plans", async () => {
  const { status, stderr } = await fleet.run("plan", "--out", "first");
  expect({ status, refused: refused(), stderr }).toMatchObject({ status: 2, refused: [] });
});

it("deploys everything with the role that deploys, and finds nothing more to do", async () => {
  const { status, stderr } = await fleet.run("deploy", "first");
  expect({ status, refused: refused(), stderr }).toMatchObject({ status: 0, refused: [] });
});

it("has the roles of the pipeline beside them", async () => {
  const { accessKeyId } = await fleet.emulator.credentials(PIPELINE_ACCOUNT);
  expect(accessKeyId).toBeTruthy();
  await expect(fleet.emulator.credentials(PIPELINE_ACCOUNT, PIPELINE_ROLES.deploy)).rejects.toThrow(
    /AssumeRole on .* is allowed by no statement/,
  );
});
