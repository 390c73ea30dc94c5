import type { Account, ArchiveSite, Organization, Target } from "./organization";
import type { ChatChannel, Settings } from "./settings";

/** A chat channel that a notification channel of a target or of an archive goes to. */
export interface ChatUse {
  readonly chat: ChatChannel;
  readonly channel: keyof Settings["notifications"];
  /** Its place in the list that names it. */
  readonly index: number;
  readonly of: "target" | "archive";
  readonly at: Pick<Target, "account" | "region">;
}

/** Chat channels that a notification channel goes to: none while that is off. */
export const chatOf = (settings: Settings, channel: ChatUse["channel"]): readonly ChatChannel[] =>
  settings.notifications[channel].enabled ? settings.notifications[channel].chat : [];

/** Every use of a chat channel in an account: of its targets, in the order of the map, then of its archives. */
export function chatUsesOf({ archives }: Organization, account: Account): ChatUse[] {
  const uses = (
    { account: owner, region, settings }: Target | ArchiveSite,
    of: ChatUse["of"],
    channel: ChatUse["channel"],
  ): ChatUse[] =>
    chatOf(settings, channel).map((chat, index) => ({
      chat,
      channel,
      index,
      of,
      at: { account: owner, region },
    }));
  return [
    ...account.targets.flatMap((target) => [
      ...uses(target, "target", "activity"),
      ...uses(target, "target", "security"),
    ]),
    ...archives
      .filter((site) => site.account.id === account.id)
      .flatMap((site) => uses(site, "archive", "security")),
  ];
}

/** The same for the same channel, and for no other. */
export const chatKey = (chat: ChatChannel): string =>
  chat.platform === "slack"
    ? `slack/${chat.workspaceId}/${chat.channelId}`
    : `teams/${chat.tenantId}/${chat.teamId}/${chat.channelId}`;
