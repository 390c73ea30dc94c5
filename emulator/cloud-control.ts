import { DescribeKeyCommand, GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { AwsError, jsonResponse, type Handler, type Room } from "./gateway/protocol";
import type { BucketOwners } from "./s3/bucket-owners";
import type { Clients } from "./clients/clients";
import { absentIf } from "./iam/deployed-policies";
import type { Core } from "./iam/core";

/** Reads a resource of the caller's account; undefined when there is none. */
type Read = (clients: Clients, identifier: string) => Promise<object | undefined>;

const READS: Readonly<Record<string, Read>> = {
  "AWS::S3::Bucket": async ({ s3 }, Bucket) => {
    const encryption = await absentIf("ServerSideEncryptionConfigurationNotFoundError", () =>
      s3.send(new GetBucketEncryptionCommand({ Bucket })),
    );
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    const lock = await absentIf("ObjectLockConfigurationNotFoundError", () =>
      s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
    );
    const ownership = await absentIf("OwnershipControlsNotFoundError", () =>
      s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
    );
    return {
      BucketName: Bucket,
      // S3 switches ACLs off in each new bucket. Moto does not, and has no ownership controls until somebody sets some.
      // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
      OwnershipControls: {
        Rules: ownership?.OwnershipControls?.Rules ?? [{ ObjectOwnership: "BucketOwnerEnforced" }],
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: (encryption?.ServerSideEncryptionConfiguration?.Rules ?? []).map(
          ({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
            BucketKeyEnabled,
            ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
          }),
        ),
      },
      ...(Status && { VersioningConfiguration: { Status } }),
      ...(lock && { ObjectLockConfiguration: lock.ObjectLockConfiguration }),
    };
  },
  "AWS::KMS::Key": async ({ kms }, KeyId) => {
    const found = await absentIf("NotFound", () => kms.send(new DescribeKeyCommand({ KeyId })));
    if (found === undefined) return undefined;
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    return { KeyId, Arn: found.KeyMetadata?.Arn, KeyPolicy: JSON.parse(Policy ?? "{}") as object };
  },
  "AWS::SNS::Topic": async (clients, TopicArn) => {
    const attributes = await topicAttributes(clients, TopicArn);
    const { KmsMasterKeyId } = attributes ?? {};
    return attributes && { TopicArn, ...(KmsMasterKeyId && { KmsMasterKeyId }) };
  },
  "AWS::SNS::TopicInlinePolicy": async (clients, TopicArn) => {
    const policy = JSON.parse((await topicAttributes(clients, TopicArn))?.["Policy"] ?? "{}") as {
      Id?: string;
    };
    // Every topic starts with a default policy of this id. It counts as no policy.
    return policy.Id === "__default_policy_ID" ? undefined : { TopicArn, PolicyDocument: policy };
  },
};

const topicAttributes = async ({ sns }: Clients, TopicArn: string) =>
  (await absentIf("NotFound", () => sns.send(new GetTopicAttributesCommand({ TopicArn }))))?.Attributes;

/**
 * `GetResource` of Cloud Control, which moto lacks, for the resource types that the stacks read. Each answer is put
 * together from the answers of the service itself.
 * @throws AwsError `UnsupportedActionException` for any other type: the emulator does not guess
 */
export function cloudControlRoom(core: Core, owners: BucketOwners): Room {
  return { handlers: [getResource(core, owners)] };
}

function getResource({ identities, accounts }: Core, owners: BucketOwners): Handler {
  return async (request) => {
    if (request.service !== "cloudcontrolapi" || request.operation !== "GetResource") return undefined;
    const { TypeName = "", Identifier = "" } = JSON.parse(request.body.toString("utf8")) as Record<
      string,
      string
    >;
    const read = READS[TypeName];
    if (read === undefined) throw new AwsError("UnsupportedActionException", `${TypeName} is not emulated`);
    const { accountId } = await identities.of(request.accessKeyId, request.region);
    const isBucket = TypeName === "AWS::S3::Bucket";
    const owner = isBucket ? await owners.of(Identifier) : accountId;
    if (owner !== undefined && owner !== accountId)
      throw new AwsError(
        "GeneralServiceException",
        `${TypeName} Handler returned status FAILED: Access Denied (HandlerErrorCode: AccessDenied)`,
      );
    const clients = await accounts.in(accountId, request.region);
    const found = owner === undefined ? undefined : await read(clients, Identifier);
    if (found === undefined)
      throw new AwsError(
        "ResourceNotFoundException",
        `${TypeName} Handler returned status FAILED: Resource of type '${TypeName}' with identifier '${Identifier}' was not found. (HandlerErrorCode: NotFound)`,
      );
    return jsonResponse({
      TypeName,
      ResourceDescription: { Identifier, Properties: JSON.stringify(found) },
    });
  };
}
