import { arns } from "../names";
import { s3ServiceOfKey, type Destinations } from "./destinations";
import { policy, unique, type Policy, type Statement } from "./policy";

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
    ...encryptTranscripts(places),
  ];
}

type Written = { place: Destinations["place"] } & NonNullable<Destinations["transcripts"]>;

/** Through S3, for these buckets only: the encryption context says so, since a key's id is not known. */
function encryptTranscripts(places: readonly Written[]): Statement[] {
  const keyed = places.filter(({ key }) => key !== null);
  if (keyed.length === 0) return [];
  const keyArnOf = ({ key }: Written) => (key && "owner" in key ? arns.keys(key.owner) : key!.arn);
  const objects = keyed.flatMap(({ place, bucket, key }) => {
    const arn = arns.bucket(place, bucket);
    // Buckets that are created have a bucket key, for which the context is the bucket; others may not.
    return key && "arn" in key ? [arn, `${arn}/*`] : [arn];
  });
  return [
    {
      Sid: "EncryptTranscripts",
      Effect: "Allow",
      // Decrypt, because S3 decrypts the data key for each part of a multipart upload.
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: unique(keyed.map(keyArnOf)),
      Condition: {
        StringEquals: {
          "kms:ViaService": unique(keyed.map((written) => s3ServiceOfKey(written.place, keyArnOf(written)))),
        },
        StringLike: { "kms:EncryptionContext:aws:s3:arn": unique(objects) },
      },
    },
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
