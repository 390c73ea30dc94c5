import type { PlannedStack, Quality, StrengthRow } from "../../review/model";
import { FOREVER_DAYS } from "../../review/model";
import type { Json } from "../../review/plan-json";
import { reviewOf } from "../../review/review";
import { recorded } from "../fixtures/plans/trim";
import { ORIGIN, planOf, stackOf, type Planned } from "../helpers/plans";

type Attributes = { readonly [name: string]: Json };
const row = (stacks: Iterable<PlannedStack>, quality: Quality): StrengthRow =>
  reviewOf(stacks, ORIGIN).strength.find((one) => one.quality === quality)!;
const numbers = (stacks: Iterable<PlannedStack>, quality: Quality) => {
  const { before, after, of } = row(stacks, quality);
  return `${before} → ${after} of ${of}`;
};

describe("recorded plans", () => {
  it.each<[string, Quality, string, readonly string[], readonly string[]]>([
    ["enforcement-off", "refusedIfUnrecorded", "1 → 0 of 1", ["session-sandbox-eu-central-1"], []],
    ["enforcement-off", "recordedToS3", "1 → 1 of 1", [], []],
    [
      "retention-shortened",
      "retention",
      "731 → 90 of 2",
      ["session-payments-eu-central-1", "session-payments-us-east-1"],
      [],
    ],
    [
      "notifications-off",
      "notified",
      "2 → 0 of 2",
      ["session-payments-eu-central-1", "session-payments-us-east-1"],
      [],
    ],
    [
      "notifications-off",
      "watchedForTampering",
      "2 → 0 of 2",
      ["session-payments-eu-central-1", "session-payments-us-east-1"],
      [],
    ],
    [
      "guard-off",
      "guard",
      "3 → 0 of 3",
      ["session-sandbox-eu-central-1", "session-payments-eu-central-1", "session-payments-us-east-1"],
      [],
    ],
    ["guard-off", "watchedForTampering", "3 → 3 of 3", [], []],
    ["drift", "refusedIfUnrecorded", "0 → 1 of 1", [], ["session-payments-eu-central-1"]],
    ["drift", "retention", "7 → 731 of 1", [], ["session-payments-eu-central-1"]],
    ["standalone", "replication", "0 → 1 of 1", [], ["session-storefront-us-east-1"]],
    ["standalone", "encryptedWithCustomerKey", "0 → 1 of 1", [], ["session-storefront-us-east-1"]],
    ["standalone", "notified", "0 → 0 of 1", [], []],
    ["archive-joined", "objectLock", "1 → 1 of 1", [], []],
    ["account-taken-out", "recordedToS3", "1 → 0 of 1", ["session-sandbox-eu-central-1"], []],
    ["account-taken-out", "guardrails", "1 → 0 of 1", ["session-sandbox-eu-central-1"], []],
    [
      "new-account",
      "objectLock",
      "1 → 3 of 3",
      [],
      ["session-payments-eu-central-1", "session-payments-us-east-1"],
    ],
    [
      "new-account",
      "replication",
      "1 → 3 of 3",
      [],
      ["session-payments-eu-central-1", "session-payments-us-east-1"],
    ],
    ["new-account", "guardrails", "2 → 3 of 3", [], ["session-payments-eu-central-1"]],
    ["unchanged", "retention", "731 → 731 of 1", [], []],
    ["unchanged", "encryptedWithCustomerKey", "1 → 1 of 1", [], []],
  ])("%s: %s %s", (scenario, quality, expected, weaker, stronger) => {
    expect(numbers(recorded(scenario), quality)).toBe(expected);
    expect(row(recorded(scenario), quality)).toMatchObject({ weaker, stronger });
  });

  it("names the targets that it cannot judge, because their archive is not in the folder", () => {
    expect(row(recorded("enforcement-off"), "objectLock")).toMatchObject({
      before: null,
      after: null,
      of: 0,
      unknown: ["session-sandbox-eu-central-1"],
    });
  });

  it("says that something gets weaker although not everything is known of the target", () => {
    expect(row(recorded("key-given-up"), "encryptedWithCustomerKey").weaker).toHaveLength(3);
  });

  it("names the archive where the targets that it weakens are not in the folder", () => {
    expect(row(recorded("archive-weakened"), "objectLock").weaker).toEqual([
      "archive-eu-central-1",
      "archive-us-east-1",
    ]);
    expect(row(recorded("archive-weakened"), "retention").weaker).toHaveLength(2);
  });

  it("names the guardrails where they exempt more roles", () => {
    expect(row(recorded("guardrails-widened"), "guardrails").weaker).toEqual(["guardrails"]);
  });

  it("does not take a further region for weaker guardrails", () => {
    expect(row(recorded("new-account"), "guardrails").weaker).toEqual([]);
  });

  it("does not expect guardrails of a folder that has none", () => {
    expect(row(recorded("standalone"), "guardrails")).toMatchObject({
      before: null,
      after: null,
      unknown: [],
    });
  });
});

