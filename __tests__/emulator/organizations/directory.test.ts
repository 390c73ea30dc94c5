import type { Identities } from "../../../emulator/clients/identities";
import type { AwsRequest } from "../../../emulator/gateway/protocol";
import type { OrganizationDirectory } from "../../../emulator/organizations/directory";
import { organizationsApi } from "../../../emulator/organizations/organizations-api";
import { ServiceControlPolicies } from "../../../emulator/organizations/service-control-policies";

const MANAGEMENT = "999999999999";
const ORGANIZATION = { id: "o-a1b2c3d4e5", managementAccount: MANAGEMENT, accounts: [MANAGEMENT] };
const DIRECTORY: OrganizationDirectory = {
  root: "r-ab12",
  units: [{ id: "ou-ab12-workloads0", name: "Workloads", parent: "r-ab12" }],
  accounts: Array.from({ length: 45 }, (_, index) => ({
    id: String(300_000_000_000 + index),
    name: `Shop ${index}`,
    state: "ACTIVE",
    parent: index % 2 === 0 ? "r-ab12" : "ou-ab12-workloads0",
  })),
};

/** Calls an operation of AWS Organizations. @param from the account of the caller */
async function call(operation: string, parameters: object = {}, from = MANAGEMENT) {
  const identities = { of: async (key: string) => ({ accountId: key }) } as unknown as Identities;
  const policies = new ServiceControlPolicies(ORGANIZATION);
  const body = Buffer.from(JSON.stringify(parameters));
  const request = { service: "organizations", region: "us-east-1", operation, body, accessKeyId: from };
  const api = organizationsApi(policies, ORGANIZATION, identities, DIRECTORY);
  const answer = await api(request as AwsRequest);
  return JSON.parse(answer!.body) as { Accounts: { Id: string }[]; NextToken?: string };
}

it("lists the accounts of every unit, at most 20 on a page", async () => {
  const found: string[] = [];
  let NextToken: string | undefined;
  const sizes: number[] = [];
  do {
    const page = await call("ListAccounts", { NextToken });
    found.push(...page.Accounts.map(({ Id }) => Id));
    sizes.push(page.Accounts.length);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  expect(sizes).toEqual([20, 20, 5]);
  expect(found).toEqual(DIRECTORY.accounts.map(({ id }) => id));
});

it("lists the accounts for nobody outside of the management account", async () => {
  await expect(call("ListAccounts", {}, "300000000000")).rejects.toMatchObject({
    code: "AccessDeniedException",
  });
});
