import { CHAT_ENDPOINT } from "./chat-topics";
import type { ChatFields, ChatPlatform } from "./chat-input";
import { readNotification } from "./chat-notification";

/** A chat configuration of an account. */
export interface ChatConfiguration {
  readonly platform: ChatPlatform;
  readonly accountId: string;
  readonly arn: string;
  /** As the API answers with it, but for tags. */
  readonly fields: ChatFields;
  readonly tags: Readonly<Record<string, string>>;
}

/** What became of a message at a chat channel. */
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
  /** Why it is dropped. */
  readonly reason?: string;
}

/** The chat configurations of all accounts, and what has been posted by them. */
export class ChatChannels {
  /** Oldest first. */
  readonly posts: ChatPost[] = [];
  /** What SNS delivers to in order to reach these channels. */
  readonly endpoints = {
    [CHAT_ENDPOINT]: (topicArn: string, message: string): void => this.post(topicArn, message),
  };
  private readonly byArn = new Map<string, ChatConfiguration>();

  in(accountId: string, platform: ChatPlatform): ChatConfiguration[] {
    return [...this.byArn.values()].filter(
      (configuration) => configuration.accountId === accountId && configuration.platform === platform,
    );
  }

  get(arn: unknown): ChatConfiguration | undefined {
    return this.byArn.get(String(arn));
  }

  set(configuration: ChatConfiguration): ChatConfiguration {
    this.byArn.set(configuration.arn, configuration);
    return configuration;
  }

  delete(arn: string): void {
    this.byArn.delete(arn);
  }

  /** Whether any configuration of an account is told of a topic. */
  hasConfiguration(topicArn: string): boolean {
    return this.configurationsFor(topicArn).length > 0;
  }

  /** Takes a message of a topic to every channel that is told of it. */
  post(topicArn: string, message: string): void {
    const notification = readNotification(message);
    for (const { accountId, platform, fields } of this.configurationsFor(topicArn)) {
      const channelId = String(fields[platform === "slack" ? "SlackChannelId" : "ChannelId"]);
      this.posts.push({
        ...{ accountId, platform, channelId, topicArn },
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

/** The topics that a configuration is told of. */
export const topicsOf = ({ SnsTopicArns = [] }: ChatFields) => SnsTopicArns as readonly string[];
