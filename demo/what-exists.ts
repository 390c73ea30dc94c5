import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
  type BucketLocationConstraint,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { arnParts } from "../aws/arn";
import { servicePrincipal } from "../aws/service-principals";
import type { Account, ArchiveSite, Organization, Target } from "../accounts/model/organization";
import type { Emulator } from "../emulator";
import { iamRegion } from "../emulator/clients/partitions";
import { arns, type Place } from "../stacks/names";
import { clientConfig } from "./people";

/**
 * Stands in for what a map names as existing: log groups, buckets, topics and a permissions boundary. Each is made as
 * its owner should have made it, so that the demo shows what the map leads to where the owner did so.
 */

/** The region in which `us-east-1` differs from all others: S3 takes no location constraint there. */
const NO_CONSTRAINT = "us-east-1";

const document = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

/** Creates everything that the targets, the archives and the accounts of an organization expect to exist. */
export async function createWhatExists(emulator: Emulator, organization: Organization): Promise<void> {
  const made = new Set<string>();
  const once = async (what: string, make: () => Promise<void>) => {
    if (made.has(what)) return;
    made.add(what);
    await make();
  };
  for (const account of organization.accounts) await createBoundary(emulator, account);
  for (const site of [...organization.targets, ...organization.archives]) {
    const place: Place = { organization: organization.name, account: site.account, region: site.region };
    await createOfSite(emulator, place, site, once);
  }
}

type Once = (what: string, make: () => Promise<void>) => Promise<void>;

async function createOfSite(
  emulator: Emulator,
  place: Place,
  { settings: { transcripts, logs, notifications } }: Pick<Target | ArchiveSite, "settings">,
  once: Once,
): Promise<void> {
  const at = `${place.account.id} ${place.region}`;
  const { bucket, accessLogs } = transcripts;
  if (bucket.kind === "existing") {
    const owner = bucket.accountId ?? place.account.id;
    await once(`bucket ${bucket.name}`, () => createBucket(emulator, { ...place, owner }, bucket.name, []));
  }
  if (accessLogs.kind === "existing") {
    const deliver = {
      Sid: "DeliverAccessLogs",
      Effect: "Allow",
      Principal: { Service: servicePrincipal("logging.s3", place.account.partition) },
      Action: "s3:PutObject",
      Resource: `${arns.bucket(place, accessLogs.name)}/*`,
      Condition: { StringEquals: { "aws:SourceAccount": place.account.id } },
    };
    const owner = place.account.id;
    await once(`bucket ${accessLogs.name}`, () =>
      createBucket(emulator, { ...place, owner }, accessLogs.name, [deliver]),
    );
  }
  if (logs.group.kind === "existing") {
    const { name } = logs.group;
    await once(`log group ${at} ${name}`, () => createLogGroup(emulator, place, name));
  }
  for (const { enabled, topic } of Object.values(notifications)) {
    if (!enabled || topic.kind !== "existing") continue;
    await once(`topic ${at} ${topic.name}`, () => createTopic(emulator, place, topic.name));
  }
}

async function createBucket(
  emulator: Emulator,
  { owner, region, ...place }: Place & { readonly owner: string },
  Bucket: string,
  statements: readonly object[],
): Promise<void> {
  const s3 = new S3Client({ ...(await clientConfig(emulator, owner, region)), forcePathStyle: true });
  const LocationConstraint = region as BucketLocationConstraint;
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      ...(region !== NO_CONSTRAINT && { CreateBucketConfiguration: { LocationConstraint } }),
    }),
  );
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    }),
  );
  const arn = arns.bucket({ account: place.account }, Bucket);
  const refusePlainHttp = {
    Sid: "RefusePlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(refusePlainHttp, ...statements) }));
}

/** A key that the account and some services use. @returns its ARN */
async function createKey(emulator: Emulator, place: Place, services: readonly string[]): Promise<string> {
  const kms = new KMSClient(await clientConfig(emulator, place.account.id, place.region));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const { KeyId, Arn } = KeyMetadata as { KeyId: string; Arn: string };
  const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"];
  const Policy = document(
    { Effect: "Allow", Principal: { AWS: arns.root(place.account) }, Action: "kms:*", Resource: "*" },
    { Effect: "Allow", Principal: { Service: services }, Action: use, Resource: "*" },
  );
  await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
  return Arn;
}

async function createLogGroup(emulator: Emulator, place: Place, logGroupName: string): Promise<void> {
  const { account, region } = place;
  const kmsKeyId = await createKey(emulator, place, [servicePrincipal("logs", account.partition, region)]);
  const logs = new CloudWatchLogsClient(await clientConfig(emulator, account.id, region));
  await logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId }));
}

async function createTopic(emulator: Emulator, place: Place, topic: string): Promise<void> {
  const { account, region } = place;
  const services = (["events", "cloudwatch"] as const).map((service) =>
    servicePrincipal(service, account.partition),
  );
  const sns = new SNSClient(await clientConfig(emulator, account.id, region));
  const Name = topic.split(":").at(-1)!;
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }));
  const attributes = {
    KmsMasterKeyId: await createKey(emulator, place, [
      ...services,
      servicePrincipal("sns", account.partition),
    ]),
    Policy: document(
      {
        Sid: "PublishFromHere",
        Effect: "Allow",
        Principal: { Service: services },
        Action: "sns:Publish",
        Resource: TopicArn,
        Condition: { StringEquals: { "aws:SourceAccount": account.id } },
      },
      {
        Sid: "RefusePlainHttp",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: TopicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ),
  };
  for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
  }
}

/** A boundary that takes nothing away. */
async function createBoundary(emulator: Emulator, { id, partition, settings }: Account): Promise<void> {
  const { permissionsBoundaryArn } = settings.access;
  if (permissionsBoundaryArn === null || arnParts(permissionsBoundaryArn).accountId !== id) return;
  const iam = new IAMClient(await clientConfig(emulator, id, iamRegion(partition)));
  const name = arnParts(permissionsBoundaryArn).resource.replace(/^policy\//, "");
  const PolicyName = name.split("/").at(-1)!;
  await iam.send(
    new CreatePolicyCommand({
      PolicyName,
      Path: `/${name.slice(0, name.length - PolicyName.length)}`,
      PolicyDocument: document({ Effect: "Allow", Action: "*", Resource: "*" }),
    }),
  );
}
