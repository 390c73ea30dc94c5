import type { LogStream, SessionRow } from "../../report/model";
import { TargetEvidence } from "../../report/target-evidence";
import { MEANINGS, severityOf, VERDICTS } from "../../report/verdicts";
import { at, history, ID, NOW, rowsOf, RULES, stream, trail, transcript, type Said } from "./evidence";

const recorded: Said = { history: history(), trail: trail(), transcripts: [transcript()], stream: stream() };
const verdictOf = (said: Said) => rowsOf({ ...recorded, ...said }).map(({ verdict }) => verdict.kind);
const PORT = "AWS-StartPortForwardingSessionToRemoteHost";
const none = { transcripts: [], stream: null };
const kept = (bucket: number | null, logGroup: number | null) => ({
  ...RULES,
  transcripts: {
    ...RULES.transcripts,
    bucket: bucket === null ? null : { ...RULES.transcripts.bucket!, keptDays: bucket },
    logGroup: logGroup === null ? null : { ...RULES.transcripts.logGroup!, keptDays: logGroup },
  },
});
const old = { start: at("02T09:00"), end: at("02T10:00") };
const written = (time: string) => ({ time: at(time).toISOString(), firstTime: at(time).toISOString() });
const empty = { firstEvent: null, lastEvent: null, lastIngestion: null };

