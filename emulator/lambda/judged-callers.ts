import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";
import { AwsError, type AwsResponse, type AwsRequest, type Handler } from "../gateway/protocol";
import { hasBucketKey } from "../s3/bucket-key";
import type { BucketOwners } from "../s3/bucket-owners";
import { bucketRegion } from "../s3/bucket-region";
import { absentIf } from "../iam/deployed-policies";
import { accountOf } from "../iam/request-context";
import { partitionOf, regionalArn, regionalService } from "../clients/partitions";
import type { Subscriptions } from "../sns/subscriptions";
import { KEY_DISABLED, requireKeyOf } from "../iam/keys";

/** A call as the authorizer judges it. */
type Asked = Pick<AuthorizationRequest, "accountId" | "action" | "resource" | "context">;

/**
 * Judges every call that a running function makes through the gateway, by the policies as deployed. A call that this class
 * does not know is denied by name, so that no function can do what AWS would deny. Calls of everyone else pass.
 */
export class JudgedCallers {
  private readonly callers = new Map<string, string>();

  constructor(
    private readonly accounts: AccountClients,
    private readonly authorizer: Authorizer,
    private readonly owners: BucketOwners,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** From now on, calls signed with this access key are judged as calls of this principal, the session of a role. */
  judge(accessKeyId: string, principal: string): void {
    this.callers.set(accessKeyId, principal);
  }

  /** @throws {@link AwsError} `AccessDeniedException`, or `KMSDisabled` when the key of a topic is disabled */
  readonly handle: Handler = async (request) => {
    const principal = this.callers.get(request.accessKeyId ?? "");
    if (principal === undefined) return undefined;
    // The sessions room judges this call, because its verdict depends on the session.
    if (request.service === "ssm" && request.operation === "TerminateSession") return undefined;
    const asked = await this.asked(request, accountOf(principal) ?? "");
    const denied = (reason: string) =>
      new AwsError(
        request.service === "s3" ? "AccessDenied" : "AccessDeniedException",
        `User: ${principal} is not authorized to perform: ${asked?.action ?? request.operation}: ${reason}`,
        request.service === "s3" || request.service === "sns" ? 403 : 400,
      );
    if (asked === undefined)
      throw denied(`the emulator cannot judge ${request.service}:${request.operation}`);
    const { allowed, reason } = await this.authorizer.authorize({ principal, ...asked });
    if (!allowed) throw denied(reason);
    return this.withKey(request, principal, asked).catch((error: Error) => {
      const isDisabled = error instanceof AwsError && error.code === KEY_DISABLED;
      throw isDisabled && request.service === "sns" ? error : denied(error.message);
    });
  };

  private async asked(request: AwsRequest, accountId: string): Promise<Asked | undefined> {
    const { service, region, operation } = request;
    const own = (action: string, resource: string): Asked => ({ accountId, action, resource });
    const json = () => JSON.parse(request.body.toString("utf8")) as Record<string, string>;
    switch (service) {
      case "ssm":
        return operation === "DescribeSessions" ? own("ssm:DescribeSessions", "*") : undefined;
      case "logs":
        return operation === "DescribeLogStreams"
          ? own(
              "logs:DescribeLogStreams",
              regionalArn("logs", region, accountId, `log-group:${json()["logGroupName"]}`),
            )
          : undefined;
      case "dynamodb":
        return own(
          `dynamodb:${operation}`,
          regionalArn("dynamodb", region, accountId, `table/${json()["TableName"]}`),
        );
      case "sns": {
        const topic = new URLSearchParams(request.body.toString("utf8")).get("TopicArn") ?? "";
        return operation === "Publish"
          ? { accountId: accountOf(topic) ?? "", action: "sns:Publish", resource: topic }
          : undefined;
      }
      case "s3":
        return this.s3(request);
      default:
        return undefined;
    }
  }

  private async s3({ method, url, region }: AwsRequest): Promise<Asked | undefined> {
    const { pathname, searchParams } = new URL(url, "http://gateway");
    const [, bucket = "", ...key] = pathname.split("/");
    const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
    if (method !== "GET") return undefined;
    const owner = await this.owners.of(bucket);
    if (owner === undefined)
      throw new AwsError("NoSuchBucket", `The specified bucket does not exist: ${bucket}`, 404);
    if (key.join("/") !== "") {
      const object = `${arn}/${decodeURIComponent(key.join("/"))}`;
      return { accountId: owner, action: "s3:GetObject", resource: object };
    }
    if (!searchParams.has("list-type")) return undefined;
    const prefix = searchParams.get("prefix");
    const context = prefix === null ? {} : { "s3:prefix": prefix };
    return { accountId: owner, action: "s3:ListBucket", resource: arn, context };
  }

  /**
   * Requires the key of a table, topic or object on behalf of the caller. Answers `sns:Publish` by delivering the message.
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
   */
  private async withKey(
    request: AwsRequest,
    principal: string,
    { action, accountId: owner, resource: resourceArn }: Asked,
  ): Promise<AwsResponse | undefined> {
    const { service, region, accountId, resource: name } = arnParts(resourceArn);
    if (action === "s3:GetObject") await this.requireObjectKey(principal, owner, resourceArn, request.region);
    const clients = () => this.accounts.of(resourceArn);
    const source = { "kms:ViaService": regionalService(service, region) };
    if (service === "dynamodb") {
      const TableName = name.split("/")[1]!;
      const table = await absentIf("ResourceNotFound", async () =>
        (await clients()).dynamodb.send(new DescribeTableCommand({ TableName })),
      );
      await requireKeyOf(this.accounts, this.authorizer, {
        principal,
        resourceArn,
        keyId: table?.Table?.SSEDescription?.KMSMasterKeyArn,
        encryptionContext: { "aws:dynamodb:tableName": TableName, "aws:dynamodb:subscriberId": accountId },
        source,
        actions: ["kms:Decrypt"],
      });
    }
    if (service !== "sns") return undefined;
    const { Attributes } = await (
      await clients()
    ).sns.send(new GetTopicAttributesCommand({ TopicArn: resourceArn }));
    await requireKeyOf(this.accounts, this.authorizer, {
      principal,
      resourceArn,
      keyId: Attributes?.["KmsMasterKeyId"],
      encryptionContext: { "aws:sns:topicArn": resourceArn },
      source,
    });
    const message = new URLSearchParams(request.body.toString("utf8")).get("Message") ?? "";
    await this.subscriptions.deliver(resourceArn, message);
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${request.accessKeyId}</MessageId></PublishResult><ResponseMetadata><RequestId>emulator</RequestId></ResponseMetadata></PublishResponse>`,
    };
  }

  /**
   * Requires the KMS key of an object, which S3 uses with the permissions of the reader. An object that does not exist is
   * left to S3.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
   */
  private async requireObjectKey(
    principal: string,
    owner: string,
    objectArn: string,
    region: string,
  ): Promise<void> {
    const [bucketArn, Bucket, Key] = /^(arn:[^:]*:s3:::([^/]+))\/(.+)$/s.exec(objectArn)!.slice(1) as [
      string,
      string,
      string,
    ];
    const clients = await this.accounts.in(owner, region);
    const object = await absentIf("NotFound NoSuchKey", () =>
      clients.s3.send(new HeadObjectCommand({ Bucket, Key })),
    );
    if (object?.SSEKMSKeyId === undefined) return;
    const isBucketKey = object.BucketKeyEnabled ?? (await hasBucketKey(clients, Bucket));
    const at = arnParts(object.SSEKMSKeyId).region || (await bucketRegion(clients, Bucket));
    await requireKeyOf(this.accounts, this.authorizer, {
      principal,
      // The account and region in which S3 looks up a key that is no ARN.
      resourceArn: regionalArn("s3", at, owner, Bucket),
      keyId: object.SSEKMSKeyId,
      encryptionContext: { "aws:s3:arn": isBucketKey ? bucketArn : objectArn },
      source: { "kms:ViaService": regionalService("s3", at) },
      actions: ["kms:Decrypt"],
    });
  }
}
