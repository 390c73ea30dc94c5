import { gzipSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { readersOf, readersText } from "../../../fleet/report/readers";

const OBJECT = { bucket: "acme-sessions", key: "sessions/1/eu-west-1/alice-1.log" };
const ORGANIZATION = {
  id: "o-a1b2c3d4e5",
  accounts: ["111111111111", "222222222222"].map((id) => ({ id })),
} as unknown as Parameters<typeof readersOf>[1]["organization"];

const event = (eventID: string, change: Readonly<Record<string, unknown>> = {}) => ({
  eventSource: "s3.amazonaws.com",
  eventName: "GetObject",
  eventTime: "2026-11-25T08:00:00Z",
  eventID,
  managementEvent: false,
  sourceIPAddress: "203.0.113.10",
  userAgent: "aws-cli/2\u001b[2J",
  userIdentity: { arn: "arn:aws:sts::1:assumed-role/audit/bob" },
  requestParameters: { bucketName: OBJECT.bucket, key: OBJECT.key },
  ...change,
});

/** A trail's bucket with files. */
function trail(files: Readonly<Record<string, readonly unknown[]>>): S3Client {
  const send = async ({ input }: { input: { Prefix?: string; Key?: string } }) =>
    input.Key === undefined
      ? {
          Contents: Object.keys(files)
            .filter((key) => key.startsWith(input.Prefix!))
            .map((Key) => ({ Key })),
        }
      : {
          Body: {
            transformToByteArray: async () => gzipSync(JSON.stringify({ Records: files[input.Key!] })),
          },
        };
  return Object.assign(new S3Client({ region: "eu-west-1" }), { send });
}

const read = (files: Readonly<Record<string, readonly unknown[]>>) =>
  readersOf(
    { ...OBJECT, firstTime: "2026-11-24T10:00:00.000Z" },
    {
      s3: trail(files),
      trail: { bucket: "acme-trail", prefix: "" },
      organization: ORGANIZATION,
      region: "eu-west-1",
      until: new Date("2026-11-26T12:00:00Z"),
    },
  );
const words = async (files: Readonly<Record<string, readonly unknown[]>>): Promise<string> =>
  readersText(await read(files), OBJECT, { width: 100, timeZone: "UTC" }).replace(/\s+/g, " ");

it("lists reads of callers in any account of the map, each once and the oldest first", async () => {
  const { reads, files } = await read({
    "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/11/25/a.json.gz": [
      event("late", { eventTime: "2026-11-25T09:00:00Z" }),
    ],
    "AWSLogs/o-a1b2c3d4e5/111111111111/CloudTrail/eu-west-1/2026/11/25/b.json.gz": [
      event("late", { eventTime: "2026-11-25T09:00:00Z" }),
    ],
    "AWSLogs/222222222222/CloudTrail/eu-west-1/2026/11/25/c.json.gz": [
      event("early"),
      event("other", { requestParameters: { bucketName: OBJECT.bucket, key: "x" } }),
    ],
    "AWSLogs/222222222222/CloudTrail/eu-west-1/2026/11/23/d.json.gz": [event("before the transcript")],
    "AWSLogs/222222222222/CloudTrail/us-east-1/2026/11/25/e.json.gz": [event("elsewhere")],
  });
  expect([reads.map(({ eventId }) => eventId), files]).toEqual([["early", "late"], 3]);
});

it("lists a call between two accounts once, which CloudTrail records in both with an event id each", async () => {
  const { reads } = await read({
    "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/11/25/a.json.gz": [
      event("of the owner", { sharedEventID: "one call" }),
    ],
    "AWSLogs/222222222222/CloudTrail/eu-west-1/2026/11/25/b.json.gz": [
      event("of the caller", { sharedEventID: "one call" }),
      event("another", { sharedEventID: "another call" }),
    ],
  });
  expect(reads).toHaveLength(2);
});

it("says who, when, from where and with what, and shows every character", async () => {
  const text = await words({
    "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/11/25/a.json.gz": [
      event("e", { errorCode: "AccessDenied" }),
    ],
  });
  expect(text).toContain("2026-11-25 08:00:00 UTC arn:aws:sts::1:assumed-role/audit/bob");
  expect(text).toContain(
    "from 203.0.113.10, with aws-cli/2\\u001b[2J, the newest version, S3 refused: AccessDenied",
  );
});

it.each([
  [
    "says that nobody read it where the trail has other data events of the bucket",
    [event("x", { eventName: "PutObject" })],
    "Nobody in the accounts of the map read",
  ],
  [
    "says that it is unknown where the trail has no data event of the bucket",
    [{ eventName: "x" }],
    "Unknown who read",
  ],
  ["says that it is unknown where the trail has nothing", undefined, "Unknown who read"],
])("%s", async (_name, records: readonly unknown[] | undefined, start) => {
  const files: Record<string, readonly unknown[]> =
    records === undefined
      ? {}
      : { "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/11/25/a.json.gz": records };
  expect(await words(files)).toMatch(new RegExp(`^${start}`));
});
