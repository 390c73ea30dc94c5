import type { Account, Organization } from "../../accounts/model/organization";
import { arns, placeOf, PREFERENCES_DOCUMENT } from "../names";
import { destinationsOf } from "./destinations";
import { aboutBuckets } from "./owned-buckets";
import { recordedIn, type ReviewedBucket } from "./reviewed-buckets";
import { policy, unique, type Policy } from "./policy";
import { accountsOf, isOneOf } from "./principals";

/**
 * Trust policy of the role that makes reports: the roles of the map assume it, and nobody else. `sts:SetSourceIdentity` is
 * part of it, because a session with a source identity passes it on, and could otherwise not assume the role.
 * @param reporters ARNs of roles, where `*` may stand
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * @example reportTrust(account.settings.access.reporters)
 */
export const reportTrust = (reporters: readonly string[]): Policy =>
  policy({
    Sid: "ReportersTakeThisRole",
    Effect: "Allow",
    Principal: accountsOf(reporters),
    Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
    Condition: isOneOf(reporters),
  });

/**
 * What `session-audit report` reads in an account: the session history, CloudTrail's event history, which transcripts and
 * log streams exist, and how long a transcript is locked. It allows neither `s3:GetObject` nor `logs:GetLogEvents`, so
 * that whoever makes reports reads nothing of what people typed. `HeadObject` needs `s3:GetObject`, so the report has no
 * checksum, no replication status and no key of a transcript from this role.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 * @example reportPolicy(organization, account)
 */
export function reportPolicy(organization: Organization, account: Account): Policy {
  const destinations = account.targets.map((target) => destinationsOf(organization, target));
  const buckets = reportedIn(organization, account);
  const logGroups = unique(
    destinations.flatMap(({ place, logGroup }) =>
      logGroup === null ? [] : [arns.logGroup({ ...place, region: "*" }, logGroup)],
    ),
  );
  const arnOf = ({ place, bucket }: ReviewedBucket) => arns.bucket(place, bucket);
  const anywhere = placeOf(organization, { account, region: "*" });
  return policy(
    destinations.length > 0 && {
      Sid: "ListSessionsNodesAndEvents",
      Effect: "Allow",
      Action: ["cloudtrail:LookupEvents", "ssm:DescribeInstanceInformation", "ssm:DescribeSessions"],
      Resource: "*",
    },
    destinations.length > 0 && {
      Sid: "ReadPreferences",
      Effect: "Allow",
      Action: ["ssm:GetDocument", "ssm:ListDocumentVersions"],
      Resource: arns.document(anywhere, PREFERENCES_DOCUMENT, "account"),
    },
    logGroups.length > 0 && {
      Sid: "ListSessionLogs",
      Effect: "Allow",
      Action: ["logs:DescribeLogStreams"],
      Resource: logGroups.flatMap((group) => [group, `${group}:*`]),
    },
    ...aboutBuckets("ListTranscripts", buckets, (some) => ({
      Action: ["s3:ListBucketVersions"],
      Resource: unique(some.map(arnOf)),
    })),
    ...aboutBuckets("ReadLocks", buckets, (some) => ({
      Action: ["s3:GetObjectRetention"],
      Resource: unique(
        some.map((bucket) => `${arnOf(bucket)}/${bucket.prefix === null ? "" : `${bucket.prefix}/`}*`),
      ),
    })),
  );
}

/**
 * The buckets that a report reads with the role of an account: those of the account itself, which may be an archive or
 * replicas, and existing ones whose owner the map does not say. Other buckets are read with the role of their owner.
 */
function reportedIn(organization: Organization, account: Account): ReviewedBucket[] {
  const destinations = account.targets.map((target) => destinationsOf(organization, target));
  return recordedIn(organization, account, destinations).filter(
    ({ owner }) => owner === null || owner === account.id,
  );
}
