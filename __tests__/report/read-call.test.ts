import { isDataEvent, readCall } from "../../report/read-call";

const OBJECT = { bucket: "acme-sessions", key: "sessions/1/eu-west-1/alice 1.log" };
const event = (change: Readonly<Record<string, unknown>> = {}) => ({
  eventSource: "s3.amazonaws.com",
  eventName: "GetObject",
  eventTime: "2026-11-25T08:00:00Z",
  managementEvent: false,
  eventID: "e-1",
  sourceIPAddress: "203.0.113.10",
  userAgent: "aws-cli/2",
  userIdentity: { arn: "arn:aws:sts::1:assumed-role/audit/bob" },
  requestParameters: { bucketName: OBJECT.bucket, key: OBJECT.key, versionId: "v1" },
  ...change,
});

it("a read has who, when, from where, and which version", () => {
  expect(readCall(event(), OBJECT)).toEqual({
    time: "2026-11-25T08:00:00.000Z",
    by: "arn:aws:sts::1:assumed-role/audit/bob",
    sourceIp: "203.0.113.10",
    userAgent: "aws-cli/2",
    versionId: "v1",
    refused: null,
    eventId: "e-1",
    sharedEventId: null,
  });
});

it("a read that S3 refused has its error", () => {
  expect(readCall(event({ errorCode: "AccessDenied" }), OBJECT)?.refused).toBe("AccessDenied");
});

it.each([
  ["a copy", "acme-sessions/sessions/1/eu-west-1/alice%201.log", null],
  ["a copy of a version", "/acme-sessions/sessions/1/eu-west-1/alice 1.log?versionId=v2", "v2"],
])("%s reads what it copies", (_name, source, versionId) => {
  const copy = event({
    eventName: "CopyObject",
    requestParameters: { bucketName: "other", key: "x", "x-amz-copy-source": source },
  });
  expect(readCall(copy, OBJECT)).toMatchObject({ versionId });
});

it.each([
  ["of another key", { requestParameters: { bucketName: OBJECT.bucket, key: "x" } }],
  ["of another bucket", { requestParameters: { bucketName: "x", key: OBJECT.key } }],
  ["that writes", { eventName: "PutObject" }],
  ["that only asks for details", { eventName: "HeadObject" }],
  [
    "that copies something else to its place",
    {
      eventName: "CopyObject",
      requestParameters: { ...OBJECT, bucketName: OBJECT.bucket, "x-amz-copy-source": "other/x" },
    },
  ],
  ["of another service", { eventSource: "evil.amazonaws.com" }],
  ["without a time", { eventTime: 7 }],
  ["without a request", { requestParameters: null }],
  ["of another type", { eventName: ["GetObject"] }],
])("a call %s is no read", (_name, change) => {
  expect(readCall(event(change), OBJECT)).toBeNull();
});

it.each([null, undefined, "GetObject", 7, []])("%j is no read", (record) => {
  expect(readCall(record, OBJECT)).toBeNull();
});

it.each([
  ["of the bucket", {}, true],
  [
    "that names the bucket among its resources",
    { requestParameters: null, resources: [{ ARN: "arn:aws:s3:::acme-sessions" }] },
    true,
  ],
  ["of another bucket", { requestParameters: { bucketName: "x" } }, false],
  ["that is a management event", { managementEvent: true }, false],
])("an event %s shows that a trail records data events: %s", (_name, change, expected) => {
  expect(isDataEvent(event(change), OBJECT.bucket)).toBe(expected);
});