const INPUTS = {
  s3BucketName: "audit",
  s3EncryptionEnabled: true,
  cloudWatchLogGroupName: "/sessions",
  cloudWatchEncryptionEnabled: true,
  kmsKeyId: "alias/a",
};
const preferences = (before: Attributes | null, after: Attributes | null): Planned => {
  const whole = (inputs: Attributes | null) =>
    inputs && {
      name: "SSM-SessionManagerRunShell",
      content: JSON.stringify({ inputs: { ...INPUTS, ...inputs } }),
    };
  return { type: "aws_ssm_document", before: whole(before), after: whole(after) };
};
const changed = (
  type: string,
  before: Attributes | null,
  after: Attributes | null,
  name = "This",
): Planned => ({
  type,
  name,
  before,
  after,
});
const same = (type: string, values: Attributes, name = "This") => changed(type, values, values, name);
const stays = preferences({}, {});
const target = (...planned: readonly Planned[]) => [stackOf(planOf(planned))];

it.each<[string, Planned, string]>([
  ["one of two destinations is not enforced", preferences({}, { s3EncryptionEnabled: false }), "1 → 0 of 1"],
  [
    "a destination that is not used is not enforced",
    preferences({ s3BucketName: "", s3EncryptionEnabled: false }, {}),
    "1 → 1 of 1",
  ],
  [
    "there is no destination",
    preferences({}, { s3BucketName: "", cloudWatchLogGroupName: "" }),
    "1 → 0 of 1",
  ],
])("judges whether sessions are refused if %s", (_what, planned, expected) => {
  expect(numbers(target(planned), "refusedIfUnrecorded")).toBe(expected);
});

it("takes preferences that are known only after the apply for neither weaker nor stronger", () => {
  const unknown: Planned = {
    ...preferences({}, {}),
    after: { name: "SSM-SessionManagerRunShell" },
    unknown: { content: true },
  };
  expect(row(target(unknown), "recordedToS3")).toMatchObject({
    before: null,
    after: null,
    of: 0,
    weaker: [],
    stronger: [],
    unknown: ["session-payments-eu-central-1"],
  });
});

describe("the retention of a target", () => {
  const group = (before: number, after: number) =>
    changed(
      "aws_cloudwatch_log_group",
      { name: "/sessions", retention_in_days: before },
      { name: "/sessions", retention_in_days: after },
    );
  const bucket = same("aws_s3_bucket", { bucket: "audit" }, "Transcripts");
  const lifecycle = (before: number, after: number) => {
    const values = (days: number) => ({
      bucket: "audit",
      rule: [{ status: "Enabled", expiration: [{ days }] }],
    });
    return changed("aws_s3_bucket_lifecycle_configuration", values(before), values(after));
  };

  it("is that of the place that keeps records for the shortest time", () => {
    expect(numbers(target(stays, bucket, lifecycle(30, 60), group(365, 365)), "retention")).toBe(
      "30 → 60 of 1",
    );
  });

  it("gets stronger, from days to forever, if nothing deletes any more", () => {
    const stacks = target(stays, bucket, lifecycle(365, 0), group(365, 0));
    expect(row(stacks, "retention")).toMatchObject({
      before: 365,
      after: FOREVER_DAYS,
      weaker: [],
      stronger: ["session-payments-eu-central-1"],
    });
  });

  it("gets weaker if a place keeps records for less time, also if another one is shorter still", () => {
    const stacks = target(stays, bucket, lifecycle(30, 30), group(365, 90));
    expect(row(stacks, "retention")).toMatchObject({
      before: 30,
      after: 30,
      weaker: ["session-payments-eu-central-1"],
    });
  });

  it("is forever if nothing is deleted", () => {
    const stacks = target(stays, bucket, group(0, 0));
    expect(numbers(stacks, "retention")).toBe(`${FOREVER_DAYS} → ${FOREVER_DAYS} of 1`);
  });
});

