import type { Identities } from "../../../emulator/clients/identities";
import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { BucketOwners } from "../../../emulator/s3/bucket-owners";

const ONE = "111111111111";
const OTHER = "222222222222";

/** Owners of buckets, and requests that they observe; the access key id of a request is the caller's account. */
function started() {
  const identities = { of: async (key: string) => ({ accountId: key }) } as unknown as Identities;
  const owners = new BucketOwners(identities);
  const send = (method: string, url: string, account: string, status = 200) => {
    const request = { service: "s3", region: "eu-west-1", method, url, accessKeyId: account };
    owners.observe(request as AwsRequest)(status);
  };
  return { owners, send };
}

it("is the account that created the bucket", async () => {
  const { owners, send } = started();
  send("PUT", "/transcripts", ONE);
  send("PUT", "/transcripts", OTHER, 409);
  send("PUT", "/transcripts?policy", OTHER);
  send("PUT", "/transcripts/key", OTHER);
  expect(await owners.of("transcripts")).toBe(ONE);
});

it("is nobody when S3 refuses to create the bucket", async () => {
  const { owners, send } = started();
  send("PUT", "/transcripts", ONE, 400);
  expect(await owners.of("transcripts")).toBeUndefined();
});

it("stays the same when S3 refuses to delete the bucket", async () => {
  const { owners, send } = started();
  send("PUT", "/transcripts?x-id=CreateBucket", ONE);
  send("DELETE", "/transcripts", ONE, 409);
  expect(await owners.of("transcripts")).toBe(ONE);
});

it("changes when the bucket is deleted and created by another account", async () => {
  const { owners, send } = started();
  send("PUT", "/transcripts", ONE);
  send("DELETE", "/transcripts/", ONE, 204);
  expect(await owners.of("transcripts")).toBeUndefined();
  send("PUT", "/transcripts", OTHER);
  expect(await owners.of("transcripts")).toBe(OTHER);
});
