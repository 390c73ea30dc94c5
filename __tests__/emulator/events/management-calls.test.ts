import { managementCall } from "../../../emulator/events/management-calls";
import type { AwsRequest } from "../../../emulator/gateway/protocol";

const request = (more: Partial<AwsRequest>): AwsRequest => ({
  method: "POST",
  url: "/",
  headers: {},
  body: Buffer.alloc(0),
  isBuffered: true,
  protocol: "json",
  service: "ssm",
  region: "eu-west-1",
  accessKeyId: "AKIA",
  operation: "",
  ...more,
});
const s3 = (method: string, url: string) =>
  managementCall(
    request({ protocol: "rest-xml", service: "s3", method, url, operation: `${method} ${url}` }),
  );

describe("a management call", () => {
  it("has its members in CloudTrail's spelling", () => {
    const body = Buffer.from('{"Name":"x","Inner":{"DeepName":["A"]}}');
    expect(managementCall(request({ operation: "UpdateDocument", body }))).toEqual({
      eventName: "UpdateDocument",
      requestParameters: { name: "x", inner: { deepName: ["A"] } },
    });
  });

  it("is read from a form", () => {
    const body = Buffer.from("Action=DeleteTopic&Version=2010-03-31&TopicArn=arn");
    expect(managementCall(request({ protocol: "query", operation: "DeleteTopic", body }))).toEqual({
      eventName: "DeleteTopic",
      requestParameters: { topicArn: "arn" },
    });
  });

  it.each`
    method      | url                       | eventName
    ${"PUT"}    | ${"/b"}                   | ${"CreateBucket"}
    ${"PUT"}    | ${"/b?x-id=CreateBucket"} | ${"CreateBucket"}
    ${"DELETE"} | ${"/b/"}                  | ${"DeleteBucket"}
    ${"PUT"}    | ${"/b?policy"}            | ${"PutBucketPolicy"}
    ${"DELETE"} | ${"/b?policy="}           | ${"DeleteBucketPolicy"}
    ${"PUT"}    | ${"/b?versioning"}        | ${"PutBucketVersioning"}
  `("$method $url is $eventName", ({ method, url, eventName }) => {
    expect(s3(method, url)).toMatchObject({ eventName, requestParameters: { bucketName: "b" } });
  });

  it.each(["GetDocument", "DescribeTrails", "PutLogEvents", "StartSession", "Decrypt", "AssumeRole"])(
    "is not %s",
    (operation) => expect(managementCall(request({ operation }))).toBeUndefined(),
  );

  it.each`
    method   | url
    ${"GET"} | ${"/b?policy"}
    ${"PUT"} | ${"/b/key"}
    ${"PUT"} | ${"/b/key?acl"}
    ${"PUT"} | ${"/b?unheard-of"}
  `("is not $method $url", ({ method, url }) => expect(s3(method, url)).toBeUndefined());
});
