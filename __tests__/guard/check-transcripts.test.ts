import { checkTranscripts, OutOfTime, type CheckRun } from "../../guard/check-transcripts";
import type { EndedSession, RecordKind, RecordState } from "../../guard/expected-records";
import type { Progress } from "../../guard/report-book";
import { CONFIGURATION } from "./configuration";

const NOW = new Date("2026-11-24T12:00:00Z");
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const { transcripts: CHECK } = CONFIGURATION;
const DESTINATIONS = JSON.stringify([CHECK.bucket!.name, CHECK.bucket!.prefix, CHECK.logGroup!.name]);

const ended = (sessionId: string, hours: number, more: Partial<EndedSession> = {}): EndedSession => ({
  sessionId,
  status: "Terminated",
  document: undefined,
  instance: "i-0123456789abcdef0",
  owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
  startDate: hoursAgo(hours + 1),
  endDate: hoursAgo(hours),
  ...more,
});

type Look = (id: string, expected: readonly RecordKind[]) => Promise<ReadonlyMap<RecordKind, RecordState>>;

/** A look-up that finds the same of every session. */
const finding =
  (transcript: RecordState, stream: RecordState): Look =>
  async (_id, expected) =>
    new Map(expected.map((kind) => [kind, kind === "transcript" ? transcript : stream]));

/**
 * A run of the check over sessions that left no record at all, with fakes for AWS.
 * @param before progress that the last run noted, or null for a first run
 * @returns the run, and what it reported (`told`), asked Session Manager for (`asked`) and noted (`progress`)
 */
function world(sessions: readonly EndedSession[], before: Progress | null) {
  const told: string[] = [];
  const asked: { after: Date | null; before: Date }[] = [];
  let progress = before;
  const run = (more: Partial<CheckRun> & { maximum?: number | null; look?: Look } = {}) =>
    checkTranscripts({
      configuration: CONFIGURATION,
      check: { ...CHECK, maximumDurationMinutes: more.maximum === undefined ? 720 : more.maximum },
      now: NOW,
      hasTime: () => true,
      sns: {},
      sessions: {
        async *ended(started: { after: Date | null; before: Date }) {
          asked.push(started);
          yield sessions.filter(
            ({ startDate }) =>
              (started.after === null || startDate >= started.after) && startDate <= started.before,
          );
        },
      },
      records: { look: more.look ?? finding("absent", "absent") },
      book: {
        progress: async () => progress,
        advance: async (next: Progress) => void (progress = next),
        once: async (id: string) => told.push(id) > 0,
      },
      ...more,
    } as unknown as CheckRun);
  return { run, told, asked, progress: () => progress };
}