it.each`
  session                                                             | said                                                                                                                                                                                  | kind
  ${"with both records"}                                              | ${{}}                                                                                                                                                                                 | ${"recorded"}
  ${"that CloudTrail does not know"}                                  | ${{ trail: null }}                                                                                                                                                                    | ${"recorded"}
  ${"with no record"}                                                 | ${none}                                                                                                                                                                               | ${"unrecorded"}
  ${"with an empty transcript and no stream"}                         | ${{ transcripts: [transcript({ size: 0 })], stream: null }}                                                                                                                           | ${"unrecorded"}
  ${"with a stream alone"}                                            | ${{ transcripts: [] }}                                                                                                                                                                | ${"in-part"}
  ${"with a transcript alone"}                                        | ${{ stream: null }}                                                                                                                                                                   | ${"in-part"}
  ${"with an empty transcript and a stream"}                          | ${{ transcripts: [transcript({ size: 0 })] }}                                                                                                                                         | ${"in-part"}
  ${"whose empty stream may still settle"}                            | ${{ history: history({ end: at("24T11:00") }), stream: stream(empty) }}                                                                                                               | ${"grace"}
  ${"whose stream is empty for good"}                                 | ${{ stream: stream(empty) }}                                                                                                                                                          | ${"in-part"}
  ${"with an empty transcript and an empty stream"}                   | ${{ transcripts: [transcript({ size: 0 })], stream: stream(empty) }}                                                                                                                  | ${"unrecorded"}
  ${"recorded in S3 alone"}                                           | ${{ stream: null, rules: kept(365, null) }}                                                                                                                                           | ${"recorded"}
  ${"recorded in S3 alone, without transcript"}                       | ${{ ...none, rules: kept(365, null) }}                                                                                                                                                | ${"unrecorded"}
  ${"that is within the grace period"}                                | ${{ ...none, history: history({ end: at("24T11:45") }) }}                                                                                                                             | ${"grace"}
  ${"that has just ended and is recorded"}                            | ${{ history: history({ end: at("24T11:45") }) }}                                                                                                                                      | ${"recorded"}
  ${"that lasted 10 seconds and left nothing"}                        | ${{ ...none, history: history({ end: new Date(at("24T09:00").getTime() + 10_000) }) }}                                                                                                | ${"unopened"}
  ${"that is open"}                                                   | ${{ ...none, history: history({ status: "Connected", end: null }) }}                                                                                                                  | ${"open"}
  ${"that is listed as over, without an end"}                         | ${{ ...none, history: history({ end: null }) }}                                                                                                                                       | ${"open"}
  ${"that has an end, and is listed as terminating"}                  | ${{ ...none, history: history({ status: "Terminating" }) }}                                                                                                                           | ${"unrecorded"}
  ${"that is open, 25 hours after it began"}                          | ${{ ...none, history: history({ status: "Connected", start: at("23T11:00"), end: null }) }}                                                                                           | ${"open"}
  ${"that is open, and longer than any maximum"}                      | ${{ ...none, history: history({ status: "Connected", start: at("23T10:59"), end: null }) }}                                                                                           | ${"unread"}
  ${"that is over without an end, for longer than any maximum"}       | ${{ ...none, history: history({ start: at("23T10:59"), end: null }) }}                                                                                                                | ${"unread"}
  ${"that is open for long, where the map has no maximum"}            | ${{ ...none, history: history({ status: "Connected", start: at("20T09:00"), end: null }), rules: { ...RULES, transcripts: { ...RULES.transcripts, maximumDurationMinutes: null } } }} | ${"open"}
  ${"that is open for long with another document"}                    | ${{ ...none, history: history({ status: "Connected", document: PORT, start: at("20T09:00"), end: null }) }}                                                                           | ${"open"}
  ${"that failed after 50 minutes"}                                   | ${{ ...none, history: history({ status: "Failed" }) }}                                                                                                                                | ${"unrecorded"}
  ${"that failed"}                                                    | ${{ ...none, history: history({ status: "Failed", end: at("24T09:01") }) }}                                                                                                           | ${"failed"}
  ${"that forwarded a port"}                                          | ${{ ...none, history: history({ document: PORT }) }}                                                                                                                                  | ${"port-forwarding"}
  ${"that forwarded a port by the document's ARN"}                    | ${{ ...none, history: history({ document: `arn:aws:ssm:eu-west-1::document/${PORT}` }) }}                                                                                             | ${"port-forwarding"}
  ${"that carried SSH"}                                               | ${{ ...none, history: history({ document: "AWS-StartSSHSession" }) }}                                                                                                                 | ${"ssh"}
  ${"with a document of somebody's own"}                              | ${{ ...none, history: history({ document: "Acme-Shell" }) }}                                                                                                                          | ${"other-document"}
  ${"with a document of another account, named like the preferences"} | ${{ ...none, history: history({ document: "arn:aws:ssm:eu-west-1:999999999999:document/SSM-SessionManagerRunShell" }) }}                                                              | ${"other-document"}
  ${"before recording was deployed"}                                  | ${{ ...none, history: history({ start: new Date("2026-10-30T09:00:00Z"), end: new Date("2026-10-30T10:00:00Z") }) }}                                                                  | ${"before-recording"}
  ${"of a target without a place for records"}                        | ${{ ...none, rules: kept(null, null) }}                                                                                                                                               | ${"no-destination"}
  ${"past the retention of both records"}                             | ${{ ...none, history: history(old), rules: kept(7, 7) }}                                                                                                                              | ${"past-retention"}
  ${"past the retention, and still there"}                            | ${{ history: history(old), rules: kept(7, 7), transcripts: [transcript(written("02T10:01"))], stream: null }}                                                                         | ${"recorded"}
  ${"past the retention of its stream, without transcript"}           | ${{ ...none, history: history(old), rules: kept(365, 7) }}                                                                                                                            | ${"unrecorded"}
`("a session $session is $kind", ({ said, kind }) => {
  expect(verdictOf(said as Said)).toEqual([kind]);
});

const claim = (change: object = {}) => ({
  sessionId: ID,
  instance: history().instance,
  owner: history().owner,
  events: 5,
  ...change,
});
const unnamed = { sessionId: null, instance: null, owner: null, events: 2 };

