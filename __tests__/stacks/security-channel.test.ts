import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AccountsMap } from "../../accounts/schema";
import { matchesPattern } from "../../emulator/patterns/event-pattern";
import { transformInput } from "../../emulator/patterns/input-transformer";
import { EVENT_PATTERN_LIMIT } from "../../aws/quotas";
import { channelNames } from "../../stacks/names";
import { SECURITY_PATHS, sessionTemplate, tamperingTemplate } from "../../stacks/events/security-message";
import {
  channelFindings,
  preferenceFindings,
  sessionFindings,
  tamperingFindings,
  type WatchedResources,
} from "../../stacks/events/security-patterns";
import { EVENTS, managementCall as call } from "../fixtures/cloudtrail";
import { exampleWith, synthesize, synthesizeOne } from "../helpers/synth";

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const CHANNEL = channelNames({ kind: "target", place: PLACE });
const GROUP = "/session-audit/acme/sessions";
const WATCHED: WatchedResources = {
  preferences: true,
  logGroup: "/session-audit/acme/sessions",
  buckets: ["session-audit-acme-444444444444-eu-central-1"],
  keyId: KEY_ID,
  keyAlias: "alias/session-audit-acme",
  trail: "session-audit-acme",
  topics: ["arn:aws:sns:eu-central-1:444444444444:siem"],
  chat: false,
  namePrefix: "session-audit-acme-",
};
const ROLE = "arn:aws:iam::444444444444:role/operator";
const arn = (rest: string) => `arn:aws:${rest}`;

describe("session findings", () => {
  const matches = (event: object) => matchesPattern(sessionFindings(), event);

  it.each(["denied", "startedWithReasonAndDocument"] as const)("report: %s", (name) =>
    expect(matches(EVENTS[name])).toBe(true),
  );

  it.each([
    "started",
    "startedByUser",
    "resumed",
    "terminated",
    "notConnected",
    "athenaSession",
    "forged",
  ] as const)("do not report: %s", (name) => expect(matches(EVENTS[name])).toBe(false));

  it.each(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])(
    "report a call refused with %s",
    (code) => {
      const refused = call("ssm", "TerminateSession", { sessionId: "alice-1" }, { errorCode: code });
      expect(matches(refused)).toBe(true);
    },
  );

  it("do not report a session that names the preferences themselves", () => {
    const started = { target: "i-1", documentName: "SSM-SessionManagerRunShell" };
    expect(matches(call("ssm", "StartSession", started))).toBe(false);
  });
});

