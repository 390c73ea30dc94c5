import type { SNSClient } from "@aws-sdk/client-sns";
import type { Session } from "@aws-sdk/client-ssm";
import type { Run } from "../../guard/guard";
import type { ReportBook } from "../../guard/report-book";
import type { SessionManager } from "../../guard/session-manager";
import { endStrays } from "../../guard/stray-sessions";
import { CONFIGURATION } from "./configuration";

const tunnel = (SessionId: string): Session => ({
  SessionId,
  DocumentName: "AWS-StartPortForwardingSession",
});

/**
 * A run over running sessions, with fakes for AWS.
 * @param fails `ending` is the id of a session that cannot be ended; with `telling`, no report can be published
 */
function runWith(sessions: readonly Session[], fails: { ending?: string; telling?: boolean }) {
  const ended: string[] = [];
  const run = {
    configuration: CONFIGURATION,
    sessions: {
      *active() {
        yield sessions;
      },
      end(id: string) {
        if (id === fails.ending) return Promise.reject(new Error(`cannot end ${id}`));
        ended.push(id);
        return Promise.resolve();
      },
    } as unknown as SessionManager,
    book: {
      once: () => (fails.telling ? Promise.reject(new Error("cannot tell")) : Promise.resolve(true)),
    } as unknown as ReportBook,
    sns: {} as SNSClient,
  } satisfies Run;
  return { run, ended };
}

beforeEach(() => void jest.spyOn(console, "info").mockImplementation());
afterEach(() => jest.restoreAllMocks());

it("ends the other sessions and fails if one session cannot be ended", async () => {
  const { run, ended } = runWith([tunnel("a"), tunnel("b"), tunnel("c")], { ending: "a" });
  await expect(endStrays(run)).rejects.toThrow("1 sessions: Error: cannot end a");
  expect(ended).toEqual(["b", "c"]);
});

it("ends all sessions and fails if no report can be published", async () => {
  const { run, ended } = runWith([tunnel("a"), tunnel("b")], { telling: true });
  await expect(endStrays(run)).rejects.toThrow("2 sessions");
  expect(ended).toEqual(["a", "b"]);
});

it("ends no session that uses the preferences", async () => {
  const { run, ended } = runWith([{ SessionId: "a", DocumentName: "SSM-SessionManagerRunShell" }], {});
  await endStrays(run);
  expect(ended).toEqual([]);
});
