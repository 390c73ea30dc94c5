import { ChatbotSlackChannelConfiguration } from "@cdktf/provider-aws/lib/chatbot-slack-channel-configuration";
import { ChatbotTeamsChannelConfiguration } from "@cdktf/provider-aws/lib/chatbot-teams-channel-configuration";
import { Construct } from "constructs";
import { arns, chatConfigurationName, type Place, names } from "../names";
import type { ChatConfiguration } from "../events/chat-configurations";
import type { ITerraformDependable } from "cdktf";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { toJson } from "../kit/json";
import { chatTrustPolicy } from "../policies/chat-policy";

/** Where the role of chat configurations is, and what bounds it. */
export interface ChatRoleProps {
  /** The account, in its home region. */
  readonly place: Place;
  /** ARN of the role's permissions boundary; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
}

/**
 * The role that a chat configuration must name. It has no policy, because a channel that only receives notifications
 * needs no permission.
 * @example
 * new ChatRole(this, "Role", { place, permissionsBoundaryArn: null });
 */
export class ChatRole extends Construct {
  /** ARN of the role as a plain string, computed from its name. */
  readonly arn: string;
  /** The role, which must exist before a chat configuration names it. */
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

/** A chat channel, the topics that report to it, and the role that its configuration names. */
export interface ChatChannelProps extends ChatConfiguration {
  /** The account, in any region: a chat configuration belongs to the account and to no region. */
  readonly place: Place;
  /** The role that the configuration names. */
  readonly role: Pick<ChatRole, "arn" | "ready">;
}

/**
 * The configuration of a Slack or Microsoft Teams channel that receives the messages of topics. Members of the channel
 * can run no AWS commands from it.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
 * @example
 * new ChatChannel(this, "Slack-T012AB3CD-C045EF6GH", { chat, topicArns, place, role });
 */
export class ChatChannel extends Construct {
  constructor(scope: Construct, id: string, { chat, topicArns, place, role }: ChatChannelProps) {
    super(scope, id);
    const common = {
      configurationName: chatConfigurationName(place, chat),
      iamRoleArn: role.arn,
      snsTopicArns: [...topicArns],
      // Guardrail policies limit what members of the channel can do. If there are none, AdministratorAccess is the
      // guardrail.
      // @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-chatbot-slackchannelconfiguration.html
      guardrailPolicyArns: [arns.managedPolicy(place.account.partition, "AWSDenyAll")],
      // Members of the channel cannot use the channel's role: each would need a role of their own.
      userAuthorizationRequired: true,
      // Failures to post are logged in CloudWatch Logs. We know of no other place that shows them.
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
