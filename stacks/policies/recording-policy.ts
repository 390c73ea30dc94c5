import type { Account, Organization, Target } from "../../accounts/model/organization";
import { oncePer } from "../../accounts/model/once-per";
import { arnParts } from "../../aws/arn";
import { arns, names, placeOf, principalOf, viaService, type Place } from "../names";
import {
  readersRead,
  refuseDeletion,
  refuseForeignAdministration,
  refuseOldTls,
  refuseAccessPoints,
  refuseOtherWriters,
  refusePlainHttp,
  refuseUnnamedReaders,
  type Bucket,
} from "./bucket-policy";
import { movesToArchives, readActions } from "./cold-storage";
import { keyOfBucket, type TranscriptDestination } from "./destinations";
import { inAccounts } from "./owned-buckets";
import { policy, unique, type Policy, type Statement } from "./policy";
import { everyKey } from "./shared-buckets";
import { readersDecryptTranscripts, throughBucket, useKeysThroughS3 } from "./transcript-key";

/** Where Systems Manager puts the recordings of a target's connections by Remote Desktop, and who reads them. */
export interface Recordings {
  readonly place: Place;
  /** Name of the bucket. Systems Manager chooses the keys of the objects: the preferences have no prefix. */
  readonly bucket: string;
  /** ARNs of the roles that read, where `*` may stand. */
  readonly readers: readonly string[];
  /** The key of the bucket. Systems Manager encrypts with it what is not in the bucket yet. */
  readonly key: NonNullable<TranscriptDestination["key"]>;
  /** Whether the bucket's lifecycle moves recordings to where they must be restored before they are read. */
  readonly archived: boolean;
}

/**
 * The recordings of a target; null: the map has it record no connections.
 *
 * They are read by those who read the target's transcripts. If these go to an archive, that is the readers of the
 * archive account and of the target's own account, and the readers of the whole organization.
 * @example recordingsOf(organization, target)?.bucket // "session-audit-acme-444444444444-eu-central-1-rdp"
 */
export function recordingsOf(organization: Organization, target: Target): Recordings | null {
  const { remoteDesktop, encryption, transcripts } = target.settings;
  const place = placeOf(organization, target);
  const key = keyOfBucket(encryption, place);
  // A rule of the map demands a key.
  if (remoteDesktop.recordings !== "create" || key === null) return null;
  const archive = organization.archives.find(({ region }) => target.usesArchive && region === target.region);
  const reads = (role: string) =>
    archive === undefined || [archive.account.id, place.account.id].includes(arnParts(role).accountId);
  return {
    place,
    bucket: names.recordingBucket(place),
    readers: unique([...transcripts.readers.filter(reads), ...transcripts.organizationReaders]),
    key,
    archived: movesToArchives(transcripts.lifecycle),
  };
}

/**
 * Lets Systems Manager put recordings of this account's connections into the bucket. AWS's example names the whole
 * bucket, because the preferences have no prefix.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-just-in-time-node-access-rdp-recording.html
 */
const guiConnectWrites = ({ arn }: Bucket, place: Place): Statement => ({
  Sid: "GuiConnectWritesRecordings",
  Effect: "Allow",
  Principal: { Service: principalOf("ssm-guiconnect", place) },
  Action: ["s3:PutObject"],
  Resource: `${arn}/*`,
  Condition: { StringEquals: { "aws:SourceAccount": place.account.id } },
});

