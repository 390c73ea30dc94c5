import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { transformInput } from "../../../emulator/patterns/input-transformer";
import { ACTIVITY_PATHS, activityPattern, activityTemplate } from "../../../stacks/events/activity-message";
import { EVENTS } from "../../fixtures/cloudtrail";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};

const message = (event: object) =>
  JSON.parse(
    transformInput({ InputPathsMap: ACTIVITY_PATHS, InputTemplate: activityTemplate(PLACE) }, event, {
      ruleArn: "arn:aws:events:eu-central-1:444444444444:rule/session-audit-acme-activity",
      ruleName: "session-audit-acme-activity",
      ingestionTime: "2026-03-01T12:00:06Z",
    }),
  ) as Record<string, string>;

describe("the activity pattern", () => {
  const everything = activityPattern(["StartSession", "ResumeSession", "TerminateSession"]);

  it.each(["started", "startedByUser", "startedWithReasonAndDocument", "resumed", "terminated"] as const)(
    "matches: %s",
    (name) => expect(matchesPattern(everything, EVENTS[name])).toBe(true),
  );

  it.each(["denied", "notConnected", "athenaSession", "forged", "documentChanged"] as const)(
    "does not match: %s",
    (name) => expect(matchesPattern(everything, EVENTS[name])).toBe(false),
  );

  it("matches only the calls that the map names", () => {
    const ends = activityPattern(["TerminateSession"]);
    expect(matchesPattern(ends, EVENTS.terminated)).toBe(true);
    expect(matchesPattern(ends, EVENTS.started)).toBe(false);
  });
});

describe("the activity message", () => {
  it("says who did what, where, when and from where, with a link", () => {
    expect(message(EVENTS.started)).toEqual({
      summary:
        "arn:aws:sts::444444444444:assumed-role/operator/alice called StartSession in account 444444444444, eu-central-1",
      action: "StartSession",
      who: "arn:aws:sts::444444444444:assumed-role/operator/alice",
      sourceIdentity: "",
      identityCenterUser: "",
      identityStore: "",
      instance: "i-0123456789abcdef0",
      session: "alice-wzleysigzmbd6fmkefjqvt5w4u",
      document: "",
      reason: "",
      host: "",
      port: "",
      when: "2026-03-01T12:00:00Z",
      from: "192.0.2.10",
      account: "444444444444",
      region: "eu-central-1",
      console:
        "https://eu-central-1.console.aws.amazon.com/systems-manager/session-manager/sessions?region=eu-central-1",
    });
  });

  it.each(["started", "startedByUser", "resumed", "terminated"] as const)("names the session: %s", (name) => {
    expect(message(EVENTS[name])["session"]).toMatch(/^(alice|bob)-\w+$/);
  });

  it("carries the reason and the document, quotation marks and all", () => {
    expect(message(EVENTS.startedWithReasonAndDocument)).toMatchObject({
      document: "AWS-StartPortForwardingSession",
      reason: 'INC-1234 "urgent"',
    });
  });

  it("fits into EventBridge's limits", () => {
    expect(Object.keys(ACTIVITY_PATHS).length).toBeLessThanOrEqual(100);
    expect(activityTemplate(PLACE).length).toBeLessThanOrEqual(8192);
  });

  it.each([
    ["aws-us-gov", "us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"],
    ["aws-cn", "cn-north-1", "https://cn-north-1.console.amazonaws.cn/"],
    ["aws-eusc", "eusc-de-east-1", "https://eusc-de-east-1.console.amazonaws-eusc.eu/"],
  ] as const)("links to the console of %s", (partition, region, start) => {
    const template = activityTemplate({ ...PLACE, account: { ...PLACE.account, partition }, region });
    expect((JSON.parse(template) as { console: string }).console.startsWith(start)).toBe(true);
  });
});
