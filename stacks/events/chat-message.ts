import { ACTIVITY_PATHS } from "./activity-message";
import { consoleSessionsUrl, type Place } from "../names";
import { SECURITY_PATHS } from "./security-message";
import type { EventMessage } from "./event-message";

/**
 * A custom notification, the only format in which Amazon Q Developer in chat applications shows messages of
 * applications. It drops other JSON without an error.
 *
 * The text is Markdown, which EventBridge cannot escape. So the text contains nothing that a caller can write
 * freely, such as the reason of a session, the host of a tunnel or an error message: with Markdown of their own,
 * callers could disguise the message. Slack and Teams have code spans and plain links in common.
 * @param paths paths into the event; those that the text does not use are left out
 * @param thread placeholder of the thread that groups messages
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function customNotification(
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

/**
 * The person behind a role session. AWS limits both values to letters, digits and some characters, none of which ends
 * a code span.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html
 */
const PERSON = "source identity: `<sourceIdentity>`, Identity Center user: `<identityCenterUser>`";

/**
 * Chat message about a session that starts, resumes or ends. Messages about one session are in one thread, if the
 * channel has threads switched on.
 */
export const activityChat = (place: Place): EventMessage =>
  customNotification(ACTIVITY_PATHS, {
    title: "<action> in account <account>, <region>",
    lines: [
      "`<who>` called `<action>` from `<from>` at <when>",
      PERSON,
      "session: `<session>`",
      "instance: <instance>",
      "document: <document>",
      consoleSessionsUrl(place),
    ],
    thread: "<session>",
  });

/** Chat message about a session call that was refused, or about a session that leaves no transcript. */
export const sessionChat = (place: Place): EventMessage =>
  customNotification(SECURITY_PATHS, {
    title: "Session refused or unrecorded: <action> in account <account>, <region>",
    lines: [
      "`<who>` called `<action>` from `<from>` at <when>: refused, or with a document that records nothing",
      PERSON,
      "error: <error>",
      "session: <session>",
      "instance: <instance>",
      "document: <document>",
      "event: `<event>`",
      consoleSessionsUrl(place),
    ],
  });

/** Chat message about a change to what records. By the event id one finds the whole call in CloudTrail. */
export const tamperingChat = (place: Place): EventMessage =>
  customNotification(SECURITY_PATHS, {
    title: "Recording changed: <action> in account <account>, <region>",
    lines: [
      "`<who>` called `<action>` (<service>) from `<from>` at <when>, on what records sessions",
      PERSON,
      "error: <error>",
      "event: `<event>`",
      consoleSessionsUrl(place),
    ],
  });
