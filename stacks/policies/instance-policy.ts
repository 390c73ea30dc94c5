import { arns } from "../names";
import type { Destinations } from "./destinations";
import { policy, unique, type Policy, type Statement } from "./policy";
import { useKeysThroughS3 } from "./transcript-key";
import { refuseUnmasking } from "./masking-policy";

/**
 * What the SSM Agent needs to hold sessions and to record them, in every region of an account.
 * ARNs of log groups and session keys say `*` for the region: they are the account's own and carry the
 * same name in each, and 6,144 characters must do for all of them.
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

function writeTranscripts(all: readonly Destinations[]): Statement[] {
  const places = all.flatMap(({ place, transcripts }) => (transcripts ? [{ place, ...transcripts }] : []));
  if (places.length === 0) return [];
  const bucketArns = unique(places.map(({ place, bucket }) => arns.bucket(place, bucket)));
  return [
    {
      Sid: "WriteTranscripts",
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:PutObjectAcl"],
      Resource: places.map(({ place, bucket, prefix }) => `${arns.bucket(place, bucket)}/${prefix}/*`),
    },
    {
      Sid: "CheckTranscriptEncryption",
      Effect: "Allow",
      Action: ["s3:GetEncryptionConfiguration"],
      Resource: bucketArns,
    },
    // Decrypt, because S3 decrypts the data key for each part of a multipart upload.
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
      // On anything narrower than * the agent hangs or finds nothing: the call lists groups by prefix.
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
 * Grants one use of the session keys, for the data channels of sessions alone. A key that is created is
 * known by its alias, which only whoever may manage the key can give.
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
