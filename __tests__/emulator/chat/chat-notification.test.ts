import { readNotification } from "../../../emulator/chat/chat-notification";
import { activityTemplate } from "../../../stacks/events/activity-message";

const CONTENT = { textType: "client-markdown", title: "A title", description: "Some *text*" };
const custom = (changes: object = {}) =>
  JSON.stringify({ version: "1.0", source: "custom", content: CONTENT, ...changes });
const content = (changes: object) => custom({ content: { ...CONTENT, ...changes } });
const EVENT = {
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "AWS Health Event",
  source: "aws.health",
  account: "444444444444",
  time: "2026-03-01T12:00:05Z",
  region: "eu-central-1",
  resources: [],
  detail: { service: "SSM" },
};
const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};

describe("chat shows", () => {
  it("a custom notification", () => {
    expect(readNotification(custom())).toEqual({ title: "A title", text: "Some *text*" });
  });

  it("a custom notification with only a description", () => {
    expect(readNotification(custom({ content: { description: "text" } }))).toEqual({
      title: "",
      text: "text",
    });
  });

  it("a custom notification in a thread", () => {
    expect(readNotification(custom({ metadata: { threadId: "alice-1" } }))).toMatchObject({
      threadId: "alice-1",
    });
  });

  it("a CloudWatch alarm", () => {
    const alarm = {
      AlarmName: "lost",
      NewStateValue: "ALARM",
      NewStateReason: "1 > 0",
      Region: "EU (Frankfurt)",
    };
    expect(readNotification(JSON.stringify(alarm))).toEqual({
      title: "CloudWatch Alarm | lost | EU (Frankfurt)",
      text: "ALARM: 1 > 0",
    });
  });

  it("an event of an AWS service that no input transformer has changed", () => {
    expect(readNotification(JSON.stringify(EVENT))).toMatchObject({ title: "AWS Health Event" });
  });
});

describe("chat drops", () => {
  it.each([
    ["plain text", "a session has started", "not JSON"],
    ["a list", "[]", "not an object"],
    ["a channel's own message", activityTemplate(PLACE), "neither"],
    ["an event without its envelope", JSON.stringify({ ...EVENT, resources: undefined }), "neither"],
    ["an event that is not from AWS", JSON.stringify({ ...EVENT, source: "acme" }), "neither"],
    ["another version", custom({ version: "1.1" }), "version"],
    ["a version that is a number", custom({ version: 1 }), "version"],
    ["no content", custom({ content: undefined }), "no content"],
    ["no description", content({ description: undefined }), "description"],
    ["an empty description", content({ description: "" }), "description"],
    ["another kind of text", content({ textType: "html" }), "textType"],
    ["a title that is not a string", content({ title: {} }), "title"],
    ["steps that are not a list", content({ nextSteps: "look" }), "nextSteps"],
    ["keywords that are not strings", content({ keywords: [1] }), "keywords"],
    ["metadata that is a string", custom({ metadata: "alice" }), "metadata"],
    ["an empty thread", custom({ metadata: { threadId: "" } }), "threadId"],
  ])("%s", (_what, message, reason) => {
    expect(readNotification(message)).toEqual({ dropped: expect.stringContaining(reason) as string });
  });
});
