import { judgeAlarm, type AlarmState } from "../../../fleet/doctor/checks/alarms";
import { judgeBucket, judgeExistingBucket, type BucketState } from "../../../fleet/doctor/checks/buckets";
import { judgeGuard } from "../../../fleet/doctor/checks/guard";
import { judgeGuardrail } from "../../../fleet/doctor/checks/guardrails";
import { judgeKey, judgeKeyUsage } from "../../../fleet/doctor/checks/keys";
import { judgeLogGroup, type LogGroupState } from "../../../fleet/doctor/checks/log-groups";
import { judgePreferences, judgeSetting } from "../../../fleet/doctor/checks/preferences";
import { judgeProbe } from "../../../fleet/doctor/checks/probe";
import { judgeQueue } from "../../../fleet/doctor/checks/queues";
import { judgeRecords, type LookedUp } from "../../../fleet/doctor/checks/records";
import { judgeAttachment } from "../../../fleet/doctor/checks/roles";
import { judgeRule, judgeSilence, type RuleState } from "../../../fleet/doctor/checks/rules";
import { judgeTopic, type SubscriptionState } from "../../../fleet/doctor/checks/topics";
import { judgeCoverage, judgeTrail } from "../../../fleet/doctor/checks/trails";
import type { Finding, Seen } from "../../../fleet/doctor/model";

const NOW = new Date("2026-11-26T12:00:00Z");
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
const DAYS = 24 * 60;
const seen = <T>(value: T): Seen<T> => ({ seen: value });
const DENIED = { unseen: "AccessDenied: no" } as const;

/** Findings in short: verdict and what was found. */
const short = (findings: readonly Finding[]) =>
  findings.map(({ verdict, found, why }) => `${verdict}: ${verdict === "not-looked-at" ? why : found}`);

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/1";
const OTHER = "arn:aws:kms:eu-west-1:111111111111:key/2";
const key = { name: "alias/a", seen: seen({ arn: KEY, state: "Enabled" }) };

it("what AWS refuses to show is not looked at, whatever it is", () => {
  const findings = [
    ...judgeAlarm({ name: "a", actions: [] }, DENIED, NOW),
    ...judgeBucket({ name: "b", algorithm: "aws:kms", key, lock: null }, DENIED),
    ...judgeExistingBucket("b", DENIED),
    ...judgeGuard({ name: "g", everyMinutes: 10 }, DENIED, DENIED, NOW),
    ...judgeGuardrail({ name: "p", content: "{}", targets: [] }, DENIED),
    ...judgeKey("k", DENIED),
    ...judgeKeyUsage("k", DENIED, NOW),
    ...judgeLogGroup({ name: "l", key, days: 1 }, DENIED),
    ...judgePreferences("d", "{}", DENIED),
    ...judgeSetting("s", "Disable", DENIED),
    ...judgeQueue("q", DENIED),
    ...judgeRecords("eu-west-1", 30, DENIED, NOW),
    ...judgeAttachment({ role: "r", policyArn: "p" }, DENIED),
    ...judgeRule({ name: "r", pattern: "{}", schedule: null, targets: [] }, DENIED, DENIED),
    ...judgeTopic({ arn: "t", subscribers: [], forwards: false }, DENIED),
    ...judgeTrail("t", DENIED),
    ...judgeCoverage("eu-west-1", DENIED),
  ];
  expect(short(findings)).toEqual(Array(17).fill("not-looked-at: AccessDenied: no"));
});

