/** What a chat channel shows of a message whose format Amazon Q Developer in chat applications supports. */
export interface ChatNotification {
  readonly title: string;
  readonly text: string;
  /** Notifications with the same id are posted in one thread. */
  readonly threadId?: string;
}

/** A message whose format the service does not support. It posts nothing, and reports it in its own log at most. */
export interface DroppedNotification {
  readonly dropped: string;
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTextOrAbsent = (value: unknown) => value === undefined || isText(value);
const areTextsOrAbsent = (value: unknown) =>
  value === undefined || (Array.isArray(value) && value.every(isText));

/**
 * Reads a message of a topic as the service does: only in the formats that AWS documents.
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/related-services.html
 */
export function readNotification(message: string): ChatNotification | DroppedNotification {
  let fields: unknown;
  try {
    fields = JSON.parse(message);
  } catch {
    return { dropped: "it is not JSON" };
  }
  if (!isObject(fields)) return { dropped: "it is not an object" };
  if (fields["source"] === "custom") return customNotification(fields);
  if (isText(fields["AlarmName"]) && isText(fields["NewStateValue"])) return alarm(fields);
  if (isServiceEvent(fields)) {
    return { title: fields["detail-type"] as string, text: JSON.stringify(fields["detail"]) };
  }
  return {
    dropped: "it is neither a custom notification, nor a CloudWatch alarm, nor an event of an AWS service",
  };
}

function customNotification({ version, content, metadata }: Fields): ChatNotification | DroppedNotification {
  if (version !== "1.0") return { dropped: `version ${JSON.stringify(version)} is not "1.0"` };
  if (!isObject(content)) return { dropped: "it has no content" };
  const { textType, title, description, nextSteps, keywords } = content;
  if (!isText(description)) return { dropped: "content.description is required" };
  if (textType !== undefined && textType !== "client-markdown")
    return { dropped: `content.textType ${JSON.stringify(textType)} is not "client-markdown"` };
  if (!isTextOrAbsent(title)) return { dropped: "content.title is not a string" };
  if (!areTextsOrAbsent(nextSteps)) return { dropped: "content.nextSteps is not a list of strings" };
  if (!areTextsOrAbsent(keywords)) return { dropped: "content.keywords is not a list of strings" };
  if (metadata !== undefined && !isObject(metadata)) return { dropped: "metadata is not an object" };
  const { threadId } = (metadata ?? {}) as Fields;
  if (!isTextOrAbsent(threadId)) return { dropped: "metadata.threadId is not a string" };
  return {
    title: (title as string | undefined) ?? "",
    text: description,
    ...(threadId !== undefined && { threadId: threadId as string }),
  };
}

const alarm = (fields: Fields): ChatNotification => ({
  title: `CloudWatch Alarm | ${String(fields["AlarmName"])} | ${String(fields["Region"])}`,
  text: `${String(fields["NewStateValue"])}: ${String(fields["NewStateReason"])}`,
});

/** Whether a message is an event of an AWS service that no input transformer has changed. */
const isServiceEvent = (fields: Fields): boolean =>
  ["version", "id", "account", "time", "region", "detail-type"].every((name) => isText(fields[name])) &&
  /^aws\./.test(String(fields["source"])) &&
  Array.isArray(fields["resources"]) &&
  isObject(fields["detail"]);