it.each`
  events                                           | claims                                                             | masked   | words
  ${"of the session itself"}                       | ${[claim()]}                                                       | ${false} | ${null}
  ${"that say nothing of themselves"}              | ${[unnamed]}                                                       | ${false} | ${null}
  ${"whose names a data protection policy masks"}  | ${[claim({ sessionId: "*****@acme.com-0" }), unnamed]}             | ${true}  | ${null}
  ${"of another session"}                          | ${[claim({ sessionId: "mallory-0" })]}                             | ${false} | ${"5 events of the log stream name the session mallory-0:"}
  ${"of another instance beside those of its own"} | ${[claim(), claim({ instance: "i-0bad", events: 1 })]}             | ${false} | ${"1 event of the log stream names the instance i-0bad: the agent of this session did not write it."}
  ${"of another person and another instance"}      | ${[claim({ owner: "arn:aws:iam::1:user/m", instance: "i-0bad" })]} | ${false} | ${"name the instance i-0bad and the principal arn:aws:iam::1:user/m"}
  ${"of another instance, in a masked stream"}     | ${[claim({ instance: "i-0bad" })]}                                 | ${true}  | ${"name the instance i-0bad"}
  ${"of its own beside plain text"}                | ${[claim(), unnamed]}                                              | ${false} | ${"The log stream has 2 events that name no session, and 5 that do"}
`("a log stream with events $events: $words", ({ claims, masked, words }) => {
  const [{ verdict }] = rowsOf({
    ...recorded,
    stream: stream({ claims: claims as LogStream["claims"], masked: masked as boolean }),
  }) as [SessionRow];
  expect(verdict.kind).toBe(words === null ? "recorded" : "contradicted");
  if (words !== null) expect(verdict.words.join(" ")).toContain(words as string);
});

it.each`
  record                                            | said                                                                                                                                                                      | kind
  ${"written twice"}                                | ${{ transcripts: [transcript(), transcript({ time: at("24T10:30").toISOString() })] }}                                                                                    | ${"contradicted"}
  ${"hidden by a delete marker"}                    | ${{ transcripts: [transcript(), transcript({ versions: 0, deleted: true, size: 0 })] }}                                                                                   | ${"contradicted"}
  ${"whose marker is older than its version"}       | ${{ transcripts: [transcript(), transcript({ versions: 0, deleted: false, size: 0, time: at("24T09:50").toISOString() })] }}                                              | ${"recorded"}
  ${"that its lifecycle has expired"}               | ${{ history: history(old), rules: kept(7, 7), stream: null, transcripts: [transcript({ versions: 0, deleted: true, size: 0 })] }}                                         | ${"past-retention"}
  ${"stored before the session began"}              | ${{ transcripts: [transcript({ firstTime: at("24T08:00").toISOString() })] }}                                                                                             | ${"contradicted"}
  ${"stored a clock's difference before its start"} | ${{ transcripts: [transcript({ firstTime: at("24T08:56").toISOString() })] }}                                                                                             | ${"recorded"}
  ${"whose stream is older than the session"}       | ${{ stream: stream({ created: at("24T08:00").toISOString() }) }}                                                                                                          | ${"contradicted"}
  ${"stored 91 minutes after its end"}              | ${{ transcripts: [transcript(written("24T11:21"))] }}                                                                                                                     | ${"contradicted"}
  ${"stored 90 minutes after its end"}              | ${{ transcripts: [transcript(written("24T11:20"))] }}                                                                                                                     | ${"recorded"}
  ${"alone in S3, stored weeks after its end"}      | ${{ history: history(old), transcripts: [transcript()], stream: null, rules: kept(365, null) }}                                                                           | ${"contradicted"}
  ${"written in time, and hidden weeks later"}      | ${{ history: history(old), rules: kept(7, 7), stream: null, transcripts: [transcript({ ...written("02T10:01") }), transcript({ versions: 0, deleted: true, size: 0 })] }} | ${"past-retention"}
  ${"whose stream was created too late"}            | ${{ stream: stream({ created: at("24T11:21").toISOString(), lastIngestion: at("24T11:22").toISOString() }) }}                                                             | ${"contradicted"}
  ${"whose stream got an event too late"}           | ${{ stream: stream({ lastIngestion: at("24T11:21").toISOString() }) }}                                                                                                    | ${"contradicted"}
  ${"whose stream got its last event in time"}      | ${{ stream: stream({ lastIngestion: at("24T11:20").toISOString() }) }}                                                                                                    | ${"recorded"}
  ${"of an open session, hours old"}                | ${{ history: history({ status: "Connected", end: null }) }}                                                                                                               | ${"contradicted"}
  ${"of a port forwarding"}                         | ${{ history: history({ document: PORT }) }}                                                                                                                               | ${"contradicted"}
  ${"that only the replica has"}                    | ${{ transcripts: [], replicas: [transcript({ place: "replica" })] }}                                                                                                      | ${"contradicted"}
  ${"that replica and bucket have"}                 | ${{ replicas: [transcript({ place: "replica" })] }}                                                                                                                       | ${"recorded"}
`("a record $record is $kind", ({ said, kind }) => {
  expect(verdictOf(said as Said)).toEqual([kind]);
});