describe("Object Lock", () => {
  const lock = (before: Json, after: Json) => {
    const values = (retention: Json): Attributes => ({
      bucket: "audit",
      rule: retention === null ? [] : [{ default_retention: [retention] }],
    });
    return target(
      stays,
      same("aws_s3_bucket", { bucket: "audit" }, "Transcripts"),
      changed("aws_s3_bucket_object_lock_configuration", values(before), values(after)),
    );
  };
  const governance = { days: 365, mode: "GOVERNANCE" };
  const weaker = ["session-payments-eu-central-1"];

  it.each<[string, Json, Json, string, readonly string[]]>([
    ["is shortened", governance, { ...governance, days: 30 }, "1 → 1 of 1", weaker],
    ["gets a weaker mode", { ...governance, mode: "COMPLIANCE" }, governance, "1 → 1 of 1", weaker],
    ["is removed", governance, null, "1 → 0 of 1", weaker],
    ["is written in years", governance, { years: 1, mode: "GOVERNANCE" }, "1 → 1 of 1", []],
    ["is lengthened", governance, { ...governance, days: 731 }, "1 → 1 of 1", []],
  ])("%s", (_what, before, after, expected, expectedWeaker) => {
    expect(numbers(lock(before, after), "objectLock")).toBe(expected);
    expect(row(lock(before, after), "objectLock").weaker).toEqual(expectedWeaker);
  });
});

describe("a target is notified", () => {
  const TOPIC = "arn:aws:sns:eu-central-1:444444444444:session-audit-acme-security";
  const CHAT = `${TOPIC}-chat`;
  const chat = same("aws_sns_topic", { name: "session-audit-acme-security-chat", arn: CHAT });
  const rule = same("aws_cloudwatch_event_rule", { name: "session-audit-acme-security-tampering" });
  const eventTarget = (id: string, arn: string) =>
    same("aws_cloudwatch_event_target", {
      rule: "session-audit-acme-security-tampering",
      target_id: id,
      arn,
    });
  const channels = (arns: string[]) =>
    stackOf(planOf([same("aws_chatbot_slack_channel_configuration", { sns_topic_arns: arns })]), {
      id: "chat-payments",
      kind: "chat",
    });
  const subscribed = (topic_arn: string) => same("aws_sns_topic_subscription", { topic_arn });

  it.each<[string, PlannedStack[], string]>([
    ["by a subscriber", target(stays, subscribed(TOPIC)), "1 → 1 of 1"],
    ["by an action", target(stays, rule, eventTarget("lambda-1", "f")), "1 → 1 of 1"],
    [
      "not by the topic alone",
      target(
        stays,
        same("aws_sns_topic", { name: "session-audit-acme-security", arn: TOPIC }),
        rule,
        eventTarget("topic", TOPIC),
      ),
      "0 → 0 of 1",
    ],
    ["by a chat channel of another stack", [...target(stays, chat), channels([CHAT])], "1 → 1 of 1"],
    [
      "not by a chat channel that reads other topics",
      [...target(stays, chat), channels(["other"])],
      "0 → 0 of 1",
    ],
  ])("%s", (_how, stacks, expected) => {
    expect(numbers(stacks, "notified")).toBe(expected);
  });

  it("as nobody can tell by a topic that exists already, or by chat whose stack is not in the folder", () => {
    expect(
      row(target(stays, rule, eventTarget("topic", "arn:aws:sns:x:y:theirs")), "notified").unknown,
    ).toHaveLength(1);
    expect(row(target(stays, chat), "notified").unknown).toHaveLength(1);
  });

  const BUS = "session-audit-acme-all-security";
  const CENTRAL = `arn:aws:sns:eu-west-1:777777777777:${BUS}`;
  const forwards = [rule, eventTarget("central", `arn:aws:events:eu-west-1:777777777777:event-bus/${BUS}`)];
  /** The stack of the central topics, with what hears the one for findings. */
  const place = (...heard: Planned[]) =>
    stackOf(
      planOf([
        same("aws_cloudwatch_event_bus", { name: BUS }),
        same("aws_sns_topic", { name: BUS, arn: CENTRAL }),
        ...heard,
      ]),
      {
        id: "central-eu-west-1",
        kind: "central",
        account: "soc",
        accountId: "777777777777",
        region: "eu-west-1",
      },
    );
  const centralAction = same("aws_cloudwatch_event_target", {
    rule: `${BUS}-tampering`,
    event_bus_name: BUS,
    target_id: "lambda-1",
    arn: "f",
  });
  const centralChat = same("aws_sns_topic", { name: `${BUS}-chat`, arn: `${CENTRAL}-chat` });
  const chatOfSoc = {
    ...channels([`${CENTRAL}-chat`]),
    id: "chat-soc",
    account: "soc",
    accountId: "777777777777",
    region: "eu-west-1",
  };

  it.each<[string, PlannedStack[], string]>([
    ["by a subscriber of the central topic", [place(subscribed(CENTRAL))], "1 → 1 of 1"],
    ["by an action of the central channel", [place(centralAction)], "1 → 1 of 1"],
    [
      "by a chat channel of the central topic",
      [place({ ...centralChat, name: "Chat" }), chatOfSoc],
      "1 → 1 of 1",
    ],
    ["not by a central topic without subscribers", [place()], "0 → 0 of 1"],
    ["not by a subscriber of another topic there", [place(subscribed(`${CENTRAL}-2`))], "0 → 0 of 1"],
  ])("%s", (_how, others, expected) => {
    expect(numbers([...target(stays, ...forwards), ...others], "notified")).toBe(expected);
  });

  it("as nobody can tell if the stack of the central topics is not in the folder", () => {
    expect(row(target(stays, ...forwards), "notified").unknown).toHaveLength(1);
  });

  it("as before if the central topic takes the place of its own topic", () => {
    const gained = changed("aws_cloudwatch_event_target", null, forwards[1]!.after);
    const lost = changed("aws_sns_topic_subscription", { topic_arn: TOPIC }, null);
    const stacks = [...target(stays, rule, gained, lost), place(subscribed(CENTRAL))];
    expect(row(stacks, "notified")).toMatchObject({ before: 1, after: 1, weaker: [] });
  });

  it("less if the central topic loses all subscribers", () => {
    const stacks = [
      ...target(stays, ...forwards),
      place(changed("aws_sns_topic_subscription", { topic_arn: CENTRAL }, null)),
    ];
    expect(row(stacks, "notified")).toMatchObject({ before: 1, after: 0 });
  });

  it("less if one of its channels loses all subscribers", () => {
    const lost = changed("aws_sns_topic_subscription", { topic_arn: TOPIC }, null);
    const kept = { ...subscribed(TOPIC.replace("security", "activity")), name: "Other" };
    expect(row(target(stays, lost, kept), "notified")).toMatchObject({
      before: 1,
      after: 1,
      weaker: ["session-payments-eu-central-1"],
    });
  });
});

