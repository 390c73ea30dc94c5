import {
  expectedRecords,
  mayNeverHaveOpened,
  missingRecords,
  SETTLED_MS,
  transcriptKey,
  type EndedSession,
} from "../../guard/expected-records";
import { CONFIGURATION } from "./configuration";

const at = (time: string) => new Date(`2026-11-${time}Z`);
const SINCE = at("01T00:00:00");
const NOW = at("24T12:00:00");
const SESSION: EndedSession = {
  sessionId: "alice-0123456789abcdef0",
  status: "Terminated",
  document: "SSM-SessionManagerRunShell",
  instance: "i-0123456789abcdef0",
  owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
  reason: "",
  startDate: at("24T10:00:00"),
  endDate: at("24T11:00:00"),
};
const BOTH = ["transcript", "log stream"];
const { transcripts } = CONFIGURATION;
const keeping = (days: number) => ({
  bucket: { ...transcripts.bucket!, keptDays: days },
  logGroup: { ...transcripts.logGroup!, keptDays: days },
});

it.each`
  session                                   | change                                                          | check                                | expected
  ${"that was terminated"}                  | ${{}}                                                           | ${{}}                                | ${BOTH}
  ${"that names no document"}               | ${{ document: undefined }}                                      | ${{}}                                | ${BOTH}
  ${"that failed to start"}                 | ${{ status: "Failed", endDate: at("24T10:00:05") }}             | ${{}}                                | ${[]}
  ${"that failed after 9 minutes"}          | ${{ status: "Failed", endDate: at("24T10:09:00") }}             | ${{}}                                | ${[]}
  ${"that failed after 10 minutes"}         | ${{ status: "Failed", endDate: at("24T10:10:00") }}             | ${{}}                                | ${BOTH}
  ${"that has an end, and is about to end"} | ${{ status: "Terminating" }}                                    | ${{}}                                | ${BOTH}
  ${"that forwarded a port"}                | ${{ document: "AWS-StartPortForwardingSession" }}               | ${{}}                                | ${[]}
  ${"that carried SSH"}                     | ${{ document: "AWS-StartSSHSession" }}                          | ${{}}                                | ${[]}
  ${"that ran a command"}                   | ${{ document: "AWS-StartNonInteractiveCommand" }}               | ${{}}                                | ${[]}
  ${"that used a custom document"}          | ${{ document: "Acme-Shell" }}                                   | ${{}}                                | ${[]}
  ${"that started when recording began"}    | ${{ startDate: at("01T00:00:00"), endDate: at("01T01:00:00") }} | ${{}}                                | ${BOTH}
  ${"that started a moment earlier"}        | ${{ startDate: new Date(SINCE.getTime() - 1) }}                 | ${{}}                                | ${[]}
  ${"recorded in CloudWatch Logs alone"}    | ${{}}                                                           | ${{ bucket: null }}                  | ${["log stream"]}
  ${"recorded in S3 alone"}                 | ${{}}                                                           | ${{ logGroup: null }}                | ${["transcript"]}
  ${"whose records expire later today"}     | ${{}}                                                           | ${keeping(1)}                        | ${BOTH}
  ${"whose records have expired"}           | ${{ startDate: at("23T09:00:00"), endDate: at("23T11:00:00") }} | ${keeping(1)}                        | ${[]}
  ${"whose stream alone has expired"}       | ${{ startDate: at("22T09:00:00"), endDate: at("22T11:00:00") }} | ${{ logGroup: keeping(1).logGroup }} | ${["transcript"]}
`("the expected records of a session $session are $expected", ({ change, check, expected }) => {
  const configuration = { ...CONFIGURATION, transcripts: { ...transcripts, ...check } };
  expect(expectedRecords({ ...SESSION, ...change }, configuration, { since: SINCE, now: NOW })).toEqual(
    expected,
  );
});

it.each`
  kind            | state        | age              | is
  ${"transcript"} | ${"present"} | ${"3 hours"}     | ${null}
  ${"transcript"} | ${"absent"}  | ${"0 hours"}     | ${"absent"}
  ${"transcript"} | ${"empty"}   | ${"0 hours"}     | ${"empty"}
  ${"log stream"} | ${"present"} | ${"3 hours"}     | ${null}
  ${"log stream"} | ${"absent"}  | ${"0 hours"}     | ${"absent"}
  ${"log stream"} | ${"empty"}   | ${"1.999 hours"} | ${null}
  ${"log stream"} | ${"empty"}   | ${"2 hours"}     | ${"empty"}
`("a $kind that is $state $age after its session counts as $is", ({ kind, state, age, is }) => {
  const endDate = new Date(NOW.getTime() - parseFloat(age as string) * 3_600_000);
  expect(missingRecords(new Map([[kind, state]]), { endDate }, NOW)).toEqual(
    is === null ? [] : [{ kind, state: is }],
  );
});

it.each`
  seconds | transcript  | stream       | may
  ${1}    | ${"absent"} | ${"absent"}  | ${true}
  ${19}   | ${"absent"} | ${"absent"}  | ${true}
  ${20}   | ${"absent"} | ${"absent"}  | ${false}
  ${3600} | ${"absent"} | ${"absent"}  | ${false}
  ${1}    | ${"absent"} | ${"present"} | ${false}
  ${1}    | ${"empty"}  | ${"absent"}  | ${false}
  ${1}    | ${"absent"} | ${"empty"}   | ${false}
`(
  "whether a session of $seconds seconds with a transcript $transcript and a stream $stream may have ended before a client opened it: $may",
  ({ seconds, transcript, stream, may }) => {
    const endDate = new Date(SESSION.startDate.getTime() + seconds * 1000);
    const found = new Map([["transcript", transcript] as const, ["log stream", stream] as const]);
    const missing = missingRecords(found, { endDate }, new Date(endDate.getTime() + SETTLED_MS));
    expect(mayNeverHaveOpened({ ...SESSION, endDate }, ["transcript", "log stream"], missing)).toBe(may);
  },
);

it.each`
  sessionId      | key
  ${"alice-1"}   | ${"a/b/alice-1.log"}
  ${"a:lice:-1"} | ${"a/b/alice-1.log"}
`("the transcript of the session $sessionId has the key $key", ({ sessionId, key }) => {
  expect(transcriptKey("a/b", sessionId)).toBe(key);
});
