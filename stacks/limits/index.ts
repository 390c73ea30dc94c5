import type { Account, ArchiveSite, Organization, Replica, Target } from "../../accounts/model/organization";
import { describeValue, once, type Conflict } from "../../accounts/reading/problems";
import { channelNames, homeOf, names, placeOf } from "../names";
import { transcriptBucketPolicy } from "../policies/bucket-policy";
import { destinationsOf } from "../policies/destinations";
import { guardRoleOf } from "../policies/guard-policy";
import { instancePolicy } from "../policies/instance-policy";
import { archiveKeyPolicy, archiveKeyUsesOf, keyUsesOf, sessionKeyPolicy } from "../policies/key-policy";
import { operatorPolicy, reviewedIn, reviewerPolicy } from "../policies/people-policy";
import type { Policy } from "../policies/policy";
import { membersOf, type Members } from "../policies/principals";
import { actionLimits } from "./actions";
import { replicaBucketPolicy, replicaKeyPolicy } from "../policies/replica-policy";
import { replicationOf } from "../policies/replication-policy";
import { guardrailLimits } from "./guardrails";
import { hostLimits } from "./hosts";
import { watchedResourcesOf } from "../events/watched-resources";
import { tamperingFindings } from "../events/security-patterns";
import { guardLimits } from "./guard";
import { type Oversize, overLimit, MEASURED } from "./oversize";

/** As long as any key ARN: sizes are measured before AWS has made up the real one. */
const ANY_KEY_ARN = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef";

/** As long as any organization's id. */
const ANY_ORGANIZATION: Members = { organizationId: `o-${"0".repeat(32)}` };

const BUCKET_NAME_LIMIT = 63;

/** What AWS would refuse about names and policies that are composed from a map, said before it is asked. */
export function limitProblems(organization: Organization): Conflict[] {
  const found = [
    ...bucketNames(organization),
    ...organization.targets.flatMap((target) => targetPolicies(organization, target)),
    ...organization.targets.flatMap((target) => securityPattern(organization, target)),
    ...organization.targets.flatMap((target) => guardLimits(organization, target, MEASURED)),
    ...organization.archives.flatMap((site) => archivePolicies(organization, site)),
    ...organization.replicas.flatMap((replica) => replicaPolicies(organization, replica)),
    ...organization.accounts.flatMap((account) => accountPolicies(organization, account)),
    ...actionLimits(organization),
    ...guardrailLimits(organization),
    ...hostLimits(organization),
  ];
  // What one change mends is reported once, as its worst case: too many readers show in every target.
  const worstFirst = found.sort((a, b) => b.times - a.times);
  return once(worstFirst, ({ path, remedy }) => `${path}\n${remedy}`).map(
    ({ times: _, ...problem }) => problem,
  );
}

function bucketNames(organization: Organization): Oversize[] {
  const composed = [
    ...organization.targets
      .filter(({ usesArchive, settings }) => !usesArchive && settings.transcripts.bucket.kind === "created")
      .flatMap((target) => withAccessLogs(placeOf(organization, target))),
    ...organization.archives.flatMap((site) => withAccessLogs(placeOf(organization, site))),
    ...organization.replicas.map(({ source }) => names.replicaAccessLogBucket(placeOf(organization, source))),
    ...organization.accounts
      .filter(({ settings }) => settings.trail === "create")
      .map((account) => names.trailAccessLogBucket(homeOf(organization, account))),
  ];
  const longest = composed.sort((a, b) => b.length - a.length)[0] ?? "";
  const over = longest.length - BUCKET_NAME_LIMIT;
  if (over <= 0) return [];
  return [
    {
      path: "organization.name",
      found: organization.name,
      allowed: `at most ${organization.name.length - over} characters here: the bucket ${describeValue(longest)} would have ${longest.length}, and S3 takes ${BUCKET_NAME_LIMIT}`,
      remedy: "shorten the organization's name",
      at: ["organization", "name"],
      because: MEASURED,
      times: longest.length / BUCKET_NAME_LIMIT,
    },
  ];
}

const withAccessLogs = (place: ReturnType<typeof placeOf>) => [
  names.transcriptBucket(place),
  names.accessLogBucket(place),
];

const FEWER_READERS =
  "name fewer readers; one role that several people may take, or a pattern with *, does for many";

const KNOW_THE_ORGANIZATION = "set organization.id, so that members are admitted by it instead of one by one";

/** Where readers were named. Levels merge by replacing lists, so accounts that share one have it from above. */
function readersPath(
  { accounts }: Organization,
  { account, region, settings }: Pick<Target, "account" | "region" | "settings">,
): string[] {
  const { readers } = settings.transcripts;
  const naming = accounts.filter((other) => other.settings.transcripts.readers === readers);
  const setting = ["transcripts", "readers"];
  if (naming.length > 1) return setting;
  return ["accounts", account.name, ...(naming.length === 0 ? ["regions", region] : []), ...setting];
}

