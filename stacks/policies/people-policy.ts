import type { AccountIdentity, ArchiveSite, Organization, Replica } from "../../accounts/model/organization";
import { arnParts } from "../../aws/arn";
import { arns, names, placeOf, PREFERENCES_DOCUMENT, type Place } from "../names";
import { movesToArchives, readActions } from "./cold-storage";
import { keyOfBucket, type Destinations, type TranscriptDestination } from "./destinations";
import { sessionKeyStatements } from "./instance-policy";
import { aboutBuckets, type OwnedBucket } from "./owned-buckets";
import { policy, unique, type Policy, type Statement } from "./policy";
import { grantRecordings, readRecordings, type Recordings } from "./recording-policy";
import { replicationOf } from "./replication-policy";
import { useKeysThroughS3 } from "./transcript-key";
import { letUnmask, refuseUnmasking } from "./masking-policy";

/**
 * ARNs of the caller's own sessions. `${aws:username}` is the name of an IAM user. `${aws:userid}` of a role
 * session is `<role id>:<role session name>`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
 */
const ownSessions = ({ partition, id }: AccountIdentity) => [
  `arn:${partition}:ssm:*:${id}:session/\${aws:userid}-*`,
  `arn:${partition}:ssm:*:${id}:session/\${aws:username}-*`,
];

/** Limits a statement to regions in which sessions are recorded: other regions have no preferences of the map. */
const inRegionsOf = (destinations: readonly Destinations[]) => ({
  StringEquals: { "aws:RequestedRegion": unique(destinations.map(({ place }) => place.region)) },
});

/**
 * The policy of people who open sessions. They start sessions on the account's nodes with the preferences document,
 * and resume and end their own. It allows no other document: sessions for port forwarding and SSH cannot be logged,
 * and any other document decides itself what is logged.
 * @param destinations where each target of the account is recorded
 * @param recordings recordings of connections by Remote Desktop in the account
 * @example operatorPolicy(account, account.targets.map((target) => destinationsOf(organization, target)))
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
 */
