import type { Account, Organization, Target } from "../../accounts/organization";
import { describeValue, renderPath, type Problem } from "../../accounts/problems";
import { homeOf, names, placeOf } from "../names";
import { transcriptBucketPolicy } from "../policies/bucket-policy";
import { destinationsOf } from "../policies/destinations";
import { instancePolicy } from "../policies/instance-policy";
import { archiveKeyPolicy, keyUsesOf, sessionKeyPolicy } from "../policies/key-policy";
import { operatorPolicy, reviewedIn, reviewerPolicy } from "../policies/people-policy";
import { POLICY_LIMITS, type Policy } from "../policies/policy";
import { membersOf } from "../policies/principals";

/** As long as any key ARN: sizes are measured before AWS has made up the real one. */
const ANY_KEY_ARN = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef";

const BUCKET_NAME_LIMIT = 63;

/** What AWS would refuse about names and policies that are composed from a map, said before it is asked. */
export function limitProblems(organization: Organization): Problem[] {
  return [
    ...bucketNames(organization),
    ...organization.targets.flatMap((target) => targetPolicies(organization, target)),
    ...archivePolicies(organization),
    ...organization.accounts.flatMap((account) => accountPolicies(organization, account)),
  ];
}

function bucketNames(organization: Organization): Problem[] {
  const composed = [
    ...organization.targets
      .filter(({ usesArchive, settings }) => !usesArchive && settings.transcripts.bucket === "create")
      .flatMap((target) => withAccessLogs(placeOf(organization, target))),
    ...organization.archives.flatMap((site) => withAccessLogs(placeOf(organization, site))),
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
    },
  ];
}

const withAccessLogs = (place: ReturnType<typeof placeOf>) => [
  names.transcriptBucket(place),
  names.accessLogBucket(place),
];

function overLimit(
  what: string,
  kind: keyof typeof POLICY_LIMITS,
  policy: Policy,
  path: readonly string[],
  remedy: string,
): Problem[] {
  const size = JSON.stringify(policy).length;
  const limit = POLICY_LIMITS[kind];
  if (size <= limit) return [];
  const allowed = `what fits into ${what}: it would have ${size} characters, and AWS takes ${limit}`;
  return [{ path: renderPath(path), found: `${size} characters`, allowed, remedy }];
}

const FEWER_READERS =
  "name fewer readers; one role that several people may take, or a pattern with *, does for many";
const KNOW_THE_ORGANIZATION = `set organization.id, so that members are admitted by it instead of one by one; or ${FEWER_READERS}`;

function targetPolicies(organization: Organization, target: Target): Problem[] {
  const place = placeOf(organization, target);
  const { encryption, transcripts, protect } = target.settings;
  const path = ["accounts", target.account.name, "transcripts", "readers"];
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

function archivePolicies(organization: Organization): Problem[] {
  const members = membersOf(organization);
  return organization.archives.slice(0, 1).flatMap((site) => {
    const place = placeOf(organization, site);
    const { transcripts, protect } = site.settings;
    const bucket = names.transcriptBucket(place);
    const policy = transcriptBucketPolicy(place, {
      ...transcripts,
      bucket,
      members,
      keyArn: ANY_KEY_ARN,
      protect,
    });
    const keyPolicy = archiveKeyPolicy(place, { bucket, members, readers: transcripts.readers });
    const path = ["archive", "account"];
    return [
      ...overLimit("the archive bucket's policy", "bucket", policy, path, KNOW_THE_ORGANIZATION),
      ...overLimit("the archive key's policy", "key", keyPolicy, path, KNOW_THE_ORGANIZATION),
    ];
  });
}

function accountPolicies(organization: Organization, account: Account): Problem[] {
  const destinations = account.targets.map((target) => destinationsOf(organization, target));
  if (destinations.length === 0) return [];
  const path = ["accounts", account.name, "regions"];
  const remedy =
    "shorten transcripts.prefix or the organization's name, or take fewer regions into this account";
  const reviewed = reviewedIn(organization, account, destinations);
  return [
    ...overLimit("the instance policy", "managed", instancePolicy(destinations), path, remedy),
    ...overLimit("the operator policy", "managed", operatorPolicy(account, destinations), path, remedy),
    ...overLimit("the reviewer policy", "managed", reviewerPolicy(reviewed, destinations), path, remedy),
  ];
}
