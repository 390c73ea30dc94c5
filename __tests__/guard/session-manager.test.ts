import { SSMClient, type Session } from "@aws-sdk/client-ssm";
import { SessionManager } from "../../guard/session-manager";

const NOW = new Date("2026-11-24T12:00:00Z");
const SESSION: Session = {
  SessionId: "alice-1",
  Status: "Terminated",
  DocumentName: "SSM-SessionManagerRunShell",
  Target: "i-0123456789abcdef0",
  Owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
  Reason: "INC-1234",
  StartDate: NOW,
  EndDate: NOW,
};

/** What the guard reads of a history with one entry, and the names of the events that it logs. */
async function read(entry: Session) {
  const logged: unknown[] = [];
  jest.spyOn(console, "info").mockImplementation((line: { event: string }) => void logged.push(line.event));
  const ssm = new SSMClient({ region: "eu-central-1" });
  jest.spyOn(ssm, "send").mockImplementation(() => Promise.resolve({ Sessions: [entry] }));
  const sessions: object[] = [];
  for await (const page of new SessionManager(ssm).ended({ after: null, before: NOW }))
    sessions.push(...page);
  return { sessions, logged };
}
afterEach(() => jest.restoreAllMocks());

it("a session of the history has the fields that the guard reads", async () => {
  expect(await read(SESSION)).toEqual({
    sessions: [
      {
        sessionId: "alice-1",
        status: "Terminated",
        document: "SSM-SessionManagerRunShell",
        instance: "i-0123456789abcdef0",
        owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
        reason: "INC-1234",
        startDate: NOW,
        endDate: NOW,
      },
    ],
    logged: [],
  });
});

it("a session that was started without a reason has an empty one", async () => {
  expect((await read({ ...SESSION, Reason: undefined })).sessions).toMatchObject([{ reason: "" }]);
});

it("a session whose document is empty has the preferences", async () => {
  expect((await read({ ...SESSION, DocumentName: "" })).sessions).toMatchObject([{ document: undefined }]);
});

it.each(["SessionId", "StartDate", "EndDate"] as const)(
  "a terminated session without its %s is left out and logged",
  async (field) => {
    expect(await read({ ...SESSION, [field]: undefined })).toEqual({
      sessions: [],
      logged: ["SessionRefused"],
    });
  },
);

it("a session that is still ending is left out without a word", async () => {
  expect(await read({ ...SESSION, Status: "Terminating", EndDate: undefined })).toEqual({
    sessions: [],
    logged: [],
  });
});
