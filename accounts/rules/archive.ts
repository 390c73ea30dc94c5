import { valueAt } from "../model/merge";
import type { Account, Organization } from "../model/merged";
import { problem, saidAt } from "./conflict";
import { didYouMean, renderPath, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { trailTakes } from "./without-effect";

/** Settings of the central bucket that have no effect where a member account says them. */
const BUCKET_SETTINGS = [
  "prefix",
  "objectLock",
  "lifecycle",
  "accessLogs",
  "accessLogsExpireAfterDays",
  "readers",
  "replication",
];

/** What an archive and the accounts around it say wrong about each other. */
export function archiveProblems(map: ParsedMap, { accounts, archives }: Organization): Conflict[] {
  const name = map.archive?.account;
  if (name === undefined || accounts.length === 0) return [];
  if (!Object.hasOwn(map.accounts, name)) {
    const meant = didYouMean(name, Object.keys(map.accounts));
    return [
      problem(
        map,
        ["archive", "account"],
        `the name of an account in this map: ${Object.keys(map.accounts).join(", ")}`,
        meant ? `did you mean ${JSON.stringify(meant)}?` : "describe the archive account under accounts",
        // An account that is set aside may be the one, under a name that is to be respelt.
        [["accounts", "*", "homeRegion"]],
      ),
    ];
  }
  const ownBucket = archives
    .filter(({ settings }) => settings.transcripts.bucket !== "create")
    .map(({ region }) =>
      problem(
        map,
        saidAt(map, name, region, ["transcripts", "bucket"]),
        '"create" for the archive account, which owns the central bucket',
        "leave the archive account's transcripts.bucket out, or leave archive out and name the bucket for each target",
        [["archive"]],
      ),
    );
  const members = accounts.filter((account) => account.name !== name);
  return [...ownBucket, ...members.flatMap((account) => withoutEffect(map, name, account))];
}

/** What a member says of a bucket that is not its own. */
const withoutEffect = (map: ParsedMap, archive: string, account: Account): Conflict[] =>
  account.targets
    .filter((target) => target.usesArchive)
    .flatMap(({ region }) => [
      { level: ["accounts", account.name, "regions", region], of: region },
      { level: ["accounts", account.name], of: null },
    ])
    .flatMap(({ level, of }) =>
      BUCKET_SETTINGS.filter((setting) => !trailTakes(account, of, `transcripts.${setting}`)).map(
        (setting) => ({ level, path: [...level, "transcripts", setting] }),
      ),
    )
    .filter(({ path }) => valueAt(map, path) !== undefined)
    .map(({ level, path }) =>
      problem(
        map,
        path,
        `nothing: this account's transcripts lie in the bucket of the archive account ${archive}`,
        `say it for the organization, or in ${renderPath(["accounts", archive])}`,
        [["archive"], ["accounts", account.name, "trail"], [...level, "transcripts", "bucket"]],
      ),
    );