describe("preferences", () => {
  const content = (idle: string) =>
    JSON.stringify({ schemaVersion: "1.0", inputs: { idle, shell: { linux: "" } } });
  const [good, bad] = [content("20"), content("60")];
  const versions = (latest: string, byDefault: string, same: boolean) =>
    seen({
      latest: { version: "3", content: latest },
      default: { version: same ? "3" : "2", content: byDefault },
    });
  it.each([
    ["as deployed", versions(good, good, true), ["ok: version 3 is as deployed"]],
    [
      "in another layout",
      versions(JSON.stringify(JSON.parse(good), null, 2), good, true),
      ["ok: version 3 is as deployed"],
    ],
    ["changed", versions(bad, bad, true), ['fault: version 3, the latest, has idle "60" instead of "20"']],
    [
      "with the default version left behind",
      versions(good, good, false),
      ["fault: the default version is 2, and the latest is 3"],
    ],
    [
      "with an older default version that differs",
      versions(good, bad, false),
      ['fault: the default version is 2, which has idle "60" instead of "20", and the latest is 3'],
    ],
    [
      "with a setting more and one less",
      versions(
        JSON.stringify({ schemaVersion: "1.0", inputs: { more: true, shell: { linux: "" } } }),
        good,
        true,
      ),
      ["fault: version 3, the latest, has no idle; more true although it is not declared"],
    ],
    [
      "that are no JSON",
      versions("x", "x", true),
      ["fault: version 3, the latest, has no content that is JSON"],
    ],
    ["gone", seen(null), ["fault: there is no such document"]],
  ])("%s", (_what, what, expected) => {
    expect(short(judgePreferences("d", good, what))).toEqual(expected);
  });
});

describe("log groups", () => {
  const group = (change: Partial<LogGroupState> = {}) => seen({ keyArn: KEY, days: 365, ...change });
  it.each([
    ["as declared", group(), [`ok: encrypted with ${KEY}, keeps events 365 days`]],
    ["without a key", group({ keyArn: null }), ["fault: is not encrypted with a key"]],
    ["with another key", group({ keyArn: OTHER }), [`fault: is encrypted with ${OTHER} instead of alias/a`]],
    ["that keeps less", group({ days: 7 }), ["fault: keeps events 7 days instead of 365"]],
    ["that keeps more", group({ days: null }), ["warning: keeps events forever instead of 365"]],
    ["gone", seen(null), ["fault: there is no such log group"]],
  ])("%s", (_what, what, expected) => {
    expect(short(judgeLogGroup({ name: "g", key, days: 365 }, what))).toEqual(expected);
  });

  it("that keep forever by the map are at fault if they do not", () => {
    expect(short(judgeLogGroup({ name: "g", key: null, days: null }, group()))).toEqual([
      "fault: keeps events 365 days instead of forever",
    ]);
  });

  it.each([
    ["any", group({ keyArn: OTHER }), "ok"],
    ["any", group({ keyArn: null }), "fault"],
    [null, group({ keyArn: null }), "ok"],
  ] as const)("of others need %s key", (wanted, what, verdict) => {
    expect(judgeLogGroup({ name: "g", key: wanted }, what).map((one) => one.verdict)).toEqual([verdict]);
  });
});

describe("buckets", () => {
  const wanted = { name: "b", algorithm: "aws:kms", key, lock: { mode: "GOVERNANCE", days: 30 } };
  const bucket = (change: Partial<BucketState> = {}) =>
    seen({
      algorithm: "aws:kms",
      key: KEY,
      versioned: true,
      blocksPublicAccess: true,
      lock: { mode: "GOVERNANCE", days: 30 },
      ...change,
    });
  it.each([
    ["as declared", bucket(), [`ok: aws:kms with ${KEY}, versions, GOVERNANCE lock of 30 days`]],
    [
      "with another algorithm",
      bucket({ algorithm: "aws:kms:dsse" }),
      ["fault: has aws:kms:dsse encryption instead of aws:kms"],
    ],
    ["without encryption", bucket({ algorithm: null }), ["fault: has no encryption instead of aws:kms"]],
    ["with another key", bucket({ key: OTHER }), [`fault: is encrypted with ${OTHER} instead of alias/a`]],
    ["without versions", bucket({ versioned: false }), ["fault: keeps no versions"]],
    ["without a lock", bucket({ lock: null }), ["fault: locks no objects instead of GOVERNANCE 30 days"]],
    [
      "with a shorter lock",
      bucket({ lock: { mode: "GOVERNANCE", days: 1 } }),
      ["fault: locks objects GOVERNANCE 1 days instead of GOVERNANCE 30 days"],
    ],
    ["that may be public", bucket({ blocksPublicAccess: false }), ["fault: does not block public access"]],
    ["gone", seen(null), ["fault: there is no such bucket"]],
  ])("%s", (_what, what, expected) => {
    expect(short(judgeBucket(wanted, what))).toEqual(expected);
  });

  it.each([
    ["aws:kms", "ok"],
    ["AES256", "ok"],
    ["aws:kms:dsse", "fault"],
    [null, "fault"],
  ])("of others with %s are as the SSM Agent sees them", (algorithm, verdict) => {
    expect(judgeExistingBucket("b", seen({ algorithm, key: null }))[0]!.verdict).toBe(verdict);
  });
});

