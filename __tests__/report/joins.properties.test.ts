import fc from "fast-check";
import { rowKey } from "../../report/row-key";
import type { Link } from "../../report/chain/verify";
import type { HistorySession, TrailSession } from "../../report/evidence";
import { Aggregation } from "../../report/aggregate";
import { KeptRows } from "../../report/kept-rows";
import type { LogStream, ReportLine, SessionRow, Transcript } from "../../report/model";
import { TargetEvidence } from "../../report/target-evidence";
import { MEANINGS, VERDICTS } from "../../report/verdicts";
import { mergeKept } from "../../fleet/report/kept/merge-kept";
import { holds } from "../helpers/property";
import { at, history, NOW, RECORDING_SINCE, RULES, stream, trail, transcript } from "./evidence";
import { reportOf, ROWS } from "./reports";

/** Something that a witness says about one session. */
type Saying =
  | { readonly by: "history"; readonly session: HistorySession }
  | { readonly by: "trail"; readonly session: TrailSession }
  | { readonly by: "transcript"; readonly part: Transcript }
  | { readonly by: "replica"; readonly part: Transcript }
  | { readonly by: "log stream"; readonly stream: LogStream };

/** Sessions without colons, with one, and those of a probe. The key of a transcript has no colons. */
const IDS = [
  ...["alice-wzleysigzmbd6fmkefjqvt5w4u", "bob:x-0a1b2c3d4e5f60718", "user-0123456789abcdef0"],
  "session-audit-probe-0123456789abcdef0123456789",
] as const;
const keyOf = (id: string) => id.replaceAll(":", "");

/** Minutes around the sessions: long before the recording, beyond the history, and during and after the sessions. */
const minute = fc.constantFrom(-60_000, -46_000, -300, -5, 0, 1, 5, 50, 51, 120, 170);
const timeOf = (minutes: number) => new Date(at("24T09:00").getTime() + minutes * 60_000);
const time = minute.map(timeOf);
const iso = time.map((date) => date.toISOString());

const DOCUMENTS = [
  null,
  "SSM-SessionManagerRunShell",
  "AWS-StartPortForwardingSession",
  "AWS-StartSSHSession",
  "Own",
];

const ended = (id: string): fc.Arbitrary<HistorySession> =>
  fc
    .record({
      start: minute,
      lasts: fc.constantFrom(0.1, 1, 50, 800),
      status: fc.constantFrom("Terminated", "Failed"),
      document: fc.constantFrom(...DOCUMENTS),
    })
    .map(({ start, lasts, ...rest }) =>
      history({ id, ...rest, start: timeOf(start), end: timeOf(start + lasts) }),
    );

/** The history may list a session as open and as ended, if it ends while the lists are read. */
const ofHistory = (id: string): fc.Arbitrary<Saying[]> =>
  fc
    .tuple(ended(id), fc.constantFrom("none", "open", "ended", "both", "ended twice"))
    .map(([session, kind]) => {
      const open = { ...session, status: "Connected", end: null };
      const lists = { none: [], open: [open], ended: [session], both: [open, session] };
      const all = kind === "ended twice" ? [session, { ...session }] : lists[kind as "none"];
      return all.map((one): Saying => ({ by: "history", session: one }));
    });

/** CloudTrail may deliver an event more than once, and nobody promises that a session has one event alone. */
const ofTrail = (id: string): fc.Arbitrary<Saying[]> =>
  fc
    .tuple(
      fc.uniqueArray(
        fc.record({
          document: fc.constantFrom(...DOCUMENTS),
          time: iso,
          eventId: fc.constantFrom("e1", "e2"),
          sourceIdentity: fc.constantFrom(null, "alice@acme.example"),
        }),
        { selector: ({ eventId }) => eventId, maxLength: 2 },
      ),
      fc.boolean(),
    )
    .map(([all, isTwice]) =>
      [...all, ...(isTwice ? all : [])].map(({ document, sourceIdentity, ...event }): Saying => {
        const session = trail({ id, document, sourceIdentity, event: { ...trail().event, ...event } });
        return { by: "trail", session };
      }),
    );

/** Versions and delete markers of a transcript. S3 lists the newest first, and each has its own time. */
const versions = (id: string, by: "transcript" | "replica"): fc.Arbitrary<Saying[]> =>
  fc
    .uniqueArray(fc.record({ time: minute, size: fc.constantFrom(0, 57, 1234), isMarker: fc.boolean() }), {
      selector: (one) => one.time,
      maxLength: 3,
    })
    .map((all) => {
      const newest = Math.max(...all.map((one) => one.time));
      return all.map(({ time, size, isMarker }, index): Saying => {
        const stored = timeOf(time).toISOString();
        const part = transcript({
          key: `sessions/444444444444/eu-west-1/${keyOf(id)}.log`,
          versionId: `v${index}`,
          ...(by === "replica" && { place: "replica" }),
          ...(isMarker ? { versions: 0, deleted: time === newest, size: 0, etag: null } : { size }),
          time: stored,
          firstTime: stored,
        });
        return { by, part };
      });
    });

