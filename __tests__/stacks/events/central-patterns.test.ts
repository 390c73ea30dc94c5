import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { transformInput } from "../../../emulator/patterns/input-transformer";
import { EVENT_PATTERN_LIMIT } from "../../../aws/quotas";
import { alarmChat, alarmMessage } from "../../../stacks/events/alarm-message";
import { CENTRAL_PATTERNS, centralTampering, forwardedAlarms } from "../../../stacks/events/central-patterns";
import type { EventMessage } from "../../../stacks/events/event-message";
import { names } from "../../../stacks/names";
import { EVENTS, managementCall as call } from "../../fixtures/cloudtrail";
import { alarmEvent } from "../../../emulator/events/cloudtrail-event";

const PLACE = {
  organization: "acme",
  account: { id: "111111111111", partition: "aws" as const },
  region: "eu-central-1",
};
const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY = { keyId: KEY_ID, keyAlias: "alias/session-audit-acme-central" };
const BUS = "session-audit-acme-central";
const arn = (rest: string) => `arn:aws:${rest}`;

const alarm = (name: string) =>
  alarmEvent({
    account: "444444444444",
    region: "us-east-1",
    arn: arn(`cloudwatch:us-east-1:444444444444:alarm:${name}`),
    name,
    description: "Notifications wait in a queue.",
  });

describe("the rules of the central bus", () => {
  const rulesFor = (event: object) =>
    Object.entries(CENTRAL_PATTERNS)
      .filter(([, pattern]) => matchesPattern(pattern, event))
      .map(([name]) => name);

  it.each<[string, object, string[]]>([
    ["a refused session", EVENTS.denied, ["sessions"]],
    ["a session with another document", EVENTS.startedWithReasonAndDocument, ["sessions"]],
    ["a change of the preferences", EVENTS.documentChanged, ["tampering"]],
    ["a disabled key", call("kms", "DisableKey", { keyId: KEY_ID }), ["tampering"]],
    ["an alarm", alarm("session-audit-acme-security-undelivered"), ["alarms"]],
    ["a session event of another service", EVENTS.athenaSession, []],
    ["a session event that no AWS service sent", EVENTS.forged, []],
    ["a finding that no AWS service sent", { ...EVENTS.documentChanged, source: "custom.ssm" }, []],
    ["an alarm that CloudWatch did not send", { ...alarm("x"), source: "custom.cloudwatch" }, []],
    [
      "another event of CloudWatch",
      { ...alarm("x"), "detail-type": "CloudWatch Alarm Configuration Change" },
      [],
    ],
  ])("report %s once, or not at all", (_what, event, rules) => {
    expect(rulesFor(event)).toEqual(rules);
  });
});

describe("the alarms that a channel forwards", () => {
  const forwards = (kind: "target" | "archive" | "replica", ownsBucket: boolean) => (event: object) =>
    matchesPattern(forwardedAlarms({ kind, place: PLACE }, ownsBucket), event);
  const COPY = "session-audit-acme-111111111111-eu-central-1-copy";

  it.each`
    name                                                 | target   | archive  | replica
    ${"session-audit-acme-activity-undelivered"}         | ${true}  | ${false} | ${false}
    ${"session-audit-acme-activity-failed-invocations"}  | ${true}  | ${false} | ${false}
    ${"session-audit-acme-security-tampering-lost"}      | ${true}  | ${false} | ${false}
    ${"session-audit-acme-security-alarms-lost"}         | ${true}  | ${false} | ${false}
    ${"session-audit-acme-guard-errors"}                 | ${true}  | ${false} | ${false}
    ${"session-audit-acme-guard-missing-transcripts"}    | ${true}  | ${false} | ${false}
    ${"session-audit-acme-archive-security-undelivered"} | ${false} | ${true}  | ${false}
    ${"session-audit-acme-central-security-undelivered"} | ${false} | ${false} | ${false}
    ${`${COPY}-undelivered`}                             | ${false} | ${false} | ${true}
    ${`${COPY.replace("copy", "rules")}-lost`}           | ${false} | ${false} | ${true}
    ${"session-audit-other-security-undelivered"}        | ${false} | ${false} | ${false}
    ${"their-alarm"}                                     | ${false} | ${false} | ${false}
  `("are those of this channel: $name", ({ name, target, archive, replica }) => {
    const event = alarm(name as string);
    expect(forwards("target", false)(event)).toBe(target);
    expect(forwards("archive", true)(event)).toBe(archive);
    expect(forwards("replica", false)(event)).toBe(replica);
  });

  it("include the one about the replication of the channel's own bucket", () => {
    const failed = alarm(`${COPY}-failed`);
    expect(forwards("archive", true)(failed)).toBe(true);
    expect(forwards("target", true)(failed)).toBe(true);
    expect(forwards("target", false)(failed)).toBe(false);
  });

  it.each(["OK", "INSUFFICIENT_DATA"])("do not include a change to %s", (value) => {
    const event = alarm("session-audit-acme-security-undelivered") as unknown as { detail: object };
    expect(forwards("target", false)({ ...event, detail: { ...event.detail, state: { value } } })).toBe(
      false,
    );
  });
});

