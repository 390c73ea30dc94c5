import { AwsError } from "../gateway/protocol";

/** The tree of an organization, as AWS Organizations lists it. Tests change it while the emulator runs. */
export interface OrganizationDirectory {
  /** Id of the root, such as `r-ab12`. */
  readonly root: string;
  units: readonly DirectoryUnit[];
  accounts: readonly DirectoryAccount[];
}

/** An organizational unit. */
export interface DirectoryUnit {
  /** Such as `ou-ab12-cdef3456`. */
  readonly id: string;
  readonly name: string;
  /** Id of the root or of another unit. */
  readonly parent: string;
}

/** An account of the organization. */
export interface DirectoryAccount {
  /** 12 digits. */
  readonly id: string;
  readonly name: string;
  /** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html */
  readonly state: "PENDING_ACTIVATION" | "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED";
  /** Id of the root or of a unit. */
  readonly parent: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** AWS Organizations returns at most 20 of anything. */
const PAGE = 20;

type Parameters = Readonly<Record<string, unknown>>;

/**
 * The operations that list a directory. Other operations are not answered.
 * @throws AwsError with the error code of AWS Organizations
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html
 */
export function directoryOperations(
  { root, units, accounts }: OrganizationDirectory,
  arn: (resource: string) => string,
): Readonly<Record<string, (parameters: Parameters) => object>> {
  const parentIn = ({ ParentId }: Parameters): string => {
    const id = String(ParentId);
    if (id === root || units.some((unit) => unit.id === id)) return id;
    throw new AwsError("ParentNotFoundException", "You specified parent that doesn't exist.");
  };
  const described = ({ id, name, state }: DirectoryAccount) => ({
    Id: id,
    Name: name,
    State: state,
    Arn: arn(`account/${id}`),
    Email: `${id}@example.com`,
  });
  return {
    ListRoots: () => ({ Roots: [{ Id: root, Arn: arn(`root/${root}`), Name: "Root", PolicyTypes: [] }] }),
    ListOrganizationalUnitsForParent: (parameters) => {
      const parent = parentIn(parameters);
      const below = units.filter((unit) => unit.parent === parent);
      return page("OrganizationalUnits", parameters, below, ({ id, name }) => ({
        Id: id,
        Name: name,
        Arn: arn(`ou/${id}`),
      }));
    },
    ListAccounts: (parameters) => page("Accounts", parameters, accounts, described),
    ListAccountsForParent: (parameters) => {
      const parent = parentIn(parameters);
      const below = accounts.filter((account) => account.parent === parent);
      return page("Accounts", parameters, below, described);
    },
  };
}

/** The tags of an account; undefined: the directory has no such account. */
export const tagsOfAccount = (
  { accounts }: OrganizationDirectory,
  id: string,
): Readonly<Record<string, string>> | undefined => {
  const account = accounts.find((one) => one.id === id);
  return account && (account.tags ?? {});
};

function page<T>(
  key: string,
  { NextToken, MaxResults }: Parameters,
  all: readonly T[],
  described: (one: T) => object,
): object {
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(from) || from < 0 || from > all.length) {
    throw new AwsError(
      "InvalidInputException",
      "You provided a value that does not match the required pattern.",
    );
  }
  const to = from + Math.min(Number(MaxResults ?? PAGE), PAGE);
  return {
    [key]: all.slice(from, to).map(described),
    ...(to < all.length && { NextToken: String(to) }),
  };
}