export function operatorPolicy(
  account: AccountIdentity,
  destinations: readonly Destinations[],
  recordings: readonly Recordings[] = [],
): Policy {
  const { partition, id } = account;
  const regions = inRegionsOf(destinations);
  return policy(
    {
      Sid: "StartRecordedSessions",
      Effect: "Allow",
      Action: ["ssm:StartSession"],
      Resource: [
        `arn:${partition}:ec2:*:${id}:instance/*`,
        `arn:${partition}:ssm:*:${id}:managed-instance/*`,
        `arn:${partition}:ssm:*:${id}:document/${PREFERENCES_DOCUMENT}`,
      ],
      // Systems Manager did not always check the permission for a default document that the caller does not name.
      // @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-default-session-document.html
      Condition: { ...regions, BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
    },
    {
      Sid: "ResumeAndEndOwnSessions",
      Effect: "Allow",
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: ownSessions(account),
    },
    {
      // The id of a role's session begins with the session name, which sessions of other roles may have as well. The
      // tag contains the user id of the owner. `${aws:userid}*` would match sessions of `alice-admin` for `alice`.
      // @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
      Sid: "ResumeAndEndSessionsOfOwnRole",
      Effect: "Allow",
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: `arn:${partition}:ssm:*:${id}:session/*`,
      Condition: {
        StringEquals: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" },
      },
    },
    {
      Sid: "OpenOwnDataChannels",
      Effect: "Allow",
      Action: ["ssmmessages:OpenDataChannel"],
      Resource: ownSessions(account),
    },
    ...sessionKeyStatements("EncryptOwnSessions", "kms:GenerateDataKey", destinations),
    ...grantRecordings(recordings),
    {
      Sid: "FindInstances",
      Effect: "Allow",
      Action: [
        "ec2:DescribeInstances",
        "ssm:DescribeInstanceInformation",
        "ssm:DescribeInstanceProperties",
        "ssm:DescribeSessions",
        "ssm:GetConnectionStatus",
      ],
      Resource: "*",
    },
    ...refuseUnmasking(destinations),
  );
}

/** A bucket of transcripts that reviewers read, all of it or below a prefix. */
export interface ReviewedBucket extends OwnedBucket {
  readonly place: Place;
  readonly bucket: string;
  /** Key prefix without slash at its end; null: the whole bucket. */
  readonly prefix: string | null;
  readonly key: TranscriptDestination["key"];
  /** Whether transcripts in it may be where they must be restored before they are read. */
  readonly archived: boolean;
}

const archivedBy = ({ settings }: Pick<ArchiveSite, "settings">) =>
  movesToArchives(settings.transcripts.lifecycle);

/** A replica. Its bucket policy decides which transcripts in it a reviewer reads. */
const reviewedReplica = (organization: Pick<Organization, "name">, replica: Replica): ReviewedBucket => {
  const { place, bucket, key } = replicationOf(organization, replica).replica;
  return { place, bucket, owner: place.account.id, prefix: null, key, archived: archivedBy(replica.source) };
};

/**
 * The part of an archive's replica that belongs to one account of the archive. The name has `*` for the region, so that
 * the policy of an account with many regions stays below 6,144 characters.
 */
const ownPartOfReplica = (
  organization: Pick<Organization, "name">,
  account: AccountIdentity,
  replica: Replica,
): ReviewedBucket => {
  const { source, prefix } = replicationOf(organization, replica);
  const bucket = names.replicaBucket({ ...source.place, region: "*" });
  return { ...reviewedReplica(organization, replica), bucket, prefix: `${prefix}${account.id}` };
};

/**
 * The buckets that the policy of an account's reviewers allows to read: the account's own transcripts, the transcripts
 * of every account in the archive account and in accounts of `transcripts.organizationReaders`, and the replicas of
 * either.
 */
export function reviewedIn(
  organization: Organization,
  account: AccountIdentity,
  destinations: readonly Destinations[],
): ReviewedBucket[] {
  const readsAll = ({ account: owner, settings }: Pick<ArchiveSite, "account" | "settings">) =>
    owner.id === account.id ||
    settings.transcripts.organizationReaders.some((role) => arnParts(role).accountId === account.id);
  const archives = organization.archives.filter(readsAll);
  const whole = archives.map((site): ReviewedBucket => {
    const place = placeOf(organization, site);
    const key = keyOfBucket(site.settings.encryption, place);
    return {
      place,
      bucket: names.transcriptBucket(place),
      owner: site.account.id,
      prefix: null,
      key,
      archived: archivedBy(site),
    };
  });
  const own = destinations.flatMap(({ place, transcripts }): ReviewedBucket[] => {
    if (transcripts === null || whole.some(({ bucket }) => bucket === transcripts.bucket)) return [];
    return [{ place, ...transcripts }];
  });
  const copies = organization.replicas.flatMap((replica): ReviewedBucket[] => {
    if (replica.account.id === account.id || readsAll(replica.source))
      return [reviewedReplica(organization, replica)];
    const { source } = replicationOf(organization, replica);
    return own.some(({ bucket }) => bucket === source.bucket)
      ? [ownPartOfReplica(organization, account, replica)]
      : [];
  });
  return [...whole, ...own, ...copies];
}

/**
 * The policy of people who review sessions. They read transcripts, session logs and the list of sessions, and change
 * nothing. To read a transcript, a reviewer's role must also be among `transcripts.readers`, which the bucket policy
 * names.
 * @param buckets buckets that the reviewers read
 * @param destinations where each target of the account is recorded
 * @param unmaskRoles names of roles, with their paths, that may reveal masked data in session logs
 * @param recordings recordings of connections by Remote Desktop that the reviewers read
 * @param organizationId id of the organization; null: the map does not know it
 * @example
 * reviewerPolicy(reviewedIn(organization, account, destinations), destinations, account.settings.access.unmaskRoles)
 */
export function reviewerPolicy(
  buckets: readonly ReviewedBucket[],
  destinations: readonly Destinations[],
  unmaskRoles: readonly string[],
  recordings: readonly Recordings[] = [],
  organizationId: string | null = null,
): Policy {
  const logGroups = unique(
    destinations.flatMap(({ place, logGroup }) =>
      logGroup === null ? [] : [arns.logGroup({ ...place, region: "*" }, logGroup)],
    ),
  );
  return policy(
    ...readTranscripts(buckets),
    ...readRecordings(recordings, organizationId),
    logGroups.length > 0 && {
      Sid: "ReadSessionLogs",
      Effect: "Allow",
      Action: ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"],
      Resource: logGroups.flatMap((group) => [group, `${group}:*`]),
    },
    ...letUnmask(destinations, unmaskRoles),
    {
      Sid: "SeeSessions",
      Effect: "Allow",
      Action: [
        "logs:DescribeLogGroups",
        "logs:GetQueryResults",
        "ssm:DescribeSessions",
        "ssm:DescribeInstanceInformation",
      ],
      Resource: "*",
    },
    destinations.length > 0 && {
      Sid: "ReadPreferences",
      Effect: "Allow",
      Action: ["ssm:GetDocument", "ssm:DescribeDocument"],
      Resource: unique(
        destinations.map(
          ({ place: { account } }) =>
            `arn:${account.partition}:ssm:*:${account.id}:document/${PREFERENCES_DOCUMENT}`,
        ),
      ),
    },
  );
}

function readTranscripts(buckets: readonly ReviewedBucket[]): Statement[] {
  const arnOf = ({ place, bucket }: ReviewedBucket) => arns.bucket(place, bucket);
  return [
    ...aboutBuckets("ReadTranscripts", buckets, (some) => ({
      Action: readActions(some.some(({ archived }) => archived)),
      Resource: unique(
        some.map((bucket) => `${arnOf(bucket)}/${bucket.prefix === null ? "" : `${bucket.prefix}/`}*`),
      ),
    })),
    ...aboutBuckets("ListTranscripts", buckets, (some) => ({
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
      Resource: unique(some.map(arnOf)),
    })),
    ...useKeysThroughS3("DecryptTranscripts", ["kms:Decrypt"], buckets),
  ];
}