describe("tampering findings", () => {
  const patternsOf = (place: typeof PLACE, watched: WatchedResources, ignoredRoles: string[]) => [
    tamperingFindings(watched, ignoredRoles),
    preferenceFindings(watched, ignoredRoles)!,
    channelFindings(place, watched, ignoredRoles),
  ];
  /** How many of the rules report a call. Two would report it twice. */
  const reports = (event: object, ignoredRoles: string[] = []) =>
    patternsOf(PLACE, WATCHED, ignoredRoles).filter((pattern) => matchesPattern(pattern, event)).length;
  const topic = arn(`sns:eu-central-1:444444444444:${CHANNEL.topic}`);

  it.each<[string, string, object]>([
    ["ssm", "UpdateDocument", { name: "SSM-SessionManagerRunShell" }],
    [
      "ssm",
      "UpdateDocument",
      { name: arn("ssm:eu-central-1:444444444444:document/SSM-SessionManagerRunShell") },
    ],
    ["ssm", "UpdateDocumentDefaultVersion", { name: "SSM-SessionManagerRunShell" }],
    ["ssm", "CreateDocument", { name: "SSM-SessionManagerRunShell" }],
    ["ssm", "DeleteDocument", { name: "SSM-SessionManagerRunShell" }],
    ["ssm", "ModifyDocumentPermission", { name: "SSM-SessionManagerRunShell" }],
    ["ssm", "UpdateServiceSetting", { settingId: "/ssm/documents/console/public-sharing-permission" }],
    [
      "ssm",
      "ResetServiceSetting",
      { settingId: "/ssm/managed-instance/default-ec2-instance-management-role" },
    ],
    ["kms", "ScheduleKeyDeletion", { keyId: KEY_ID }],
    ["kms", "DisableKey", { keyId: arn(`kms:eu-central-1:444444444444:key/${KEY_ID}`) }],
    ["kms", "PutKeyPolicy", { keyId: "alias/session-audit-acme" }],
    ["kms", "DisableKeyRotation", { keyId: KEY_ID }],
    ["kms", "CreateGrant", { keyId: KEY_ID }],
    ["kms", "RevokeGrant", { keyId: KEY_ID, grantId: "0c237476b39f8bc4" }],
    ["kms", "UpdateAlias", { aliasName: "alias/session-audit-acme" }],
    ["logs", "DeleteLogGroup", { logGroupName: "/session-audit/acme/sessions" }],
    ["logs", "DeleteLogStream", { logGroupName: "/session-audit/acme/sessions", logStreamName: "alice-1" }],
    ["logs", "PutRetentionPolicy", { logGroupName: "/session-audit/acme/sessions", retentionInDays: 1 }],
    ...["AssociateKmsKey", "DisassociateKmsKey"].flatMap((eventName) =>
      [
        { logGroupName: GROUP },
        { resourceIdentifier: GROUP },
        { resourceIdentifier: arn(`logs:eu-central-1:444444444444:log-group:${GROUP}`) },
        { resourceIdentifier: arn(`logs:eu-central-1:444444444444:log-group:${GROUP}:*`) },
      ].map((named): [string, string, object] => ["logs", eventName, named]),
    ),
    ["logs", "PutSubscriptionFilter", { logGroupName: "/session-audit/acme/sessions" }],
    ["logs", "DeleteSubscriptionFilter", { logGroupName: "/session-audit/acme/sessions" }],
    ["logs", "PutDataProtectionPolicy", { logGroupIdentifier: "/session-audit/acme/sessions" }],
    [
      "logs",
      "DeleteDataProtectionPolicy",
      { logGroupIdentifier: arn("logs:eu-central-1:444444444444:log-group:/session-audit/acme/sessions") },
    ],
    ["logs", "PutTransformer", { logGroupIdentifier: "/session-audit/acme/sessions" }],
    ["logs", "PutBearerTokenAuthentication", { logGroupIdentifier: GROUP }],
    ["logs", "PutStorageTierPolicy", { storageTier: "INFREQUENT_ACCESS" }],
    ["ssm-guiconnect", "UpdateConnectionRecordingPreferences", { connectionRecordingPreferences: {} }],
    ["ssm-guiconnect", "DeleteConnectionRecordingPreferences", {}],
    ["observabilityadmin", "CreateCentralizationRuleForOrganization", { ruleName: "all" }],
    ["observabilityadmin", "UpdateCentralizationRuleForOrganization", { ruleIdentifier: "all" }],
    ["observabilityadmin", "DeleteCentralizationRuleForOrganization", { ruleIdentifier: "all" }],
    ["sns", "Subscribe", { topicArn: topic, protocol: "email" }],
    ["monitoring", "PutCompositeAlarm", { alarmName: "session-audit-acme-security-undelivered" }],
    ...["AddPermission", "RemovePermission"].map((eventName): [string, string, object] => [
      "sqs",
      eventName,
      { queueUrl: `https://sqs.eu-central-1.amazonaws.com/444444444444/${CHANNEL.deadLetters}`, label: "x" },
    ]),
    ["logs", "PutAccountPolicy", { policyName: "all", policyType: "SUBSCRIPTION_FILTER_POLICY" }],
    ["logs", "DeleteAccountPolicy", { policyName: "all", policyType: "DATA_PROTECTION_POLICY" }],
    ["s3", "PutBucketPolicy", { bucketName: "session-audit-acme-444444444444-eu-central-1" }],
    ["s3", "DeleteBucketPolicy", { bucketName: "session-audit-acme-444444444444-eu-central-1" }],
    ["s3", "PutBucketLifecycle", { bucketName: "session-audit-acme-444444444444-eu-central-1" }],
    ["s3", "PutBucketVersioning", { bucketName: "session-audit-acme-444444444444-eu-central-1" }],
    ...["PutBucketPublicAccessBlock", "DeleteBucketPublicAccessBlock", "PutObjectLockConfiguration"].map(
      (eventName): [string, string, object] => [
        "s3",
        eventName,
        { bucketName: "session-audit-acme-444444444444-eu-central-1" },
      ],
    ),
    [
      "cloudtrail",
      "StopLogging",
      { name: arn("cloudtrail:eu-central-1:444444444444:trail/session-audit-acme") },
    ],
    ["cloudtrail", "DeleteTrail", { name: "session-audit-acme" }],
    ["cloudtrail", "PutEventSelectors", { trailName: "session-audit-acme" }],
    ["events", "DisableRule", { name: CHANNEL.tampering }],
    ["events", "DeleteRule", { name: CHANNEL.sessions }],
    ["events", "RemoveTargets", { rule: CHANNEL.tampering, ids: ["topic"] }],
    ["sns", "DeleteTopic", { topicArn: topic }],
    ["sns", "SetTopicAttributes", { topicArn: topic }],
    ["sns", "Unsubscribe", { subscriptionArn: `${topic}:4e16da47-69bb-482a-8828-5a0befedd1e8` }],
    ["sns", "RemovePermission", { topicArn: topic, label: "x" }],
    [
      "sns",
      "SetSubscriptionAttributes",
      {
        subscriptionArn: `${topic}:4e16da47-69bb-482a-8828-5a0befedd1e8`,
        attributeName: "FilterPolicy",
      },
    ],
    ["sns", "DeleteTopic", { topicArn: WATCHED.topics[0] }],
    ["sns", "Unsubscribe", { subscriptionArn: `${WATCHED.topics[0]}:4e16da47-69bb-482a-8828-5a0befedd1e8` }],
    [
      "sqs",
      "PurgeQueue",
      { queueUrl: `https://sqs.eu-central-1.amazonaws.com/444444444444/${CHANNEL.deadLetters}` },
    ],
    ["monitoring", "DeleteAlarms", { alarmNames: ["session-audit-acme-security-undelivered"] }],
    ["monitoring", "PutMetricAlarm", { alarmName: "session-audit-acme-security-undelivered" }],
    ["monitoring", "SetAlarmState", { alarmName: "session-audit-acme-security-undelivered" }],
  ])("report %s:%s %j", (service, eventName, parameters) => {
    expect(reports(call(service, eventName, parameters))).toBe(1);
  });

  it.each<[string, string, object]>([
    ["ssm", "UpdateDocument", { name: "Another-Document" }],
    ["ssm", "GetDocument", { name: "SSM-SessionManagerRunShell" }],
    ["ssm", "UpdateServiceSetting", { settingId: "/ssm/parameter-store/default-parameter-tier" }],
    ["kms", "ScheduleKeyDeletion", { keyId: "ffffffff-12ab-34cd-56ef-1234567890ab" }],
    ["kms", "Decrypt", { keyId: KEY_ID }],
    ["logs", "DeleteLogGroup", { logGroupName: "/another/group" }],
    ["logs", "PutSubscriptionFilter", { logGroupName: "/another/group" }],
    ["logs", "DeleteDataProtectionPolicy", { logGroupIdentifier: "/another/group" }],
    ...["AssociateKmsKey", "DisassociateKmsKey"].map((eventName): [string, string, object] => [
      "logs",
      eventName,
      { resourceIdentifier: arn(`logs:eu-central-1:444444444444:log-group:${GROUP}-2`) },
    ]),
    ["logs", "PutBearerTokenAuthentication", { logGroupIdentifier: "/another/group" }],
    ["logs", "GetStorageTierPolicy", {}],
    ["ssm-guiconnect", "StartConnection", {}],
    ["observabilityadmin", "CreateTelemetryRule", { ruleName: "all" }],
    ["sns", "Subscribe", { topicArn: arn("sns:eu-central-1:444444444444:another"), protocol: "email" }],
    ["monitoring", "PutCompositeAlarm", { alarmName: "another" }],
    ["sqs", "AddPermission", { queueUrl: "https://sqs.eu-central-1.amazonaws.com/444444444444/another" }],
    ["logs", "PutLogEvents", { logGroupName: "/session-audit/acme/sessions" }],
    ["s3", "PutBucketPolicy", { bucketName: "another-bucket" }],
    ["s3", "GetBucketPolicy", { bucketName: "session-audit-acme-444444444444-eu-central-1" }],
    ["cloudtrail", "StopLogging", { name: "another-trail" }],
    ["events", "DisableRule", { name: "another-rule" }],
    ["sns", "DeleteTopic", { topicArn: arn("sns:eu-central-1:444444444444:another") }],
    ["sns", "Unsubscribe", { subscriptionArn: arn("sns:eu-central-1:444444444444:another:4e16da47") }],
    ["sns", "Unsubscribe", { subscriptionArn: arn("sns:eu-central-1:444444444444:siem2:4e16da47") }],
    ["sqs", "PurgeQueue", { queueUrl: "https://sqs.eu-central-1.amazonaws.com/444444444444/another" }],
    ["monitoring", "DeleteAlarms", { alarmNames: ["another"] }],
    ["kms", "ListGrants", { keyId: KEY_ID }],
    ["logs", "DescribeAccountPolicies", { policyType: "SUBSCRIPTION_FILTER_POLICY" }],
  ])("do not report %s:%s %j", (service, eventName, parameters) => {
    expect(reports(call(service, eventName, parameters))).toBe(0);
  });

  it("report each trail of the account when its name is not known", () => {
    const pattern = tamperingFindings({ ...WATCHED, trail: "any" }, []);
    expect(matchesPattern(pattern, call("cloudtrail", "StopLogging", { name: "organization" }))).toBe(true);
  });

  it("report an attempt that was refused", () => {
    const refused = call(
      "ssm",
      "DeleteDocument",
      { name: "SSM-SessionManagerRunShell" },
      { errorCode: "AccessDenied" },
    );
    expect(reports(refused)).toBe(1);
  });

  it("leave out only the roles that the map ignores", () => {
    const change = (more?: object) =>
      call("ssm", "UpdateDocument", { name: "SSM-SessionManagerRunShell" }, more);
    const user = { type: "IAMUser", arn: arn("iam::444444444444:user/bob"), userName: "bob" };
    const root = { type: "Root", arn: arn("iam::444444444444:root") };
    expect(reports(change(), [ROLE])).toBe(0);
    expect(reports(change(), [arn("iam::444444444444:role/pipeline")])).toBe(1);
    expect(reports(change({ userIdentity: user }), [ROLE])).toBe(1);
    expect(reports(change({ userIdentity: root }), [ROLE])).toBe(1);
  });

  it("have patterns within AWS's default quota, with the longest names and five ignored roles", () => {
    const organization = "a".repeat(14);
    const place = { ...PLACE, organization, region: "ap-southeast-1" };
    const patterns = patternsOf(
      place,
      {
        ...WATCHED,
        keyAlias: `alias/session-audit-${organization}`,
        namePrefix: `session-audit-${organization}-`,
        buckets: Array.from({ length: 4 }, (_, index) => `${"b".repeat(62)}${index}`),
        logGroup: `/session-audit/${organization}/sessions`,
        trail: `session-audit-${organization}`,
        chat: true,
      },
      Array.from({ length: 5 }, (_, index) => arn(`iam::444444444444:role/session-audit-deploy-${index}`)),
    );
    for (const pattern of patterns) {
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(EVENT_PATTERN_LIMIT);
    }
  });
});

