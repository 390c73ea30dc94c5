import { valueAt } from "../model/merge";
import type { Account, Organization, Replica, ReplicaSource } from "../model/merged";
import { problem, saidAt } from "./conflict";
import { didYouMean, once, type Conflict, type Path } from "../reading/problems";
import { partitionOf } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import { boundaryFault } from "./setting-fault";
import { trailTakes } from "./without-effect";

const SETTING = ["transcripts", "replication"];

/** What replicas, their sources and their owners say wrong about each other. */
export function replicationProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts, replicas } = organization;
  const found = [
    ...unknownOwners(map, organization),
    ...replicas.flatMap((replica) => elsewhere(map, replica)),
    ...replicas.flatMap((replica) => sameEncryption(map, replica)),
    ...replicas.flatMap((replica) => reachable(map, replica)),
    ...accounts.flatMap((account) => withoutEffect(map, organization, account)),
    ...accounts.flatMap((account) => boundaries(map, organization, account)),
  ];
  return once(found, ({ path, allowed }) => `${path}\n${allowed}`);
}

/** Names of the accounts that own replicas; null: a map names one that it does not know, so that any may be meant. */
export function replicaOwners(organization: Organization): ReadonlySet<string> | null {
  const names = organization.accounts.map(({ name }) => name);
  if (namedOwners(organization).some(({ owner }) => !names.includes(owner))) return null;
  return new Set(organization.replicas.map(({ account }) => account.name));
}

/** Every account that is named as owner of a replica, and by the settings of which bucket. */
function namedOwners({ archives, targets }: Organization) {
  const own = targets.filter(
    ({ usesArchive, settings }) => !usesArchive && settings.transcripts.bucket === "create",
  );
  return [...archives, ...own].flatMap(({ account, region, settings }) => {
    const owner = settings.transcripts.replication?.account ?? null;
    return owner === null ? [] : [{ account, region, owner }];
  });
}

function unknownOwners(map: ParsedMap, organization: Organization): Conflict[] {
  const known = organization.accounts.map(({ name }) => name);
  return namedOwners(organization)
    .filter(({ owner }) => !known.includes(owner))
    .map(({ account, region, owner }) => {
      const meant = didYouMean(owner, known);
      return problem(
        map,
        saidAt(map, account.name, region, [...SETTING, "account"]),
        `the name of an account in this map: ${known.join(", ")}`,
        meant ? `did you mean ${JSON.stringify(meant)}?` : "describe the account under accounts",
        // An account that is set aside may be the one, under a name that is to be respelt.
        [["accounts", "*", "homeRegion"]],
      );
    });
}

const pathOf = (map: ParsedMap, { account, region }: ReplicaSource) =>
  saidAt(map, account.name, region, SETTING);

/** Another place than the source's, and one that it can reach. */
function elsewhere(map: ParsedMap, { source, account, region }: Replica): Conflict[] {
  const path = pathOf(map, source);
  const { partition } = source.account;
  if (partitionOf(region) !== partition) {
    return [
      problem(
        map,
        [...path, "region"],
        `a region of partition ${partition}, where the bucket is: S3 replicates within a partition`,
        "name a region of the same partition",
        [["accounts", "*", "homeRegion"]],
      ),
    ];
  }
  if (account.id !== source.account.id || region !== source.region) return [];
  return [
    problem(
      map,
      path,
      `another account or region than the bucket's own, which is account ${account.name} in ${region}`,
      "name another region or account, or say null for this account or region: a copy beside the original is lost with it",
      [["archive"], ["accounts", account.name, "regions"]],
    ),
  ];
}

/** S3 names the replica's key for objects that have one: both have a key of KMS, or neither. */
function sameEncryption(map: ParsedMap, { source, account, region, settings }: Replica): Conflict[] {
  const keyed = ({ encryption }: Replica["settings"]) => encryption.mode !== "s3-managed";
  if (keyed(settings) === keyed(source.settings)) return [];
  const [here, there] = [source.settings.encryption.mode, settings.encryption.mode];
  return [
    problem(
      map,
      pathOf(map, source),
      `a place that encrypts as the bucket does: encryption.mode is "${here}" for the bucket and "${there}" for account ${account.name} in ${region}`,
      `set the encryption.mode of both to "customer-managed" or "existing", or of both to "s3-managed"`,
      [["encryption"], ["accounts", account.name], ["accounts", source.account.name]],
    ),
  ];
}

function reachable(map: ParsedMap, { source, account }: Replica): Conflict[] {
  if (map.deployment.mode !== "ambient" || account.id === source.account.id) return [];
  return [
    problem(
      map,
      pathOf(map, source),
      `a region of account ${source.account.name} itself while deployment.mode is "ambient": a replica is deployed in both accounts at once, and credentials are of one`,
      'set deployment: { mode: "assume-role", role }, or replicate within the account',
      [["deployment"]],
    ),
  ];
}

/** An account that has no bucket but replicas, which follow their sources. */
function withoutEffect(map: ParsedMap, organization: Organization, account: Account): Conflict[] {
  const { name, targets } = account;
  const owned = organization.replicas.filter((replica) => replica.account.name === name);
  if (targets.length > 0 || owned.length === 0) return [];
  if (organization.archives.some((site) => site.account.name === name)) return [];
  const transcripts = Object.keys(
    (valueAt(map, ["accounts", name, "transcripts"]) as object | undefined) ?? {},
  )
    .filter((setting) => !trailTakes(account, null, `transcripts.${setting}`))
    .map((setting) =>
      inVain(
        map,
        ["accounts", name, "transcripts", setting],
        "replicas follow the settings of the buckets that they are copies of",
        "say it for the organization, or for the account of the bucket that is replicated",
      ),
    );
  const path: Path = ["accounts", name, "notifications", "security", "actions"];
  const actions = valueAt(map, path);
  return Array.isArray(actions) && actions.length > 0
    ? [
        ...transcripts,
        inVain(map, path, "changes to replicas are told to topics and chat alone", "subscribe to the topic"),
      ]
    : transcripts;
}

const inVain = (map: ParsedMap, path: Path, why: string, remedy: string): Conflict =>
  problem(map, path, `nothing: this account has no bucket but replicas, and ${why}`, remedy, [
    ["accounts", path[1]!, "regions"],
    ["accounts", path[1]!, "trail"],
  ]);

/** An account without regions of its own, whose one role is that of replication. */
function boundaries(map: ParsedMap, { replicas }: Organization, account: Account): Conflict[] {
  const { name, targets } = account;
  if (targets.length > 0 || !replicas.some(({ source }) => source.account.name === name)) return [];
  return boundaryFault(account).map(({ at, allowed, remedy }) =>
    problem(map, saidAt(map, name, null, at), allowed, remedy),
  );
}
