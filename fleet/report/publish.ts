import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { centralChannels, centralSites } from "../../accounts/model/central";
import type { Organization, Target } from "../../accounts/model/organization";
import { arnParts } from "../../aws/arn";
import { UserError } from "../../processes/user-error";
import { summaryText } from "../../report/render/summary";
import type { Report } from "../../report/model";
import { arns, channelNames, placeOf, topicArn } from "../../stacks/names";
import { attemptsIn } from "../client-settings";

/**
 * The topic that gets the summary of a report: that of the central channel for findings, or else of the security channel of the first
 * target that has one.
 * @throws UserError if the map has neither
 */
export function summaryTopic(organization: Organization, targets: readonly Target[]): string {
  const { central } = organization;
  if (central !== null && centralChannels(organization).includes("security")) {
    const place = placeOf(organization, central);
    const { topic } = channelNames({ kind: "all-security", place });
    return topicArn(place, central.settings.notifications.security, topic)!;
  }
  const [site] = centralSites(organization);
  if (site !== undefined) {
    const place = placeOf(organization, site);
    return arns.topic(place, channelNames({ kind: "central", place }).topic);
  }
  const own = targets.flatMap((target) => {
    const { security } = target.settings.notifications;
    const place = placeOf(organization, target);
    const arn = topicArn(place, security, channelNames({ kind: "target", place }).topic);
    return security.enabled && arn !== null ? [arn] : [];
  });
  const [topic] = own;
  if (topic === undefined) {
    throw new UserError({
      what: "--publish: the map has no security channel, whose topic would get the summary.",
      remedy: "Switch notifications.security on, or leave --publish out.",
    });
  }
  return topic;
}

/**
 * Publishes the summary of a report, with the credentials of the environment: the roles of the accounts read only.
 * @param keptAt where the report was kept; null: nowhere
 * @throws what AWS answered
 */
export async function publishSummary(
  report: Report,
  topic: string,
  { env, keptAt }: { readonly env: NodeJS.ProcessEnv; readonly keptAt: string | null },
): Promise<void> {
  const sns = new SNSClient({
    region: arnParts(topic).region,
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
  });
  try {
    const { subject, message } = summaryText(report, keptAt);
    await sns.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: message }));
  } finally {
    sns.destroy();
  }
}

/**
 * Who may publish on a topic. The policies of a topic that the stacks create, and of its key, admit the roles that
 * `access.reporters` lists for the account of the topic. A role on this list may be of any account. The policies of an
 * existing topic are its owner's.
 */
export function publisherRemedy({ accounts }: Organization, topic: string): string {
  const { accountId } = arnParts(topic);
  const name = accounts.find(({ id }) => id === accountId)?.name;
  return (
    `Publish with a role of access.reporters of the account ${name ?? accountId}, whose own policies allow sns:Publish, ` +
    "kms:GenerateDataKey and kms:Decrypt. If the topic existed before, its policy and that of its key must admit the role."
  );
}
