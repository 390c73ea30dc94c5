import {
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

/**
 * Lists every account of the organization with the units that hold it, by walking from the root down.
 * @param withTags whether to ask for the tags of each account: one call for each
 * @param onUnit called after each unit, with the number of accounts so far
 * @throws UserError if the credentials may not list the organization
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
 */
export async function organizationAccounts(
  client: OrganizationsClient,
  { withTags, onUnit = () => {}, signal }: OrganizationAccountsProps,
): Promise<OrganizationAccount[]> {
  const limit = pLimit(CALLS_AT_ONCE);
  const options = { abortSignal: signal };
  const found: OrganizationAccount[] = [];
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
      found.push({ id: Id!, name: Name ?? Id!, state: State ?? Status ?? "ACTIVE", units, tags: null });
    }
    onUnit(found.length);
    await Promise.all(below.map(({ Id }) => walk(Id!, units)));
  };
  try {
    const roots = await pages(async (NextToken) => {
      const page = await client.send(new ListRootsCommand({ NextToken }), options);
      return { ...page, items: page.Roots };
    });
    for (const { Id } of roots) await walk(Id!, []);
    const tagged = withTags
      ? await Promise.all(found.map((account) => limit(() => withTagsOf(client, account, signal))))
      : found;
    return tagged.sort((a, b) => a.id.localeCompare(b.id));
  } catch (error) {
    signal?.throwIfAborted();
    throw refused(error);
  }
}

/** What {@link organizationAccounts} needs. */
export interface OrganizationAccountsProps {
  readonly withTags: boolean;
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

function refused(error: unknown): UserError {
  const { name, message } = error as Error;
  return new UserError(
    {
      what: `AWS Organizations was not listed: ${name}: ${message}`,
      remedy:
        "Use credentials of the management account or of a delegated administrator that may call " +
        "organizations:ListRoots, ListAccountsForParent, ListOrganizationalUnitsForParent and ListTagsForResource, " +
        "or name a role with --role.",
    },
    { cause: error },
  );
}