describe("keys", () => {
  it.each([
    ["Enabled", "ok", null],
    ["Disabled", "fault", /aws kms enable-key/],
    ["PendingDeletion", "fault", /cancel-key-deletion/],
  ])("%s", (state, verdict, remedy) => {
    const [finding] = judgeKey("alias/a", seen({ arn: KEY, state }));
    expect(finding!.verdict).toBe(verdict);
    if (remedy) expect(finding!.remedy).toMatch(remedy);
  });
  it.each([
    ["yesterday", ago(DAYS), ago(90 * DAYS), "ok"],
    ["two months ago", ago(60 * DAYS), ago(90 * DAYS), "warning"],
    ["never, for three months", null, ago(90 * DAYS), "warning"],
    ["never, for a day", null, ago(DAYS), "ok"],
    ["never, nobody knows since when", null, null, "ok"],
  ])("that were used %s", (_when, last, since, verdict) => {
    expect(judgeKeyUsage("k", seen({ last, since }), NOW)[0]!.verdict).toBe(verdict);
  });
});

describe("records", () => {
  const session = (id: string, found: LookedUp["found"], minutes = 600): LookedUp => ({
    session: { sessionId: id, startDate: ago(minutes + 10), endDate: ago(minutes) },
    expected: ["transcript", "log stream"],
    found,
  });
  const both = new Map([
    ["transcript", "present"],
    ["log stream", "present"],
  ] as const);
  const one = new Map([
    ["transcript", "absent"],
    ["log stream", "present"],
  ] as const);
  it.each([
    ["no session", [], ["ok: no session of the last 30 days must have left a record"]],
    ["all there", [session("a", both), session("b", both)], ["ok: the 2 newest sessions have their records"]],
    ["some missing", [session("a", both), session("b", one)], ["warning: b: no transcript"]],
    ["all missing", [session("b", one)], ["fault: b: no transcript"]],
  ])("%s", (_what, sessions, expected) => {
    expect(short(judgeRecords("eu-west-1", 30, seen(sessions), NOW))).toEqual(expected);
  });

  it("a session that nobody opened is none that lacks a record", () => {
    const absent = new Map([
      ["transcript", "absent"],
      ["log stream", "absent"],
    ] as const);
    const brief = {
      ...session("a", absent),
      session: { sessionId: "a", startDate: ago(60), endDate: ago(60) },
    };
    expect(judgeRecords("eu-west-1", 30, seen([brief]), NOW)[0]!.verdict).toBe("ok");
  });
});

it.each([
  [["p"], "ok: has p"],
  [["x"], "fault: lacks p"],
  [null, "fault: there is no such role"],
])("a role with %j", (attached, expected) => {
  expect(short(judgeAttachment({ role: "r", policyArn: "p" }, seen(attached)))).toEqual([expected]);
});

