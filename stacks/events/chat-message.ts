import { ACTIVITY_PATHS } from "./activity-message";
import { consoleSessionsUrl, type Place } from "../names";
import { SECURITY_PATHS } from "./security-message";
import type { EventMessage } from "./event-message";

/**
 * What chat is told: custom notifications, the one format of an application's own that Amazon Q Developer in chat
 * applications takes. Any other JSON it drops without a word.
 *
 * The text is markdown, which EventBridge cannot escape. So it has nothing that a caller writes freely, such as the
 * reason of a session or the text of an error: who wrote it could make a message of their own out of ours. Code
 * spans and plain links are the markdown that Slack and Teams have in common.
 */
function customNotification(
  paths: Readonly<Record<string, string>>,
  {
    title,
    lines,
    thread,
  }: { readonly title: string; readonly lines: readonly string[]; readonly thread?: string },
): EventMessage {
  const template = JSON.stringify(
    {
      version: "1.0",
      source: "custom",
      content: { textType: "client-markdown", title, description: lines.join("\n") },
      ...(thread !== undefined && { metadata: { threadId: thread } }),
    },
    null,
    2,
  );
  const used = Object.entries(paths).filter(([name]) => template.includes(`<${name}>`));
  return { paths: Object.fromEntries(used), template };
}

/** A session that starts, resumes or ends: in one thread for each session, where the channel allows threads. */
export const activityChat = (place: Place): EventMessage =>
  customNotification(ACTIVITY_PATHS, {
    title: "<action> in account <account>, <region>",
    lines: [
      "`<who>` called `<action>` from `<from>` at <when>",
      "session: `<session>`",
      "instance: <instance>",
      "document: <document>",
      consoleSessionsUrl(place),
    ],
    thread: "<session>",
  });

/** A session call that was refused, or a session that leaves no transcript. */
export const sessionChat = (place: Place): EventMessage =>
  customNotification(SECURITY_PATHS, {
    title: "Session refused or unrecorded: <action> in account <account>, <region>",
    lines: [
      "`<who>` called `<action>` from `<from>` at <when>: refused, or with a document that records nothing",
      "error: <error>",
      "session: <session>",
      "instance: <instance>",
      "document: <document>",
      "event: `<event>`",
      consoleSessionsUrl(place),
    ],
  });

/** A change to what records. The event id leads to the whole call in CloudTrail. */
export const tamperingChat = (place: Place): EventMessage =>
  customNotification(SECURITY_PATHS, {
    title: "Recording changed: <action> in account <account>, <region>",
    lines: [
      "`<who>` called `<action>` (<service>) from `<from>` at <when>, on what records sessions",
      "error: <error>",
      "event: `<event>`",
      consoleSessionsUrl(place),
    ],
  });
