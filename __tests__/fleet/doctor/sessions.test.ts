import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { lookUpRecords } from "../../../fleet/doctor/read/sessions";
import type { EndedSession, RecordingRules } from "../../../guard/expected-records";

const NOW = new Date("2026-11-26T12:00:00Z");
const RULES: RecordingRules = {
  partition: "aws",
  account: "111111111111",
  region: "eu-west-1",
  preferences: "SSM-SessionManagerRunShell",
  transcripts: {
    gracePeriodMinutes: 0,
    maximumDurationMinutes: null,
    bucket: { name: "b", prefix: "p", keptDays: null },
    logGroup: { name: "g", keptDays: null },
  },
};
const CONTENT = JSON.stringify({
  inputs: { s3BucketName: "b", s3KeyPrefix: "p", cloudWatchLogGroupName: "g" },
});
const session = (
  sessionId: string,
  minutesAgo: number,
  change: Partial<EndedSession> = {},
): EndedSession => ({
  sessionId,
  status: "Terminated",
  document: undefined,
  instance: "i-1",
  owner: "o",
  reason: "",
  startDate: new Date(NOW.getTime() - (minutesAgo + 10) * 60_000),
  endDate: new Date(NOW.getTime() - minutesAgo * 60_000),
  ...change,
});

/** What AWS has: sizes of transcripts, and whether log streams have an event, by the ids of sessions. */
function clientsWith(transcripts: Record<string, number>, streams: Record<string, boolean>) {
  const answers: Record<string, (input: Record<string, unknown>) => object> = {
    ListDocumentVersionsCommand: () => ({
      DocumentVersions: [{ DocumentVersion: "1", CreatedDate: new Date("2026-11-26T00:00:00Z") }],
    }),
    GetDocumentCommand: () => ({ Content: CONTENT }),
    ListObjectsV2Command: ({ Prefix }) => {
      const Size = transcripts[String(Prefix).slice(2, -4)];
      return { Contents: Size === undefined ? [] : [{ Key: Prefix, Size }] };
    },
    DescribeLogStreamsCommand: ({ logStreamNamePrefix: logStreamName }) => {
      const hasEvent = streams[String(logStreamName)];
      if (hasEvent === undefined) return { logStreams: [] };
      return { logStreams: [{ logStreamName, ...(hasEvent && { firstEventTimestamp: 1 }) }] };
    },
  };
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
    answers[command.constructor.name]!(command.input);
  // The pages of the SDK take a true client alone.
  const settings = { region: "eu-west-1" };
  const clients = {
    ssm: new SSMClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client(settings),
  };
  for (const client of Object.values(clients)) Object.assign(client, { send });
  return clients;
}

const look = async (
  sessions: readonly EndedSession[],
  transcripts: Record<string, number> = {},
  streams: Record<string, boolean> = {},
) =>
  (await lookUpRecords(sessions, RULES, clientsWith(transcripts, streams), NOW)).map(
    ({ session: { sessionId }, found }) => [sessionId, ...found.values()],
  );

it("looks up both records of a session", async () => {
  expect(await look([session("a", 60)], { a: 7 }, { a: true })).toEqual([["a", "present", "present"]]);
  expect(await look([session("a", 60)], { a: 0 }, { a: false })).toEqual([["a", "empty", "empty"]]);
  expect(await look([session("a", 60)])).toEqual([["a", "absent", "absent"]]);
});

it("looks at the five newest sessions, whatever order AWS has", async () => {
  const sessions = [50, 60, 30, 20, 70, 40, 80].map((minutes) => session(`s${minutes}`, minutes));
  expect((await look(sessions)).map(([id]) => id)).toEqual(["s20", "s30", "s40", "s50", "s60"]);
});

it.each([
  ["has just ended", session("a", 5)],
  [
    "failed to start",
    session("a", 60, { status: "Failed", startDate: new Date(NOW.getTime() - 61 * 60_000) }),
  ],
  ["used another document", session("a", 60, { document: "AWS-StartSSHSession" })],
  ["is older than recording", session("a", 24 * 60)],
])("a session that %s proves nothing", async (_what, one) => {
  expect(await look([one])).toEqual([]);
});