describe("trails", () => {
  const trail = (logging: boolean, problem: string | null = null, writes: Seen<boolean> = seen(true)) => ({
    name: "t",
    status: seen({ logging, stopped: logging ? null : ago(60), problem }),
    recordsWrites: writes,
  });
  it.each([
    ["that logs", [trail(true)], "ok: logs", "ok: t"],
    [
      "that is stopped",
      [trail(false)],
      "fault: does not log since 2026-11-26T11:00:00.000Z",
      "fault: t: none logs",
    ],
    ["that cannot deliver", [trail(true, "AccessDenied")], "fault: cannot deliver: AccessDenied", "ok: t"],
    [
      "that records no writes",
      [trail(true, null, seen(false))],
      "fault: records no management events that write",
      "fault: t: records no management events that write",
    ],
    [
      "whose selectors are a secret",
      [trail(true, null, DENIED)],
      "not-looked-at: AccessDenied: no",
      "not-looked-at: AccessDenied: no",
    ],
    [
      "that records no writes and is stopped",
      [trail(false, null, seen(false))],
      "fault: does not log since 2026-11-26T11:00:00.000Z",
      "fault: t: none logs",
    ],
    ["that is gone", [], "fault: there is no such trail", "fault: there is no trail"],
    [
      "whose status is a secret",
      [{ name: "t", status: DENIED, recordsWrites: seen(true) }],
      "not-looked-at: AccessDenied: no",
      "not-looked-at: AccessDenied: no",
    ],
  ])("%s", (_what, trails, declared, any) => {
    expect(short(judgeTrail("t", seen(trails)))).toEqual([declared]);
    expect(short(judgeCoverage("eu-west-1", seen(trails)))).toEqual([any]);
  });
});

it.each([
  ["another one that records writes", true, "ok: other"],
  ["another one that records none either", false, "fault: t, other: records no management events that write"],
])("beside a trail that records no writes counts %s", (_what, writes, expected) => {
  const logging = seen({ logging: true, stopped: null, problem: null });
  const trails = [
    { name: "t", status: logging, recordsWrites: seen(false) },
    { name: "other", status: logging, recordsWrites: seen(writes) },
  ];
  expect(short(judgeCoverage("eu-west-1", seen(trails)))).toEqual([expected]);
});

