import { ChatbotSlackChannelConfiguration } from "@cdktf/provider-aws/lib/chatbot-slack-channel-configuration";
import { ChatbotTeamsChannelConfiguration } from "@cdktf/provider-aws/lib/chatbot-teams-channel-configuration";
import { Construct } from "constructs";
import { arns, chatConfigurationName, type Place, names } from "../names";
import type { ChatConfiguration } from "../events/chat-configurations";
import type { ITerraformDependable } from "cdktf";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { toJson } from "../kit/json";
import { chatTrustPolicy } from "../policies/chat-policy";

export interface ChatRoleProps {
  readonly place: Place;
  /** ARN of the role's permissions boundary; null: none. */
  readonly permissionsBoundaryArn: string | null;
}

/** The role that a chat configuration must name. It has no policy: to be told, a channel needs no permission. */
export class ChatRole extends Construct {
  /** Computed from the name. */
  readonly arn: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { place, permissionsBoundaryArn }: ChatRoleProps) {
    super(scope, id);
    this.arn = arns.role(place.account, names.chatRole(place));
    this.ready = [
      new IamRole(this, "Default", {
        name: names.chatRole(place),
        description: "Named by the chat channels of session-audit; it may do nothing",
        assumeRolePolicy: toJson(chatTrustPolicy(place)),
        ...(permissionsBoundaryArn !== null && { permissionsBoundary: permissionsBoundaryArn }),
      }),
    ];
  }
}

export interface ChatChannelProps extends ChatConfiguration {
  /** The account; its region says nothing here, since a configuration is the account's. */
  readonly place: Place;
  readonly role: Pick<ChatRole, "arn" | "ready">;
}

/** A Slack or Microsoft Teams channel that is told of topics, and in which nobody can do anything. */
export class ChatChannel extends Construct {
  constructor(scope: Construct, id: string, { chat, topicArns, place, role }: ChatChannelProps) {
    super(scope, id);
    const common = {
      configurationName: chatConfigurationName(place, chat),
      iamRoleArn: role.arn,
      snsTopicArns: [...topicArns],
      // Members of a channel can run commands and press buttons within these. AWS's default is AdministratorAccess.
      guardrailPolicyArns: [arns.managedPolicy(place.account.partition, "AWSDenyAll")],
      // Nobody acts by the channel's role, not even in vain.
      userAuthorizationRequired: true,
      // What it cannot post is told nowhere else.
      loggingLevel: "ERROR",
      dependsOn: [...role.ready],
    };
    if (chat.platform === "slack") {
      new ChatbotSlackChannelConfiguration(this, "Default", {
        ...common,
        slackTeamId: chat.workspaceId,
        slackChannelId: chat.channelId,
      });
    } else {
      new ChatbotTeamsChannelConfiguration(this, "Default", {
        ...common,
        teamId: chat.teamId,
        tenantId: chat.tenantId,
        channelId: chat.channelId,
      });
    }
  }
}