describe("changes to the central channel", () => {
  const reports = (event: object, ignoredRoles: string[] = [], key: typeof KEY | null = KEY) =>
    matchesPattern(centralTampering([{ bus: BUS, key }], ignoredRoles), event);

  it.each<[string, string, object]>([
    ["events", "DeleteEventBus", { name: BUS }],
    ["events", "DeleteEventBus", { name: arn(`events:eu-central-1:111111111111:event-bus/${BUS}`) }],
    ["events", "UpdateEventBus", { name: BUS, kmsKeyIdentifier: KEY_ID }],
    ["events", "PutPermission", { eventBusName: BUS, policy: "{}" }],
    ["events", "RemovePermission", { eventBusName: BUS, removeAllPermissions: true }],
    ["kms", "DisableKey", { keyId: KEY_ID }],
    ["kms", "DisableKey", { keyId: arn(`kms:eu-central-1:111111111111:key/${KEY_ID}`) }],
    ["kms", "ScheduleKeyDeletion", { keyId: KEY_ID }],
    ["kms", "PutKeyPolicy", { keyId: "alias/session-audit-acme-central" }],
    ["kms", "CreateGrant", { keyId: KEY_ID }],
    ["kms", "DeleteAlias", { aliasName: "alias/session-audit-acme-central" }],
  ])("include %s:%s %j", (service, eventName, parameters) => {
    expect(reports(call(service, eventName, parameters))).toBe(true);
  });

  it.each<[string, string, object]>([
    ["events", "DeleteEventBus", { name: "theirs" }],
    ["events", "PutPermission", { eventBusName: "default" }],
    ["events", "PutRule", { name: "theirs", eventBusName: BUS }],
    ["kms", "DisableKey", { keyId: "ffffffff-12ab-34cd-56ef-1234567890ab" }],
    ["kms", "Decrypt", { keyId: KEY_ID }],
    ["kms", "DeleteAlias", { aliasName: "alias/session-audit-acme" }],
  ])("do not include %s:%s %j", (service, eventName, parameters) => {
    expect(reports(call(service, eventName, parameters))).toBe(false);
  });

  it("do not include the roles that the map ignores", () => {
    const deleted = call("events", "DeleteEventBus", { name: BUS });
    expect(reports(deleted, [arn("iam::444444444444:role/operator")])).toBe(false);
    expect(reports(deleted, [arn("iam::444444444444:role/pipeline")])).toBe(true);
  });

  it("are those to the bus alone if the channel has no key", () => {
    expect(reports(call("kms", "DisableKey", { keyId: KEY_ID }), [], null)).toBe(false);
    expect(reports(call("events", "DeleteEventBus", { name: BUS }), [], null)).toBe(true);
  });

  it("have a pattern within AWS's default quota, with the longest names and five ignored roles", () => {
    const organization = "a".repeat(14);
    const watched = (["all-activity", "all-security"] as const).map((kind) => {
      const channel = { kind, place: { ...PLACE, organization } };
      return { bus: names.centralBus(channel), key: { ...KEY, keyAlias: names.centralKeyAlias(channel) } };
    });
    const roles = Array.from({ length: 5 }, (_, index) =>
      arn(`iam::444444444444:role/session-audit-deploy-${index}`),
    );
    expect(JSON.stringify(centralTampering(watched, roles)).length).toBeLessThanOrEqual(EVENT_PATTERN_LIMIT);
  });
});

describe("the message about an alarm", () => {
  const rendered = ({ paths, template }: EventMessage, event: object) =>
    JSON.parse(
      transformInput({ InputPathsMap: paths, InputTemplate: template }, event, {
        ruleArn: arn("events:eu-central-1:111111111111:rule/x"),
        ruleName: "x",
        ingestionTime: "2026-03-01T12:00:06Z",
      }),
    ) as Record<string, unknown>;
  const anywhere = { ...PLACE, region: "<region>" };
  const event = alarm("session-audit-acme-security-undelivered");

  it("says which alarm it is, of which account and region, and links to the console there", () => {
    expect(rendered(alarmMessage(anywhere), event)).toEqual({
      summary:
        "The alarm session-audit-acme-security-undelivered changed to ALARM in account 444444444444, us-east-1",
      alarm: "session-audit-acme-security-undelivered",
      state: "ALARM",
      description: "Notifications wait in a queue.",
      reason: expect.stringMatching(/^Threshold Crossed/) as string,
      when: event["time"],
      account: "444444444444",
      region: "us-east-1",
      console: "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:",
    });
  });

  it("has no field action, so that a filter on it keeps alarms out", () => {
    expect(rendered(alarmMessage(anywhere), event)).not.toHaveProperty("action");
  });

  it("is a custom notification in chat, without the reason that a caller can write", () => {
    const chat = rendered(alarmChat(anywhere), event);
    expect(chat).toMatchObject({
      version: "1.0",
      source: "custom",
      content: {
        title: "Alarm session-audit-acme-security-undelivered in account 444444444444, us-east-1",
        description: expect.stringContaining(
          "`session-audit-acme-security-undelivered` changed to ALARM at",
        ) as string,
      },
    });
    expect(JSON.stringify(chat)).not.toContain("Threshold");
  });
});
