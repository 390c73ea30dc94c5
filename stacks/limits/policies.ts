import {
  accountBehind,
  type Account,
  type ArchiveSite,
  type Organization,
  type Replica,
  type Target,
} from "../../accounts/model/organization";
import { POLICY_LIMITS } from "../../aws/quotas";
import { channelNames, names, placeOf } from "../names";
import { transcriptBucketPolicy } from "../policies/bucket-policy";
import { destinationsOf } from "../policies/destinations";
import { guardRoleOf } from "../policies/guard-policy";
import { instancePolicy } from "../policies/instance-policy";
import { archiveKeyPolicy, archiveKeyUsesOf, keyUsesOf, sessionKeyPolicy } from "../policies/key-policy";
import { subscriptionPolicy, subscriptionsWithRole } from "../policies/log-subscription";
import { operatorPolicy, reviewerPolicy } from "../policies/people-policy";
import { reviewedIn } from "../policies/reviewed-buckets";
import { membersOf, type Members } from "../policies/principals";
import {
  recordingBucketPolicy,
  recordingsIn,
  recordingsOf,
  reviewedRecordingsIn,
} from "../policies/recording-policy";
import { replicaBucketPolicy, replicaKeyPolicy } from "../policies/replica-policy";
import { reportPolicy, reportTrust } from "../policies/report-policy";
import { replicationOf } from "../policies/replication-policy";
import { measuredOnce, type Alike } from "./alike";
import { listPath } from "./list-path";
import { KNOW_THE_ORGANIZATION, overLimit, type Measured, type Oversize } from "./oversize";

/** An ARN that is as long as any key ARN can be. Sizes are measured before AWS has created the key. */
const ANY_KEY_ARN = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef";

/** An id that is as long as any id of an organization. */
const ANY_ORGANIZATION = { organizationId: `o-${"0".repeat(32)}` } satisfies Members;

/** The policies that AWS would refuse, because they are too long. */
export function policyLimits(organization: Organization, { ofTarget, ofAccount }: Alike): Oversize[] {
  const { targets, accounts } = organization;
  return [
    ...measuredOnce(targets, ofTarget, (target) => targetPolicies(organization, target)),
    ...organization.archives.flatMap((site) => archivePolicies(organization, site)),
    ...organization.replicas.flatMap((replica) => replicaPolicies(organization, replica)),
    ...measuredOnce(accounts, ofAccount, (account) => accountPolicies(organization, account)),
  ];
}

const FEWER_READERS =
  "name fewer readers; one role that several people may assume, or a pattern with *, does for many";

/** Finds the setting that lists the readers. */
const readersPath =
  (organization: Organization, where: Pick<Target, "account" | "region" | "settings">) => () =>
    listPath(organization, where, ["transcripts", "readers"]);

function targetPolicies(organization: Organization, target: Target): Oversize[] {
  const place = placeOf(organization, target);
  const { encryption, transcripts, protect } = target.settings;
  const readers = { path: readersPath(organization, target), remedy: FEWER_READERS };
  const recordings = recordingsOf(organization, target);
  const uses = keyUsesOf(
    target,
    place,
    accountBehind(organization, target.account).settings.access.reporters,
    recordings,
  );
  return [
    ...(encryption.mode === "s3-managed"
      ? []
      : overLimit({
          what: "the key's policy",
          document: sessionKeyPolicy(place, uses),
          limit: POLICY_LIMITS.key,
          ...readers,
        })),
    ...(uses.bucket === null
      ? []
      : overLimit({
          what: "the bucket's policy",
          document: transcriptBucketPolicy(place, {
            ...transcripts,
            bucket: uses.bucket,
            members: null,
            keyArn: ANY_KEY_ARN,
            protect,
          }),
          limit: POLICY_LIMITS.bucket,
          ...readers,
        })),
    ...(recordings === null
      ? []
      : overLimit({
          what: "the policy of the bucket of recordings",
          document: recordingBucketPolicy(place, { ...recordings, protect }),
          limit: POLICY_LIMITS.bucket,
          ...readers,
        })),
  ];
}

function archivePolicies(organization: Organization, site: ArchiveSite): Oversize[] {
  const place = placeOf(organization, site);
  const { transcripts, protect } = site.settings;
  const bucket = names.transcriptBucket(place);
  const sizes = (members: Members, inMap: Pick<Measured, "path" | "remedy" | "found">) => [
    ...overLimit({
      what: "the archive bucket's policy",
      document: transcriptBucketPolicy(place, {
        ...transcripts,
        bucket,
        members,
        guardRole: guardRoleOf(organization, site),
        keyArn: ANY_KEY_ARN,
        protect,
      }),
      limit: POLICY_LIMITS.bucket,
      ...inMap,
    }),
    ...overLimit({
      what: "the archive key's policy",
      document: archiveKeyPolicy(place, { ...archiveKeyUsesOf(organization, site, place), members }),
      limit: POLICY_LIMITS.key,
      ...inMap,
    }),
  ];
  const byReaders = sizes(ANY_ORGANIZATION, {
    path: readersPath(organization, site),
    remedy: FEWER_READERS,
  });
  return byReaders.length > 0
    ? byReaders
    : sizes(membersOf(organization), {
        path: ["organization", "id"],
        remedy: KNOW_THE_ORGANIZATION,
        found: organization.id ?? undefined,
      });
}

