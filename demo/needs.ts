import { arnParts } from "../aws/arn";
import { newerProviderFor } from "../aws/regions";
import type { Account, Organization, Target } from "../accounts/model/organization";
import { describeProblem, renderPath, type Problem } from "../accounts/reading/problems";
import { UserError } from "../processes/user-error";
import { archivePlace, placeOf, type Place } from "../stacks/names";

/**
 * Refuses an organization that the demo cannot deploy, although its map is valid.
 * @param source name of the map in the error, usually its file
 * @throws UserError with every problem at once
 */
export function refuseUnfit(organization: Organization, source: string): void {
  const problems = demoProblems(organization);
  if (problems.length === 0) return;
  const text = "the map is right, but the demo cannot rehearse it; nothing was deployed.";
  throw new UserError({
    what: [`${source}: ${text}`, ...problems.map((problem) => describeProblem(problem))].join("\n\n"),
  });
}

/** The role that reads the transcripts of a bucket in the demo. */
export interface TranscriptReader {
  readonly account: Account;
  /** Name of the role, with its path if it has one. */
  readonly role: string;
}

/**
 * The bucket of a target's transcripts: its place, the name of the account that owns it, and which roles may read the
 * transcripts of the target in it.
 */
export function bucketOf(
  organization: Organization,
  target: Target,
): { place: Place; account: string; readers: readonly string[] } {
  const site = organization.archives.find(({ region }) => region === target.region);
  return target.usesArchive && site
    ? {
        place: archivePlace(organization, target.region),
        account: site.account.name,
        readers: readersIn(site, [site.account.id, target.account.id]),
      }
    : {
        place: placeOf(organization, target),
        account: target.account.name,
        readers: readersIn(target),
      };
}

/** Roles that the map names as readers. @param accounts ids of the accounts whose roles in `readers` count; null: all */
function readersIn(
  { settings: { transcripts } }: Pick<Target, "settings">,
  accounts: readonly string[] | null = null,
): readonly string[] {
  const counts = (role: string) => accounts === null || accounts.includes(arnParts(role).accountId);
  return [...transcripts.readers.filter(counts), ...transcripts.organizationReaders];
}

/** The first reader of a target's transcripts that is a role in an account of the map with a reviewer policy. */
export function readerOf(organization: Organization, target: Target): TranscriptReader | undefined {
  for (const arn of bucketOf(organization, target).readers) {
    const account = organization.accounts.find(({ id }) => id === arnParts(arn).accountId);
    const role = arn.slice(arn.indexOf(":role/") + ":role/".length);
    if (account?.settings.access.reviewerPolicy === true && !role.includes("*")) return { account, role };
  }
  return undefined;
}

/** What keeps the demo from holding a session in every target and reading its records, by path in the map. */
export function demoProblems(organization: Organization): Problem[] {
  const workloads = organization.accounts.filter(({ targets }) => targets.length > 0);
  return [
    ...organization.accounts.flatMap(regionProblems),
    ...workloads.flatMap(accountProblems),
    ...organization.targets.flatMap((target) => targetProblems(organization, target)),
    ...organization.targets.flatMap(networkProblems),
    ...organization.archives.flatMap(ownedProblems),
  ];
}

/** Regions whose stacks need a newer AWS provider than the demo has. */
function regionProblems({ name, homeRegion, targets }: Account): Problem[] {
  const regions = [...new Set([homeRegion, ...targets.map(({ region }) => region)])];
  return regions.flatMap((region) => {
    const version = newerProviderFor(region);
    if (version === undefined) return [];
    const place = region === homeRegion ? ["homeRegion"] : ["regions", region];
    return {
      path: renderPath(["accounts", name, ...place]),
      found: region,
      allowed: `a region whose ARNs AWS provider 5 accepts: stacks there need version ${version}`,
      remedy: "rehearse the map with a region of another partition",
    };
  });
}

function accountProblems({ id, name, settings: { access } }: Account): Problem[] {
  const at = (setting: string) => renderPath(["accounts", name, "access", setting]);
  const problems: Problem[] = [];
  if (access.attachToRoles.length === 0 && !access.instanceProfile) {
    problems.push({
      path: at("attachToRoles"),
      found: access.attachToRoles,
      allowed: "an instance role, so that a session can be held",
      remedy: "name an instance role, or set instanceProfile: true",
    });
  }
  for (const policy of ["operatorPolicy", "reviewerPolicy"] as const) {
    if (access[policy]) continue;
    const remedy = "set it to true, or rehearse the map without this account";
    problems.push({
      path: at(policy),
      found: false,
      allowed: "true: the people of the demo have this policy",
      remedy,
    });
  }
  const { permissionsBoundaryArn: boundary } = access;
  if (boundary !== null && arnParts(boundary).accountId !== id) {
    problems.push({
      path: at("permissionsBoundaryArn"),
      found: boundary,
      allowed: "a policy of the account: the embedded AWS has no policy of AWS that it could stand in for",
      remedy: "leave it out for the rehearsal",
    });
  }
  return problems;
}

function targetProblems(organization: Organization, target: Target): Problem[] {
  const { account, region, settings } = target;
  const at = (...setting: string[]) => renderPath(["accounts", account.name, "regions", region, ...setting]);
  const { bucket } = settings.transcripts;
  const problems: Problem[] = [];
  if (bucket.kind === "existing" && bucket.keyArn !== null) {
    problems.push(ofExistingKey(at("transcripts", "bucket", "keyArn"), bucket.keyArn, "leave keyArn out"));
  }
  if (bucket.kind === "created" && readerOf(organization, target) === undefined) {
    const { account: owner, readers } = bucketOf(organization, target);
    problems.push({
      path: renderPath(["accounts", owner, "transcripts", "readers"]),
      found: readers,
      allowed: "a role, without *, in an account of the map whose reviewerPolicy is on",
      remedy: `name one, such as arn:${account.partition}:iam::${account.id}:role/session-reviewer`,
    });
  }
  return [...problems, ...ownedProblems(target)];
}

/** VPCs that the map names. AWS assigns their ids, so the embedded AWS cannot have the same ones. */
function networkProblems({ account, region, settings: { network } }: Target): Problem[] {
  if (network.length === 0) return [];
  const path = renderPath(["accounts", account.name, "regions", region, "network"]);
  const allowed = "[]: the embedded AWS is empty at the start and has none of these VPCs";
  return [{ path, found: network, allowed, remedy: "leave it out for the rehearsal" }];
}

/** Keys that the map expects to exist. */
function ownedProblems({
  account,
  region,
  settings: { encryption },
}: Pick<Target, "account" | "region" | "settings">): Problem[] {
  if (encryption.mode !== "existing") return [];
  const path = renderPath(["accounts", account.name, "regions", region, "encryption", "keyArn"]);
  return [ofExistingKey(path, encryption.keyArn, 'set encryption.mode to "customer-managed"')];
}

const ofExistingKey = (path: string, found: string, remedy: string): Problem => ({
  path,
  found,
  allowed: "a key that is created: AWS makes up the ids of keys, so the embedded AWS cannot have this one",
  remedy: `${remedy} for the rehearsal`,
});
