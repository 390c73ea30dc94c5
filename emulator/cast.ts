import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { chatUsesOf } from "../accounts/chat";
import type { Account, AccountIdentity, Organization, Target } from "../accounts/organization";
import { arns, names, placeOf, PREFERENCES_DOCUMENT, type Place } from "../stacks/names";
import { absentIf } from "./deployed-policies";
import type { Emulator } from "./index";
import { iamRegion } from "./partitions";

/**
 * What is there in an organization before this project comes, and around it: instance roles, the people who
 * open and review sessions, a queue that wants to hear of them.
 */

export const clientConfig = async (emulator: Emulator, accountId: string, region: string) => ({
  endpoint: emulator.endpoint,
  region,
  credentials: await emulator.credentials(accountId),
  maxAttempts: 2,
});

const iamOf = async (emulator: Emulator, { id, partition }: Pick<AccountIdentity, "id" | "partition">) =>
  new IAMClient(await clientConfig(emulator, id, iamRegion(partition)));

const trust = (principal: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  });

/**
 * A role, unless it is there already.
 * @param name with its path, if it has one
 * @returns the name alone
 */
export async function createRole(iam: IAMClient, name: string, principal: object): Promise<string> {
  const AssumeRolePolicyDocument = trust(principal);
  const RoleName = name.split("/").at(-1)!;
  const Path = `/${name.slice(0, name.length - RoleName.length)}`;
  await absentIf("EntityAlreadyExists", () =>
    iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument })),
  );
  return RoleName;
}

/** A role for instances, with managed policies such as AWS's own. @param name with its path, if it has one */
export async function createInstanceRole(
  emulator: Emulator,
  account: Pick<AccountIdentity, "id" | "partition">,
  name: string,
  policyArns: readonly string[] = [],
): Promise<void> {
  const iam = await iamOf(emulator, account);
  const RoleName = await createRole(iam, name, { Service: "ec2.amazonaws.com" });
  for (const PolicyArn of policyArns) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** The roles that the map attaches the instance policy to. They hold nothing else. */
export async function createInstanceRoles(emulator: Emulator, account: Account): Promise<void> {
  const { attachToRoles, defaultHostManagementRole } = account.settings.access;
  for (const role of attachToRoles) await createInstanceRole(emulator, account, role);
  if (defaultHostManagementRole !== null)
    await createRole(await iamOf(emulator, account), `service-role/${defaultHostManagementRole}`, {
      Service: "ssm.amazonaws.com",
    });
}

/** The Slack workspaces and Teams teams of an account's chat channels, authorised as somebody does in the console. */
export function authoriseChats(emulator: Emulator, organization: Organization, account: Account): void {
  for (const { chat } of chatUsesOf(organization, account)) emulator.authoriseChat(account.id, chat);
}

/** Preferences as the console saves them: what a map that adopts them (`preferences.adopt`) takes over. */
export async function createOwnPreferences(emulator: Emulator, { account, region }: Target): Promise<void> {
  const ssm = new SSMClient(await clientConfig(emulator, account.id, region));
  await ssm.send(
    new CreateDocumentCommand({
      Name: PREFERENCES_DOCUMENT,
      DocumentType: "Session",
      DocumentFormat: "JSON",
      Content: JSON.stringify({
        schemaVersion: "1.0",
        description: "Document to hold regional settings for Session Manager",
        sessionType: "Standard_Stream",
        inputs: { s3BucketName: "", cloudWatchLogGroupName: "", cloudWatchStreamingEnabled: false },
      }),
    }),
  );
}

/** A role with one of the policies that the account stack has created. @param name with its path, if it has one */
export async function createPerson(
  emulator: Emulator,
  organization: Organization,
  account: Account,
  kind: "operator" | "reviewer",
  name: string = kind,
): Promise<string> {
  const iam = await iamOf(emulator, account);
  const place = placeOf(organization, { account, region: account.homeRegion });
  const policy = kind === "operator" ? names.operatorPolicy(place) : names.reviewerPolicy(place);
  const RoleName = await createRole(iam, name, { AWS: arns.root(account) });
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName,
      PolicyArn: `arn:${account.partition}:iam::${account.id}:policy/${policy}`,
    }),
  );
  return RoleName;
}

/** A queue policy that lets SNS send what one topic publishes: without it nothing arrives. */
export const queuePolicyFor = (queueArn: string, topicArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
      },
    ],
  });

/** Takes every message out of a queue, oldest first. One that is only received comes again after half a minute. */
export async function takeMessages(sqs: SQSClient, QueueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const ask = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(ask));
    if (Messages.length === 0) return taken;
    for (const { ReceiptHandle } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    taken.push(...Messages);
  }
}

/** A queue that is subscribed to a topic. */
export interface Listener {
  /** Messages that have arrived since the last call. */
  receive(): Promise<Record<string, string>[]>;
}

/** Subscribes a new queue to a topic in a place. */
export async function listen(
  emulator: Emulator,
  place: Place,
  { topic, queue }: { topic: string; queue: string },
): Promise<Listener> {
  const config = await clientConfig(emulator, place.account.id, place.region);
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const queueArn = arns.queue(place, queue);
  const topicArn = arns.topic(place, topic);
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: queue,
      Attributes: { Policy: queuePolicyFor(queueArn, topicArn) },
    }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: queueArn }));
  return {
    receive: async () =>
      (await takeMessages(sqs, QueueUrl!)).map(({ Body }) => {
        const envelope = JSON.parse(Body ?? "{}") as { Message: string };
        return JSON.parse(envelope.Message) as Record<string, string>;
      }),
  };
}
