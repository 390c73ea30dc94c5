import { transformInput } from "../../../emulator/patterns/input-transformer";
import { activityChat, sessionChat, tamperingChat } from "../../../stacks/events/chat-message";
import { cloudTrailEvent, EVENTS } from "../../fixtures/cloudtrail";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const WHO = "arn:aws:sts::444444444444:assumed-role/operator/alice";
const CONSOLE =
  "https://eu-central-1.console.aws.amazon.com/systems-manager/session-manager/sessions?region=eu-central-1";

interface Notification {
  readonly version: string;
  readonly source: string;
  readonly content: { readonly textType: string; readonly title: string; readonly description: string };
  readonly metadata?: { readonly threadId: string };
}

const told = ({ paths, template }: ReturnType<typeof activityChat>, event: object) =>
  JSON.parse(
    transformInput({ InputPathsMap: paths, InputTemplate: template }, event, {
      ruleArn: "arn:aws:events:eu-central-1:444444444444:rule/session-audit-acme-activity",
      ruleName: "session-audit-acme-activity",
      ingestionTime: "2026-03-01T12:00:06Z",
    }),
  ) as Notification;

const changed = cloudTrailEvent({
  eventName: "UpdateDocument",
  requestParameters: { name: "SSM-SessionManagerRunShell" },
  responseElements: null,
});

describe("chat", () => {
  it("receives activity in the only format that Amazon Q Developer accepts", () => {
    expect(told(activityChat(PLACE), EVENTS.started)).toEqual({
      version: "1.0",
      source: "custom",
      content: {
        textType: "client-markdown",
        title: "StartSession in account 444444444444, eu-central-1",
        description: [
          `\`${WHO}\` called \`StartSession\` from \`192.0.2.10\` at 2026-03-01T12:00:00Z`,
          "source identity: ``, Identity Center user: ``",
          "session: `alice-wzleysigzmbd6fmkefjqvt5w4u`",
          "instance: i-0123456789abcdef0",
          "document: ",
          CONSOLE,
        ].join("\n"),
      },
      metadata: { threadId: "alice-wzleysigzmbd6fmkefjqvt5w4u" },
    });
  });

  it("shows the end of a session in the thread of its start", () => {
    const thread = (event: object) => told(activityChat(PLACE), event).metadata!.threadId;
    expect(thread(EVENTS.terminated)).toBe(thread(EVENTS.started));
  });

  it("receives refused sessions, with AWS's error code", () => {
    const { content } = told(sessionChat(PLACE), EVENTS.denied);
    expect(content.title).toBe(
      "Session refused or unrecorded: StartSession in account 444444444444, eu-central-1",
    );
    expect(content.description).toContain("error: AccessDenied");
    expect(content.description).toContain("event: `0b0e2f61-5a8a-4ad6-8a8e-0a5f5b0c2f55`");
  });

  it("receives changes to the recording, with a link to the call", () => {
    const { content } = told(tamperingChat(PLACE), changed);
    expect(content.title).toBe("Recording changed: UpdateDocument in account 444444444444, eu-central-1");
    expect(content.description.split("\n")).toEqual([
      `\`${WHO}\` called \`UpdateDocument\` (ssm.amazonaws.com) from \`192.0.2.10\` at 2026-03-01T12:00:00Z, on what records sessions`,
      "source identity: ``, Identity Center user: ``",
      "error: ",
      "event: `0b0e2f61-5a8a-4ad6-8a8e-0a5f5b0c2f55`",
      CONSOLE,
    ]);
  });

  it.each([
    ["activity", activityChat(PLACE), EVENTS.tunnelOfPerson],
    ["findings about sessions", sessionChat(PLACE), EVENTS.tunnelOfPerson],
    ["changes to the recording", tamperingChat(PLACE), EVENTS.documentChangedByPerson],
  ])("receives with %s who is behind a role session", (_what, message, event) => {
    expect(told(message, event).content.description).toContain(
      "source identity: `alice@example.com`, Identity Center user: `544894e8-80c1-707f-60e3-3ba6510dfac1`",
    );
  });

  it("does not receive where a tunnel leads, because a caller could forge a message with it", () => {
    for (const message of [activityChat(PLACE), sessionChat(PLACE)])
      expect(JSON.stringify(told(message, EVENTS.tunnelOfPerson))).not.toMatch(/db\.internal|5432/);
  });

  it("does not receive the reason of a session, because a caller could forge a message with it", () => {
    expect(JSON.stringify(told(activityChat(PLACE), EVENTS.startedWithReasonAndDocument))).not.toContain(
      "INC-1234",
    );
  });

  it("does not receive the text of an error, because it repeats the caller's input", () => {
    const text = `\`\n*All clear* <https://example.com|read more>`;
    const refused = cloudTrailEvent({
      eventName: "StartSession",
      requestParameters: { target: "i-0123456789abcdef0" },
      responseElements: null,
      errorCode: "AccessDenied",
      errorMessage: text,
    });
    for (const message of [sessionChat(PLACE), tamperingChat(PLACE)])
      expect(told(message, refused).content.description).not.toContain("All clear");
  });

  it.each([
    ["activity", activityChat(PLACE)],
    ["sessions", sessionChat(PLACE)],
    ["tampering", tamperingChat(PLACE)],
  ])(
    "has a template for %s within EventBridge's limits, and a path for each of its names and no more",
    (_name, message) => {
      const names = [...message.template.matchAll(/<(\w+)>/g)].map((match) => match[1]!);
      expect(new Set(Object.keys(message.paths))).toEqual(new Set(names));
      expect(message.template.length).toBeLessThanOrEqual(8192);
    },
  );
});
