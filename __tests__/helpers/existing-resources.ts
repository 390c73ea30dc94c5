import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutBucketEncryptionCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import type { AccountsMap } from "../../accounts/schema";
import type { Clients } from "../../emulator/clients/clients";
import { allow, policy } from "./emulated";

/**
 * Creates a key, a bucket, a log group and a topic that a map can name as existing ones.
 * @param clients of the account and region in which they are
 * @returns the settings of a map that names them
 */
export async function createExistingResources(
  { kms, s3, logs, sns, settings: { region } }: Clients,
  account: string,
): Promise<Pick<AccountsMap, "encryption" | "transcripts" | "logs" | "notifications">> {
  const name = "theirs";
  const root = { Principal: { AWS: `arn:aws:iam::${account}:root` } };
  const Service = [`logs.${region}.amazonaws.com`, "events.amazonaws.com", "cloudwatch.amazonaws.com"];
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const { KeyId, Arn: keyArn } = KeyMetadata as { KeyId: string; Arn: string };
  const Policy = policy(allow("kms:*", "*", root), allow("kms:*", "*", { Principal: { Service } }));
  await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: `/${name}`, kmsKeyId: keyArn }));

  const Bucket = `${name}-${account}`;
  const LocationConstraint = region as "eu-west-1";
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  const encryption = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: keyArn } as const;
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: encryption }] },
    }),
  );
  const bucketPolicy = policy(allow("s3:*", `arn:aws:s3:::${Bucket}/*`, root));
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: bucketPolicy }));

  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
  const publish = policy(allow("sns:Publish", "*", { Principal: { Service: Service.slice(1) } }));
  for (const [AttributeName, AttributeValue] of [
    ["KmsMasterKeyId", keyArn],
    ["Policy", publish],
  ] as const)
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
  const topic = { existing: name };
  return {
    encryption: { mode: "existing", keyArn },
    transcripts: { bucket: { existing: Bucket, keyArn, account } },
    logs: { group: { existing: `/${name}` } },
    notifications: { activity: { topic }, security: { topic } },
  };
}
