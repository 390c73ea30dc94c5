import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import type { AccountsMap } from "../../accounts/schema";
import { actionSitesOf, createActionTargets } from "../../demo/action-targets";
import { Clients } from "../../emulator/clients/clients";
import { clientConfig } from "../../demo/people";
import { checkMap } from "../../stacks/read-organization";
import { startEmbedded, type Embedded } from "../helpers/embedded";

const REGION = "eu-central-1";
const BUS = `arn:aws:events:${REGION}:999999999999:event-bus/siem`;
const place = { homeRegion: REGION, regions: [REGION] };
const MAP: AccountsMap = {
  organization: { name: "acme" },
  state: { backend: "local", directory: "state" },
  deployment: { mode: "assume-role", role: "session-audit-deploy" },
  trail: "existing",
  access: { attachToRoles: ["app-server"] },
  notifications: { security: { actions: [{ type: "event-bus", eventBus: BUS }] } },
  accounts: { one: { id: "222222222222", ...place }, two: { id: "333333333333", ...place } },
};

let embedded: Embedded;
beforeAll(async () => (embedded = await startEmbedded({ organizationTrail: false })));
afterAll(() => embedded.stop());

/** Who may send to the bus, after the demo has stood in for it. */
async function senders(map: AccountsMap): Promise<unknown[]> {
  const { emulator } = embedded;
  const organization = checkMap(map, "map");
  await createActionTargets(emulator, organization, actionSitesOf(organization));
  const { events } = new Clients(await clientConfig(emulator, "999999999999", REGION));
  const { Policy } = await events.send(new DescribeEventBusCommand({ Name: "siem" }));
  const { Statement } = JSON.parse(Policy!) as { Statement: { Principal: unknown; Condition?: unknown }[] };
  return Statement.map(({ Principal, Condition }) => Condition ?? Principal);
}

it("lets each account send to the bus of another account, with and without an organization id", async () => {
  expect(await senders(MAP)).toEqual([
    { AWS: "arn:aws:iam::222222222222:root" },
    { AWS: "arn:aws:iam::333333333333:root" },
  ]);
  const member = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
  const inOrganization = { ...MAP, organization: { name: "acme", id: "o-a1b2c3d4e5" } };
  expect(await senders(inOrganization)).toContainEqual(member);
});