const COMPLETE = parse(
  readFileSync(join(__dirname, "..", "..", "docs", "examples", "complete.yaml"), "utf8"),
) as AccountsMap;

it.each([
  ["the example map", undefined],
  ["the complete example", COMPLETE],
])("each rule of %s is within AWS's default quota", (_which, map) => {
  const patterns = [...synthesize(map).values()].flatMap((stack) =>
    Object.values(stack.all("aws_cloudwatch_event_rule")).map((rule) => String(rule["event_pattern"] ?? "")),
  );
  expect(patterns.length).toBeGreaterThan(10);
  expect(patterns.filter((pattern) => pattern.length > EVENT_PATTERN_LIMIT)).toEqual([]);
});

describe("the messages", () => {
  const message = (template: string, event: object) =>
    JSON.parse(
      transformInput({ InputPathsMap: SECURITY_PATHS, InputTemplate: template }, event, {
        ruleArn: arn("events:eu-central-1:444444444444:rule/x"),
        ruleName: "x",
        ingestionTime: "2026-03-01T12:00:06Z",
      }),
    ) as Record<string, string>;

  it("name the other document of a session", () => {
    expect(message(sessionTemplate(PLACE), EVENTS.startedWithReasonAndDocument)).toMatchObject({
      action: "StartSession",
      document: "AWS-StartPortForwardingSession",
      error: "",
    });
  });

  it("say why a call was refused", () => {
    expect(message(sessionTemplate(PLACE), EVENTS.denied)).toMatchObject({
      error: "AccessDenied",
      explanation: expect.stringContaining("not authorized to perform") as string,
    });
  });

  it("say who changed the recording, and link to the call", () => {
    expect(message(tamperingTemplate(PLACE), EVENTS.documentChanged)).toMatchObject({
      action: "UpdateDocument",
      service: "ssm.amazonaws.com",
      who: arn("sts::444444444444:assumed-role/operator/alice"),
      event: "0b0e2f61-5a8a-4ad6-8a8e-0a5f5b0c2f55",
    });
  });
});

