import { gzipSync } from "node:zlib";
import type { S3Client } from "@aws-sdk/client-s3";
import { daysWithoutFile, trailBucketOf, trailBucketSessions } from "../../../fleet/report/trail-bucket";

const PERIOD = { since: new Date("2026-11-24T10:00:00Z"), until: new Date("2026-11-24T12:00:00Z") };
const record = (sessionId: string) => ({
  eventSource: "ssm.amazonaws.com",
  eventName: "StartSession",
  eventTime: "2026-11-24T11:00:00Z",
  responseElements: { sessionId },
});

/** A bucket with files of CloudTrail, and the prefixes that were listed. */
function bucketOf(files: Readonly<Record<string, unknown>>) {
  const listed: string[] = [];
  const send = ({ input }: { input: { Prefix?: string; Key?: string } }) => {
    if (input.Key === undefined) {
      listed.push(input.Prefix!);
      const keys = Object.keys(files).filter((key) => key.startsWith(input.Prefix!));
      return Promise.resolve({ Contents: keys.map((Key) => ({ Key })) });
    }
    const packed = gzipSync(JSON.stringify(files[input.Key]));
    return Promise.resolve({ Body: { transformToByteArray: () => Promise.resolve(packed) } });
  };
  return { listed, s3: { send, config: {} } as unknown as S3Client };
}

const read = async (
  files: Readonly<Record<string, unknown>>,
  organizationId: string | null = "o-a1b2c3d4e5",
) => {
  const { s3, listed } = bucketOf(files);
  const place = { accountId: "444444444444", region: "eu-west-1", organizationId };
  const ids: string[] = [];
  // The SDK's paginators take only its own clients.
  Object.setPrototypeOf(s3, (await import("@aws-sdk/client-s3")).S3Client.prototype as object);
  const days: string[] = [];
  const sessions = trailBucketSessions(s3, trailBucketOf("s3://acme-trail"), place, PERIOD, (day) =>
    days.push(day),
  );
  for await (const { id } of sessions) ids.push(id);
  return { ids, listed, days };
};

it("reads the files of the account, the region and the days, of an account's and of an organization's trail", async () => {
  const { ids, days } = await read({
    "AWSLogs/444444444444/CloudTrail/eu-west-1/2026/11/24/a.json.gz": {
      Records: [record("one"), { eventName: "x" }],
    },
    "AWSLogs/o-a1b2c3d4e5/444444444444/CloudTrail/eu-west-1/2026/11/25/b.json.gz": {
      Records: [record("two")],
    },
    "AWSLogs/444444444444/CloudTrail/eu-west-1/2026/11/26/c.json.gz": { Records: [record("too late")] },
    "AWSLogs/444444444444/CloudTrail/us-east-1/2026/11/24/d.json.gz": { Records: [record("elsewhere")] },
    "AWSLogs/999999999999/CloudTrail/eu-west-1/2026/11/24/e.json.gz": { Records: [record("of others")] },
    "AWSLogs/444444444444/CloudTrail-Digest/eu-west-1/2026/11/24/f.json.gz": { Records: [record("digest")] },
  });
  expect(ids).toEqual(["one", "two"]);
  expect(days).toEqual(["2026-11-24", "2026-11-25"]);
});

it("throws if the bucket has no file of the account, because a missing session then proves nothing", async () => {
  await expect(read({})).rejects.toThrow(
    "s3://acme-trail has no file of CloudTrail below AWSLogs/444444444444",
  );
});

it.each`
  url                                   | bucket          | prefix
  ${"s3://acme-trail"}                  | ${"acme-trail"} | ${""}
  ${"s3://acme-trail/"}                 | ${"acme-trail"} | ${""}
  ${"s3://acme-trail/org/main"}         | ${"acme-trail"} | ${"org/main/"}
  ${"s3://acme-trail/org/AWSLogs/o-1/"} | ${"acme-trail"} | ${"org/"}
  ${"s3://acme-trail/AWSLogs"}          | ${"acme-trail"} | ${""}
`("$url is the bucket $bucket with the prefix $prefix", ({ url, bucket, prefix }) => {
  expect(trailBucketOf(url as string)).toEqual({ bucket, prefix });
});

it.each(["acme-trail", "https://acme-trail", "s3://", "s3://UPPER"])("refuses %j", (url) => {
  expect(() => trailBucketOf(url)).toThrow("s3://<bucket>");
});

it.each`
  session                                           | starts                                              | missing
  ${"on a day with a file"}                         | ${["2026-11-20T10:00:00Z"]}                         | ${[]}
  ${"on a day without one"}                         | ${["2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z"]} | ${["2026-11-22"]}
  ${"of several days without one"}                  | ${["2026-11-23T10:00:00Z", "2026-11-22T10:00:00Z"]} | ${["2026-11-22", "2026-11-23"]}
  ${"in the hour before a day with one"}            | ${["2026-11-19T23:01:00Z"]}                         | ${[]}
  ${"more than an hour before a day with one"}      | ${["2026-11-19T22:59:00Z"]}                         | ${["2026-11-19"]}
  ${"that began so late that no file can be there"} | ${["2026-11-24T11:01:00Z"]}                         | ${[]}
  ${"of today that began an hour ago"}              | ${["2026-11-24T11:00:00Z"]}                         | ${["2026-11-24"]}
`(
  "a bucket with files of one day lacks those of $missing if there are sessions $session",
  ({ starts, missing }) => {
    const times = (starts as string[]).map((start) => new Date(start));
    expect(daysWithoutFile(times, new Set(["2026-11-20"]), PERIOD.until)).toEqual(missing);
  },
);
