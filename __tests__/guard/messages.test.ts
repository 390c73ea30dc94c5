import { checkBeganReport, progressRefusedReport } from "../../guard/check-reports";
import { chatMessage, endedReport, missingReport, notAllowedReport } from "../../guard/messages";
import { sessionTemplate } from "../../stacks/events/security-message";
import { EVENTS } from "../fixtures/cloudtrail";
import { CONFIGURATION } from "./configuration";
import { sessionOf } from "./invocation";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const started = sessionOf(EVENTS.startedWithReasonAndDocument);
const ended = {
  sessionId: "alice-0123456789abcdef0",
  status: "Terminated",
  document: undefined,
  instance: "i-0123456789abcdef0",
  owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
  reason: "INC-1234",
  startDate: new Date("2026-11-24T10:00:00Z"),
  endDate: new Date("2026-11-24T11:00:00Z"),
};
const absent = { state: "absent" } as const;
const missing = missingReport(
  ended,
  [
    { kind: "transcript", ...absent },
    { kind: "log stream", ...absent },
  ],
  CONFIGURATION,
);

const notAllowed = notAllowedReport({ ...ended, document: "Acme-Shell" }, CONFIGURATION);
const refused = progressRefusedReport(["since is missing"], ended.endDate, CONFIGURATION);

describe("a report", () => {
  it.each([
    ["of a session that the guard ended", endedReport(started, CONFIGURATION)],
    ["of a missing record", missing],
    ["of a session with another document", notAllowed],
    ["of a check that begins", checkBeganReport(true, ended.endDate, CONFIGURATION)],
    ["of a note that is unsound", refused],
  ])("%s has the fields of every other message about a session, all of them text", (_of, report) => {
    const fields = Object.keys(JSON.parse(sessionTemplate(PLACE)) as object);
    expect(Object.keys(report).sort()).toEqual(fields.sort());
    for (const value of Object.values(report)) expect(typeof value).toBe("string");
  });

  it("of a session that the guard ended says who the person is, why they opened it, and where a tunnel led", () => {
    expect(endedReport(sessionOf(EVENTS.tunnelOfPerson), CONFIGURATION)).toMatchObject({
      sourceIdentity: "alice@example.com",
      identityCenterUser: "544894e8-80c1-707f-60e3-3ba6510dfac1",
      identityStore: "arn:aws:identitystore::999999999999:identitystore/d-9067642ac7",
      reason: "INC-1234",
      host: "db.internal.example.com",
      port: "5432",
    });
  });

  it.each([
    ["a missing record", missing],
    ["a session with another document", notAllowed],
  ])("of %s has the reason of the session, and nothing that the history does not have", (_of, report) => {
    expect(report).toMatchObject({ reason: "INC-1234", sourceIdentity: "", host: "", port: "" });
  });

  it("sums up in one sentence who did what", () => {
    expect(endedReport(started, CONFIGURATION).summary).toBe(
      `The guard ended a session that ${started.who} had opened with ${started.document} in account 444444444444, eu-central-1`,
    );
    expect(missing.summary).toBe(
      "A session of arn:aws:sts::444444444444:assumed-role/operator/alice in account 444444444444, eu-central-1 left no transcript and no log stream",
    );
  });

  it("says where each missing record should be", () => {
    expect(missing.explanation).toBe(
      "There is no s3://archive/sessions/444444444444/eu-central-1/alice-0123456789abcdef0.log. There is no stream alice-0123456789abcdef0 in the log group /session-audit/acme/sessions",
    );
  });

  it("says which record is empty rather than missing", () => {
    const empty = { state: "empty" } as const;
    const { summary, explanation } = missingReport(
      ended,
      [
        { kind: "transcript", ...empty },
        { kind: "log stream", ...empty },
      ],
      CONFIGURATION,
    );
    expect(summary).toMatch(/ left an empty transcript and an empty log stream$/);
    expect(explanation).toBe(
      "s3://archive/sessions/444444444444/eu-central-1/alice-0123456789abcdef0.log is empty. There is no event in the stream alice-0123456789abcdef0 in the log group /session-audit/acme/sessions",
    );
  });

  it("says that a session with another document has ended, and not who ended it", () => {
    expect(notAllowed.summary).toBe(
      "A session of arn:aws:sts::444444444444:assumed-role/operator/alice with Acme-Shell ran and has ended in account 444444444444, eu-central-1",
    );
  });

  it.each([
    [true, "NoEarlierCheck", /^Its table has no note of an earlier check\. /],
    [false, "DestinationsChanged", /^The records of sessions have new destinations\. /],
  ])("says why the check begins: without an earlier one %s", (isFirst, error, explanation) => {
    const report = checkBeganReport(isFirst, ended.endDate, CONFIGURATION);
    expect(report).toMatchObject({ error, explanation: expect.stringMatching(explanation), session: "" });
    expect(report.explanation).toMatch(/sessions that start after 2026-11-24T11:00:00.000Z$/);
  });

  it("says what is wrong with the note of the last check", () => {
    expect(refused.explanation).toBe("In the guard's note of its last check, since is missing");
  });

  it("that is about no session names none in chat", () => {
    expect(chatMessage(refused).content.description).toBe(`${refused.explanation}\n${refused.console}`);
  });

  it("has in chat neither the reason nor the host, because the caller could forge a message with them", () => {
    const chat = JSON.stringify(chatMessage(endedReport(sessionOf(EVENTS.tunnelOfPerson), CONFIGURATION)));
    expect(chat).toContain("AWS-StartPortForwardingSessionToRemoteHost");
    expect(chat).not.toMatch(/INC-1234|db\.internal/);
  });

  it("goes to chat as a custom notification", () => {
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
