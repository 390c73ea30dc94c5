import { valueAt } from "../model/merge";
import type { Account, Organization } from "../model/merged";
import { listed, meantAccount, problem, saidAt } from "./conflict";
import { renderPath, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { isUsedByTrail } from "./levels";

/** Settings of the bucket, which have no effect in a member account: its transcripts are in the central bucket. */
export const BUCKET_SETTINGS: readonly string[] = [
  "prefix",
  "objectLock",
  "lifecycle",
  "accessLogs",
  "accessLogsExpireAfterDays",
  "accessLogsLifecycle",
  "readers",
  "organizationReaders",
  "replication",
];

/** Settings of the archive account and of its members that contradict each other. */
export function archiveProblems(map: ParsedMap, { accounts, archives }: Organization): Conflict[] {
  const name = map.archive?.account;
  if (name === undefined || accounts.length === 0) return [];
  if (!Object.hasOwn(map.accounts, name)) {
    const names = Object.keys(map.accounts);
    return [
      problem(
        map,
        ["archive", "account"],
        `the name of an account in this map: ${listed(names)}`,
        meantAccount(map, name, names) ?? "describe the archive account under accounts",
        // An account that is left out because of a fault may be the archive account, under a misspelt name.
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

/** Settings of transcripts that the bucket of recordings does not follow: it has no prefix and no replica. */
const NOT_OF_RECORDINGS: readonly string[] = ["prefix", "replication"];

/** Whether a bucket of recordings follows a setting of the account (region null) or of one of its regions. */
const recordingsTake = ({ targets }: Account, region: string | null, setting: string) =>
  !NOT_OF_RECORDINGS.includes(setting) &&
  targets.some(
    (target) =>
      (region === null || target.region === region) && target.settings.remoteDesktop.recordings === "create",
  );

/** Settings of the bucket in a member account, which has no bucket of its own. */
const withoutEffect = (map: ParsedMap, archive: string, account: Account): Conflict[] =>
  account.targets
    .filter((target) => target.usesArchive)
    .flatMap(({ region }) => [
      { level: ["accounts", account.name, "regions", region], inRegion: region },
      { level: ["accounts", account.name], inRegion: null },
    ])
    .flatMap(({ level, inRegion }) =>
      BUCKET_SETTINGS.filter(
        (setting) =>
          !isUsedByTrail(account, inRegion, `transcripts.${setting}`) &&
          !recordingsTake(account, inRegion, setting),
      ).map((setting) => ({ level, path: [...level, "transcripts", setting] })),
    )
    .filter(({ path }) => valueAt(map, path) !== undefined)
    .map(({ level, path }) =>
      problem(
        map,
        path,
        `nothing: this account's transcripts go to the bucket of the archive account ${archive}`,
        `set it for the organization, or in ${renderPath(["accounts", archive])}`,
        [["archive"], ["accounts", account.name, "trail"], [...level, "transcripts", "bucket"]],
      ),
    );