/** An archive's pattern is part of a target's: it watches less. */
function securityPattern(organization: Organization, target: Target): Oversize[] {
  const { security } = target.settings.notifications;
  if (!security.enabled) return [];
  const watched = watchedResourcesOf(organization, target, ANY_KEY_ARN.split("/").at(-1)!);
  const pattern = tamperingFindings(placeOf(organization, target), watched, security.ignoredRoles);
  const path = ["notifications", "security", "ignoredRoles"];
  const remedy = "ignore fewer roles, or roles with shorter paths; shorten the organization's name";
  return overLimit("the pattern of the rule for tampering", "pattern", pattern, path, remedy);
}

function targetPolicies(organization: Organization, target: Target): Oversize[] {
  const place = placeOf(organization, target);
  const { encryption, transcripts, protect } = target.settings;
  const path = readersPath(organization, target);
  const uses = keyUsesOf(target, place);
  return [
    ...(encryption.mode === "s3-managed"
      ? []
      : overLimit("the key's policy", "key", sessionKeyPolicy(place, uses), path, FEWER_READERS)),
    ...(uses.bucket === null
      ? []
      : overLimit(
          "the bucket's policy",
          "bucket",
          transcriptBucketPolicy(place, {
            ...transcripts,
            bucket: uses.bucket,
            members: null,
            keyArn: ANY_KEY_ARN,
            protect,
          }),
          path,
          FEWER_READERS,
        )),
  ];
}

function archivePolicies(organization: Organization, site: ArchiveSite): Oversize[] {
  const place = placeOf(organization, site);
  const { transcripts, protect } = site.settings;
  const bucket = names.transcriptBucket(place);
  const sizes = (
    members: Members,
    path: readonly string[],
    remedy: string,
    given?: { readonly found: unknown },
  ) => [
    ...overLimit(
      "the archive bucket's policy",
      "bucket",
      transcriptBucketPolicy(place, {
        ...transcripts,
        bucket,
        members,
        guardRole: guardRoleOf(organization, site),
        keyArn: ANY_KEY_ARN,
        protect,
      }),
      path,
      remedy,
      given,
    ),
    ...overLimit(
      "the archive key's policy",
      "key",
      archiveKeyPolicy(place, { ...archiveKeyUsesOf(organization, site, place), members }),
      path,
      remedy,
      given,
    ),
  ];
  const byReaders = sizes(ANY_ORGANIZATION, readersPath(organization, site), FEWER_READERS);
  return byReaders.length > 0
    ? byReaders
    : sizes(membersOf(organization), ["organization", "id"], KNOW_THE_ORGANIZATION, {
        found: organization.id ?? undefined,
      });
}

function replicaPolicies(organization: Organization, replica: Replica): Oversize[] {
  const { source } = replica;
  const { transcripts, protect } = source.settings;
  const { readers } = transcripts;
  const replication = replicationOf(organization, replica);
  const topics = [channelNames({ kind: "replica", place: replication.source.place }).topic];
  const path = readersPath(organization, source);
  const bucket = replicaBucketPolicy(replication, { readers, protect });
  const key = replicaKeyPolicy(replication, { readers, topics });
  return [
    ...overLimit("the policy of a replica's bucket", "bucket", bucket, path, FEWER_READERS),
    ...overLimit("the policy of a replica's key", "key", key, path, FEWER_READERS),
  ];
}

function accountPolicies(organization: Organization, account: Account): Oversize[] {
  const destinations = account.targets.map((target) => destinationsOf(organization, target));
  const { access } = account.settings;
  const accountPath = ["accounts", account.name];
  const shorter = "shorten transcripts.prefix or the organization's name";
  const person = (kind: "operatorPolicy" | "reviewerPolicy", what: string, policy: Policy) =>
    overLimit(
      what,
      "managed",
      policy,
      [...accountPath, "access", kind],
      `${shorter}, or set access.${kind}: false here and grant this with policies of your own`,
    );
  const reviewed = reviewedIn(organization, account, destinations);
  return [
    ...overLimit(
      "the instance policy",
      "managed",
      instancePolicy(destinations),
      [...accountPath, "regions"],
      `${shorter}, or take fewer regions into this account`,
    ),
    ...(access.operatorPolicy
      ? person("operatorPolicy", "the operator policy", operatorPolicy(account, destinations))
      : []),
    // The archive account has this one without any region of its own.
    ...(access.reviewerPolicy
      ? person(
          "reviewerPolicy",
          "the reviewer policy",
          reviewerPolicy(reviewed, destinations, access.unmaskRoles),
        )
      : []),
  ];
}
