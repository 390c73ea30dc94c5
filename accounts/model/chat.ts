import { centralChannels, centralSites } from "./central";
import type { Account, Organization, ReplicaSource, Target } from "./organization";
import type { ChatChannel, MergedSettings, Settings } from "./settings";

/** Chat channels are the same in merged and in resolved settings. */
type EitherSettings = Settings | MergedSettings;

/**
 * A chat channel that receives the messages of a notification channel of a target, an archive or a replica, or of the
 * central channel.
 */
export interface ChatUse {
  readonly chat: ChatChannel;
  /** The notification channel. */
  readonly channel: keyof Settings["notifications"];
  /** Position of the chat channel in the list of the notification channel, from 0. */
  readonly index: number;
  /**
   * What the notification channel belongs to. `target`, `archive` and `replica`: to that resource. `central`: to an archive,
   * whose central channel it is. `all`: to `notifications.central`.
   */
  readonly kind: "target" | "archive" | "central" | "replica" | "all";
  /** The account and region of the notification channel. */
  readonly target: Pick<Target, "account" | "region">;
  /**
   * The account and region in the names of the topic and the stack. A replica is named after the bucket that it copies.
   */
  readonly namedAfter: Pick<ReplicaSource, "account" | "region">;
}

/** The chat channels that receive the messages of a notification channel. There are none if it is off. */
export const chatOf = (
  settings: Pick<EitherSettings, "notifications">,
  channel: ChatUse["channel"],
): readonly ChatChannel[] =>
  settings.notifications[channel].enabled ? settings.notifications[channel].chat : [];

/**
 * Every use of a chat channel in an account: first by its targets in the order of the map, then by its archives and
 * their central channels, then by the replicas that it owns, then by the place of `notifications.central`.
 */
export function chatUsesOf(
  organization: Pick<Organization<EitherSettings>, "archives" | "replicas" | "central">,
  account: Account<EitherSettings>,
): ChatUse[] {
  const { archives, replicas, central } = organization;
  const uses = (
    { account: owner, region, settings }: Pick<Target<EitherSettings>, "account" | "region" | "settings">,
    kind: ChatUse["kind"],
    channel: ChatUse["channel"],
    namedAfter: ChatUse["namedAfter"] = { account: owner, region },
  ): ChatUse[] =>
    chatOf(settings, channel).map((chat, index) => ({
      chat,
      channel,
      index,
      kind,
      target: { account: owner, region },
      namedAfter,
    }));
  return [
    ...account.targets.flatMap((target) => [
      ...uses(target, "target", "activity"),
      ...uses(target, "target", "security"),
    ]),
    ...archives
      .filter((site) => site.account.id === account.id)
      .flatMap((site) => uses(site, "archive", "security")),
    ...centralSites(organization)
      .filter((site) => site.account.id === account.id)
      .flatMap((site) => uses(site, "central", "security")),
    ...replicas
      .filter((replica) => replica.account.id === account.id)
      .flatMap((replica) => uses(replica, "replica", "security", replica.source)),
    ...centralChannels(organization)
      .filter(() => central?.account.id === account.id)
      .flatMap((channel) => uses(central!, "all", channel)),
  ];
}

/** A text that identifies a chat channel: two channels have the same text only if they are the same channel. */
export const chatKey = (chat: ChatChannel): string =>
  chat.platform === "slack"
    ? `slack/${chat.workspaceId}/${chat.channelId}`
    : `teams/${chat.tenantId}/${chat.teamId}/${chat.channelId}`;
