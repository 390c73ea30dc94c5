import { partitionOf } from "../../aws/regions";
import type { Account, Organization } from "../model/merged";
import { renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";
import { replicaOwners } from "./replication";

/**
 * Settings for regions without servers that belong among the regions with servers, or that have no effect, because the
 * account has neither an archive nor a replica there.
 */
export const otherRegionProblems = (map: ParsedMap, organization: Organization): Conflict[] =>
  organization.accounts.flatMap((account) =>
    Object.keys(map.accounts[account.name]?.otherRegions ?? {}).flatMap((region) =>
      problemOf(map, organization, account, region),
    ),
  );

function problemOf(
  map: ParsedMap,
  organization: Organization,
  { name, id, partition, targets }: Account,
  region: string,
): Conflict[] {
  const path: Path = ["accounts", name, "otherRegions", region];
  const regions: Path = ["accounts", name, "regions"];
  if (targets.some((target) => target.region === region))
    return [
      problem(
        map,
        path,
        "a region without servers: this region is in regions",
        `move these settings to ${renderPath([...regions, region])}, which apply to the archive there too`,
        [regions],
      ),
    ];
  // The rules over regions report a region of another partition.
  if (partitionOf(region) !== partition) return [];
  const { archives, replicas } = organization;
  const held = [...archives, ...replicas].filter(({ account }) => account.id === id);
  // If the map names an unknown archive account or an unknown owner of replicas, this account may be meant.
  const archive = map.archive?.account;
  const isKnown = archive === undefined || Object.hasOwn(map.accounts, archive);
  if (held.some((bucket) => bucket.region === region) || !isKnown || replicaOwners(organization) === null)
    return [];
  const places = [...new Set(held.map((bucket) => bucket.region))].sort();
  return [
    problem(
      map,
      path,
      places.length === 0
        ? "nothing: this account has neither an archive nor a replica"
        : `a region in which this account has an archive or a replica: ${places.join(", ")}`,
      `remove it, or add the region to ${renderPath(regions)} if it has servers`,
      [["archive"], ["transcripts"], ["accounts", "*"]],
    ),
  ];
}
