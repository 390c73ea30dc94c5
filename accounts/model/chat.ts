import type { Account, Organization, ReplicaSource, Target } from "./organization";
import type { ChatChannel, MergedSettings, Settings } from "./settings";

/** Chat channels are the same in both forms of the settings. */
type EitherSettings = Settings | MergedSettings;

/** A chat channel that a notification channel of a target, an archive or a replica goes to. */
export interface ChatUse {
  readonly chat: ChatChannel;
  readonly channel: keyof Settings["notifications"];
  /** Position in the list that names the chat channel. */
  readonly index: number;
  readonly kind: "target" | "archive" | "replica";
  /** The account and region of the notification channel. */
  readonly target: Pick<Target, "account" | "region">;
  /** What its topic and its stack are named after: the same, or of a replica, the bucket that it copies. */
  readonly namedAfter: Pick<ReplicaSource, "account" | "region">;
}

/** Chat channels that a notification channel goes to: none while that is off. */
export const chatOf = (
  settings: Pick<EitherSettings, "notifications">,
  channel: ChatUse["channel"],
): readonly ChatChannel[] =>
  settings.notifications[channel].enabled ? settings.notifications[channel].chat : [];

/** Every use of a chat channel in an account: of its targets, in the order of the map, then of its archives, then of the replicas that it owns. */
export function chatUsesOf(
  { archives, replicas }: Pick<Organization<EitherSettings>, "archives" | "replicas">,
  account: Account<EitherSettings>,
): ChatUse[] {
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
    ...replicas
      .filter((replica) => replica.account.id === account.id)
      .flatMap((replica) => uses(replica, "replica", "security", replica.source)),
  ];
}

/** The same for the same channel, and for no other. */
export const chatKey = (chat: ChatChannel): string =>
  chat.platform === "slack"
    ? `slack/${chat.workspaceId}/${chat.channelId}`
    : `teams/${chat.tenantId}/${chat.teamId}/${chat.channelId}`;
