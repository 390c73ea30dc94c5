import { valueAt } from "../model/merge";
import type { Account, Organization, Replica, ReplicaSource } from "../model/merged";
import { problem, saidAt } from "./conflict";
import { didYouMean, once, type Conflict, type Path } from "../reading/problems";
import { partitionOf } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import { boundaryFault } from "./setting-fault";
import { trailTakes } from "./levels";

const SETTING = ["transcripts", "replication"];

/** Settings of replicas, of their sources and of their owners that contradict each other. */
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

/** Names of the accounts that own replicas; null if the map names an unknown owner, since that may be any account. */
export function replicaOwners(organization: Organization): ReadonlySet<string> | null {
  const names = organization.accounts.map(({ name }) => name);
  if (namedOwners(organization).some(({ owner }) => !names.includes(owner))) return null;
  return new Set(organization.replicas.map(({ account }) => account.name));
}

/** Every account that settings name as the owner of a replica, and the account and region of the bucket with those settings. */
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
        // An account that is left out because of a fault may be the owner, under a misspelt name.
        [["accounts", "*", "homeRegion"]],
      );
    });
}

const pathOf = (map: ParsedMap, { account, region }: ReplicaSource) =>
  saidAt(map, account.name, region, SETTING);

/** A replica is in another account or region than its source, and in the same partition. */
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
      "name another region or account, or set null for this account or region: a copy in the same account and region is lost together with the original",
      [["archive"], ["accounts", account.name, "regions"]],
    ),
  ];
}

/** The replication names a KMS key for the replica only if the source has one: either both have a KMS key, or neither. */
function sameEncryption(map: ParsedMap, { source, account, region, settings }: Replica): Conflict[] {
  const keyed = ({ encryption }: Replica["settings"]) => encryption.mode !== "s3-managed";
  if (keyed(settings) === keyed(source.settings)) return [];
  const [here, there] = [source.settings.encryption.mode, settings.encryption.mode];
  return [
    problem(
      map,
      pathOf(map, source),
      `an account and region that encrypt like the bucket: encryption.mode is "${here}" for the bucket and "${there}" for account ${account.name} in ${region}`,
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
      `a region of account ${source.account.name} itself while deployment.mode is "ambient": a stack deploys a replica in both accounts at once, and the credentials are for one account`,
      'set deployment: { mode: "assume-role", role }, or replicate within the account',
      [["deployment"]],
    ),
  ];
}

/** Settings of transcripts in an account whose only buckets are replicas: those follow their sources. */
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
      onlyReplicas(
        map,
        ["accounts", name, "transcripts", setting],
        "replicas follow the settings of the buckets that they copy",
        "set it for the organization, or for the account of the bucket that is replicated",
      ),
    );
  const path: Path = ["accounts", name, "notifications", "security", "actions"];
  const actions = valueAt(map, path);
  return Array.isArray(actions) && actions.length > 0
    ? [
        ...transcripts,
        onlyReplicas(
          map,
          path,
          "only topics and chat get notifications about replicas",
          "subscribe to the topic",
        ),
      ]
    : transcripts;
}

const onlyReplicas = (map: ParsedMap, path: Path, why: string, remedy: string): Conflict =>
  problem(map, path, `nothing: the only buckets of this account are replicas, and ${why}`, remedy, [
    ["accounts", path[1]!, "regions"],
    ["accounts", path[1]!, "trail"],
  ]);

/** Replication needs a role, in an account without regions as well. The permissions boundary must fit it. */
function boundaries(map: ParsedMap, { replicas }: Organization, account: Account): Conflict[] {
  const { name, targets } = account;
  if (targets.length > 0 || !replicas.some(({ source }) => source.account.name === name)) return [];
  return boundaryFault(account).map(({ setting, allowed, remedy }) =>
    problem(map, saidAt(map, name, null, setting), allowed, remedy),
  );
}
