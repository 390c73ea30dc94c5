import { chatKey, chatUsesOf, type ChatUse } from "../model/chat";
import { valueAt } from "../model/merge";
import type { Account, Organization } from "../model/merged";
import { problem, saidAt } from "./conflict";
import { describeValue, once, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { boundaryFault, fault, type SettingRule } from "./setting-fault";

/** Each chat channel of a notification channel once. */
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

/** Amazon Q Developer in chat applications has endpoints in the commercial partition alone. */
export const chatInPartition =
  (channel: ChatUse["channel"]): SettingRule =>
  ({ account: { partition }, settings: { notifications } }) =>
    partition !== "aws" &&
    notifications[channel].enabled &&
    notifications[channel].chat.length > 0 &&
    fault(
      `notifications.${channel}.chat`,
      `nothing in partition ${partition}: Amazon Q Developer in chat applications is not there`,
      "remove it, and subscribe an endpoint of your own (https, sqs or lambda)",
    );

/** What the chat channels of an account say wrong about each other, and about the account. */
export function chatProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const found = organization.accounts.flatMap((account) => {
    const uses = chatUsesOf(organization, account);
    return [
      ...channelsOfOneTeam(map, account, uses),
      ...inVain(map, account),
      ...boundary(map, account, uses),
    ];
  });
  // What is said for the organization shows in every account: once.
  return once(found, ({ path }) => path);
}

/**
 * AWS provider 5 looks a Teams configuration up by its team alone, and fails when it finds two: with a second
 * channel of a team, neither could be planned any more.
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
        `one channel of a team in account ${account.name}, which has ${describeValue(other.chat)}: AWS provider 5 cannot tell two channels of a team apart`,
        "use a channel of another team, or the same channel",
        [["accounts", account.name, "notifications"], ["notifications"]],
        chat,
      ),
    ];
  });
}

/** An account without regions has archives at most, and these have no activity. */
function inVain(map: ParsedMap, { name, targets }: Account): Conflict[] {
  const path = ["accounts", name, "notifications", "activity", "chat"];
  const said = valueAt(map, path);
  if (targets.length > 0 || !Array.isArray(said) || said.length === 0) return [];
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

/** The role for chat is a role that an account without regions may have. */
function boundary(map: ParsedMap, account: Account, uses: readonly ChatUse[]): Conflict[] {
  if (account.targets.length > 0 || uses.length === 0) return [];
  return boundaryFault(account).map(({ at, allowed, remedy }) =>
    problem(
      map,
      saidAt(map, account.name, null, at),
      allowed,
      remedy,
      [["accounts", account.name, "regions"]],
      valueAt(account.settings, at),
    ),
  );
}