it.each`
  end           | stored        | words
  ${"24T08:00"} | ${"24T09:35"} | ${"95 minutes after the session ended"}
  ${"23T09:50"} | ${"24T09:49"} | ${"23 hours after the session ended"}
  ${"21T09:50"} | ${"24T09:51"} | ${"3 days after the session ended"}
`("says that a transcript was stored $words", ({ end, stored, words }) => {
  const [row] = rowsOf({
    ...recorded,
    history: history({ start: at("20T09:00"), end: at(end as string) }),
    transcripts: [transcript(written(stored as string))],
    stream: null,
  });
  expect(row!.verdict.words.join(" ")).toContain(
    `S3 stored the transcript at ${written(stored as string).time}, ${words as string}`,
  );
});

const longAgo = new Date(NOW.getTime() - 31 * 24 * 3_600_000).toISOString();

it.each`
  evidence                                           | said                                                                           | kind
  ${"a young transcript"}                            | ${{ trail: null, stream: null }}                                               | ${"record-only"}
  ${"a young log stream"}                            | ${{ trail: null, transcripts: [] }}                                            | ${"record-only"}
  ${"a transcript of 31 days ago"}                   | ${{ trail: null, stream: null, transcripts: [transcript({ time: longAgo })] }} | ${"history-expired"}
  ${"a young event of CloudTrail"}                   | ${none}                                                                        | ${"trail-only"}
  ${"a young event of CloudTrail and a transcript"}  | ${{ stream: null }}                                                            | ${"trail-only"}
  ${"an event of CloudTrail of 31 days ago"}         | ${{ ...none, trail: trail({ event: { ...trail().event, time: longAgo } }) }}   | ${"history-expired"}
  ${"a transcript, where the history was not read,"} | ${{ trail: null, unread: ["history"] }}                                        | ${"unread"}
  ${"an event, where the history was not read,"}     | ${{ ...none, unread: ["history"] }}                                            | ${"unread"}
`("$evidence without a session in the history is $kind", ({ said, kind }) => {
  expect(verdictOf({ ...(said as Said), history: null })).toEqual([kind]);
});

describe("a record with the name of a probe", () => {
  const id = "session-audit-probe-0123456789abcdef0123456789";
  const object = (change: object = {}) =>
    transcript({ key: `sessions/444444444444/eu-west-1/${id}.log`, size: 57, ...change });
  const line = {
    name: id,
    firstEvent: at("24T09:01").toISOString(),
    lastEvent: at("24T09:01").toISOString(),
  };
  it.each([
    ["one line in both records", { transcripts: [object()], stream: stream(line) }, "probe"],
    [
      "a stream whose times are not known yet",
      { transcripts: [object()], stream: stream({ ...empty, name: id }) },
      "probe",
    ],
    ["more than a line", { transcripts: [object({ size: 58 })], stream: stream(line) }, "record-only"],
    [
      "a second version",
      { transcripts: [object(), object({ versionId: "v2" })], stream: null },
      "record-only",
    ],
    [
      "events at two times",
      { transcripts: [object()], stream: stream({ ...line, lastEvent: at("24T09:02").toISOString() }) },
      "record-only",
    ],
    [
      "a name that only begins so",
      { transcripts: [], stream: stream({ ...line, name: `${id}0` }) },
      "record-only",
    ],
    [
      "a session of this name",
      { history: history({ id }), transcripts: [object()], stream: null },
      "in-part",
    ],
  ])("and %s", (_what, said, kind) => {
    expect(verdictOf({ history: null, trail: null, ...said })).toEqual([kind]);
  });
});

