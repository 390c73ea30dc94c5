import { chatKey, chatUsesOf, type ChatUse } from "../model/chat";
import { valueAt } from "../model/merge";
import type { Account, Organization } from "../model/merged";
import { problem, saidAt } from "./conflict";
import { describeValue, once, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { boundaryFault, fault, type SettingRule } from "./setting-fault";

/** A notification channel lists each chat channel once. */
export const chatOnce =
  (channel: ChatUse["channel"]): SettingRule =>
  ({ settings: { notifications } }) => {
    const keys = notifications[channel].chat.map(chatKey);
    return keys.flatMap((key, index) =>
      keys.indexOf(key) < index
        ? fault(`notifications.${channel}.chat.${index}`, "each chat channel once", "remove the repetition")
        : [],
    );
  };

/**
 * Amazon Q Developer in chat applications exists only in the commercial partition.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/chatbot.html
 */
export const chatInPartition =
  (channel: ChatUse["channel"]): SettingRule =>
  ({ account: { partition }, settings: { notifications } }) =>
    partition !== "aws" &&
    notifications[channel].enabled &&
    notifications[channel].chat.length > 0 &&
    fault(
      `notifications.${channel}.chat`,
      `nothing in partition ${partition}: Amazon Q Developer in chat applications is not available there`,
      "remove it, and subscribe an endpoint of your own (https, sqs or lambda)",
    );

/** Chat channels that contradict each other, or their account. */
export function chatProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const found = organization.accounts.flatMap((account) => {
    const uses = chatUsesOf(organization, account);
    return [
      ...channelsOfOneTeam(map, account, uses),
      ...activityChatWithoutSessions(map, account),
      ...boundary(map, account, uses),
    ];
  });
  // A fault in the organization's settings shows in every account. It is reported once.
  return once(found, ({ path }) => path);
}

/**
 * Version 5 of the AWS provider finds the configuration of a Teams channel by its team only, and fails if it finds two.
 * With a second channel of the same team, Terraform could plan neither of them.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/chatbot/teams_channel_configuration.go
 */
function channelsOfOneTeam(map: ParsedMap, account: Account, uses: readonly ChatUse[]): Conflict[] {
  const first = new Map<string, ChatUse>();
  return uses.flatMap((use) => {
    const { chat, channel, index, target } = use;
    if (chat.platform !== "teams") return [];
    const other = first.get(chat.teamId) ?? use;
    first.set(chat.teamId, other);
    if (chatKey(other.chat) === chatKey(chat)) return [];
    return [
      problem(
        map,
        saidAt(map, account.name, target.region, ["notifications", channel, "chat", index]),
        `one channel of a team in account ${account.name}, which already uses ${describeValue(other.chat)}: AWS provider 5 cannot tell two channels of a team apart`,
        "use a channel of another team, or the same channel",
        [["accounts", account.name, "notifications"], ["notifications"]],
        chat,
      ),
    ];
  });
}

/** An account without regions has no sessions, so its activity channel has nothing to report. */
function activityChatWithoutSessions(map: ParsedMap, { name, targets }: Account): Conflict[] {
  const path = ["accounts", name, "notifications", "activity", "chat"];
  const chat = valueAt(map, path);
  if (targets.length > 0 || !Array.isArray(chat) || chat.length === 0) return [];
  return [
    problem(
      map,
      path,
      "[], or nothing: an account without regions has no sessions",
      "remove it, or list the regions in use",
      [["accounts", name, "regions"]],
    ),
  ];
}

/** Chat needs a role, in an account without regions as well. The permissions boundary must fit it. */
function boundary(map: ParsedMap, account: Account, uses: readonly ChatUse[]): Conflict[] {
  if (account.targets.length > 0 || uses.length === 0) return [];
  return boundaryFault(account).map(({ setting, allowed, remedy }) =>
    problem(
      map,
      saidAt(map, account.name, null, setting),
      allowed,
      remedy,
      [["accounts", account.name, "regions"]],
      valueAt(account.settings, setting),
    ),
  );
}
