import type { AccountIdentity, Organization, Replica } from "../../accounts/model/organization";
import { arns, names, placeOf, PREFERENCES_DOCUMENT, type Place } from "../names";
import { keyOfBucket, type Destinations, type TranscriptDestination } from "./destinations";
import { sessionKeyStatements } from "./instance-policy";
import { policy, unique, type Policy, type Statement } from "./policy";
import { replicationOf } from "./replication-policy";
import { useKeysThroughS3 } from "./transcript-key";
import { letUnmask, refuseUnmasking } from "./masking-policy";

/** Sessions of the caller: named after the user, or after the role session, in whichever way AWS counts it. */
const ownSessions = ({ partition, id }: AccountIdentity) => [
  `arn:${partition}:ssm:*:${id}:session/\${aws:userid}-*`,
  `arn:${partition}:ssm:*:${id}:session/\${aws:username}-*`,
];

/** Only where sessions are recorded: a region that is not in the map has no preferences. */
const inRegionsOf = (destinations: readonly Destinations[]) => ({
  StringEquals: { "aws:RequestedRegion": unique(destinations.map(({ place }) => place.region)) },
});

/**
 * For people who open sessions: on the account's instances, with the preferences document and no other,
 * and only their own. Every other document (port forwarding, SSH, commands) leaves no transcript.
 */
export function operatorPolicy(account: AccountIdentity, destinations: readonly Destinations[]): Policy {
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
      // Without this, AWS once let the default document pass unchecked.
      Condition: { ...regions, BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
    },
    {
      Sid: "ResumeAndEndOwnSessions",
      Effect: "Allow",
      Action: ["ssm:ResumeSession", "ssm:TerminateSession"],
      Resource: ownSessions(account),
    },
    {
      Sid: "OpenOwnDataChannels",
      Effect: "Allow",
      Action: ["ssmmessages:OpenDataChannel"],
      Resource: ownSessions(account),
    },
    ...sessionKeyStatements("EncryptOwnSessions", "kms:GenerateDataKey", destinations),
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

/** A bucket to review, whole or from a prefix on. */
export interface ReviewedBucket {
  readonly place: Place;
  readonly bucket: string;
  /** Key prefix without slash at its end; null: all of it. */
  readonly prefix: string | null;
  readonly key: TranscriptDestination["key"];
}

/** What reviewers see of a replica: all of it, in its owner's account and in the source's, whose readers it has. */
const reviewedReplica = (organization: Pick<Organization, "name">, replica: Replica): ReviewedBucket => {
  const { place, bucket, key } = replicationOf(organization, replica).replica;
  return { place, bucket, prefix: null, key };
};

/**
 * The buckets that reviewers of an account see: their own transcripts; in the archive account, everyone's; and the
 * replicas of either.
 */
export function reviewedIn(
  organization: Organization,
  account: AccountIdentity,
  destinations: readonly Destinations[],
): ReviewedBucket[] {
  const archives = organization.archives.filter((site) => site.account.id === account.id);
  const whole = archives.map((site): ReviewedBucket => {
    const place = placeOf(organization, site);
    const key = keyOfBucket(site.settings.encryption, place);
    return { place, bucket: names.transcriptBucket(place), prefix: null, key };
  });
  const own = destinations.flatMap(({ place, transcripts }): ReviewedBucket[] => {
    if (transcripts === null || whole.some(({ bucket }) => bucket === transcripts.bucket)) return [];
    return [{ place, ...transcripts }];
  });
  const copies = organization.replicas
    .filter(({ account: owner, source }) => [owner.id, source.account.id].includes(account.id))
    .map((replica) => reviewedReplica(organization, replica));
  return [...whole, ...own, ...copies];
}

/**
 * For people who read the record: transcripts, session logs, sessions. Nothing that changes anything.
 * Transcripts open only to reviewers that the bucket names too (`transcripts.readers`), and what is masked in
 * session logs only to some.
 * @param unmaskRoles names of those roles, with paths
 */
export function reviewerPolicy(
  buckets: readonly ReviewedBucket[],
  destinations: readonly Destinations[],
  unmaskRoles: readonly string[],
): Policy {
  const logGroups = unique(
    destinations.flatMap(({ place, logGroup }) =>
      logGroup === null ? [] : [arns.logGroup({ ...place, region: "*" }, logGroup)],
    ),
  );
  return policy(
    ...readTranscripts(buckets),
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
  if (buckets.length === 0) return [];
  const arnOf = ({ place, bucket }: ReviewedBucket) => arns.bucket(place, bucket);
  return [
    {
      Sid: "ReadTranscripts",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: buckets.map(
        (bucket) => `${arnOf(bucket)}/${bucket.prefix === null ? "" : `${bucket.prefix}/`}*`,
      ),
    },
    {
      Sid: "ListTranscripts",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
      Resource: unique(buckets.map(arnOf)),
    },
    ...useKeysThroughS3("DecryptTranscripts", ["kms:Decrypt"], buckets),
  ];
}