describe("a target is watched for tampering", () => {
  const watching = (state: string, hasTarget = true): Planned[] =>
    ["tampering", "preferences", "channels"].flatMap((kind) => {
      const name = `session-audit-acme-security-${kind}`;
      const isThis = kind === "channels";
      const rule = changed(
        "aws_cloudwatch_event_rule",
        { name, state: "ENABLED" },
        { name, state: isThis ? state : "ENABLED" },
        kind,
      );
      const to = { rule: name, target_id: "topic", arn: "x" };
      return [rule, changed("aws_cloudwatch_event_target", to, isThis && !hasTarget ? null : to, kind)];
    });

  it.each([
    ["if all rules are enabled", watching("ENABLED"), "1 → 1 of 1"],
    ["not if one is disabled", watching("DISABLED"), "1 → 0 of 1"],
    ["not if one has no target any more", watching("ENABLED", false), "1 → 0 of 1"],
  ])("%s", (_if, planned, expected) => {
    expect(numbers(target(stays, ...planned), "watchedForTampering")).toBe(expected);
  });
});

it.each([
  ["a guard that never runs", 0, "1 → 0 of 1"],
  ["a guard that runs", 5, "1 → 1 of 1"],
])("counts %s as it works", (_what, reserved, expected) => {
  const name = "session-audit-acme-guard";
  const guard = [
    changed(
      "aws_lambda_function",
      { function_name: name, reserved_concurrent_executions: 5 },
      { function_name: name, reserved_concurrent_executions: reserved },
    ),
    same("aws_cloudwatch_event_rule", { name: `${name}-sessions`, state: "ENABLED" }),
    same("aws_cloudwatch_event_target", { rule: `${name}-sessions`, target_id: "function" }),
  ];
  expect(numbers(target(stays, ...guard), "guard")).toBe(expected);
});

it("counts a key of AWS as none of one's own", () => {
  const group = (key: string) => ({ name: "/sessions", kms_key_id: key });
  const planned = changed(
    "aws_cloudwatch_log_group",
    group("arn:aws:kms:x:y:key/z"),
    group("alias/aws/logs"),
  );
  const stacks = target(preferences({ s3BucketName: "" }, { s3BucketName: "" }), planned);
  expect(numbers(stacks, "encryptedWithCustomerKey")).toBe("1 → 0 of 1");
});