describe("the channel", () => {
  it("is separate from the activity channel, in each target", () => {
    const stack = synthesizeOne("session-payments-us-east-1");
    const topics = Object.values(stack.all("aws_sns_topic")).map((topic) => topic["name"]);
    expect(topics.sort()).toEqual(["session-audit-acme-activity", "session-audit-acme-security"]);
  });

  it("watches the archive in the archive's own account and region", () => {
    const stack = synthesizeOne("archive-eu-central-1");
    expect(stack.the("aws_sns_topic", /^Security/)["name"]).toBe("session-audit-acme-archive-security");
    const pattern = JSON.stringify(
      stack.document("aws_cloudwatch_event_rule", "event_pattern", /^Security_Tampering/),
    );
    expect(pattern).toContain("session-audit-acme-111111111111-eu-central-1");
    expect(pattern).toContain("alias/session-audit-acme-archive");
  });

  it("receives the alarms of the other channel, and the other way round", () => {
    const alarms = Object.values(
      synthesizeOne("session-payments-us-east-1").all("aws_cloudwatch_metric_alarm"),
    );
    expect(alarms).toHaveLength(18);
    for (const alarm of alarms) {
      expect(alarm["alarm_actions"]).toEqual([
        arn("sns:us-east-1:444444444444:session-audit-acme-activity"),
        arn("sns:us-east-1:444444444444:session-audit-acme-security"),
      ]);
    }
  });

  it("does not exist if it is off, and its topic is then in no key policy", () => {
    const map = exampleWith((m) => {
      m.notifications!.security = { enabled: false };
      // A guard reports to the security channel, so the map may not have one without it.
      delete m.accounts["storefront"]!.guard;
    });
    const stack = synthesizeOne("session-payments-us-east-1", map);
    expect(stack.addresses.filter((address) => /Security/.test(address))).toEqual([]);
    expect(stack.the("aws_kms_key")["policy"]).not.toContain("security");
  });
});
