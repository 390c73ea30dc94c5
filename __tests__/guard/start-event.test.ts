import { NO_DETAILS, readEvent } from "../../guard/start-event";
import { EVENTS } from "../fixtures/cloudtrail";
import { CONFIGURATION } from "./configuration";
import { sessionOf } from "./invocation";

const EVENT = EVENTS.startedWithReasonAndDocument as unknown as { detail: Record<string, unknown> };
const SCHEDULED = {
  source: "aws.events",
  "detail-type": "Scheduled Event",
  account: CONFIGURATION.account,
  region: CONFIGURATION.region,
  detail: {},
};
const read = (event: unknown) => readEvent(event, CONFIGURATION);
/** The event of a started session, with some of its fields changed. */
const withFields = (fields: object) => ({ ...EVENT, ...fields });
const withDetail = (fields: object) => withFields({ detail: { ...EVENT.detail, ...fields } });

describe("the session of an event", () => {
  it("has the principal, the node, the document, the session id and the event id", () => {
    expect(sessionOf(EVENT)).toMatchObject({
      document: expect.stringMatching(/^\w/),
      instance: expect.stringMatching(/^i-/),
      who: expect.stringMatching(/^arn:aws:sts:/),
      sessionId: expect.stringMatching(/./),
      event: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("has every detail of the call", () => {
    expect(sessionOf(EVENTS.tunnelOfPerson).details).toEqual({
      sourceIdentity: "alice@example.com",
      identityCenterUser: "544894e8-80c1-707f-60e3-3ba6510dfac1",
      identityStore: "arn:aws:identitystore::999999999999:identitystore/d-9067642ac7",
      reason: "INC-1234",
      host: "db.internal.example.com",
      port: "5432",
    });
  });

  it("has empty texts for the details that the call does not have", () => {
    expect(sessionOf(EVENTS.started).details).toEqual(NO_DETAILS);
  });

  it.each([
    ["parameters that are no object", { requestParameters: { parameters: "host" } }],
    ["a host that is no list", { requestParameters: { parameters: { host: "db", portNumber: 1 } } }],
    ["a list without a host", { requestParameters: { parameters: { host: [], portNumber: [1] } } }],
    ["a reason that is no text", { requestParameters: { reason: 7 } }],
    ["a source identity that is no text", { userIdentity: { sessionContext: { sourceIdentity: {} } } }],
    ["a user that is no text", { userIdentity: { onBehalfOf: { userId: 1, identityStoreArn: [] } } }],
  ])("has empty texts in place of %s", (_what, fields) => {
    expect(sessionOf(withDetail({ requestParameters: null, userIdentity: null, ...fields })).details).toEqual(
      NO_DETAILS,
    );
  });

  it("has no document if the call names none", () => {
    expect(sessionOf(EVENTS.started).document).toBeUndefined();
  });

  it.each([
    ["no parameters", null],
    ["no document", {}],
    ["null as its document", { documentName: null }],
    ["an empty document", { documentName: "" }],
  ])("has no document if the call has %s", (_what, requestParameters) => {
    expect(sessionOf(withDetail({ requestParameters })).document).toBeUndefined();
  });

  it.each([
    ["target", { requestParameters: { target: 1, documentName: "Acme-Shell" } }, "instance"],
    ["principal", { userIdentity: { arn: ["a"] } }, "who"],
    ["identity", { userIdentity: null }, "who"],
    ["time", { eventTime: 1 }, "when"],
    ["address", { sourceIPAddress: {} }, "from"],
    ["event id", { eventID: false }, "event"],
  ])("has an empty text in place of a %s that is no text", (_what, fields, name) => {
    expect(sessionOf(withDetail(fields))).toHaveProperty(name, "");
  });
});

it("the schedule of the guard's own account and region is the schedule", () => {
  expect(read(SCHEDULED)).toEqual({ kind: "schedule" });
});

it.each(["denied", "notConnected", "resumed", "terminated"] as const)(
  "the event %s asks for nothing",
  (name) => expect(read(EVENTS[name])).toMatchObject({ kind: "nothing" }),
);

it("a call that failed asks for nothing, even if its event has a session id", () => {
  expect(read(withDetail({ errorCode: "Any" }))).toEqual({ kind: "nothing", reason: "the call failed" });
});

it("an event that only calls itself a schedule asks for nothing", () => {
  expect(read({ ...SCHEDULED, source: "acme.events" })).toMatchObject({ kind: "nothing" });
});

it.each<[string, unknown, string]>([
  ["null", null, "the event has no detail"],
  ["a text", "event", "the event has no detail"],
  ["an event without a detail", withFields({ detail: undefined }), "the event has no detail"],
  ["an event whose detail is null", withFields({ detail: null }), "the event has no detail"],
  ["an event without an account", withFields({ account: undefined }), "account is missing, not 444444444444"],
  ["an event of another account", withFields({ account: "1" }), 'account is "1", not 444444444444'],
  [
    "an event of another region",
    withFields({ region: "eu-west-1" }),
    'region is "eu-west-1", not eu-central-1',
  ],
  ["a schedule of another account", { ...SCHEDULED, account: "1" }, 'account is "1", not 444444444444'],
  [
    "a call in another account",
    withDetail({ recipientAccountId: "1" }),
    'detail.recipientAccountId is "1", not 444444444444',
  ],
  [
    "a session without an id",
    withDetail({ responseElements: null }),
    "detail.responseElements.sessionId is missing",
  ],
  [
    "a session with an empty id",
    withDetail({ responseElements: { sessionId: "" } }),
    'detail.responseElements.sessionId is ""',
  ],
  [
    "a session whose id is a number",
    withDetail({ responseElements: { sessionId: 1 } }),
    "detail.responseElements.sessionId is 1",
  ],
  [
    "a session whose document is a number",
    withDetail({ requestParameters: { documentName: 7 } }),
    "detail.requestParameters.documentName is 7",
  ],
  [
    "a session whose document is a list",
    withDetail({ requestParameters: { documentName: ["a"] } }),
    'detail.requestParameters.documentName is ["a"]',
  ],
])("%s is refused", (_what, event, reason) => {
  expect(read(event)).toEqual({ kind: "refused", reason });
});

it("a refusal quotes at most 100 characters of a value", () => {
  const { reason } = read(withFields({ account: "1".repeat(1000) })) as { reason: string };
  expect(reason).toBe(`account is "${"1".repeat(99)}, not 444444444444`);
});
