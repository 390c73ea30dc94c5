import {
  expectedRecords,
  mayNeverHaveOpened,
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
  session                                  | change                                                          | check                                | expected
  ${"that has ended"}                      | ${{}}                                                           | ${{}}                                | ${BOTH}
  ${"that names no document"}              | ${{ document: undefined }}                                      | ${{}}                                | ${BOTH}
  ${"that was refused"}                    | ${{ status: "Failed" }}                                         | ${{}}                                | ${[]}
  ${"that is about to end"}                | ${{ status: "Terminating" }}                                    | ${{}}                                | ${[]}
  ${"that carried a port"}                 | ${{ document: "AWS-StartPortForwardingSession" }}               | ${{}}                                | ${[]}
  ${"that carried SSH"}                    | ${{ document: "AWS-StartSSHSession" }}                          | ${{}}                                | ${[]}
  ${"that ran a command"}                  | ${{ document: "AWS-StartNonInteractiveCommand" }}               | ${{}}                                | ${[]}
  ${"with a document of its own"}          | ${{ document: "Acme-Shell" }}                                   | ${{}}                                | ${[]}
  ${"that began before records went here"} | ${{ startDate: at("01T00:00:00"), endDate: at("01T01:00:00") }} | ${{}}                                | ${BOTH}
  ${"that began a moment earlier"}         | ${{ startDate: new Date(SINCE.getTime() - 1) }}                 | ${{}}                                | ${[]}
  ${"without transcripts in S3"}           | ${{}}                                                           | ${{ bucket: null }}                  | ${["log stream"]}
  ${"without a log group"}                 | ${{}}                                                           | ${{ logGroup: null }}                | ${["transcript"]}
  ${"whose records are kept a day"}        | ${{}}                                                           | ${keeping(1)}                        | ${BOTH}
  ${"whose records were kept a day"}       | ${{ startDate: at("23T09:00:00"), endDate: at("23T11:00:00") }} | ${keeping(1)}                        | ${[]}
  ${"whose stream alone has expired"}      | ${{ startDate: at("22T09:00:00"), endDate: at("22T11:00:00") }} | ${{ logGroup: keeping(1).logGroup }} | ${["transcript"]}
`("a session $session must have left $expected", ({ change, check, expected }) => {
  const configuration = { ...CONFIGURATION, transcripts: { ...transcripts, ...check } };
  expect(expectedRecords({ ...SESSION, ...change }, configuration, { since: SINCE, now: NOW })).toEqual(
    expected,
  );
});

it.each`
  seconds | missing           | may
  ${1}    | ${BOTH}           | ${true}
  ${19}   | ${BOTH}           | ${true}
  ${20}   | ${BOTH}           | ${false}
  ${3600} | ${BOTH}           | ${false}
  ${1}    | ${["transcript"]} | ${false}
`(
  "a session of $seconds seconds without its $missing may never have been opened: $may",
  ({ seconds, missing, may }) => {
    const endDate = new Date(SESSION.startDate.getTime() + seconds * 1000);
    expect(mayNeverHaveOpened({ ...SESSION, endDate }, ["transcript", "log stream"], missing)).toBe(may);
  },
);

it.each`
  sessionId      | key
  ${"alice-1"}   | ${"a/b/alice-1.log"}
  ${"a:lice:-1"} | ${"a/b/alice-1.log"}
`("the transcript of $sessionId lies at $key: the agent leaves colons out", ({ sessionId, key }) => {
  expect(transcriptKey("a/b", sessionId)).toBe(key);
});