const ofLogStream = (id: string): fc.Arbitrary<Saying[]> =>
  fc
    .option(fc.record({ created: iso, firstEvent: fc.option(iso), lastEvent: fc.option(iso) }))
    .map((found): Saying[] =>
      found === null
        ? []
        : [
            {
              by: "log stream",
              stream: stream({ ...found, name: keyOf(id), lastIngestion: found.lastEvent }),
            },
          ],
    );

const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });

/** All that the witnesses say about some sessions. */
const sayings = fc
  .subarray([...IDS], { minLength: 1 })
  .chain((ids) =>
    fc
      .tuple(
        ...ids.map((id) =>
          fc
            .tuple(
              ofHistory(id),
              ofTrail(id),
              versions(id, "transcript"),
              versions(id, "replica"),
              ofLogStream(id),
            )
            .map((all) => all.flat()),
        ),
      )
      .map((all) => all.flat()),
  );

const reading = fc.record({
  history: fc.boolean(),
  trail: fc.boolean(),
  transcripts: fc.boolean(),
  logStreams: fc.boolean(),
});
type Read = typeof reading extends fc.Arbitrary<infer R> ? R : never;

const NO_RECORDS = { bucket: null, logGroup: null };
const rules = fc
  .constantFrom({}, { bucket: null }, { logGroup: null }, NO_RECORDS, {
    bucket: { ...RULES.transcripts.bucket!, keptDays: 1 },
  })
  .map((change) => ({ ...RULES, transcripts: { ...RULES.transcripts, ...change } }));

/** The rows of a report, by their ids. */
function rowsOf(all: readonly Saying[], read: Read, props: typeof RULES): SessionRow[] {
  const evidence = new TargetEvidence({
    account: "payments",
    accountId: "444444444444",
    region: "eu-west-1",
    rules: props,
  });
  for (const saying of all) {
    if (saying.by === "history") evidence.addHistory(saying.session);
    else if (saying.by === "trail") evidence.addTrail(saying.session);
    else if (saying.by === "transcript") evidence.addTranscript(saying.part);
    else if (saying.by === "replica") evidence.addReplica(saying.part);
    else evidence.addLogStream(saying.stream);
  }
  const since = { transcript: RECORDING_SINCE, logStream: RECORDING_SINCE };
  return [...evidence.rows({ read, since, now: NOW })].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const idIn = (saying: Saying): string => {
  if (saying.by === "log stream") return saying.stream.name;
  if (saying.by === "transcript" || saying.by === "replica")
    return /([^/]+)\.log$/.exec(saying.part.key)![1]!;
  return keyOf(saying.session.id);
};

const inTwoOrders = sayings.chain((all) => fc.tuple(shuffled(all), shuffled(all)));

it("the rows do not depend on the order in which the witnesses speak", () =>
  holds(
    500,
    fc.property(inTwoOrders, reading, rules, ([one, other], read, props) => {
      expect(rowsOf(other, read, props)).toEqual(rowsOf(one, read, props));
    }),
  ));

it("every session that a witness names has one row with one verdict, whichever of the others are silent", () =>
  holds(
    300,
    fc.property(
      sayings.chain((all) => fc.shuffledSubarray(all)),
      reading,
      rules,
      (all, read, props) => {
        const rows = rowsOf(all, read, props);
        expect(rows.map(({ id }) => keyOf(id)).sort()).toEqual([...new Set(all.map(idIn))].sort());
        for (const { verdict } of rows) expect(VERDICTS).toContain(verdict.kind);
      },
    ),
  ));

/** Whether a row shows a record with content. */
const hasRecord = ({ transcript, logStream }: SessionRow): boolean =>
  (transcript !== null && transcript.size > 0 && !transcript.deleted) ||
  (logStream !== null && (logStream.firstEvent ?? logStream.lastEvent ?? logStream.lastIngestion) !== null);

it("no session is called recorded without the history and a record that has content", () =>
  holds(
    600,
    fc.property(sayings, reading, rules, (all, read, props) => {
      for (const row of rowsOf(all, read, props)) {
        if (MEANINGS[row.verdict.kind].level !== "good" && row.verdict.kind !== "in-part") continue;
        expect(row.witnesses.history).toBe("yes");
        expect(hasRecord(row)).toBe(true);
      }
    }),
  ));

it("no session looks better once its records are gone", () =>
  holds(
    300,
    fc.property(sayings, reading, rules, (all, read, props) => {
      const silent = all.filter(({ by }) => by === "history" || by === "trail");
      for (const { verdict } of rowsOf(silent, read, props)) {
        expect(["recorded", "in-part", "record-only", "probe"]).not.toContain(verdict.kind);
      }
    }),
  ));

/** Rows of a report: distinct sessions with any verdict. */
const rows = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      kind: fc.constantFrom(...VERDICTS),
      region: fc.constantFrom("eu-west-1", "us-east-1"),
      start: iso,
    }),
    { selector: ({ id, region }) => `${id} ${region}`, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ id, kind, region, start }): SessionRow => ({
      ...ROWS[0]!,
      id,
      region,
      start,
      verdict: { kind, words: [] },
    })),
  );

