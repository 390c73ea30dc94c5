import { transformInput } from "../../../emulator/patterns/input-transformer";
import { ACTIVITY_PATHS, activityTemplate } from "../../../stacks/events/activity-message";
import type { EventMessage } from "../../../stacks/events/event-message";
import { SECURITY_PATHS, sessionTemplate, tamperingTemplate } from "../../../stacks/events/security-message";
import { EVENTS } from "../../fixtures/cloudtrail";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const ACTIVITY: EventMessage = { paths: ACTIVITY_PATHS, template: activityTemplate(PLACE) };
const SESSIONS: EventMessage = { paths: SECURITY_PATHS, template: sessionTemplate(PLACE) };
const TAMPERING: EventMessage = { paths: SECURITY_PATHS, template: tamperingTemplate(PLACE) };

const rendered = ({ paths, template }: EventMessage, event: object) =>
  JSON.parse(
    transformInput({ InputPathsMap: paths, InputTemplate: template }, event, {
      ruleArn: "arn:aws:events:eu-central-1:444444444444:rule/x",
      ruleName: "x",
      ingestionTime: "2026-03-01T12:00:06Z",
    }),
  ) as Record<string, string>;

/** Removes one field of an event. @param path names from the detail on, like `userIdentity.onBehalfOf` */
function without(event: { readonly detail: object }, path: string): object {
  const copy = structuredClone(event);
  const steps = path.split(".");
  const last = steps.pop()!;
  let at = copy.detail as Record<string, unknown>;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  expect(at).toHaveProperty(last);
  delete at[last];
  return copy;
}

const USER = "544894e8-80c1-707f-60e3-3ba6510dfac1";
const STORE = "arn:aws:identitystore::999999999999:identitystore/d-9067642ac7";

describe.each([
  ["activity", ACTIVITY, EVENTS.tunnelOfPerson],
  ["findings about sessions", SESSIONS, EVENTS.tunnelOfPerson],
  ["changes to the recording", TAMPERING, EVENTS.documentChangedByPerson],
])("a message about %s", (_about, message, event) => {
  it.each`
    field                   | value                  | path
    ${"sourceIdentity"}     | ${"alice@example.com"} | ${"userIdentity.sessionContext.sourceIdentity"}
    ${"sourceIdentity"}     | ${"alice@example.com"} | ${"userIdentity.sessionContext"}
    ${"identityCenterUser"} | ${USER}                | ${"userIdentity.onBehalfOf.userId"}
    ${"identityCenterUser"} | ${USER}                | ${"userIdentity.onBehalfOf"}
    ${"identityStore"}      | ${STORE}               | ${"userIdentity.onBehalfOf.identityStoreArn"}
  `("has the field $field, which is empty if the event lacks $path", ({ field, value, path }) => {
    const whole = rendered(message, event);
    expect(whole[field as string]).toBe(value);
    expect(rendered(message, without(event, path as string))).toEqual({
      ...whole,
      [field as string]: "",
      ...(path === "userIdentity.onBehalfOf" && { identityStore: "" }),
    });
  });

  it("still has the ARN of the role session", () => {
    expect(rendered(message, event)["who"]).toMatch(/assumed-role\/operator\/botocore-session-\d+$/);
  });

  it("fits into EventBridge's limits", () => {
    expect(Object.keys(message.paths).length).toBeLessThanOrEqual(100);
    expect(message.template.length).toBeLessThanOrEqual(8192);
  });
});

describe.each([
  ["activity", ACTIVITY],
  ["findings about sessions", SESSIONS],
])("a message about %s", (_about, message) => {
  const event = EVENTS.tunnelOfPerson;

  it.each`
    field       | value                        | path
    ${"reason"} | ${"INC-1234"}                | ${"requestParameters.reason"}
    ${"host"}   | ${"db.internal.example.com"} | ${"requestParameters.parameters.host"}
    ${"port"}   | ${"5432"}                    | ${"requestParameters.parameters.portNumber"}
  `("has the field $field, which is empty if the event lacks $path", ({ field, value, path }) => {
    const whole = rendered(message, event);
    expect(whole[field as string]).toBe(value);
    expect(rendered(message, without(event, path as string))).toEqual({ ...whole, [field as string]: "" });
  });

  it.each(["requestParameters", "requestParameters.parameters"])(
    "says nothing of a tunnel if the event lacks %s",
    (path) => {
      expect(rendered(message, without(event, path))).toMatchObject({ host: "", port: "" });
    },
  );

  it("keeps quotation marks that the caller wrote inside their field", () => {
    const forged = structuredClone(event) as { detail: { requestParameters: object } };
    forged.detail.requestParameters = { reason: '","who":"nobody', parameters: { host: ['"}'] } };
    expect(rendered(message, forged)).toMatchObject({
      who: expect.stringMatching(/botocore-session/) as string,
      reason: '","who":"nobody',
      host: '"}',
    });
  });
});
