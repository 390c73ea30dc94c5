import { DescribeDestinationsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetResourcePolicyCommand } from "@aws-sdk/client-dynamodb";
import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Clients } from "../clients/clients";
import { absentIf, parsePolicy } from "./deployed-policies";
import { iamRegion } from "../clients/partitions";
import type { PolicyDocument } from "./policy-document";

type Reader = (clients: Clients, arn: string) => Promise<string | undefined>;

const READERS: Readonly<Record<string, Reader>> = {
  kms: async ({ kms }, arn) => {
    const PolicyName = "default";
    return (await kms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName }))).Policy;
  },
  // The resource policy of a role is its trust policy.
  iam: async ({ iam }, arn) =>
    (await iam.send(new GetRoleCommand({ RoleName: nameIn(arn) }))).Role?.AssumeRolePolicyDocument,
  events: async ({ events }, arn) =>
    (await events.send(new DescribeEventBusCommand({ Name: nameIn(arn) }))).Policy,
  logs: async ({ logs }, resource) =>
    (await logs.send(new DescribeDestinationsCommand({}))).destinations?.find(({ arn }) => arn === resource)
      ?.accessPolicy,
  dynamodb: async ({ dynamodb }, ResourceArn) =>
    (await dynamodb.send(new GetResourcePolicyCommand({ ResourceArn }))).Policy,
  lambda: async ({ lambda }, arn) => (await lambda.send(new GetPolicyCommand({ FunctionName: arn }))).Policy,
  sns: async ({ sns }, arn) =>
    (await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes?.["Policy"],
  sqs: async ({ sqs }, arn) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arnParts(arn).resource }));
    return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] })))
      .Attributes?.["Policy"];
  },
};

/** The policies of buckets as they were set. */
export interface BucketPolicyTexts {
  /** The policy of a bucket as JSON; undefined when the bucket has none. */
  of(bucket: string): string | undefined;
}

/** The last part of an ARN's resource: the name of a bus, or of a role without its path. */
const nameIn = (arn: string): string | undefined => arnParts(arn).resource.split("/").at(-1);

const ABSENT = "NotFound PolicyNotFound NoSuchKey QueueDoesNotExist NoSuchEntity ResourceNotFound";

/**
 * The policy that is deployed on a bucket, bus, function, key, log destination, queue, role, table or topic. Undefined when the
 * resource has no policy or does not exist, and for resources of any other kind.
 * @param accountId the owner of the resource, which the ARN of a bucket does not name
 */
export async function resourcePolicy(
  accounts: AccountClients,
  buckets: BucketPolicyTexts,
  accountId: string,
  arn: string,
): Promise<PolicyDocument | undefined> {
  const { partition, service, region, resource } = arnParts(arn);
  if (service === "s3") {
    const policy = buckets.of(resource.split("/")[0] ?? "");
    return policy === undefined ? undefined : parsePolicy(policy);
  }
  const read = READERS[service];
  if (read === undefined) return undefined;
  const clients = await accounts.in(accountId, region === "" ? iamRegion(partition) : region);
  const text = await absentIf(ABSENT, () => read(clients, arn));
  return text === undefined || text === "" ? undefined : parsePolicy(text);
}
