import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Authorizer } from "../iam/authorizer";
import { AwsError } from "../gateway/protocol";
import type { SubscriptionDelivery } from "./delivery";
import type { Subscriptions } from "./subscriptions";
import { requireKeyOf } from "../iam/keys";
import { serviceFor } from "../iam/service-principal";

/** A CloudWatch alarm whose state changes to ALARM. */
export interface SoundedAlarm {
  readonly accountId: string;
  readonly region: string;
  readonly alarmName: string;
  /** The topic to which it publishes. */
  readonly topicArn: string;
}

/** Publishes the notification of an alarm as CloudWatch does: with the permissions of the service. */
export class Alarms {
  constructor(
    private readonly accounts: AccountClients,
    private readonly authorizer: Authorizer,
    private readonly subscriptions: Subscriptions,
  ) {}

  /**
   * @throws {@link AwsError} `NO_PERMISSIONS` when the policy of the topic or of its key denies CloudWatch, `KMSDisabled`
   * when the key is disabled
   */
  async sound({
    accountId,
    region,
    alarmName,
    topicArn,
  }: SoundedAlarm): Promise<readonly SubscriptionDelivery[]> {
    const { partition, region: topicRegion, accountId: topicOwner } = arnParts(topicArn);
    const principal = serviceFor("cloudwatch", topicArn);
    const source = {
      "aws:SourceArn": `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${alarmName}`,
      "aws:SourceAccount": accountId,
    };
    const { sns } = await this.accounts.in(topicOwner, topicRegion);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    const { allowed, reason } = await this.authorizer.authorize({
      principal,
      accountId: topicOwner,
      action: "sns:Publish",
      resource: topicArn,
      context: source,
    });
    if (!allowed) throw new AwsError("NO_PERMISSIONS", reason);
    await requireKeyOf(this.accounts, this.authorizer, {
      principal,
      resourceArn: topicArn,
      keyId: Attributes?.["KmsMasterKeyId"],
      encryptionContext: { "aws:sns:topicArn": topicArn },
      source,
    });
    return this.subscriptions.deliver(topicArn, notice(accountId, region, alarmName));
  }
}

const notice = (accountId: string, region: string, alarmName: string) =>
  JSON.stringify({
    AlarmName: alarmName,
    AlarmDescription: null,
    AWSAccountId: accountId,
    NewStateValue: "ALARM",
    NewStateReason: "Threshold Crossed: 1 datapoint was greater than the threshold (0.0).",
    StateChangeTime: new Date().toISOString(),
    Region: region,
    OldStateValue: "OK",
  });
