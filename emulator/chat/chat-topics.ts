import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";
import type { CallRecorder } from "../events/call-recorder";
import { absentIf } from "../iam/deployed-policies";
import type { Identities } from "../clients/identities";

/** The endpoint that the service subscribes to every topic of a configuration. */
export const CHAT_ENDPOINT = "https://global.sns-api.chatbot.amazonaws.com";

const SERVICE_ROLE = "AWSServiceRoleForAWSChatbot";

/** Subscribes the service to topics and unsubscribes it, as its service-linked role, which CloudTrail records. */
export class ChatTopics {
  constructor(
    private readonly accounts: AccountClients,
    private readonly identities: Identities,
    private readonly recorder: CallRecorder,
  ) {}

  /** Requires topics of this account that exist. @throws {@link AwsError} `InvalidRequestException` for any other */
  async require(accountId: string, topicArns: readonly string[]): Promise<void> {
    for (const topicArn of topicArns) {
      if (arnParts(topicArn).accountId !== accountId || !(await this.exists(topicArn)))
        throw new AwsError(
          "InvalidRequestException",
          `The SNS topic ${topicArn} does not exist in ${accountId}.`,
        );
    }
  }

  /** Subscribes the service to a topic, unless it is subscribed. */
  async subscribe(topicArn: string): Promise<void> {
    if ((await this.subscriptionOf(topicArn)) !== undefined) return;
    const { sns } = await this.accounts.of(topicArn);
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "https", Endpoint: CHAT_ENDPOINT }));
    await this.record("Subscribe", topicArn, { topicArn, protocol: "https", endpoint: CHAT_ENDPOINT });
  }

  /** Removes the subscription of the service from a topic, if there is one. */
  async unsubscribe(topicArn: string): Promise<void> {
    const subscriptionArn = await this.subscriptionOf(topicArn);
    if (subscriptionArn === undefined) return;
    const { sns } = await this.accounts.of(topicArn);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: subscriptionArn }));
    await this.record("Unsubscribe", topicArn, { subscriptionArn });
  }

  private async record(
    eventName: string,
    topicArn: string,
    requestParameters: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { region, accountId } = arnParts(topicArn);
    const { accessKeyId } = await this.identities.assumeRole(accountId, SERVICE_ROLE, "AWSChatbot");
    this.recorder.note({ eventName, requestParameters }, { accessKeyId, region, service: "sns" });
  }

  private async subscriptionOf(TopicArn: string): Promise<string | undefined> {
    const { sns } = await this.accounts.of(TopicArn);
    if (!(await this.exists(TopicArn))) return undefined;
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    return Subscriptions.find(({ Endpoint }) => Endpoint === CHAT_ENDPOINT)?.SubscriptionArn;
  }

  private async exists(TopicArn: string): Promise<boolean> {
    const { sns } = await this.accounts.of(TopicArn);
    return (
      (await absentIf("NotFound", () => sns.send(new GetTopicAttributesCommand({ TopicArn })))) !== undefined
    );
  }
}
