import type { AccountIdentity } from "../../accounts/model/organization";
import { arns, PREFERENCES_DOCUMENT } from "../names";
import { readActions } from "./cold-storage";
import type { Destinations } from "./destinations";
import { sessionKeyStatements } from "./instance-policy";
import { aboutBuckets, inAccounts } from "./owned-buckets";
import { policy, unique, type Policy, type Statement } from "./policy";
import { grantRecordings, readRecordings, type Recordings } from "./recording-policy";
import type { ReviewedBucket } from "./reviewed-buckets";
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
    ...readTranscripts(buckets, organizationId),
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

const arnOf = ({ place, bucket }: ReviewedBucket) => arns.bucket(place, bucket);

const ofReading = (buckets: readonly ReviewedBucket[]) => ({
  Action: readActions(buckets.some(({ archived }) => archived)),
  Resource: unique(
    buckets.map((bucket) => `${arnOf(bucket)}/${bucket.prefix === null ? "" : `${bucket.prefix}/`}*`),
  ),
});

const ofListing = (buckets: readonly ReviewedBucket[]) => ({
  Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
  Resource: unique(buckets.map(arnOf)),
});

const keyed = (buckets: readonly ReviewedBucket[]) =>
  buckets.flatMap(({ keys, ...bucket }) => keys.map((key) => ({ ...bucket, key })));

/** Whether a key is one of the owners of buckets that share a name. An existing key is known by its ARN. */
const ofSomeOwner = ({ owners, key }: ReturnType<typeof keyed>[number]) =>
  owners !== undefined && "owner" in key;

function readTranscripts(buckets: readonly ReviewedBucket[], organizationId: string | null): Statement[] {
  const own = buckets.filter(({ kind }) => kind === "own");
  const shared = buckets.filter(({ owners }) => owners !== undefined);
  const others = buckets.filter((bucket) => !own.includes(bucket) && !shared.includes(bucket));
  return [
    // A statement of its own, so that the account itself is no owner that the names of other buckets may have.
    ...aboutBuckets("ReadOwnBuckets", own, ofReading),
    ...aboutBuckets("ListOwnBuckets", own, ofListing),
    ...aboutBuckets("ReadTranscripts", others, ofReading),
    ...aboutBuckets("ListTranscripts", others, ofListing),
    ...useKeysThroughS3(
      "DecryptTranscripts",
      ["kms:Decrypt"],
      keyed(buckets).filter((one) => !ofSomeOwner(one)),
    ),
    ...readTranscriptsOfOthers(shared, organizationId),
  ];
}

/**
 * Lets reviewers read the buckets of other accounts under one name. The condition keeps the name, and the keys of any account
 * with which these buckets may be encrypted, to the organization or to the accounts. The policies of the buckets decide
 * which of them a role reads.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgid
 */
function readTranscriptsOfOthers(
  buckets: readonly ReviewedBucket[],
  organizationId: string | null,
): Statement[] {
  if (buckets.length === 0) return [];
  const owners = unique(buckets.flatMap((bucket) => bucket.owners ?? []));
  const Condition = {
    StringEquals:
      organizationId === null || owners.length === 1
        ? inAccounts(owners)
        : { "aws:ResourceOrgID": organizationId },
  };
  return [
    { Sid: "ReadTranscriptsOfOtherAccounts", Effect: "Allow", ...ofReading(buckets), Condition },
    { Sid: "ListTranscriptsOfOtherAccounts", Effect: "Allow", ...ofListing(buckets), Condition },
    ...useKeysThroughS3(
      "DecryptTranscriptsOfOtherAccounts",
      ["kms:Decrypt"],
      keyed(buckets).filter(ofSomeOwner),
    ).map((statement) => ({ ...statement, Condition: { ...statement.Condition, ...Condition } })),
  ];
}
