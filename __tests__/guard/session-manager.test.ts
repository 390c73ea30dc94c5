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

/** The requests of a list of sessions of two pages. */
async function requestsOf(list: (sessions: SessionManager) => AsyncGenerator<unknown>): Promise<object[]> {
  const ssm = new SSMClient({ region: "eu-central-1" });
  const requests: object[] = [];
  jest.spyOn(ssm, "send").mockImplementation((command: { input: object }) => {
    // The paginator adds the token of the next page to the same object.
    requests.push({ ...command.input });
    return Promise.resolve(requests.length === 1 ? { Sessions: [SESSION], NextToken: "more" } : {});
  });
  const pages: unknown[] = [];
  for await (const page of list(new SessionManager(ssm))) pages.push(page);
  expect(pages).toHaveLength(2);
  return requests;
}

it("asks for all running sessions", async () => {
  const first = { State: "Active", MaxResults: 200 };
  expect(await requestsOf((sessions) => sessions.active())).toEqual([first, { ...first, NextToken: "more" }]);
});

it("asks for the ended sessions that started within a time, to the second after its end", async () => {
  const after = new Date("2026-11-24T11:00:00.900Z");
  const [first] = await requestsOf((sessions) => sessions.ended({ after, before: NOW }));
  expect(first).toEqual({
    State: "History",
    MaxResults: 200,
    Filters: [
      { key: "InvokedAfter", value: "2026-11-24T11:00:00Z" },
      { key: "InvokedBefore", value: "2026-11-24T12:00:01Z" },
    ],
  });
});

it("asks for the ended sessions of all times up to one if nothing was checked before", async () => {
  const [first] = await requestsOf((sessions) => sessions.ended({ after: null, before: NOW }));
  expect(first).toMatchObject({ Filters: [{ key: "InvokedBefore", value: "2026-11-24T12:00:01Z" }] });
});

/** Ends a session, while AWS answers with an error or, for null, with success. @returns the requests */
async function endWith(name: string | null): Promise<unknown[]> {
  const ssm = new SSMClient({ region: "eu-central-1" });
  const requests: unknown[] = [];
  jest.spyOn(ssm, "send").mockImplementation((command: { input: object }) => {
    requests.push([command.constructor.name, command.input]);
    return name === null
      ? Promise.resolve({})
      : Promise.reject(Object.assign(new Error(`AWS says ${name}`), { name }));
  });
  await new SessionManager(ssm).end("alice-1");
  return requests;
}

it.each([null, "DoesNotExistException"])("ends a session once if AWS answers %j", async (name) => {
  expect(await endWith(name)).toEqual([["TerminateSessionCommand", { SessionId: "alice-1" }]]);
});

it("fails with what AWS answered if a session cannot be ended", async () => {
  await expect(endWith("AccessDeniedException")).rejects.toThrow("AWS says AccessDeniedException");
});

it("a session of which the history says nothing but its id and times has empty texts", async () => {
  const { SessionId, StartDate, EndDate } = SESSION;
  expect((await read({ SessionId, StartDate, EndDate })).sessions).toEqual([
    {
      sessionId: "alice-1",
      status: "",
      document: undefined,
      instance: "",
      owner: "",
      reason: "",
      startDate: NOW,
      endDate: NOW,
    },
  ]);
});