beforeEach(() => jest.spyOn(console, "info").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

const since = hoursAgo(1000);
const until = (hours: number): Progress => ({
  checkedUntil: hoursAgo(hours),
  since,
  destinations: DESTINATIONS,
});

describe("the first run", () => {
  it("checks no session, and notes the time from which sessions are checked", async () => {
    const { run, told, progress } = world([ended("old", 2)], null);
    await run();
    expect(told).toEqual([]);
    expect(progress()).toEqual({ checkedUntil: NOW, since: NOW, destinations: DESTINATIONS });
  });
});

describe("a run", () => {
  it("reports sessions that ended from three hours before the last run's progress until the grace period", async () => {
    const sessions = [
      ended("before", 7.1),
      ended("again", 6.9),
      ended("new", 2),
      ended("just ended", 0.4, { startDate: hoursAgo(3) }),
    ];
    const { run, told, progress } = world(sessions, until(4));
    await run();
    expect(told).toEqual(["TranscriptMissing/again", "TranscriptMissing/new"]);
    expect(progress()!.checkedUntil).toEqual(hoursAgo(0.5));
  });

  it("asks for sessions that started up to 25 hours before the earliest end that it checks", async () => {
    const { run, asked } = world([], until(4));
    await run();
    expect(asked).toEqual([{ after: hoursAgo(4 + 3 + 25), before: hoursAgo(0.5) }]);
  });

  it("asks for sessions of any start if sessions have no maximum duration", async () => {
    const { run, asked } = world([], until(4));
    await run({ maximum: null });
    expect(asked[0]!.after).toBeNull();
  });

  it("looks back 26 hours on the first run of a day, and asks for sessions of any start", async () => {
    const sessions = [
      ended("too late", 13 + 26.1),
      ended("a day late", 13 + 25),
      ended("long", 13 + 3, { startDate: hoursAgo(13 + 300) }),
    ];
    const { run, told, asked } = world(sessions, until(13));
    await run({ now: hoursAgo(11) });
    expect(told).toEqual(["TranscriptMissing/a day late", "TranscriptMissing/long"]);
    expect(asked).toEqual([{ after: null, before: hoursAgo(11.5) }]);
  });

  it("catches up in stretches of six hours, of which the first of a day asks for sessions of any start", async () => {
    const { run, asked, progress } = world([], until(20));
    await run();
    expect(asked.map(({ before }) => before)).toEqual([14, 8, 2, 0.5].map(hoursAgo));
    expect(asked.map(({ after }) => after)).toEqual([hoursAgo(48), null, hoursAgo(36), hoursAgo(30)]);
    expect(progress()!.checkedUntil).toEqual(hoursAgo(0.5));
  });

  it("stops between two stretches when its time is up, and keeps the progress of the first", async () => {
    const { run, progress } = world([], until(20));
    await run({ hasTime: () => false });
    expect(progress()!.checkedUntil).toEqual(hoursAgo(14));
  });

  it("fails without progress when its time is up before the first stretch is checked", async () => {
    const { run, progress } = world([ended("new", 2)], until(4));
    await expect(run({ hasTime: () => false })).rejects.toThrow(OutOfTime);
    expect(progress()).toEqual(until(4));
  });

  it("checks all sessions before it fails because of one, and notes no progress", async () => {
    const { run, told, progress } = world([ended("new", 2), ended("other", 1)], until(4));
    let first = true;
    const look: Look = async (...asked) => {
      if (!first) return finding("absent", "absent")(...asked);
      first = false;
      throw new Error("AccessDenied");
    };
    await expect(run({ look })).rejects.toThrow("1 sessions: Error: AccessDenied");
    expect(told).toEqual(["TranscriptMissing/other"]);
    expect(progress()).toEqual(until(4));
  });

  it("does not report a session that may have ended before a client opened it", async () => {
    const { run, told } = world(
      [ended("short", 2, { startDate: new Date(hoursAgo(2).getTime() - 5_000) })],
      until(4),
    );
    await run();
    expect(told).toEqual([]);
  });
});

describe.each([15, 1440])("at intervals of %i minutes", (minutes) => {
  /** The reports after each of nine runs, of which the first sees a session that ended an hour before it. */
  async function reports(look: Look): Promise<string[][]> {
    const { run, told } = world([ended("new", 1)], until((minutes + 30) / 60));
    const after: string[][] = [];
    for (let runs = 0; runs < 9; runs++) {
      await run({ now: new Date(NOW.getTime() + runs * minutes * 60_000), look });
      after.push([...told]);
    }
    return after;
  }

  it("an empty transcript is reported by the first run", async () => {
    expect((await reports(finding("empty", "present")))[0]).toEqual(["TranscriptMissing/new"]);
  });

  it("a log stream without an event is reported by a later run, two hours after the session", async () => {
    const after = await reports(finding("present", "empty"));
    expect(after[0]).toEqual([]);
    expect(new Set(after.at(-1))).toEqual(new Set(["TranscriptMissing/new"]));
  });

  it("a log stream whose events show up within two hours is not reported", async () => {
    let looks = 0;
    const late: Look = async (...asked) => finding("present", looks++ === 0 ? "empty" : "present")(...asked);
    expect((await reports(late)).at(-1)).toEqual([]);
    expect(looks).toBeGreaterThan(1);
  });
});

it("does not report a session that started before the destinations changed", async () => {
  const { run, told, progress } = world([ended("new", 2)], { ...until(4), destinations: "others" });
  await run();
  expect(told).toEqual([]);
  expect(progress()).toEqual({ checkedUntil: hoursAgo(0.5), since: NOW, destinations: DESTINATIONS });
});

it("notes changed destinations at once, even if there is no stretch to check", async () => {
  const { run, progress } = world([], { ...until(0), destinations: "others" });
  await run();
  expect(progress()).toEqual({ checkedUntil: NOW, since: NOW, destinations: DESTINATIONS });
});
