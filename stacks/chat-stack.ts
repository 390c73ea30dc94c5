import type { Construct } from "constructs";
import type { ChatChannel as Chat } from "../accounts/model/settings";
import type { Account, Organization } from "../accounts/model/organization";
import { BaseStack } from "./kit/base-stack";
import { chatConfigurationsOf } from "./events/chat-configurations";
import { ChatChannel, ChatRole } from "./constructs/chat-channel";
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