const sorted = (list: readonly SessionRow[]) => [...list].sort((a, b) => (rowKey(a) < rowKey(b) ? -1 : 1));

/** What is merged of kept reports, the oldest first. */
async function merged(reports: readonly (readonly SessionRow[])[]) {
  const { header, coverage, summary } = reportOf([]);
  const lines: ReportLine[] = [];
  const period = { since: timeOf(-90_000).toISOString(), until: NOW.toISOString() };
  const links = reports.map(
    (rows, index) =>
      ({
        key: String(index),
        manifest: {
          period,
          rows: rows.length,
          generatedAt: NOW.toISOString(),
          filters: {},
          parts: [{ key: String(index), mediaType: "application/x-ndjson" }],
        },
      }) as unknown as Link,
  );
  async function* linesOf(key: string) {
    const all = [{ ...header, period }, ...coverage, ...reports[Number(key)]!, summary];
    for (const line of all) yield await Promise.resolve(JSON.stringify(line));
  }
  const { report } = await mergeKept({
    place: { name: "place", lines: linesOf },
    links,
    since: null,
    until: null,
    strict: false,
    limit: 4,
    write: (line) => void lines.push(line),
  });
  const written = lines.filter((line): line is SessionRow => line.type === "session");
  return {
    report,
    written: sorted(written),
  };
}

it("reports of different targets make the same report in any order", () =>
  holds(
    20,
    fc.asyncProperty(
      fc
        .array(rows, { minLength: 1, maxLength: 4 })
        .map((all) => all.map((own, index) => own.map((row) => ({ ...row, accountId: String(index) }))))
        .chain((all) => fc.tuple(shuffled(all), shuffled(all))),
      async ([one, other]) => {
        const first = await merged(one);
        expect(await merged(other)).toEqual(first);
        expect(first.written).toHaveLength(one.flat().length);
      },
    ),
  ));

it("a report that is merged twice counts once, and reports may be merged in several steps", () =>
  holds(
    25,
    fc.asyncProperty(rows, rows, rows, async (one, two, three) => {
      const all = await merged([one, two, three]);
      expect(await merged([one, two, three, three])).toEqual(all);
      expect(await merged([(await merged([one, two])).written, three])).toEqual(all);
      expect(await merged([one, (await merged([two, three])).written])).toEqual(all);
    }),
  ));

const keysOf = (list: readonly SessionRow[]) => [...new Set(list.map(rowKey))].sort();

it("an alarm of any report stays, and every session of any report is in the result once", () =>
  holds(
    80,
    fc.asyncProperty(rows, rows, rows, async (...reports) => {
      const { written } = await merged(reports);
      const alarmed = reports.flat().filter(({ verdict }) => MEANINGS[verdict.kind].level === "alarm");
      expect(written.map(rowKey)).toEqual(keysOf(reports.flat()));
      const alarms = written.filter(({ verdict }) => MEANINGS[verdict.kind].level === "alarm");
      expect(alarms.map(rowKey)).toEqual(keysOf(alarmed));
    }),
  ));

it("numbers and shown rows do not depend on the order of the rows", () =>
  holds(
    150,
    fc.property(
      rows.chain((all) => fc.tuple(shuffled(all), shuffled(all))),
      fc.integer({ min: 1, max: 3 }),
      (orders, limit) => {
        const [first, second] = orders.map((all) => {
          const kept = new KeptRows(limit);
          const numbers = new Aggregation({
            period: { since: timeOf(-90_000), until: NOW },
            timeZone: "Europe/Berlin",
            workingHours: { weekdays: [1, 2, 3, 4, 5], from: 8, to: 18 },
          });
          for (const row of all) {
            kept.add(row);
            numbers.add(row);
          }
          return { ...kept.result(), numbers: numbers.result() };
        });
        expect(second).toEqual(first);
        expect(first!.rows.length + first!.omitted).toBe(first!.numbers.rows);
      },
    ),
  ));
