import type { AwsRequest } from "../../../emulator/gateway/protocol";
import { BucketPolicies } from "../../../emulator/s3/bucket-policies";

const POLICY = JSON.stringify({ Statement: [{ Effect: "Allow" }, { Effect: "Deny" }] });
const request = (method: string, url: string, body = "") =>
  ({ method, url, service: "s3", body: Buffer.from(body) }) as AwsRequest;

/** Policies of buckets, and calls that S3 answers with a status. */
function started() {
  const policies = new BucketPolicies();
  const send = (method: string, url: string, status: number, body?: string) =>
    policies.observe(request(method, url, body))(status);
  return { policies, send };
}

it("is what was set, with the statements that moto does not get", () => {
  const { policies, send } = started();
  send("PUT", "/records?policy=", 204, POLICY);
  expect(policies.of("records")).toBe(POLICY);
  const sent = policies.strip(request("PUT", "/records?policy=", POLICY)).body.toString();
  expect(JSON.parse(sent)).toEqual({ Statement: [{ Effect: "Allow" }] });
});

it.each`
  method      | url                   | status | afterwards
  ${"DELETE"} | ${"/records?policy="} | ${204} | ${undefined}
  ${"DELETE"} | ${"/records?policy="} | ${403} | ${POLICY}
  ${"DELETE"} | ${"/records"}         | ${204} | ${undefined}
  ${"DELETE"} | ${"/records"}         | ${409} | ${POLICY}
  ${"DELETE"} | ${"/records/key"}     | ${204} | ${POLICY}
  ${"PUT"}    | ${"/records?policy="} | ${400} | ${POLICY}
  ${"GET"}    | ${"/records?policy="} | ${200} | ${POLICY}
`("is $afterwards after $method $url that S3 answers with $status", ({ method, url, status, afterwards }) => {
  const { policies, send } = started();
  send("PUT", "/records?policy=", 204, POLICY);
  send(String(method), String(url), Number(status), "{}");
  expect(policies.of("records")).toBe(afterwards);
});
