import type { Construct } from "constructs";
import type { ChatChannel as Chat } from "../accounts/model/settings";
import type { Account, Organization } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { chatConfigurationsOf } from "./events/chat-configurations";
import { ChatChannel, ChatRole } from "./constructs/chat-channel";
import { chatConfigurationName, homeOf, stackIds } from "./names";

/** What the stack of an account's chat channels is made from. */
export interface ChatStackProps {
  readonly organization: Organization;
  readonly account: Account;
}

/**
 * The stack of the Slack and Teams channels of an account. They subscribe to the account's topics in all regions, so
 * the stacks that create these topics are deployed first.
 * @example new ChatStack(app, { organization, account })
 */
export class ChatStack extends BaseStack {
  constructor(scope: Construct, { organization, account }: ChatStackProps) {
    const { access, tags } = account.settings;
    super(scope, stackIds.chat(account), { organization, account, region: account.homeRegion, tags });
    const place = homeOf(organization, account);
    const { permissionsBoundaryArn } = access;
    const role = new ChatRole(this, "Role", { place, permissionsBoundaryArn });
    const configurations = chatConfigurationsOf(organization, account);
    for (const configuration of configurations) {
      new ChatChannel(this, constructId(configuration.chat), { ...configuration, place, role });
    }
    this.output(
      "chat_configurations",
      configurations.map(({ chat }) => chatConfigurationName(place, chat)),
    );
  }
}

/**
 * Construct id of a chat configuration. Like its name, it contains what identifies the configuration: if the map names
 * another channel of the same Teams team, the configuration is updated and not replaced.
 */
const constructId = (chat: Chat) =>
  chat.platform === "slack" ? `Slack-${chat.workspaceId}-${chat.channelId}` : `Teams-${chat.teamId}`;