describe("rules", () => {
  const wanted = {
    name: "r",
    pattern: '{"source":["aws.ssm"],"detail":{"a":["1"]}}',
    schedule: null,
    targets: ["arn:t"],
  };
  const rule = (change: Partial<RuleState> = {}) =>
    seen({
      state: "ENABLED",
      pattern: wanted.pattern,
      schedule: null,
      targets: ["arn:t", "arn:u"],
      ...change,
    });
  const used = (matched: number, failed = 0) => seen({ days: 30, matched, failed });
  it.each([
    ["as declared", rule(), used(3), ["ok: enabled, matched 3 times in 30 days"]],
    [
      "with its keys in another order",
      rule({ pattern: '{"detail":{"a":["1"]},"source":["aws.ssm"]}' }),
      used(1),
      ["ok: enabled, matched once in 30 days"],
    ],
    [
      "that sees reads as well",
      rule({ state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" }),
      used(0),
      ["ok: enabled, matched 0 times in 30 days"],
    ],
    ["that is disabled", rule({ state: "DISABLED" }), used(3), ["fault: disabled"]],
    [
      "with another pattern",
      rule({ pattern: '{"source":["aws.ec2"]}' }),
      used(3),
      ["fault: matches other events than declared"],
    ],
    ["without its target", rule({ targets: [] }), used(3), ["fault: does not invoke arn:t"]],
    ["whose target failed", rule(), used(3, 2), ["warning: 2 invocations failed in 30 days"]],
    ["whose metrics are a secret", rule(), DENIED, ["not-looked-at: AccessDenied: no"]],
    ["that is gone", seen(null), used(0), ["fault: there is no such rule"]],
  ])("%s", (_what, what, use, expected) => {
    expect(short(judgeRule(wanted, what, use))).toEqual(expected);
  });

  it("with the id of a key that Terraform does not know yet match any id", () => {
    const declared = { ...wanted, pattern: '{"detail":{"keyId":["${aws_kms_key.Key.key_id}","alias/a"]}}' };
    const has = (id: string) => rule({ pattern: `{"detail":{"keyId":["${id}","alias/a"]}}` });
    expect(judgeRule(declared, has("1234-abcd"), used(1))[0]!.verdict).toBe("ok");
    expect(judgeRule(declared, has('1","2'), used(1))[0]!.verdict).toBe("fault");
  });

  it("with another schedule are at fault", () => {
    const scheduled = { ...wanted, pattern: null, schedule: "rate(10 minutes)" };
    const what = rule({ pattern: null, schedule: "rate(1 day)" });
    expect(short(judgeRule(scheduled, what, used(1)))).toEqual(["fault: has the schedule rate(1 day)"]);
  });

  it.each([
    [2, 0, ["fault: matched nothing in 30 days, and 2 sessions started"]],
    [2, 1, []],
    [0, 0, []],
  ])("about sessions, of which %d started, that matched %d", (sessions, matched, expected) => {
    expect(short(judgeSilence("r", seen(sessions), used(matched)))).toEqual(expected);
  });

  it("about sessions are not called silent if nobody knows of sessions or matches", () => {
    expect([...judgeSilence("r", DENIED, used(0)), ...judgeSilence("r", seen(1), DENIED)]).toEqual([]);
  });
});

describe("topics", () => {
  const subscriber = { protocol: "email", endpoint: "a@example.com" };
  const subscription = (arn: string): SubscriptionState => ({ ...subscriber, arn });
  const judge = (subscriptions: SubscriptionState[] | null, subscribers = [subscriber], forwards = false) =>
    short(judgeTopic({ arn: "arn:topic", subscribers, forwards }, seen(subscriptions)));
  it.each([
    [
      "confirmed",
      judge([subscription("arn:s")]),
      ["ok: confirmed for arn:topic", "ok: 1 confirmed subscription"],
    ],
    ["not confirmed", judge([subscription("PendingConfirmation")])[0], "fault: not confirmed for arn:topic"],
    ["missing", judge([])[0], "fault: does not subscribe to arn:topic"],
    ["deleted", judge([subscription("Deleted")])[0], "fault: does not subscribe to arn:topic"],
    ["nobody", judge([], []), ["warning: nobody subscribes to it"]],
    ["nobody, and a central channel", judge([], [], true), ["ok: 0 confirmed subscriptions"]],
    ["one that the map does not name", judge([subscription("arn:s")], []), ["ok: 1 confirmed subscription"]],
    ["no topic", judge(null), ["fault: there is no such topic"]],
  ])("%s", (_what, found, expected) => {
    expect(found).toEqual(expected);
  });
});

it.each([
  [seen({ messages: 0 }), "ok: empty"],
  [seen({ messages: 1 }), "fault: 1 message waits"],
  [seen({ messages: 3 }), "fault: 3 messages wait"],
  [seen(null), "fault: there is no such queue"],
])("a dead-letter queue %j", (what, expected) => {
  expect(short(judgeQueue("q", what))).toEqual([expected]);
});

describe("alarms", () => {
  const alarm = (change: Partial<AlarmState> = {}): Seen<ReadonlyMap<string, AlarmState>> =>
    seen(
      new Map([
        ["a", { state: "OK", since: ago(600), reason: "r", acts: true, actions: ["arn:t"], ...change }],
      ]),
    );
  it.each([
    ["quiet", alarm(), ["ok: OK"]],
    ["in ALARM", alarm({ state: "ALARM" }), ["fault: is in the ALARM state since 2026-11-26T02:00:00.000Z"]],
    ["that is mute", alarm({ acts: false }), ["fault: its actions are disabled"]],
    ["that tells nobody", alarm({ actions: [] }), ["fault: lacks the action arn:t"]],
    ["without data for hours", alarm({ state: "INSUFFICIENT_DATA" }), ["warning: has no data"]],
    ["that is new", alarm({ state: "INSUFFICIENT_DATA", since: ago(5) }), ["ok: INSUFFICIENT_DATA"]],
    ["that is gone", seen(new Map()), ["fault: there is no such alarm"]],
  ])("%s", (_what, what, expected) => {
    expect(short(judgeAlarm({ name: "a", actions: ["arn:t"] }, what, NOW))).toEqual(expected);
  });
});

describe("guards", () => {
  const fn = (state: string, updated: Date | null = ago(600)) => seen({ state, reason: null, updated });
  const runs = (count: number, checks: number, errors = 0) => seen({ runs: count, errors, checks });
  it.each([
    ["that ran", fn("Active"), runs(2, 2), ["ok: 2 checks in 20 minutes"]],
    ["that never ran", fn("Active"), runs(0, 0), ["fault: finished no check in 20 minutes (0 runs)"]],
    [
      "that runs without an end",
      fn("Active"),
      runs(2, 0),
      ["fault: finished no check in 20 minutes (2 runs)"],
    ],
    ["that is new", fn("Active", ago(5)), runs(0, 0), ["warning: finished no check in 20 minutes (0 runs)"]],
    ["that failed once", fn("Active"), runs(2, 1, 1), ["warning: failed 1 times in 20 minutes"]],
    ["that cannot run", fn("Failed"), runs(0, 0), ["fault: Failed"]],
    ["that is gone", seen(null), runs(0, 0), ["fault: there is no such function"]],
    ["whose runs are a secret", fn("Active"), DENIED, ["not-looked-at: AccessDenied: no"]],
  ])("%s", (_what, what, how, expected) => {
    expect(short(judgeGuard({ name: "g", everyMinutes: 10 }, what, how, NOW))).toEqual(expected);
  });

  it("that look for nothing need not run", () => {
    expect(short(judgeGuard({ name: "g", everyMinutes: null }, fn("Active"), runs(0, 0), NOW))).toEqual([
      "ok: Active, 0 runs",
    ]);
  });
});

it.each([
  [
    "attached",
    new Map([["p", { content: '{ "a": 1 }', targets: ["ou-1", "ou-2"] }]]),
    ["ok: attached to ou-1, ou-2"],
  ],
  ["detached", new Map([["p", { content: '{"a":1}', targets: [] }]]), ["fault: is not attached to ou-1"]],
  [
    "changed",
    new Map([["p", { content: "{}", targets: ["ou-1"] }]]),
    ["fault: has other statements than declared"],
  ],
  ["gone", new Map(), ["fault: there is no such policy"]],
])("a guardrail that is %s", (_what, policies, expected) => {
  const wanted = { name: "p", content: '{"a":1}', targets: ["ou-1"] };
  expect(short(judgeGuardrail(wanted, seen(policies)))).toEqual(expected);
});

it.each([
  ["Disable", "ok: Disable"],
  ["Enable", "fault: Enable instead of Disable"],
])("public sharing that is set to %s", (value, expected) => {
  expect(short(judgeSetting("s", "Disable", seen(value)))).toEqual([expected]);
});

describe("probes", () => {
  const places = { stream: "g: id", transcript: "s3://b/id.log" };
  const allowed = { call: "s3:PutObject", refused: null };
  const there = { stream: seen(true), transcript: seen(true), places };
  it.each([
    ["that are found", [allowed], there, ["ok: 1 calls were allowed, and the record of id is there"]],
    [
      "that are refused",
      [{ call: "s3:PutObject", refused: "AccessDenied: no" }],
      { ...there, transcript: seen(false) },
      ["fault: s3:PutObject: AccessDenied: no"],
    ],
    [
      "that vanish",
      [allowed],
      { ...there, transcript: seen(false) },
      ["fault: s3://b/id.log is not there, although it was written"],
    ],
    [
      "that nobody may look for",
      [allowed],
      { ...there, stream: DENIED },
      ["not-looked-at: AccessDenied: no"],
    ],
    [
      "of which nothing is written",
      [],
      { stream: null, transcript: null, places },
      ["ok: the preferences name no place for records"],
    ],
  ])("%s", (_what, steps, found, expected) => {
    expect(short(judgeProbe("id", "r", steps, found))).toEqual(expected);
  });
});
