import { arns, principalOf, type Place } from "../names";
import type { Destinations } from "./destinations";
import { aboutBuckets } from "./owned-buckets";
import { policy, unique, type Policy, type Statement } from "./policy";
import { useKeysThroughS3 } from "./transcript-key";
import { refuseUnmasking } from "./masking-policy";

/**
 * What SSM Agent needs to hold sessions and to record them, in every region of an account.
 *
 * The ARNs of log groups and session keys have `*` as their region. These belong to the account and have the same
 * name in every region, and one statement for all regions keeps the policy below 6,144 characters.
 * @param destinations where each target of the account is recorded
 * @example instancePolicy(account.targets.map((target) => destinationsOf(organization, target)))
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
export function instancePolicy(destinations: readonly Destinations[]): Policy {
  return policy(
    {
      Sid: "HoldSessions",
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
    ...writeTranscripts(destinations),
    ...writeLogs(destinations),
    ...decryptSessionData(destinations),
    ...refuseUnmasking(destinations),
  );
}

/** Lets EC2 instances assume the role of the instance profile. */
export const instanceTrust = (place: Place): Policy =>
  policy({
    Sid: "InstancesTakeThisRole",
    Effect: "Allow",
    Principal: { Service: principalOf("ec2", place) },
    Action: ["sts:AssumeRole"],
  });

function writeTranscripts(all: readonly Destinations[]): Statement[] {
  const places = all.flatMap(({ place, transcripts }) => (transcripts ? [{ place, ...transcripts }] : []));
  return [
    ...aboutBuckets("WriteTranscripts", places, (some) => ({
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Resource: some.map(({ place, bucket, prefix }) => `${arns.bucket(place, bucket)}/${prefix}/*`),
    })),
    ...aboutBuckets("CheckTranscriptEncryption", places, (some) => ({
      Action: ["s3:GetEncryptionConfiguration"],
      Resource: unique(some.map(({ place, bucket }) => arns.bucket(place, bucket))),
    })),
    // A multipart upload needs kms:Decrypt too: S3 decrypts its parts before it completes the upload.
    // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
    ...useKeysThroughS3("EncryptTranscripts", ["kms:GenerateDataKey", "kms:Decrypt"], places),
  ];
}

function writeLogs(all: readonly Destinations[]): Statement[] {
  const groups = all.flatMap(({ place, logGroup }) =>
    logGroup ? [arns.logGroup(anyRegion(place), logGroup)] : [],
  );
  if (groups.length === 0) return [];
  return [
    {
      // SSM Agent looks up its log group by prefix. With a narrower resource, sessions hang without output.
      // @see https://github.com/aws/amazon-ssm-agent/issues/246
      Sid: "FindLogGroups",
      Effect: "Allow",
      Action: ["logs:DescribeLogGroups"],
      Resource: "*",
    },
    {
      Sid: "WriteSessionLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: unique(groups.flatMap((group) => [group, `${group}:*`])),
    },
  ];
}

function decryptSessionData(all: readonly Destinations[]): Statement[] {
  return sessionKeyStatements("DecryptSessionData", "kms:Decrypt", all);
}

const anyRegion = (place: Destinations["place"]) => ({ ...place, region: "*" });

/**
 * Allows one use of session keys, for the data channels of sessions alone: clients and SSM Agent put the session id
 * into the encryption context. A key that is created is identified by its alias, which only an administrator of the
 * key can change.
 * @param sid Sid of the statement for keys that are created; existing keys have a second statement
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function sessionKeyStatements(
  sid: string,
  action: "kms:Decrypt" | "kms:GenerateDataKey",
  all: readonly Destinations[],
): Statement[] {
  const aliases = all.flatMap(({ place, sessionKey }) =>
    sessionKey && "alias" in sessionKey
      ? [{ keys: arns.keys(anyRegion(place)), alias: sessionKey.alias }]
      : [],
  );
  const keyArns = all.flatMap(({ sessionKey }) =>
    sessionKey && "arn" in sessionKey ? [sessionKey.arn] : [],
  );
  const forASession = { Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" } };
  const created: Statement = {
    Sid: sid,
    Effect: "Allow",
    Action: [action],
    Resource: unique(aliases.map(({ keys }) => keys)),
    Condition: {
      ...forASession,
      "ForAnyValue:StringEquals": { "kms:ResourceAliases": unique(aliases.map(({ alias }) => alias)) },
    },
  };
  const existing: Statement = {
    Sid: `${sid}WithExistingKeys`,
    Effect: "Allow",
    Action: [action],
    Resource: unique(keyArns),
    Condition: forASession,
  };
  return [...(aliases.length > 0 ? [created] : []), ...(keyArns.length > 0 ? [existing] : [])];
}
