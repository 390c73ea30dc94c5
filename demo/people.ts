import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, TagRoleCommand } from "@aws-sdk/client-iam";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { chatUsesOf } from "../accounts/model/chat";
import type { Account, AccountIdentity, Organization, Target } from "../accounts/model/organization";
import { arns, names, placeOf, PREFERENCES_DOCUMENT, type Place } from "../stacks/names";
import { absentIf } from "../emulator/iam/deployed-policies";
import type { Emulator } from "../emulator";
import { iamRegion } from "../emulator/clients/partitions";

/**
 * Creates what an organization has in addition to the stacks of this project: instance roles, the roles of the people who open
 * and review sessions, and queues that subscribe to notifications.
 */

/** Configuration of an AWS SDK client for an account of the emulator. */
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
 * Creates a role, unless it exists.
 * @param name name of the role, with its path if it has one
 * @param principal who may assume the role, as a `Principal` of a policy
 * @returns the name without the path
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

/**
 * Creates a role for instances.
 * @param name name of the role, with its path if it has one
 * @param policyArns managed policies that are attached to the role
 */
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

/** Creates the roles to which the map attaches the instance policy. They have no other policy. */
export async function createInstanceRoles(emulator: Emulator, account: Account): Promise<void> {
  const { attachToRoles, defaultHostManagementRole } = account.settings.access;
  for (const role of attachToRoles) await createInstanceRole(emulator, account, role);
  if (defaultHostManagementRole !== null)
    await createRole(await iamOf(emulator, account), `service-role/${defaultHostManagementRole}`, {
      Service: "ssm.amazonaws.com",
    });
}

/** Authorises the Slack workspaces and Teams teams of an account's chat channels, as a person does in the console. */
export function authoriseChats(emulator: Emulator, organization: Organization, account: Account): void {
  for (const { chat } of chatUsesOf(organization, account)) emulator.authoriseChat(account.id, chat);
}

/** Creates preferences as the console saves them, for a map that adopts them (`preferences.adopt`). */
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

/**
 * Creates a role with the operator policy or the reviewer policy of an account stack.
 * @param name name of the role, with its path if it has one
 * @returns the name without the path
 */
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

/**
 * Creates a role that may do everything in its account.
 * @param name name of the role, with its path if it has one
 * @returns the name without the path
 */
export async function createAdministrator(
  emulator: Emulator,
  account: Pick<AccountIdentity, "id" | "partition">,
  name: string,
): Promise<string> {
  const iam = await iamOf(emulator, account);
  const RoleName = await createRole(iam, name, { AWS: arns.root(account) });
  const PolicyArn = arns.managedPolicy(account.partition, "AdministratorAccess");
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return RoleName;
}

/** Gives a role the tag that names the operating system user of its sessions. @param role name, without its path */
export async function tagRunAs(
  emulator: Emulator,
  account: Pick<AccountIdentity, "id" | "partition">,
  role: string,
  user: string,
): Promise<void> {
  const iam = await iamOf(emulator, account);
  await iam.send(new TagRoleCommand({ RoleName: role, Tags: [{ Key: "SSMSessionRunAs", Value: user }] }));
}

/** A queue policy with which SNS may deliver the messages of one topic. */
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

/**
 * Takes every message out of a queue, oldest first. A message that is received and not deleted becomes visible again
 * after the visibility timeout of the queue, which is 30 seconds by default.
 */
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
  /** The messages that have arrived since the last call, as objects. */
  receive(): Promise<Record<string, string>[]>;
  /** The messages that have arrived since the last call, as the texts that SNS delivers to every protocol. */
  receiveTexts(): Promise<string[]>;
}

/** Creates a queue and subscribes it to a topic. */
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
  const receiveTexts = async () => {
    const messages = await takeMessages(sqs, QueueUrl!);
    return messages.map(({ Body }) => (JSON.parse(Body ?? "{}") as { Message: string }).Message);
  };
  return {
    receiveTexts,
    receive: async () => (await receiveTexts()).map((text) => JSON.parse(text) as Record<string, string>),
  };
}
