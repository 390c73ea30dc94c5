import { join } from "node:path";
import type { Organization } from "../../../accounts/model/organization";
import { loadFile } from "../../../accounts/reading/load";
import type { AccountsMap } from "../../../accounts/schema";
import { actionLimits } from "../../../stacks/limits/actions";
import { alike, measuredOnce, type Alike } from "../../../stacks/limits/alike";
import { centralLimits } from "../../../stacks/limits/central";
import { hostLimits } from "../../../stacks/limits/hosts";
import { policyLimits } from "../../../stacks/limits/policies";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { ROOT } from "../../helpers/embedded";

jest.mock("../../../aws/quotas", () => {
  const real = jest.requireActual<Record<string, number | Record<string, number>>>("../../../aws/quotas");
  return new Proxy<Mocked>(
    { everyLimit: null },
    {
      get({ everyLimit }, name: string) {
        const value = real[name];
        if (everyLimit === null || !name.includes("LIMIT")) return value;
        return typeof value === "object"
          ? Object.fromEntries(Object.keys(value).map((key) => [key, everyLimit]))
          : everyLimit;
      },
    },
  );
});
interface Mocked {
  /** Stands for every limit in characters, so that a test can put it between any two sizes; null: AWS's own limits. */
  everyLimit: number | null;
}
const quotas = jest.requireMock<Mocked>("../../../aws/quotas");
afterEach(() => (quotas.everyLimit = null));

/** Nothing is alike. */
const alone: Alike = {
  ofAccount: ({ id }) => id,
  ofTarget: ({ account, region }) => `${account.id} ${region}`,
};

function found(organization: Organization, groups: Alike, limit: number) {
  quotas.everyLimit = limit;
  return [policyLimits, actionLimits, centralLimits, hostLimits].flatMap((limits) =>
    limits(organization, groups),
  );
}

/** A map in which every account with regions has a twin: another name and id, and the same settings. */
function withTwins(map: AccountsMap): AccountsMap {
  const twins = Object.entries(map.accounts)
    .filter(([name, { regions }]) => name !== map.archive?.account && Object.keys(regions).length > 0)
    .map(([name, account], index) => [`${name}-twin`, { ...account, id: String(800_000_000_000 + index) }]);
  return { ...map, accounts: { ...map.accounts, ...Object.fromEntries(twins) } };
}

const inFile = (file: string) => loadFile(join(ROOT, file)) as AccountsMap;
const MAPS: readonly [string, AccountsMap][] = [
  ["the example map", exampleMap],
  [
    "roles of one of two accounts with the same settings",
    {
      ...exampleMap,
      transcripts: {
        readers: ["arn:aws:iam::800000000000:role/reader"],
      },
      accounts: {
        ...exampleMap.accounts,
        sandbox: { ...exampleMap.accounts["sandbox"]!, remoteDesktop: { recordings: "create" } },
      },
    },
  ],
  ...["complete.yaml"].map((name): [string, AccountsMap] => [name, inFile(`docs/examples/${name}`)]),
  ...["central-place.yaml", "chat.yaml", "logs.yaml", "replication.yaml", "guarded.yaml"].map(
    (name): [string, AccountsMap] => [name, inFile(`__tests__/fixtures/${name}`)],
  ),
];

it.each(MAPS)("finds at every limit what it finds one by one: %s", (_, map) => {
  const organization = checkMap(withTwins(map), "map");
  const sizes = [...new Set(found(organization, alone, 1).map(({ times }) => times))];
  expect(sizes.length).toBeGreaterThan(3);
  for (const size of sizes) {
    expect({ size, found: found(organization, alike(organization), size - 1) }).toEqual({
      size,
      found: found(organization, alone, size - 1),
    });
  }
});

it("measures one of many accounts with the same settings, and each that a setting names", () => {
  const organization = checkMap(withTwins({ ...exampleMap, transcripts: { readers: [] } }), "map");
  const { ofAccount, ofTarget } = alike(organization);
  const groups = Object.fromEntries(
    organization.accounts.map((account) => [account.name, ofAccount(account)]),
  );
  expect(groups["sandbox-twin"]).toBe(groups["sandbox"]);
  expect(groups["log-archive"]).toMatch(/^111111111111 /);
  const twins = organization.targets.filter(({ account }) => account.name.startsWith("sandbox"));
  expect(new Set(twins.map(ofTarget)).size).toBe(twins.length / 2);
});

it("measures an account alone that a setting names", () => {
  const sandbox = {
    ...exampleMap.accounts["sandbox"]!,
    network: [
      {
        vpcId: "vpc-0123456789abcdef0",
        subnetIds: ["subnet-0123456789abcdef0"],
        reach: "sessions" as const,
        routeTableIds: ["rtb-0123456789abcdef0"],
        clientCidrs: ["10.0.0.0/16"],
        sharedWith: ["payments"],
      },
    ],
  };
  const payments = exampleMap.accounts["payments"]!;
  const accounts = { ...exampleMap.accounts, sandbox, "payments-twin": { ...payments, id: "800000000000" } };
  const organization = checkMap({ ...exampleMap, accounts }, "map");
  const { ofAccount } = alike(organization);
  const groupOf = (name: string) =>
    ofAccount(organization.accounts.find((account) => account.name === name)!);
  expect(groupOf("payments")).not.toBe(groupOf("payments-twin"));
});

it("measures every item of a group whose items do not fit, and the first of one whose items do", () => {
  const measured: number[] = [];
  const problems = measuredOnce(
    [1, 2, 11, 12],
    (item) => (item > 10 ? "large" : "small"),
    (item) => {
      measured.push(item);
      return item > 10 ? [item] : [];
    },
  );
  expect(problems).toEqual([11, 12]);
  expect(measured).toEqual([1, 11, 12]);
});
