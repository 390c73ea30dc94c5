import { CHAT_ENDPOINT } from "./chat-topics";
import type { ChatFields, ChatPlatform } from "./chat-input";
import { readNotification } from "./chat-notification";

/** A chat configuration of an account. */
export interface ChatConfiguration {
  readonly platform: ChatPlatform;
  readonly accountId: string;
  readonly arn: string;
  /** The configuration as the API returns it, without tags. */
  readonly fields: ChatFields;
  readonly tags: Readonly<Record<string, string>>;
}

/** The outcome of a message at a chat channel. */
export interface ChatPost {
  readonly accountId: string;
  readonly platform: ChatPlatform;
  /** Id of the channel. */
  readonly channelId: string;
  readonly topicArn: string;
  readonly outcome: "posted" | "dropped";
  readonly title?: string;
  readonly text?: string;
  readonly threadId?: string;
  /** Why the message was dropped. */
  readonly reason?: string;
}

/** The chat configurations of all accounts, and the messages that reached their channels. */
export class ChatChannels {
  /** The outcome of every message at every channel, oldest first. */
  readonly posts: ChatPost[] = [];
  /** The HTTPS endpoints at which these channels receive the messages of SNS. */
  readonly endpoints = {
    [CHAT_ENDPOINT]: (topicArn: string, message: string): void => this.post(topicArn, message),
  };
  private readonly byArn = new Map<string, ChatConfiguration>();

  /** The configurations of an account for a platform. */
  in(accountId: string, platform: ChatPlatform): ChatConfiguration[] {
    return [...this.byArn.values()].filter(
      (configuration) => configuration.accountId === accountId && configuration.platform === platform,
    );
  }

  /** The configuration with that ARN; undefined when there is none. */
  get(arn: unknown): ChatConfiguration | undefined {
    return this.byArn.get(String(arn));
  }

  /** Adds a configuration, or replaces the one with the same ARN. @returns the configuration */
  set(configuration: ChatConfiguration): ChatConfiguration {
    this.byArn.set(configuration.arn, configuration);
    return configuration;
  }

  /** Removes a configuration. */
  delete(arn: string): void {
    this.byArn.delete(arn);
  }

  /** Whether any configuration names a topic. */
  hasConfiguration(topicArn: string): boolean {
    return this.configurationsFor(topicArn).length > 0;
  }

  /** Posts a message of a topic to the channel of every configuration that names the topic. */
  post(topicArn: string, message: string): void {
    const notification = readNotification(message);
    for (const { accountId, platform, fields } of this.configurationsFor(topicArn)) {
      const channelId = String(fields[platform === "slack" ? "SlackChannelId" : "ChannelId"]);
      this.posts.push({
        accountId,
        platform,
        channelId,
        topicArn,
        ...("dropped" in notification
          ? { outcome: "dropped", reason: notification.dropped }
          : { outcome: "posted", ...notification }),
      });
    }
  }

  private configurationsFor(topicArn: string): ChatConfiguration[] {
    return [...this.byArn.values()].filter(({ fields }) => topicsOf(fields).includes(topicArn));
  }
}

/** The ARNs of the topics that a configuration names. */
export const topicsOf = ({ SnsTopicArns = [] }: ChatFields) => SnsTopicArns as readonly string[];
