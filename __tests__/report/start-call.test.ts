import { startCall } from "../../report/start-call";

const RECORD = {
  eventSource: "ssm.amazonaws.com",
  eventName: "StartSession",
  eventTime: "2026-11-24T09:00:00Z",
  eventID: "e1",
  sourceIPAddress: "203.0.113.10",
  userAgent: "aws-cli/2",
  userIdentity: {
    arn: "arn:aws:sts::444444444444:assumed-role/operator/alice",
    onBehalfOf: { userId: "u-1" },
    sessionContext: {
      sourceIdentity: "alice@acme.example",
      attributes: { mfaAuthenticated: "true" },
      sessionIssuer: { arn: "arn:aws:iam::444444444444:role/operator" },
    },
  },
  requestParameters: {
    target: "i-0123456789abcdef0",
    reason: "ticket 7",
    documentName: "AWS-StartPortForwardingSessionToRemoteHost",
    parameters: { host: ["db.internal"], portNumber: ["5432"] },
  },
  responseElements: { sessionId: "alice-1" },
};

it("reads who started which session, from where and to where", () => {
  expect(startCall(RECORD)).toEqual({
    id: "alice-1",
    document: "AWS-StartPortForwardingSessionToRemoteHost",
    parameters: { host: ["db.internal"], portNumber: ["5432"] },
    instance: "i-0123456789abcdef0",
    owner: "arn:aws:sts::444444444444:assumed-role/operator/alice",
    reason: "ticket 7",
    sourceIdentity: "alice@acme.example",
    identityCenterUser: "u-1",
    event: {
      eventId: "e1",
      time: "2026-11-24T09:00:00.000Z",
      sourceIp: "203.0.113.10",
      userAgent: "aws-cli/2",
      mfa: true,
      issuer: "arn:aws:iam::444444444444:role/operator",
    },
  });
});

it.each`
  record                              | change
  ${"of another call"}                | ${{ eventName: "ResumeSession" }}
  ${"of another service"}             | ${{ eventSource: "athena.amazonaws.com" }}
  ${"of a call that failed"}          | ${{ errorCode: "AccessDenied" }}
  ${"without a session"}              | ${{ responseElements: null }}
  ${"with a session of a wrong type"} | ${{ responseElements: { sessionId: 7 } }}
  ${"without a time"}                 | ${{ eventTime: "yesterday" }}
`("a record $record tells of no session", ({ change }) => {
  expect(startCall({ ...RECORD, ...(change as object) })).toBeNull();
});

it.each([null, 7, "text", [], { eventSource: "ssm.amazonaws.com" }])("%j is no record", (record) => {
  expect(startCall(record)).toBeNull();
});

it("leaves out what has a wrong type, and keeps the rest", () => {
  const odd = {
    ...RECORD,
    userIdentity: "alice",
    requestParameters: { parameters: { host: [1, "h"], port: "22" } },
  };
  expect(startCall(odd)).toMatchObject({
    id: "alice-1",
    owner: null,
    parameters: { host: ["h"], port: ["22"] },
  });
});