/** What readers of other accounts may do, and nobody else of another account. */
const OF_READERS = [
  ...["s3:GetObject", "s3:GetObjectVersion"],
  ...["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
];

/** What the policy of a bucket of recordings is made from. */
export interface RecordingBucketPolicyProps extends Pick<Recordings, "bucket" | "readers"> {
  /** Whether deletion is refused to everybody. */
  readonly protect: boolean;
  /** @default false */
  readonly archived?: boolean;
}

/**
 * The policy of a bucket of recordings. Systems Manager writes for this account, named readers read, and nobody else does
 * either. It does not limit encryption headers and storage classes as the policy of transcripts does: AWS does not
 * document which ones Systems Manager sends, and nobody else can write.
 * @param place account and region of the bucket
 * @example
 * recordingBucketPolicy(place, { bucket: names.recordingBucket(place), readers: [], protect: true })
 */
export function recordingBucketPolicy(place: Place, props: RecordingBucketPolicyProps): Policy {
  const bucket = { arn: arns.bucket(place, props.bucket) };
  const readers = { all: props.readers, own: [] };
  const read = readActions(props.archived ?? false);
  return policy(
    guiConnectWrites(bucket, place),
    // Every reader reads the whole bucket, so there is no prefix.
    ...readersRead(bucket, "", readers, read),
    refusePlainHttp(bucket),
    refuseOldTls(bucket),
    refuseAccessPoints(bucket),
    // null: AWS does not document the value of aws:PrincipalServiceName for Systems Manager. The grant above names the service.
    refuseOtherWriters(bucket, null),
    refuseUnnamedReaders(bucket, readers, read, false),
    refuseForeignAdministration(bucket, place, unique([...OF_READERS, ...read])),
    props.protect && refuseDeletion(bucket),
  );
}

/**
 * The statements of a key that recordings need. Systems Manager encrypts a recording with a grant until it is in the
 * bucket: whoever sets the preferences and whoever connects creates such a grant through Systems Manager. AWS does not
 * document which operations the grants allow, so the statement does not limit them. The bucket's default encryption then
 * needs `kms:GenerateDataKey*`, for which S3 asks on behalf of Systems Manager.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-just-in-time-node-access-rdp-recording.html
 */
export const recordingKeyStatements = (
  place: Place,
  { bucket, readers }: Pick<Recordings, "bucket" | "readers">,
): Statement[] => {
  const through = throughBucket(place, bucket);
  return [
    {
      Sid: "AccountGrantsGuiConnect",
      Effect: "Allow",
      Principal: { AWS: arns.root(place.account) },
      Action: ["kms:CreateGrant"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:ViaService": viaService("ssm-guiconnect", place),
        },
      },
    },
    {
      Sid: "GuiConnectEncryptsRecordingsThroughS3",
      Effect: "Allow",
      Principal: { Service: principalOf("ssm-guiconnect", place) },
      Action: ["kms:GenerateDataKey*"],
      Resource: "*",
      Condition: {
        ...through,
        StringEquals: { ...through.StringEquals, "aws:SourceAccount": place.account.id },
      },
    },
    ...(readers.length === 0
      ? []
      : [
          {
            ...readersDecryptTranscripts(place, bucket, readers),
            Sid: "ReadersDecryptRecordingsThroughS3",
          },
        ]),
  ];
};

/**
 * The tag that AWS demands on a key for recordings: its managed policies for just-in-time node access let people use no
 * other key.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSystemsManagerJustInTimeAccessTokenSessionPolicy.html
 */
export const RECORDING_KEY_TAG = { SystemsManagerJustInTimeNodeAccessManaged: "true" };

/** The recordings of all targets of an account. */
export const recordingsIn = (
  organization: Organization,
  { targets }: Pick<Account, "targets">,
): Recordings[] => targets.flatMap((target) => recordingsOf(organization, target) ?? []);

/**
 * The targets whose recordings name roles of other accounts as readers, by the account of the roles, as
 * `<account> <region>`. Targets of an archive are left out: see {@link reviewedRecordingsIn}.
 */
const sharedRecordings = oncePer((organization: Organization): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const target of organization.targets.filter(({ usesArchive }) => !usesArchive)) {
    const readers = recordingsOf(organization, target)?.readers ?? [];
    for (const id of unique(readers.map((role) => arnParts(role).accountId))) {
      const others = found.get(id) ?? [];
      if (id !== target.account.id) others.push(idOf(target));
      found.set(id, others);
    }
  }
  return found;
}, "shared recordings");

const idOf = ({ account, region }: Pick<Target, "account" | "region">) => `${account.id} ${region}`;

/**
 * The recordings that the reviewers of an account read: those of the account, those that name its roles as readers, and
 * in the archive account and in accounts of `transcripts.organizationReaders` those of every target of the archive.
 */
export function reviewedRecordingsIn(
  organization: Organization,
  { id, targets }: Pick<Account, "id" | "targets">,
): Recordings[] {
  const readRegions = organization.archives
    .filter(
      ({ account, settings }) =>
        account.id === id ||
        settings.transcripts.organizationReaders.some((role) => arnParts(role).accountId === id),
    )
    .map(({ region }) => region);
  const shared = new Set(sharedRecordings(organization).get(id));
  // Most accounts read their own alone. A look at every target for each account would grow with the square of the map.
  const read =
    readRegions.length === 0 && shared.size === 0
      ? targets
      : organization.targets.filter(
          ({ account, region, usesArchive }) =>
            account.id === id ||
            (usesArchive && readRegions.includes(region)) ||
            shared.has(idOf({ account, region })),
        );
  return recordingsIn(organization, { targets: read });
}