it.each`
  unread           | said                        | kind
  ${"transcripts"} | ${none}                     | ${"unread"}
  ${"transcripts"} | ${{ transcripts: [] }}      | ${"unread"}
  ${"transcripts"} | ${{}}                       | ${"recorded"}
  ${"logStreams"}  | ${none}                     | ${"unread"}
  ${"logStreams"}  | ${{ stream: null }}         | ${"unread"}
  ${"trail"}       | ${{ trail: null }}          | ${"recorded"}
  ${"trail"}       | ${{ ...none, trail: null }} | ${"unrecorded"}
`("where $unread were not read, silence proves nothing: $kind", ({ unread, said, kind }) => {
  expect(verdictOf({ ...(said as Said), unread: [unread as "trail"] })).toEqual([kind]);
});

it("every verdict has its own words, and the worst come first", () => {
  expect(Object.keys(MEANINGS).sort()).toEqual([...VERDICTS].sort());
  const levels = VERDICTS.map((kind) =>
    ["alarm", "gap", "warning", "info", "good"].indexOf(MEANINGS[kind].level),
  );
  expect(levels).toEqual([...levels].sort());
  expect(severityOf("unrecorded")).toBe(0);
});

it("a row has what CloudTrail knows about the person and the tunnel", () => {
  const [row] = rowsOf({
    ...recorded,
    history: history({ document: PORT }),
    ...none,
    trail: trail({
      sourceIdentity: "alice@acme.example",
      parameters: { host: ["db.internal"], portNumber: ["5432"] },
    }),
  });
  expect(row).toMatchObject({
    id: ID,
    person: { name: "alice@acme.example", role: "operator", sessionName: "alice" },
    documentParameters: { host: ["db.internal"], portNumber: ["5432"] },
    document: PORT,
    trail: { mfa: true, sourceIp: "203.0.113.10" },
  });
});

it("a row has the id of the session, whose colon the key of its transcript lacks, whichever came first", () => {
  const id = "alice:x-wzleysigzmbd6fmkefjqvt5w4u";
  const evidence = new TargetEvidence({
    account: "payments",
    accountId: "444444444444",
    region: "eu-west-1",
    rules: RULES,
  });
  evidence.addTranscript(transcript({ key: `sessions/${id.replace(":", "")}.log` }));
  evidence.addTrail(trail({ id }));
  expect([...evidence.all()].map((one) => one.id)).toEqual([id]);
  evidence.addHistory(history({ id }));
  expect([...evidence.all()].map((one) => one.id)).toEqual([id]);
});

it("of two events of a session, a row has the earlier one, whichever came first", () => {
  const [first, second] = ["24T09:00", "24T09:01"].map((time, index) =>
    trail({ event: { ...trail().event, eventId: `e${index}`, time: at(time).toISOString() } }),
  );
  for (const events of [
    [first!, second!],
    [second!, first!],
  ]) {
    const evidence = new TargetEvidence({
      account: "payments",
      accountId: "444444444444",
      region: "eu-west-1",
      rules: RULES,
    });
    for (const event of events) evidence.addTrail(event);
    expect([...evidence.all()][0]!.trail!.event.eventId).toBe("e0");
  }
});

it("of two delete markers, a row has the later one, whichever came first", () => {
  const markers = ["24T09:51", "24T10:00"].map((time) =>
    transcript({ versions: 0, size: 0, time: at(time).toISOString() }),
  );
  const timeOf = (transcripts: typeof markers) => rowsOf({ transcripts })[0]!.transcript!.time;
  expect(timeOf(markers)).toBe(at("24T10:00").toISOString());
  expect(timeOf(markers.toReversed())).toBe(at("24T10:00").toISOString());
});

it.each([
  "SSM-SessionManagerRunShell",
  "arn:aws:ssm:eu-west-1:444444444444:document/SSM-SessionManagerRunShell",
  null,
])("a row with the document %j says that it used the preferences", (document) => {
  expect(rowsOf({ ...recorded, history: history({ document }) })[0]!.document).toBeNull();
});
