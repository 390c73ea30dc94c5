import type { CloudWatchLogsClient, LogStream } from "@aws-sdk/client-cloudwatch-logs";
import type { S3Client, _Object } from "@aws-sdk/client-s3";
import { Records } from "../../guard/records";
import { CONFIGURATION } from "./configuration";

const ID = "alice-0123456789abcdef0";
const KEY = `sessions/444444444444/eu-central-1/${ID}.log`;
const answering = <T>(answer: object) =>
  ({ send: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)) }) as T;
const named = (name: string) => Object.assign(new Error(name), { name });

/** The states of both records, if S3 and CloudWatch Logs answer so. */
const statesOf = (s3: object, logs: object) =>
  new Records(answering<S3Client>(s3), answering<CloudWatchLogsClient>(logs), CONFIGURATION.transcripts).look(
    ID,
    ["transcript", "log stream"],
  );
const transcriptOf = async (s3: object) => (await statesOf(s3, {})).get("transcript");
const streamOf = async (logs: object) => (await statesOf({}, logs)).get("log stream");

it.each<[string, _Object[] | undefined, string]>([
  ["no list", undefined, "absent"],
  ["no object", [], "absent"],
  ["a longer key with the same beginning", [{ Key: `${KEY}.gz`, Size: 1 }], "absent"],
  ["an object of 0 bytes", [{ Key: KEY, Size: 0 }], "empty"],
  ["an object without a size", [{ Key: KEY }], "empty"],
  ["an object of 1 byte", [{ Key: KEY, Size: 1 }], "present"],
])("a transcript for which S3 lists %s", async (_what, Contents, state) => {
  expect(await transcriptOf({ Contents })).toBe(state);
});

it.each<[string, LogStream[] | undefined, string]>([
  ["no list", undefined, "absent"],
  ["no stream", [], "absent"],
  ["a longer name with the same beginning", [{ logStreamName: `${ID}0`, lastIngestionTime: 1 }], "absent"],
  ["a stream without a time", [{ logStreamName: ID, creationTime: 1 }], "empty"],
  ["a first event", [{ logStreamName: ID, firstEventTimestamp: 1 }], "present"],
  ["a last event", [{ logStreamName: ID, lastEventTimestamp: 1 }], "present"],
  ["an ingestion", [{ logStreamName: ID, lastIngestionTime: 1 }], "present"],
])("a log stream for which CloudWatch Logs lists %s", async (_what, logStreams, state) => {
  expect(await streamOf({ logStreams })).toBe(state);
});

it("both records are absent if their bucket and log group do not exist", async () => {
  const states = await statesOf(named("NoSuchBucket"), named("ResourceNotFoundException"));
  expect([...states]).toEqual([
    ["transcript", "absent"],
    ["log stream", "absent"],
  ]);
});

it.each([
  ["S3", named("AccessDenied"), {}],
  ["CloudWatch Logs", {}, named("AccessDeniedException")],
])("fails if %s refuses to list", async (_service, s3, logs) => {
  await expect(statesOf(s3, logs)).rejects.toThrow("AccessDenied");
});

it("asks for one object and one log stream, whose names begin with that of the session", async () => {
  const inputs: object[] = [];
  const send = ({ input }: { input: object }) => {
    inputs.push(input);
    return Promise.resolve({});
  };
  const asked = <T>() => ({ send }) as T;
  const records = new Records(asked<S3Client>(), asked<CloudWatchLogsClient>(), CONFIGURATION.transcripts);
  await records.look(ID, ["transcript", "log stream"]);
  expect(inputs).toEqual([
    { Bucket: CONFIGURATION.transcripts.bucket!.name, Prefix: KEY, MaxKeys: 1 },
    { logGroupName: CONFIGURATION.transcripts.logGroup!.name, logStreamNamePrefix: ID, limit: 1 },
  ]);
});

it("looks up only what is expected", async () => {
  const records = new Records(
    answering<S3Client>(named("AccessDenied")),
    answering<CloudWatchLogsClient>({ logStreams: [] }),
    CONFIGURATION.transcripts,
  );
  expect([...(await records.look(ID, ["log stream"]))]).toEqual([["log stream", "absent"]]);
});
