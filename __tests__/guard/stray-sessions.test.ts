import type { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Session } from "@aws-sdk/client-ssm";
import type { Run } from "../../guard/guard";
import type { Report } from "../../guard/messages";
import type { ReportBook } from "../../guard/report-book";
import type { SessionManager } from "../../guard/session-manager";
import { endStrays } from "../../guard/stray-sessions";
import { CONFIGURATION } from "./configuration";

const tunnel = (SessionId: string): Session => ({
  SessionId,
  DocumentName: "AWS-StartPortForwardingSession",
});

/**
 * A run over pages of running sessions, with fakes for AWS.
 * @param fails `ending` is the id of a session that cannot be ended; with `telling`, no report can be published; with
 * `listing`, there is no second page
 * @returns the run, and what it did, in order
 */
function runWith(
  pages: readonly (readonly Session[])[],
  fails: { ending?: string; telling?: boolean; listing?: boolean; time?: boolean } = {},
) {
  const done: string[] = [];
  const reports: Report[] = [];
  const run = {
    configuration: CONFIGURATION,
    sessions: {
      async *active() {
        for (const [index, page] of pages.entries()) {
          if (fails.listing && index > 0) throw new Error("cannot list");
          yield page;
        }
      },
      async end(id: string) {
        if (id === fails.ending) throw new Error(`cannot end ${id}`);
        done.push(`end ${id}`);
      },
    } as unknown as SessionManager,
    book: {
      async once(id: string, publish: () => Promise<unknown>) {
        done.push(`tell ${id}`);
        if (fails.telling) throw new Error("cannot tell");
        await publish();
        return true;
      },
    } as unknown as ReportBook,
    sns: () =>
      ({
        send: async ({ input }: PublishCommand) => void reports.push(JSON.parse(input.Message!) as Report),
      }) as unknown as SNSClient,
    hasTime: () => !fails.time,
  } satisfies Run;
  return { run, done, reports };
}

beforeEach(() => void jest.spyOn(console, "info").mockImplementation());
afterEach(() => jest.restoreAllMocks());

it("reports what the list says of a session", async () => {
  const { run, reports } = runWith([
    [
      {
        ...tunnel("alice-1"),
        Target: "i-0123456789abcdef0",
        Owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
        Reason: "INC-1234",
        StartDate: new Date("2026-11-24T12:00:00Z"),
      },
    ],
  ]);
  await endStrays(run);
  expect(reports).toEqual([
    expect.objectContaining({
      action: "SessionEnded",
      session: "alice-1",
      document: "AWS-StartPortForwardingSession",
      instance: "i-0123456789abcdef0",
      who: "arn:aws:sts::444444444444:assumed-role/operator/alice",
      reason: "INC-1234",
      when: "2026-11-24T12:00:00.000Z",
      // Only an event has these.
      from: "",
      event: "",
      host: "",
      port: "",
    }),
  ]);
});

it("reports a session of which the list says nothing but its id and document with empty texts", async () => {
  const { run, reports } = runWith([[tunnel("alice-1")]]);
  await endStrays(run);
  expect(reports).toEqual([
    expect.objectContaining({ session: "alice-1", instance: "", who: "", reason: "", when: "" }),
  ]);
});

it("leaves a session without an id alone, because nothing could end it", async () => {
  const { run, done } = runWith([[{ DocumentName: "AWS-StartPortForwardingSession" }, tunnel("b")]]);
  await endStrays(run);
  expect(done).toEqual(["end b", "tell SessionEnded/b"]);
});

it("lists no sessions if every document is allowed", async () => {
  const { run } = runWith([[tunnel("a")]]);
  const listed = jest.spyOn(run.sessions, "active");
  await endStrays({ ...run, configuration: { ...CONFIGURATION, allowedDocuments: null } });
  expect(listed).not.toHaveBeenCalled();
});

it("works on eight sessions at the same time, and no more", async () => {
  const { run } = runWith([twenty]);
  let now = 0;
  let most = 0;
  const sessions = {
    active: () => run.sessions.active(),
    async end() {
      most = Math.max(most, ++now);
      await new Promise(setImmediate);
      now--;
    },
  } as unknown as SessionManager;
  await endStrays({ ...run, sessions });
  expect(most).toBe(8);
});

const twenty = Array.from({ length: 20 }, (_, index) => tunnel(`s${index}`));

it("ends the sessions of all pages before it publishes the first report", async () => {
  const { run, done } = runWith([twenty.slice(0, 9), twenty.slice(9)]);
  await endStrays(run);
  expect(done.slice(0, 20).sort()).toEqual(twenty.map(({ SessionId }) => `end ${SessionId}`).sort());
  expect(done.slice(20).sort()).toEqual(
    twenty.map(({ SessionId }) => `tell SessionEnded/${SessionId}`).sort(),
  );
});

it("ends and reports the other sessions and fails if one session cannot be ended", async () => {
  const { run, done } = runWith([[tunnel("a"), tunnel("b")]], { ending: "a" });
  await expect(endStrays(run)).rejects.toThrow("1 failures: Error: cannot end a");
  expect(done).toEqual(["end b", "tell SessionEnded/b"]);
});

it("ends all sessions and fails if no report can be published", async () => {
  const { run, done } = runWith([[tunnel("a"), tunnel("b")]], { telling: true });
  await expect(endStrays(run)).rejects.toThrow("2 failures: Error: cannot tell");
  expect(done.slice(0, 2)).toEqual(["end a", "end b"]);
});

it("reports the sessions that it ended and fails if a further page cannot be listed", async () => {
  const { run, done } = runWith([[tunnel("a")], [tunnel("b")]], { listing: true });
  await expect(endStrays(run)).rejects.toThrow("1 failures: Error: cannot list");
  expect(done).toEqual(["end a", "tell SessionEnded/a"]);
});

it("ends all sessions and fails if no time is left to report them", async () => {
  const { run, done } = runWith([[tunnel("a"), tunnel("b")]], { time: true });
  await expect(endStrays(run)).rejects.toThrow("2 failures: Error: no time left to report the session a");
  expect(done).toEqual(["end a", "end b"]);
});

it.each(["SSM-SessionManagerRunShell", "", undefined])(
  "ends no session with the document %j, which is the preferences",
  async (DocumentName) => {
    const { run, done } = runWith([[{ SessionId: "a", DocumentName }]]);
    await endStrays(run);
    expect(done).toEqual([]);
  },
);