function replicaPolicies(organization: Organization, replica: Replica): Oversize[] {
  const { source } = replica;
  const { transcripts, protect } = source.settings;
  const { readers, organizationReaders, lifecycle } = transcripts;
  const replication = replicationOf(organization, replica);
  const topics = [channelNames({ kind: "replica", place: replication.source.place }).topic];
  const inMap = { path: readersPath(organization, source), remedy: FEWER_READERS };
  return [
    ...overLimit({
      what: "the policy of a replica's bucket",
      document: replicaBucketPolicy(replication, {
        readers,
        organizationReaders,
        central: source.kind === "archive",
        protect,
        lifecycle,
      }),
      limit: POLICY_LIMITS.bucket,
      ...inMap,
    }),
    ...overLimit({
      what: "the policy of a replica's key",
      document: replicaKeyPolicy(replication, { readers: [...readers, ...organizationReaders], topics }),
      limit: POLICY_LIMITS.key,
      ...inMap,
    }),
  ];
}

/**
 * The policy of an account's reviewers. Without the id of the organization, it lists every account whose bucket names a
 * role of this account.
 */
function reviewerPolicies(
  organization: Organization,
  account: Account,
  inMap: Pick<Measured, "path" | "remedy">,
): Oversize[] {
  const destinations = account.targets.map((target) => destinationsOf(organization, target));
  const sizes = (id: string | null, where: Pick<Measured, "path" | "remedy" | "found">) =>
    overLimit({
      what: "the reviewer policy",
      document: reviewerPolicy(
        reviewedIn(organization, account, destinations),
        destinations,
        account.settings.access.unmaskRoles,
        reviewedRecordingsIn(organization, account),
        id,
      ),
      limit: POLICY_LIMITS.managed,
      ...where,
    });
  const { id } = organization;
  const found = sizes(id, inMap);
  if (found.length === 0 || id !== null) return found;
  const withId = sizes(ANY_ORGANIZATION.organizationId, inMap);
  return withId.length > 0
    ? withId
    : sizes(id, { path: ["organization", "id"], remedy: KNOW_THE_ORGANIZATION, found: undefined });
}

/** The role that makes reports: what it reads, and who assumes it. */
function reportRole(organization: Organization, account: Account): Oversize[] {
  const where = { account, region: account.homeRegion, settings: account.settings };
  const path = listPath(organization, where, ["access", "reporters"]);
  return [
    ...overLimit({
      what: "the policy of the report role",
      document: reportPolicy(organization, account),
      limit: POLICY_LIMITS.managed,
      path,
      remedy: "shorten transcripts.prefix or the organization's name, or set access.reporters: [] here",
    }),
    ...overLimit({
      what: "the trust policy of the report role",
      document: reportTrust(account.settings.access.reporters),
      limit: POLICY_LIMITS.trust,
      path,
      remedy: "name fewer roles; one role that several people may assume, or a pattern with *, does for many",
    }),
  ];
}

/** The role of the subscriptions of an account. Its trust policy has room for all regions. */
const subscriptionRole = (organization: Organization, account: Account): Oversize[] =>
  overLimit({
    what: "the policy of the role that forwards session logs",
    document: subscriptionPolicy(subscriptionsWithRole(organization, account)),
    limit: POLICY_LIMITS.managed,
    path: ["accounts", account.name, "regions"],
    remedy:
      "give the destinations shorter names, take fewer regions into this account, or let the destinations admit it by its id " +
      'with logs.subscription.admittedBy: "account", which needs no role',
  });

function accountPolicies(organization: Organization, account: Account): Oversize[] {
  const destinations = account.targets.map((target) => destinationsOf(organization, target));
  const { access } = account.settings;
  const accountPath = ["accounts", account.name];
  const shorter = "shorten transcripts.prefix or the organization's name";
  const of = (kind: "operatorPolicy" | "reviewerPolicy") => ({
    path: [...accountPath, "access", kind],
    remedy: `${shorter}, or set access.${kind}: false here and grant this with policies of your own`,
  });
  return [
    ...overLimit({
      what: "the instance policy",
      document: instancePolicy(destinations),
      limit: POLICY_LIMITS.managed,
      path: [...accountPath, "regions"],
      remedy: `${shorter}, or take fewer regions into this account`,
    }),
    ...(access.operatorPolicy
      ? overLimit({
          what: "the operator policy",
          document: operatorPolicy(account, destinations, recordingsIn(organization, account)),
          limit: POLICY_LIMITS.managed,
          ...of("operatorPolicy"),
        })
      : []),
    // The archive account has a reviewer policy even if it has no region of its own.
    ...(access.reviewerPolicy ? reviewerPolicies(organization, account, of("reviewerPolicy")) : []),
    ...(access.reporters.length > 0 ? reportRole(organization, account) : []),
    ...subscriptionRole(organization, account),
  ];
}
