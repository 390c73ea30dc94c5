import type { Organization } from "../model/merged";
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
  const archive = map.archive?.account;
  // If the archive has the name of no account, any account without regions may be the archive account.
  const archiveIsKnown = archive === undefined || Object.hasOwn(map.accounts, archive);
  const owners = replicaOwners(organization);
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
      account.name !== archive &&
      archiveIsKnown &&
      owners?.has(account.name) === false
        ? [
            problem(
              map,
              ["accounts", account.name, "regions"],
              "at least one region; only the archive account, and an account that owns replicas, may have none",
              "list the regions in use",
              [["archive"], ["transcripts", "replication"], ["accounts", "*", "transcripts", "replication"]],
            ),
          ]
        : [];
    return [...repeated, ...idle];
  });
}
