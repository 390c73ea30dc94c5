import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import pLimit from "p-limit";
import { UserError } from "../../processes/user-error";

/** An account of AWS Organizations. */
export interface OrganizationAccount {
  /** 12 digits. */
  readonly id: string;
  /** Its name in AWS Organizations, which its owner may change. */
  readonly name: string;
  /** Such as `ACTIVE` or `SUSPENDED`. */
  readonly state: string;
  /** The ids of the root and of the units that hold the account, from the root down. */
  readonly units: readonly string[];
  /** null: the tags were not asked for. */
  readonly tags: Readonly<Record<string, string>> | null;
}

/** AWS Organizations allows few calls a second, so few run side by side. */
const CALLS_AT_ONCE = 4;

/** The pages of a list call, one after the other. A page may be empty although others follow. */
async function pages<T>(
  call: (
    NextToken: string | undefined,
  ) => Promise<{ NextToken?: string | undefined; items: T[] | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { NextToken, items = [] } = await call(token);
    all.push(...items);
    token = NextToken;
  } while (token !== undefined);
  return all;
}

/** How often the organization is walked before a sync stops: each walk takes seconds to minutes. */
const WALKS = 3;

/**
 * Lists every account of the organization with the units that hold it, by walking from the root down. Units are listed one
 * after the other, so an account that is moved meanwhile is listed below two units or below none. Below two, its place is
 * the one that was listed last. Below none, ListAccounts says whether it has left the organization; if it has not, the
 * walk begins again.
 * @throws UserError if the credentials may not list the organization, or if it lists an account of the map below no unit
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
 */
export async function organizationAccounts(
  client: OrganizationsClient,
  { withTags, known, onUnit = () => {}, signal }: OrganizationAccountsProps,
): Promise<OrganizationAccount[]> {
  const limit = pLimit(CALLS_AT_ONCE);
  try {
    for (let walks = 1; ; walks += 1) {
      const found = await walked(client, { limit, onUnit, signal });
      const listed = await pages(async (NextToken) => {
        const page = await client.send(new ListAccountsCommand({ NextToken }), { abortSignal: signal });
        return { ...page, items: page.Accounts };
      });
      const missing = listed.flatMap(({ Id }) => (known.has(Id!) && !found.has(Id!) ? [Id!] : []));
      if (missing.length > 0 && walks < WALKS) continue;
      if (missing.length > 0) throw moving(missing.map((id) => `${known.get(id)} (${id})`));
      const all = [...found.values()];
      const tagged = withTags
        ? await Promise.all(all.map((account) => limit(() => withTagsOf(client, account, signal))))
        : all;
      return tagged.sort((a, b) => a.id.localeCompare(b.id));
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof UserError ? error : refused(error);
  }
}

/** The accounts below the root, by their ids. */
async function walked(
  client: OrganizationsClient,
  { limit, onUnit, signal }: Walk,
): Promise<ReadonlyMap<string, OrganizationAccount>> {
  const options = { abortSignal: signal };
  const found = new Map<string, OrganizationAccount>();
  const walk = async (parent: string, above: readonly string[]): Promise<void> => {
    const units = [...above, parent];
    const [accounts, below] = await Promise.all([
      limit(() =>
        pages(async (NextToken) => {
          const page = await client.send(
            new ListAccountsForParentCommand({ ParentId: parent, NextToken }),
            options,
          );
          return { ...page, items: page.Accounts };
        }),
      ),
      limit(() =>
        pages(async (NextToken) => {
          const page = await client.send(
            new ListOrganizationalUnitsForParentCommand({ ParentId: parent, NextToken }),
            options,
          );
          return { ...page, items: page.OrganizationalUnits };
        }),
      ),
    ]);
    for (const { Id, Name, State, Status } of accounts) {
      // Status is the name that this field had until September 2026.
      found.set(Id!, { id: Id!, name: Name ?? Id!, state: State ?? Status ?? "ACTIVE", units, tags: null });
    }
    onUnit(found.size);
    await Promise.all(below.map(({ Id }) => walk(Id!, units)));
  };
  const roots = await pages(async (NextToken) => {
    const page = await client.send(new ListRootsCommand({ NextToken }), options);
    return { ...page, items: page.Roots };
  });
  for (const { Id } of roots) await walk(Id!, []);
  return found;
}

interface Walk {
  readonly limit: pLimit.Limit;
  readonly onUnit: (accounts: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** What {@link organizationAccounts} needs. */
export interface OrganizationAccountsProps {
  /** Whether to ask for the tags of each account: one call for each. */
  readonly withTags: boolean;
  /** The accounts of the map: names by ids. */
  readonly known: ReadonlyMap<string, string>;
  /** Called after each unit, with the number of accounts so far. */
  readonly onUnit?: (accounts: number) => void;
  readonly signal?: AbortSignal;
}

async function withTagsOf(
  client: OrganizationsClient,
  account: OrganizationAccount,
  signal: AbortSignal | undefined,
): Promise<OrganizationAccount> {
  const tags = await pages(async (NextToken) => {
    const command = new ListTagsForResourceCommand({ ResourceId: account.id, NextToken });
    const page = await client.send(command, { abortSignal: signal });
    return { ...page, items: page.Tags };
  });
  return { ...account, tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key!, Value ?? ""])) };
}

/** Accounts may be moved all day, and a sync must not take one that lives out of the map. */
const moving = (accounts: readonly string[]): UserError =>
  new UserError({
    what: `AWS Organizations has ${accounts.join(", ")}, and listed no unit with it in ${WALKS} attempts. Nothing was written.`,
    remedy: "Accounts or units are being moved. Run the command again when that is done.",
  });

function refused(error: unknown): UserError {
  const { name, message } = error as Error;
  return new UserError(
    {
      what: `AWS Organizations was not listed: ${name}: ${message}`,
      remedy:
        "Use credentials of the management account or of a delegated administrator that may call " +
        "organizations:ListRoots, ListAccounts, ListAccountsForParent, ListOrganizationalUnitsForParent and " +
        "ListTagsForResource, " +
        "or name a role with --role.",
    },
    { cause: error },
  );
}
