import { GetBucketEncryptionCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { arnParts } from "../aws/arn";
import { partitionOf, regionalService } from "./clients/partitions";
import { AwsError, type AwsRequest, type Handler, type Room } from "./gateway/protocol";
import type { Core } from "./iam/core";
import { keyOf } from "./iam/keys";
import { serviceFor } from "./iam/service-principal";
import { parametersOf } from "./roles/parameters";
import type { BucketOwners } from "./s3/bucket-owners";

const TYPE = "AWS::SSMGuiConnect::Preferences";

/** Where connections by Remote Desktop in an account and region are recorded. */
interface Preferences {
  readonly keyArn: string;
  readonly bucket: string;
}

/** The recording of a connection by Remote Desktop. */
export interface ConnectionRecording {
  readonly bucket: string;
  /** Key of the object; undefined: Systems Manager could not write it. */
  readonly key?: string;
  /** Why it could not. */
  readonly reason?: string;
}

/** Remote Desktop through Fleet Manager, as far as its recording goes. */
export interface RemoteDesktopRoom extends Room {
  /**
   * Ends a connection, so that Systems Manager writes its recording.
   * @returns null if the account records no connections in the region
   */
  endConnection(accountId: string, region: string): Promise<ConnectionRecording | null>;
}

/**
 * The preferences of recordings in CloudFormation stacks, whose type moto does not know, and the recordings. Moto keeps
 * the stack. AWS creates a stack first and reports a resource that fails in its status; here the call itself fails, with the
 * reason.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssmguiconnect-preferences.html
 */
export function remoteDesktopRoom(core: Core, owners: BucketOwners): RemoteDesktopRoom {
  const stacks = new Map<string, Preferences>();
  return {
    handlers: [preferencesOfStacks(core, owners, stacks)],
    endConnection: (accountId, region) => {
      const found = [...stacks].find(([stack]) => stack.startsWith(`${accountId}/${region}/`));
      return found === undefined
        ? Promise.resolve(null)
        : record(core, owners, { accountId, region, ...found[1] });
    },
  };
}

function preferencesOfStacks(core: Core, owners: BucketOwners, stacks: Map<string, Preferences>): Handler {
  return async (request) => {
    if (request.service !== "cloudformation") return undefined;
    const { StackName, TemplateBody } = parametersOf(request) as Readonly<Record<string, string | undefined>>;
    const { accountId, arn } = await core.identities.of(request.accessKeyId, request.region);
    const place = `${accountId}/${request.region}/`;
    // DeleteStack names the stack by its name or by its ARN, arn:…:stack/<name>/<id>.
    const stack = place + (/:stack\/([^/]+)/.exec(StackName ?? "")?.[1] ?? StackName ?? "");
    if (request.operation === "DeleteStack") stacks.delete(stack);
    if (!/^(Create|Update)Stack$/.test(request.operation)) return undefined;
    if (TemplateBody === undefined || !TemplateBody.includes(TYPE)) return undefined;
    const other = [...stacks.keys()].find((name) => name.startsWith(place) && name !== stack);
    // An account has one set of preferences in a region, so its id identifies the resource.
    if (other !== undefined)
      throw failed(`Resource of type '${TYPE}' with identifier '${accountId}' already exists.`);
    stacks.set(stack, await checked(core, owners, request, { accountId, arn, template: TemplateBody }));
    return undefined;
  };
}

interface Asked {
  readonly accountId: string;
  /** ARN of the caller. */
  readonly arn: string;
  readonly template: string;
}

/**
 * Reads the preferences in a template, and checks what AWS checks: their shape, the owner of the bucket, and that the caller
 * may create a grant of the key for Systems Manager.
 */
async function checked(
  { accounts, authorizer }: Core,
  owners: BucketOwners,
  { region }: AwsRequest,
  { accountId, arn, template }: Asked,
): Promise<Preferences> {
  const { keyArn, bucket, owner } = preferencesIn(template);
  if ((await owners.of(bucket)) !== owner) throw failed(`Account ${owner} has no bucket ${bucket}.`);
  const at = arnParts(keyArn);
  const key = at.region === region ? await keyOf(await accounts.in(at.accountId, region), keyArn) : undefined;
  if (!key?.usable) throw failed(`There is no key ${keyArn} in ${region} that is enabled.`);
  const { allowed, reason } = await authorizer.authorize({
    principal: arn,
    accountId: key.accountId,
    action: "kms:CreateGrant",
    resource: key.arn,
    unknown: "administrator",
    context: {
      "kms:ViaService": regionalService("ssm-guiconnect", region),
      "kms:CallerAccount": accountId,
      "kms:ResourceAliases": key.aliases,
    },
  });
  if (!allowed) throw failed(reason);
  return { keyArn, bucket };
}

/** A text at a path of a value; undefined if there is none. */
const textAt = (value: unknown, ...path: readonly (string | number)[]): string | undefined => {
  const found = path.reduce<unknown>(
    (inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
  return typeof found === "string" ? found : undefined;
};

function preferencesIn(template: string) {
  const { Resources = {} } = JSON.parse(template) as {
    Resources?: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
  };
  const { Properties } = Object.values(Resources).find(({ Type }) => Type === TYPE) ?? {};
  const preferences = Properties?.["ConnectionRecordingPreferences"] as Record<string, object> | undefined;
  const buckets = (preferences?.["RecordingDestinations"] as { S3Buckets?: unknown[] } | undefined)
    ?.S3Buckets;
  const [keyArn, bucket, owner] = [
    textAt(preferences, "KMSKeyArn"),
    textAt(buckets, 0, "BucketName"),
    textAt(buckets, 0, "BucketOwner"),
  ];
  if (!keyArn || !bucket || !owner || !/^\d{12}$/.test(owner) || buckets?.length !== 1)
    throw failed("Properties validation failed: one key, and one bucket with its owner, are required.");
  return { keyArn, bucket, owner };
}

const failed = (reason: string) =>
  new AwsError("ValidationError", `Resource handler returned message: "${reason}" (${TYPE})`);

/**
 * Writes a recording as Systems Manager does: as a service, for the account of the connection, without encryption headers.
 * AWS does not document the keys of recordings.
 */
async function record(
  { accounts, authorizer }: Core,
  owners: BucketOwners,
  { accountId, region, bucket }: Preferences & { readonly accountId: string; readonly region: string },
): Promise<ConnectionRecording> {
  const owner = await owners.of(bucket);
  if (owner === undefined) return { bucket, reason: `There is no bucket ${bucket}` };
  const { s3 } = await accounts.in(owner, region);
  const key = `${accountId}/connection.mp4`;
  const bucketArn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  const principal = serviceFor("ssm-guiconnect", `arn:${partitionOf(region)}:ssm-guiconnect:${region}::`);
  const source = { "aws:SourceAccount": accountId };
  const written = await authorizer.authorize({
    principal,
    accountId: owner,
    action: "s3:PutObject",
    resource: `${bucketArn}/${key}`,
    context: source,
  });
  if (!written.allowed) return { bucket, reason: written.reason };
  const { ServerSideEncryptionConfiguration: stored } = await s3.send(
    new GetBucketEncryptionCommand({ Bucket: bucket }),
  );
  const [rule] = stored?.Rules ?? [];
  const keyId = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  if (keyId !== undefined) {
    const { allowed, reason } = await authorizer.authorize({
      principal,
      accountId: arnParts(keyId).accountId || owner,
      action: "kms:GenerateDataKey",
      resource: keyId,
      encryptionContext: {
        "aws:s3:arn": rule?.BucketKeyEnabled === true ? bucketArn : `${bucketArn}/${key}`,
      },
      context: { ...source, "kms:ViaService": regionalService("s3", region) },
    });
    if (!allowed) return { bucket, reason };
  }
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: "a video", ContentType: "video/mp4" }),
  );
  return { bucket, key };
}
