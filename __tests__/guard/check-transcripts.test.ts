import type { CheckRun } from "../../guard/check-session";
import { checkTranscripts, UnsoundProgress } from "../../guard/check-transcripts";
import type { EndedSession, RecordKind, RecordState } from "../../guard/expected-records";
import { OutOfTime } from "../../guard/guard";
import { progressItem, readProgress, type Item, type Progress } from "../../guard/progress";
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
  reason: "",
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
 * @param before progress that the last run noted, an item that somebody wrote, or null for a first run
 * @returns the run, and what it reported (`told`), asked Session Manager for (`asked`), noted (`progress`) and logged
 */
function world(sessions: readonly EndedSession[], before: Progress | { item: Item } | null) {
  const told: string[] = [];
  const logged: string[] = [];
  jest.spyOn(console, "info").mockImplementation((line: { event: string }) => void logged.push(line.event));
  const asked: { after: Date | null; before: Date }[] = [];
  let item = before === null || "item" in before ? before?.item : progressItem(before);
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
        progress: async () => item,
        advance: async (next: Progress) => {
          const isLater =
            item === undefined || String(item["checkedUntil"]?.S) <= next.checkedUntil.toISOString();
          if (isLater) item = progressItem(next);
          return isLater;
        },
        replace: async (next: Progress) => void (item = progressItem(next)),
        once: async (id: string) => !told.includes(id) && told.push(id) > 0,
      },
      ...more,
    } as unknown as CheckRun);
  const progress = (): Progress => {
    const { progress: noted, faults } = readProgress(item!, { now: NOW, destinations: "" });
    expect(faults).toEqual([]);
    return noted;
  };
  return { run, told, asked, logged, progress };
}

afterEach(() => jest.restoreAllMocks());

const since = hoursAgo(500);
const until = (hours: number): Progress => ({
  checkedUntil: hoursAgo(hours),
  since,
  destinations: DESTINATIONS,
});