/**
 * Lets reviewers read recordings. Their names have `*` for the region, and for the account as well if there are several,
 * so that the policy does not grow with either. The condition then keeps it to the organization or to the accounts.
 * @param recordings what the reviewers read
 * @param organizationId id of the organization; null: the map does not know it
 */
export function readRecordings(
  recordings: readonly Recordings[],
  organizationId: string | null,
): Statement[] {
  if (recordings.length === 0) return [];
  const accounts = unique(recordings.map(({ place }) => place.account.id));
  const several = accounts.length > 1;
  const anywhere = (place: Place): Place => ({
    ...place,
    account: { ...place.account, ...(several && { id: "*" }) },
    region: "*",
  });
  const buckets = recordings.flatMap(({ place, key }) =>
    everyKey(place, key).map((one) => ({
      place: anywhere(place),
      bucket: names.recordingBucket(anywhere(place)),
      key: "owner" in one ? { owner: anywhere(place) } : one,
    })),
  );
  const bucketArns = unique(buckets.map(({ place, bucket }) => arns.bucket(place, bucket)));
  const Condition = {
    StringEquals:
      several && organizationId !== null ? { "aws:ResourceOrgID": organizationId } : inAccounts(accounts),
  };
  return [
    {
      Sid: "ReadRecordings",
      Effect: "Allow",
      Action: readActions(recordings.some(({ archived }) => archived)),
      Resource: bucketArns.map((arn) => `${arn}/*`),
      Condition,
    },
    {
      Sid: "ListRecordings",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"],
      Resource: bucketArns,
      Condition,
    },
    ...useKeysThroughS3("DecryptRecordings", ["kms:Decrypt"], buckets),
  ];
}

/**
 * What recording asks of the people who connect: a grant that Systems Manager creates on their behalf. Permission to
 * connect is not part of it: the map does not know whether just-in-time node access, to which AWS's documentation ties
 * recording, is set up.
 * @param recordings of the targets of one account
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-just-in-time-node-access-rdp-recording.html
 */
export function grantRecordings(recordings: readonly Recordings[]): Statement[] {
  const through = {
    StringLike: {
      "kms:ViaService": unique(
        recordings.flatMap(({ place }) => viaService("ssm-guiconnect", { ...place, region: "*" })),
      ),
    },
  };
  const created = recordings.filter(({ key }) => "owner" in key).map(({ place }) => place);
  const existing = recordings.flatMap(({ key }) => ("arn" in key ? [key.arn] : []));
  const grant = (Sid: string, Resource: readonly string[], Condition: Statement["Condition"]): Statement => ({
    Sid,
    Effect: "Allow",
    Action: ["kms:CreateGrant"],
    Resource: unique(Resource),
    Condition: { ...through, ...Condition },
  });
  return [
    ...(created.length === 0
      ? []
      : [
          // AWS makes up the id of a key that is created, so its alias identifies it.
          grant(
            "LetConnectionsBeRecorded",
            created.map((place) => arns.keys({ ...place, region: "*" })),
            { "ForAnyValue:StringEquals": { "kms:ResourceAliases": unique(created.map(names.keyAlias)) } },
          ),
        ]),
    ...(existing.length === 0 ? [] : [grant("LetConnectionsBeRecordedWithExistingKeys", existing, {})]),
  ];
}

/**
 * A CloudFormation template with the preferences, for which the AWS provider has no resource.
 * @param keyArn ARN of the key, which may be a token of cdktf
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssmguiconnect-preferences.html
 */
export const recordingTemplate = (
  { account }: Place,
  { bucket, keyArn }: { readonly bucket: string; readonly keyArn: string },
) => ({
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "Where Systems Manager records connections by Remote Desktop, kept by session-audit",
  Resources: {
    Preferences: {
      Type: "AWS::SSMGuiConnect::Preferences",
      Properties: {
        ConnectionRecordingPreferences: {
          KMSKeyArn: keyArn,
          RecordingDestinations: { S3Buckets: [{ BucketName: bucket, BucketOwner: account.id }] },
        },
      },
    },
  },
});
