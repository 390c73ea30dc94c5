import { chatKey, chatUsesOf, type ChatUse } from "../../accounts/model/chat";
import type { Account, Organization } from "../../accounts/model/organization";
import type { ChatChannel } from "../../accounts/model/settings";
import { arns, channelNames, chatTopic, placeOf, type ChannelKind } from "../names";

/** A chat channel, and the ARNs of all topics of an account that report to it, in all regions. */
export interface ChatConfiguration {
  readonly chat: ChatChannel;
  readonly topicArns: readonly string[];
}

/**
 * The chat configurations of an account, one for each chat channel. Amazon Q Developer in chat applications allows
 * one configuration of a channel in an account. A configuration belongs to no region, and its topics may be in any.
 */
export function chatConfigurationsOf(organization: Organization, account: Account): ChatConfiguration[] {
  const topics = new Map<string, { chat: ChatChannel; topicArns: string[] }>();
  for (const use of chatUsesOf(organization, account)) {
    const key = chatKey(use.chat);
    const { topicArns } = topics.get(key) ?? topics.set(key, { chat: use.chat, topicArns: [] }).get(key)!;
    topicArns.push(topicArnOf(organization, use));
  }
  return [...topics.values()];
}

function kindOf({ kind, channel }: ChatUse): ChannelKind {
  if (kind === "all") return `all-${channel}`;
  return channel === "activity" ? "activity" : kind;
}

function topicArnOf(organization: Organization, use: ChatUse): string {
  const place = placeOf(organization, use.target);
  const { topic } = channelNames({
    kind: kindOf(use),
    place: placeOf(organization, use.namedAfter),
  });
  return arns.topic(place, chatTopic(topic));
}
