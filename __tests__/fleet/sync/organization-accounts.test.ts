import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import { organizationAccounts } from "../../../fleet/sync/organization-accounts";

/** Which accounts AWS Organizations lists below the root and two units, in one walk. */
interface Tree {
  readonly root?: readonly string[];
  readonly a?: readonly string[];
  readonly b?: readonly string[];
}
const IDS = { root: "r-ab12", a: "ou-ab12-aaaaaaaa", b: "ou-ab12-bbbbbbbb" } as const;
const PAYMENTS = "555555555555";
const SHOP = "666666666666";

/**
 * A client whose organization changes from walk to walk; the last tree stays.
 * @param all what ListAccounts lists
 */
function fake(walks: readonly Tree[], all: readonly string[], calls: string[] = []): OrganizationsClient {
  let walk = -1;
  const answers: Record<string, (parent: string) => object> = {
    ListRoots: () => ({ Roots: [{ Id: IDS.root }] }),
    ListAccounts: () => ({ Accounts: all.map((Id) => ({ Id, Name: `name of ${Id}` })) }),
    ListOrganizationalUnitsForParent: (parent) => ({
      OrganizationalUnits: parent === IDS.root ? [{ Id: IDS.a }, { Id: IDS.b }] : [],
    }),
    ListAccountsForParent: (parent) => {
      if (parent === IDS.root) walk += 1;
      const tree = walks[Math.min(walk, walks.length - 1)]!;
      const [name] = Object.entries(IDS).find(([, id]) => id === parent)!;
      return {
        Accounts: (tree[name as keyof Tree] ?? []).map((Id) => ({ Id, Name: "x", State: "ACTIVE" })),
      };
    },
  };
  const send = (command: { constructor: { name: string }; input: { ParentId?: string } }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    calls.push(operation);
    return Promise.resolve(answers[operation]!(command.input.ParentId ?? ""));
  };
  return { send } as unknown as OrganizationsClient;
}
const list = (walks: readonly Tree[], all: readonly string[], known: readonly string[], calls?: string[]) =>
  organizationAccounts(fake(walks, all, calls), {
    withTags: false,
    known: new Map(known.map((id) => [id, `name-${id}`])),
  });

it("takes an account once that moves while units are listed, in the unit that listed it last", async () => {
  const found = await list([{ a: [PAYMENTS], b: [PAYMENTS] }], [PAYMENTS], []);
  expect(found.map(({ id, units }) => [id, units])).toEqual([[PAYMENTS, [IDS.root, IDS.b]]]);
});

it("walks again if an account of the map is below no unit, and AWS Organizations has it", async () => {
  const found = await list([{ a: [SHOP] }, { a: [SHOP], b: [PAYMENTS] }], [PAYMENTS, SHOP], [PAYMENTS, SHOP]);
  expect(found.map(({ id, units }) => [id, units.at(-1)])).toEqual([
    [PAYMENTS, IDS.b],
    [SHOP, IDS.a],
  ]);
});

it("stops if it never finds the account, and says what to do", async () => {
  await expect(list([{ a: [SHOP] }], [PAYMENTS, SHOP], [PAYMENTS, SHOP])).rejects.toThrow(
    /name-555555555555 \(555555555555\)[\s\S]*no unit[\s\S]*run the command again/i,
  );
});

it("takes an account for gone that AWS Organizations lists nowhere", async () => {
  const calls: string[] = [];
  const found = await list([{ a: [SHOP] }], [SHOP], [PAYMENTS, SHOP], calls);
  expect(found.map(({ id }) => id)).toEqual([SHOP]);
  expect(calls.filter((operation) => operation === "ListRoots")).toHaveLength(1);
});

it("does not wait for an account that the map does not have: the next sync adds it", async () => {
  const calls: string[] = [];
  expect(await list([{ a: [SHOP] }], [PAYMENTS, SHOP], [SHOP], calls)).toHaveLength(1);
  expect(calls.filter((operation) => operation === "ListRoots")).toHaveLength(1);
});

it("names the calls that the credentials must allow", async () => {
  const send = () => Promise.reject(new Error("not authorized"));
  const client = { send } as unknown as OrganizationsClient;
  await expect(organizationAccounts(client, { withTags: false, known: new Map() })).rejects.toThrow(
    /organizations:ListRoots, ListAccounts, ListAccountsForParent/,
  );
});