describe("the first run", () => {
  it("checks no session, reports that, and notes the time from which sessions are checked", async () => {
    const { run, told, logged, progress } = world([ended("old", 2)], null);
    await run();
    expect(told).toEqual([`CheckBegan/${NOW.toISOString()}`]);
    expect(logged).not.toContain("CheckUpToDate");
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
    expect(progress().checkedUntil).toEqual(hoursAgo(0.5));
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

  describe("that is the first of a day", () => {
    const sessions = [
      ended("too late", 13 + 50.1),
      ended("two days old", 13 + 49),
      ended("long", 13 + 4, { startDate: hoursAgo(13 + 300) }),
      ended("new", 12),
    ];
    const firstOfDay = { now: hoursAgo(11) };

    it("looks back 50 hours, at sessions of any start", async () => {
      const { run, told, asked } = world(sessions, until(13));
      await run(firstOfDay);
      expect(told).toEqual(["new", "two days old", "long"].map((id) => `TranscriptMissing/${id}`));
      expect(asked).toEqual([
        { after: hoursAgo(13 + 3 + 25), before: hoursAgo(11.5) },
        { after: null, before: hoursAgo(13 + 3) },
      ]);
    });

    it("keeps its progress and fails if its time is up while it looks back", async () => {
      const { run, told, progress } = world(sessions, until(13));
      await expect(run({ ...firstOfDay, hasTime: () => told.length === 0 })).rejects.toThrow(OutOfTime);
      expect(told).toEqual(["TranscriptMissing/new"]);
      expect(progress().checkedUntil).toEqual(hoursAgo(11.5));
    });

    it("fails without progress if it cannot check one of the older sessions", async () => {
      const { run, progress } = world(sessions, until(13));
      const look: Look = async (id, expected) => {
        if (id === "long") throw new Error("AccessDenied");
        return finding("present", "present")(id, expected);
      };
      await expect(run({ ...firstOfDay, look })).rejects.toThrow("AccessDenied");
      expect(progress()).toEqual(until(13));
    });
  });

  it("catches up in stretches of six hours, and looks back once a day", async () => {
    const { run, asked, progress } = world([], until(20));
    await run();
    expect(asked.map(({ before }) => before)).toEqual([14, 8, 17, 2, 0.5].map(hoursAgo));
    expect(asked.map(({ after }) => after)).toEqual([
      hoursAgo(48),
      hoursAgo(42),
      null,
      hoursAgo(36),
      hoursAgo(30),
    ]);
    expect(progress().checkedUntil).toEqual(hoursAgo(0.5));
  });

  it("stops between two stretches when its time is up, and keeps the progress of the first", async () => {
    const { run, progress } = world([], until(20));
    await run({ hasTime: () => false });
    expect(progress().checkedUntil).toEqual(hoursAgo(14));
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
  /** The reports after each of nine runs. The first run sees a session that ended an hour before it. */
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

it("reports changed destinations, and no session that started before", async () => {
  const { run, told, logged, progress } = world([ended("new", 2)], { ...until(4), destinations: "others" });
  await run();
  expect(told).toEqual([`CheckBegan/${NOW.toISOString()}`]);
  expect(logged).not.toContain("CheckUpToDate");
  expect(progress()).toEqual({ checkedUntil: hoursAgo(0.5), since: NOW, destinations: DESTINATIONS });
});

it("notes changed destinations at once, even if there is no stretch to check", async () => {
  const { run, progress } = world([], { ...until(0), destinations: "others" });
  await run();
  expect(progress()).toEqual({ checkedUntil: NOW, since: NOW, destinations: DESTINATIONS });
});

describe("whether a run is up to date", () => {
  it("is logged when no session is left to check", async () => {
    const { run, logged } = world([], until(4));
    await run();
    expect(logged).toEqual(["CheckDone", "CheckUpToDate"]);
  });

  it("is not logged when sessions are left to check", async () => {
    const { run, logged } = world([], until(20));
    await run({ hasTime: () => false });
    expect(logged).toEqual(["CheckDone"]);
  });

  it("is not logged when the progress could not be noted", async () => {
    const { run, logged } = world([], until(4));
    const book = { progress: async () => progressItem(until(4)), advance: async () => false };
    await run({ book: book as unknown as CheckRun["book"] });
    expect(logged).toEqual(["CheckDone", "ProgressNotNoted"]);
  });
});

it("a note of the present time keeps no run from checking the last three hours", async () => {
  const { run, told, progress } = world([ended("new", 2), ended("old", 3.6)], until(0));
  await run();
  expect(told).toEqual(["TranscriptMissing/new"]);
  expect(progress()).toEqual(until(0));
});

describe("an unsound note of the last check", () => {
  const sound = progressItem(until(4));
  const future = { S: "2030-01-01T00:00:00.000Z" };

  it.each<[string, Item, string]>([
    [
      "checkedUntil in the future",
      { ...sound, checkedUntil: future },
      "checkedUntil is 2030-01-01T00:00:00.000Z",
    ],
    [
      "checkedUntil that is no time",
      { ...sound, checkedUntil: { S: "never" } },
      "checkedUntil is not a time",
    ],
    ["checkedUntil of another type", { ...sound, checkedUntil: { N: "1" } }, "checkedUntil is not text"],
    ["since in the future", { ...sound, since: future }, "since is 2030-01-01T00:00:00.000Z"],
    ["since that is no time", { ...sound, since: { S: "never" } }, "since is not a time"],
    ["no destinations", { ...sound, destinations: { NULL: true } }, "destinations is not text"],
    ["nothing at all", {}, "checkedUntil is missing, and since is missing, and destinations is not text"],
  ])("with %s is reported and replaced, and the sessions are checked", async (_what, item, fault) => {
    const { run, told, logged, progress } = world([ended("new", 2)], { item });
    await expect(run()).rejects.toThrow(UnsoundProgress);
    expect(told).toEqual([`ProgressRefused/${NOW.toISOString()}`, "TranscriptMissing/new"]);
    expect(logged).not.toContain("CheckUpToDate");
    expect(progress().checkedUntil).toEqual(hoursAgo(0.5));
    // The run that Lambda repeats.
    await run();
    expect(told).toHaveLength(2);
    expect(logged).toContain("CheckUpToDate");
    const again = world([], { item });
    await expect(again.run()).rejects.toThrow(fault);
  });

  it("stays as it is until it is reported", async () => {
    const item = { ...sound, checkedUntil: future };
    const replace = jest.fn();
    const book = {
      progress: async () => item,
      replace,
      once: () => Promise.reject(new Error("cannot tell")),
    };
    await expect(world([], null).run({ book: book as unknown as CheckRun["book"] })).rejects.toThrow(
      "cannot tell",
    );
    expect(replace).not.toHaveBeenCalled();
  });
});

describe("a session whose document is not allowed", () => {
  const document = "AWS-StartPortForwardingSession";
  const configuration = { ...CONFIGURATION, allowedDocuments: ["Acme-Shell"] };

  it.each<[string, Partial<EndedSession>, string[] | null, string[]]>([
    ["that ended", { document }, [], ["SessionEnded/new"]],
    [
      "that began before the check and ended since",
      { document, startDate: hoursAgo(20) },
      [],
      ["SessionEnded/new"],
    ],
    ["that did not start", { document, status: "Failed", startDate: hoursAgo(2) }, [], []],
    [
      "that failed after hours",
      { document, status: "Failed", startDate: hoursAgo(4) },
      [],
      ["SessionEnded/new"],
    ],
    ["whose status AWS has not updated", { document, status: "Disconnected" }, [], ["SessionEnded/new"]],
    ["that is allowed", { document: "Acme-Shell" }, ["Acme-Shell"], []],
    ["where the guard ends no sessions", { document }, null, []],
  ])("%s", async (_what, more, allowedDocuments, expected) => {
    const { run, told } = world([ended("new", 2, more)], { ...until(4), since: hoursAgo(10) });
    await run({ configuration: { ...configuration, allowedDocuments } });
    expect(told).toEqual(expected);
  });

  it("is not reported if it ended before the check began", async () => {
    const { run, told } = world([ended("new", 2, { document })], { ...until(4), since: hoursAgo(1) });
    await run({ configuration });
    expect(told).toEqual([]);
  });

  it("is reported once, by the run that ended it or by a later one", async () => {
    const { run, told } = world([ended("new", 2, { document })], until(4));
    told.push("SessionEnded/new");
    await run({ configuration });
    expect(told).toEqual(["SessionEnded/new"]);
  });
});
