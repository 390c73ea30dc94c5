import { gzipSync } from "node:zlib";
import type { S3Client } from "@aws-sdk/client-s3";
import { trailBucketOf, trailBucketSessions } from "../../../fleet/report/trail-bucket";

const PERIOD = { since: new Date("2026-11-24T10:00:00Z"), until: new Date("2026-11-24T12:00:00Z") };
const record = (sessionId: string) => ({
  ...{ eventSource: "ssm.amazonaws.com", eventName: "StartSession", eventTime: "2026-11-24T11:00:00Z" },
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
  for await (const { id } of trailBucketSessions(s3, trailBucketOf("s3://acme-trail"), place, PERIOD))
    ids.push(id);
  return { ids, listed };
};

it("reads the files of the account, the region and the days, of an account's and of an organization's trail", async () => {
  const { ids } = await read({
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
});

it("says so if the bucket has nothing of an account, because silence proves nothing then", async () => {
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
