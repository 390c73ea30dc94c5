import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { Account, Organization, Target } from "../accounts/organization";
import { arns, names, placeOf } from "../stacks/names";
import type { Emulator } from "./index";

/**
 * What is there in an organization before this project comes, and around it: instance roles, the people who
 * open and review sessions, a queue that wants to hear of them.
 */

const REGION_OF_IAM = "us-east-1";

const clientConfig = async (emulator: Emulator, accountId: string, region: string) => ({
  endpoint: emulator.endpoint,
  region,
  credentials: await emulator.credentials(accountId),
  maxAttempts: 2,
});

const trust = (principal: object) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  });

/** A role for instances, with managed policies such as AWS's own. */
export async function createInstanceRole(
  emulator: Emulator,
  accountId: string,
  RoleName: string,
  policyArns: readonly string[] = [],
): Promise<void> {
  const iam = new IAMClient(await clientConfig(emulator, accountId, REGION_OF_IAM));
  const AssumeRolePolicyDocument = trust({ Service: "ec2.amazonaws.com" });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  for (const PolicyArn of policyArns) await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

/** The instance roles that the map attaches the instance policy to. They hold nothing else. */
export async function createInstanceRoles(emulator: Emulator, account: Account): Promise<void> {
  for (const role of account.settings.access.attachToRoles)
    await createInstanceRole(emulator, account.id, role);
}

/** A role with one of the policies that the account stack has created. */
export async function createPerson(
  emulator: Emulator,
  organization: Organization,
  account: Account,
  kind: "operator" | "reviewer",
  RoleName: string = kind,
): Promise<string> {
  const iam = new IAMClient(await clientConfig(emulator, account.id, REGION_OF_IAM));
  const place = placeOf(organization, { account, region: account.homeRegion });
  const policy = kind === "operator" ? names.operatorPolicy(place) : names.reviewerPolicy(place);
  await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ AWS: arns.root(account) }) }),
  );
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName,
      PolicyArn: `arn:${account.partition}:iam::${account.id}:policy/${policy}`,
    }),
  );
  return RoleName;
}

/** A queue that is subscribed to a target's activity topic. */
export interface Listener {
  /** Messages that have arrived since the last call. */
  receive(): Promise<Record<string, string>[]>;
}

export async function listen(
  emulator: Emulator,
  organization: Organization,
  target: Target,
): Promise<Listener> {
  const config = await clientConfig(emulator, target.account.id, target.region);
  const sqs = new SQSClient(config);
  const sns = new SNSClient(config);
  const place = placeOf(organization, target);
  const name = "session-listener";
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: arns.topic(place, names.activity(place)),
      Protocol: "sqs",
      Endpoint: arns.queue(place, name),
    }),
  );
  return {
    receive: async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      return Messages.map(({ Body }) => {
        const envelope = JSON.parse(Body ?? "{}") as { Message: string };
        return JSON.parse(envelope.Message) as Record<string, string>;
      });
    },
  };
}
