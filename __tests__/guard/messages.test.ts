import { chatMessage, endedReport, missingReport } from "../../guard/messages";
import { startedSession } from "../../guard/start-event";
import { sessionTemplate } from "../../stacks/events/security-message";
import { EVENTS } from "../fixtures/cloudtrail";
import { CONFIGURATION } from "./configuration";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const started = startedSession(EVENTS.startedWithReasonAndDocument)!;
const ended = {
  sessionId: "alice-0123456789abcdef0",
  status: "Terminated",
  document: undefined,
  instance: "i-0123456789abcdef0",
  owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
  startDate: new Date("2026-11-24T10:00:00Z"),
  endDate: new Date("2026-11-24T11:00:00Z"),
};
const missing = missingReport(ended, ["transcript", "log stream"], CONFIGURATION);

describe("the session of an event", () => {
  it("is who opened what, with which document", () => {
    expect(started).toMatchObject({
      document: expect.stringMatching(/^\w/),
      instance: expect.stringMatching(/^i-/),
      who: expect.stringMatching(/^arn:aws:sts:/),
      sessionId: expect.stringMatching(/./),
      event: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("has no document where it uses the preferences", () => {
    expect(startedSession(EVENTS.started)!.document).toBeUndefined();
  });

  it.each(["denied", "notConnected", "resumed", "terminated"] as const)("is none of: %s", (name) => {
    expect(startedSession(EVENTS[name])).toBeNull();
  });

  it("is none where the call failed, whatever else it says", () => {
    const detail = {
      ...(EVENTS.startedWithReasonAndDocument as { detail: object }).detail,
      errorCode: "Any",
    };
    expect(startedSession({ detail })).toBeNull();
  });

  it.each([{}, { detail: {} }, { detail: { eventName: "StartSession", responseElements: null } }])(
    "is none of %j",
    (event) => expect(startedSession(event)).toBeNull(),
  );
});

describe("a report", () => {
  it.each([
    ["of an ended session", endedReport(started, CONFIGURATION)],
    ["of a missing transcript", missing],
  ])(
    "%s has the fields that every finding about sessions has, as text: filters look into them",
    (_of, report) => {
      expect(Object.keys(report)).toEqual(Object.keys(JSON.parse(sessionTemplate(PLACE)) as object));
      for (const value of Object.values(report)) expect(typeof value).toBe("string");
    },
  );

  it("says who did what, for people", () => {
    expect(endedReport(started, CONFIGURATION).summary).toBe(
      `The guard ended a session that ${started.who} had opened with ${started.document} in account 444444444444, eu-central-1`,
    );
    expect(missing.summary).toBe(
      "A session of arn:aws:sts::444444444444:assumed-role/operator/alice in account 444444444444, eu-central-1 left no transcript and no log stream",
    );
  });

  it("says where it looked", () => {
    expect(missing.explanation).toBe(
      "There is no s3://archive/sessions/444444444444/eu-central-1/alice-0123456789abcdef0.log. There is no stream alice-0123456789abcdef0 in the log group /session-audit/acme/sessions",
    );
  });

  it("is told to chat in the one format that it takes", () => {
    expect(chatMessage(missing)).toEqual({
      version: "1.0",
      source: "custom",
      content: {
        textType: "client-markdown",
        title: "Session without its record in account 444444444444, eu-central-1",
        description: expect.stringContaining("session: `alice-0123456789abcdef0`\n"),
      },
    });
  });
});
