import { valueAt } from "../model/merge";
import type { Account, Organization, Replica, ReplicaSource } from "../model/merged";
import { accountBehind, regionLevelOf } from "../model/organization";
import { listed, meantAccount, problem, saidAt } from "./conflict";
import { once, renderPath, type Conflict, type Path } from "../reading/problems";
import { partitionOf } from "../../aws/regions";
import type { ParsedMap } from "../schema";
import { boundaryFault } from "./setting-fault";
import { isUsedByTrail } from "./levels";

const SETTING = ["transcripts", "replication"];

/** Settings of replicas, of their sources and of their owners that contradict each other. */
export function replicationProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts, replicas } = organization;
  const found = [
    ...unknownOwners(map, organization),
    ...replicas.flatMap((replica) => elsewhere(map, organization, replica)),
    ...replicas.flatMap((replica) => sameEncryption(map, replica)),
    ...replicas.flatMap((replica) => reachable(map, replica)),
    ...accounts.flatMap((account) => withoutEffect(map, organization, account)),
    ...accounts.flatMap((account) => withoutEffectThere(map, organization, account)),
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
    .map(({ account, region, owner }) =>
      problem(
        map,
        saidAt(map, account.name, region, [...SETTING, "account"]),
        `the name of an account in this map: ${listed(known)}`,
        meantAccount(map, owner, known) ?? "describe the account under accounts",
        // An account that is left out because of a fault may be the owner, under a misspelt name.
        [["accounts", "*", "homeRegion"]],
      ),
    );
}

const pathOf = (map: ParsedMap, { account, region }: ReplicaSource) =>
  saidAt(map, account.name, region, SETTING);

/** A replica is in another account or region than its source, and in the same partition. */
function elsewhere(
  map: ParsedMap,
  organization: Organization,
  { source, account, region }: Replica,
): Conflict[] {
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
  const at = regionLevelOf(accountBehind(organization, source.account), source.region);
  return [
    problem(
      map,
      path,
      `another account or region than the bucket's own, which is account ${account.name} in ${region}`,
      `name another region or account${otherPlaceOf(organization, source)}, or null, ${
        valueAt(map, [...at, ...SETTING]) === undefined ? `in ${renderPath([...at, ...SETTING])}` : "here"
      }: a copy in the same account and region is lost together with the original`,
      [["archive"], ["accounts", account.name, "regions"], ["accounts", account.name, "otherRegions"]],
    ),
  ];
}

/** A region of another bucket of transcripts in the account, to which this one can be copied, in words. */
function otherPlaceOf({ archives, targets }: Organization, { kind, account, region }: ReplicaSource): string {
  const buckets = kind === "archive" ? archives : targets.filter(({ usesArchive }) => !usesArchive);
  const other = buckets.find((bucket) => bucket.account.id === account.id && bucket.region !== region);
  return other === undefined ? "" : `, such as region ${other.region}`;
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
    .filter((setting) => !isUsedByTrail(account, null, `transcripts.${setting}`))
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
  problem(
    map,
    path,
    `nothing: the only buckets of this account${path[2] === "otherRegions" ? " here" : ""} are replicas, and ${why}`,
    remedy,
    [["archive"], ["accounts", path[1]!, "regions"], ["accounts", path[1]!, "trail"]],
  );

/** Settings for a region in which an account has replicas alone: those of transcripts follow the sources. */
function withoutEffectThere(
  map: ParsedMap,
  { archives, replicas }: Organization,
  account: Account,
): Conflict[] {
  const { name, id } = account;
  const isHere = (region: string) => (bucket: Pick<Replica, "account" | "region">) =>
    bucket.account.id === id && bucket.region === region;
  return Object.entries(map.accounts[name]?.otherRegions ?? {})
    .filter(([region]) => !archives.some(isHere(region)) && replicas.some(isHere(region)))
    .flatMap(([region, settings]) => {
      const level = ["accounts", name, "otherRegions", region];
      const { actions = [] } = settings.notifications?.security ?? {};
      return [
        ...Object.keys(settings.transcripts ?? {}).map((setting) =>
          onlyReplicas(
            map,
            [...level, "transcripts", setting],
            "replicas follow the settings of the buckets that they copy",
            "set it for the account of the bucket that is replicated",
          ),
        ),
        ...(actions.length > 0
          ? [
              onlyReplicas(
                map,
                [...level, "notifications", "security", "actions"],
                "only topics and chat get notifications about replicas",
                "subscribe to the topic",
              ),
            ]
          : []),
      ];
    });
}

/** Replication needs a role, in an account without regions as well. The permissions boundary must fit it. */
function boundaries(map: ParsedMap, { replicas }: Organization, account: Account): Conflict[] {
  const { name, targets } = account;
  if (targets.length > 0 || !replicas.some(({ source }) => source.account.name === name)) return [];
  return boundaryFault(account).map(({ setting, allowed, remedy }) =>
    problem(map, saidAt(map, name, null, setting), allowed, remedy),
  );
}
