import type { CallRecorder } from "../events/call-recorder";
import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { chatApi } from "./chat-api";
import type { ChatChannels } from "./chat-channels";
import { ChatService } from "./chat-service";
import { ChatTopics } from "./chat-topics";

export type { ChatPost } from "./chat-channels";
export type { ChatClient } from "./chat-service";

/** Amazon Q Developer in chat applications, which moto lacks. */
export interface ChatRoom extends Room {
  readonly service: ChatService;
}

/** @param channels the channels to whose endpoint the SNS room delivers */
export function chatRoom(
  { accounts, identities, authorizer }: Core,
  channels: ChatChannels,
  recorder: CallRecorder,
): ChatRoom {
  const topics = new ChatTopics(accounts, identities, recorder);
  const roleExists = async (roleArn: string) => (await authorizer.role(roleArn)) !== undefined;
  const service = new ChatService(channels, topics, roleExists);
  return { handlers: [chatApi(service, identities, recorder)], service };
}
