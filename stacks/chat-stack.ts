import type { Construct } from "constructs";
import type { ChatChannel as Chat } from "../accounts/settings";
import type { Account, Organization } from "../accounts/organization";
import { BaseStack } from "./base-stack";
import { chatConfigurationsOf } from "./chat-configurations";
import { ChatChannel } from "./constructs/chat-channel";
import { ChatRole } from "./constructs/chat-role";
import { chatConfigurationName, homeOf, stackIds } from "./names";

export interface ChatStackProps {
  readonly organization: Organization;
  readonly account: Account;
}

/** The Slack and Teams channels of an account, told of its topics in all regions: those must be there first. */
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

/** By what identifies it, like its name: another channel of the same team is the same configuration, changed. */
const constructId = (chat: Chat) =>
  chat.platform === "slack" ? `Slack-${chat.workspaceId}-${chat.channelId}` : `Teams-${chat.teamId}`;
