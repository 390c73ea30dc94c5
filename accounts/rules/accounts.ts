import type { Account, Organization } from "../model/merged";
import { renderPath, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";
import { replicaOwners } from "./replication";

/** Ids that two accounts share, and accounts in which nothing would be deployed, because they have no regions. */
export function accountProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts, targets } = organization;
  if (targets.length === 0)
    return [
      problem(map, ["accounts"], "at least one account with a region", "describe an account and its regions"),
    ];
  const needed = [map.archive?.account, map.notifications?.central?.account];
  // If one of them names no account, another rule reports it. Any account without regions may then be the one that the
  // misspelt name means, so none is reported here.
  const neededAreKnown = needed.every((name) => name === undefined || Object.hasOwn(map.accounts, name));
  const owners = replicaOwners(organization);
  const mayOwnReplica = (name: string) => owners === null || owners.has(name);
  // Reversed, so that the first account with an id stays in the map.
  const firstOf = new Map([...accounts].reverse().map((account) => [account.id, account]));
  return accounts.flatMap((account) => {
    const first = firstOf.get(account.id)!;
    const repeated =
      first !== account
        ? [
            problem(
              map,
              ["accounts", account.name, "id"],
              `an id of its own; ${renderPath(["accounts", first.name])} has this id`,
              "list each account once, with all of its regions",
            ),
          ]
        : [];
    const idle =
      account.targets.length === 0 &&
      neededAreKnown &&
      !needed.includes(account.name) &&
      !mayOwnReplica(account.name)
        ? [
            problem(
              map,
              ["accounts", account.name, "regions"],
              "at least one region; only the archive account, the account of notifications.central, and an account that owns replicas, may have none",
              "list the regions in use",
              [
                ["archive"],
                ["notifications", "central"],
                ["transcripts", "replication"],
                ["accounts", "*", "transcripts", "replication"],
              ],
            ),
          ]
        : [];
    return [...repeated, ...idle, ...formerNameProblems(map, account)];
  });
}

/** A former name that another account has or had: the stacks of both accounts would have the same ids. */
function formerNameProblems(map: ParsedMap, { name, formerName }: Account): Conflict[] {
  if (formerName === undefined) return [];
  const at = ["accounts", name, "formerName"];
  const [twin] = Object.entries(map.accounts).filter(
    ([other, { formerName: before = other }]) => other !== name && before === formerName,
  );
  if (twin !== undefined)
    return [
      problem(
        map,
        at,
        `a name that no other account was deployed with: the stacks of ${renderPath(["accounts", twin[0]])} have it`,
        "write the name with which this account was deployed, or leave formerName out for an account that is new",
        [["accounts", twin[0]]],
      ),
    ];
  if (formerName !== name) return [];
  return [problem(map, at, "another name than the account's own", "leave formerName out")];
}
