import { inEnvironment, type GuardConfiguration } from "../../../guard/configuration";
import { GUARD_CONFIGURATION_RULES } from "../../../review/findings/guard-configuration";
import { GUARD_FUNCTION_RULES } from "../../../review/findings/guard-function";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules, type Case } from "../../helpers/finding-cases";
import { reviewOfObjects, type Planned } from "../../helpers/plans";

type Settings = { readonly [name: string]: Json };
const TOPIC = "arn:aws:sns:eu-central-1:444444444444:security";
const CENTRAL = "arn:aws:sns:eu-central-1:111111111111:central";
const TRANSCRIPTS = {
  gracePeriodMinutes: 60,
  maximumDurationMinutes: 480,
  bucket: { name: "audit", prefix: "sessions", keptDays: 400 },
  logGroup: { name: "/audit", keptDays: 365 },
} as const;
const CONFIGURATION: GuardConfiguration = {
  partition: "aws",
  account: "444444444444",
  region: "eu-central-1",
  topicArn: TOPIC,
  chatTopicArn: `${TOPIC}-chat`,
  table: "guard",
  central: { topicArn: CENTRAL, chatTopicArn: null },
  preferences: "SSM-SessionManagerRunShell",
  allowedDocuments: [],
  transcripts: TRANSCRIPTS,
  console: "https://console",
};
const variables = (more: Partial<GuardConfiguration>, others: Settings = {}): Settings => ({
  environment: [
    { variables: { GUARD: JSON.stringify(inEnvironment({ ...CONFIGURATION, ...more })), ...others } },
  ],
});
const guard = (before: Settings, after: Settings): Planned => ({
  type: "aws_lambda_function",
  before: { function_name: "guard", ...variables({}), ...before },
  after: { function_name: "guard", ...variables({}), ...after },
});
const told = (more: Partial<GuardConfiguration>) => guard({}, variables(more));
const looking = (more: Partial<GuardConfiguration["transcripts"]>) =>
  told({ transcripts: { ...TRANSCRIPTS, ...more } });
const OTHER_TOPIC = "arn:aws:sns:eu-central-1:999999999999:theirs";
const LAYER = "arn:aws:lambda:eu-central-1:999999999999:layer:x:1";

/** A case of a value that a change in either direction may weaken. */
const anyWay = (rule: string, severity: Case["severity"], title: string, found: Planned): Case => ({
  rule,
  severity,
  title,
  found,
  not: told({}),
});

testRules(
  [...GUARD_CONFIGURATION_RULES, ...GUARD_FUNCTION_RULES],
  [
    bothWays(
      "guard-topic-removed",
      "high",
      `The function guard no longer reports to ${TOPIC}`,
      told({ topicArn: null }),
    ),
    bothWays(
      "guard-topic-removed",
      "medium",
      `The function guard no longer reports to ${TOPIC}-chat`,
      told({ chatTopicArn: null }),
    ),
    bothWays(
      "guard-topic-removed",
      "medium",
      `The function guard no longer reports to ${CENTRAL}`,
      told({ central: { topicArn: null, chatTopicArn: null } }),
    ),
    anyWay(
      "guard-topic-changed",
      "high",
      `The function guard reports to ${OTHER_TOPIC} instead of ${TOPIC}`,
      told({ topicArn: OTHER_TOPIC }),
    ),
    {
      rule: "guard-topic-added",
      severity: "medium",
      title: `The function guard also reports to ${OTHER_TOPIC}`,
      found: told({ central: { topicArn: CENTRAL, chatTopicArn: OTHER_TOPIC } }),
      not: told({ central: { topicArn: CENTRAL, chatTopicArn: TOPIC } }),
    },
    bothWays(
      "guard-check-off",
      "high",
      "The function guard no longer looks for the records of sessions",
      told({ transcripts: null }),
    ),
    bothWays(
      "guard-check-narrowed",
      "high",
      "The function guard no longer looks for records in the bucket",
      looking({ bucket: null }),
    ),
    bothWays(
      "guard-check-narrowed",
      "high",
      "The function guard no longer looks for records in the log group",
      looking({ logGroup: null }),
    ),
    anyWay(
      "guard-check-moved",
      "high",
      "The function guard looks for records in the bucket theirs instead of audit",
      looking({ bucket: { ...TRANSCRIPTS.bucket, name: "theirs" } }),
    ),
    anyWay(
      "guard-check-moved",
      "high",
      "The function guard looks for records in the log group /theirs instead of /audit",
      looking({ logGroup: { ...TRANSCRIPTS.logGroup, name: "/theirs" } }),
    ),
    bothWays(
      "guard-check-shortened",
      "low",
      "The function guard looks for records in the bucket for 90 days after a session (until now: 400)",
      looking({ bucket: { ...TRANSCRIPTS.bucket, keptDays: 90 } }),
    ),
    bothWays(
      "guard-check-shortened",
      "high",
      "The function guard looks for records in the log group for 0 days after a session (until now: 365)",
      looking({ logGroup: { ...TRANSCRIPTS.logGroup, keptDays: 0 } }),
    ),
    anyWay(
      "guard-check-prefix-changed",
      "medium",
      "The function guard looks for transcripts with the prefix other instead of sessions",
      looking({ bucket: { ...TRANSCRIPTS.bucket, prefix: "other" } }),
    ),
    bothWays(
      "guard-check-later",
      "medium",
      "The function guard looks for records 120 minutes after a session instead of 60",
      looking({ gracePeriodMinutes: 120 }),
    ),
    bothWays(
      "guard-check-later",
      "high",
      "The function guard looks for records 99999 minutes after a session instead of 60",
      looking({ gracePeriodMinutes: 99_999 }),
    ),
    anyWay(
      "guard-check-duration-changed",
      "low",
      "The function guard expects sessions of 1440 minutes at most instead of 480",
      looking({ maximumDurationMinutes: 1440 }),
    ),
    ...(["partition", "region", "table", "preferences"] as const).map((name) =>
      anyWay(
        "guard-configuration-changed",
        "high",
        `The function guard works with the ${name} other instead of ${CONFIGURATION[name]}`,
        told({ [name]: "other" }),
      ),
    ),
    anyWay(
      "guard-configuration-changed",
      "high",
      "The function guard works with the accountNumber 999999999999 instead of 444444444444",
      told({ account: "999999999999" }),
    ),
    anyWay(
      "guard-configuration-changed",
      "medium",
      "The function guard works with the console https://other instead of https://console",
      told({ console: "https://other" }),
    ),
    {
      rule: "guard-untold",
      severity: "high",
      title: "The plan does not show the configuration of the function guard",
      found: { ...guard({}, { environment: [{}] }), unknown: { environment: [{ variables: true }] } },
      // What is as sensitive as before, and does not change, is no change.
      not: { ...guard({}, { timeout: 3 }), sensitive: { environment: [{ variables: true }] } },
    },
    bothWays(
      "guard-unconfigured",
      "high",
      "The function guard has no configuration any more",
      guard({}, { environment: [] }),
    ),
    bothWays(
      "guard-variable-set",
      "high",
      "The function guard gets the variable AWS_ENDPOINT_URL: https://elsewhere",
      guard({}, variables({}, { AWS_ENDPOINT_URL: "https://elsewhere" })),
    ),
    bothWays(
      "guard-layer-added",
      "high",
      `The function guard also runs the code of ${LAYER}`,
      guard({ layers: [] }, { layers: [LAYER] }),
    ),
    ...(["image_uri", "s3_bucket", "s3_key", "s3_object_version"] as const).map((name) =>
      bothWays(
        "guard-code-elsewhere",
        "high",
        `The function guard takes its code from elsewhere (${name}: theirs)`,
        guard({ [name]: null }, { [name]: "theirs" }),
      ),
    ),
    anyWay(
      "guard-handler-changed",
      "high",
      "The function guard begins with the handler x.y (until now: index.handler)",
      guard({ handler: "index.handler" }, { handler: "x.y" }),
    ),
    anyWay(
      "guard-runtime-changed",
      "medium",
      "The function guard runs on python3.13 (until now: nodejs22.x)",
      guard({ runtime: "nodejs22.x" }, { runtime: "python3.13" }),
    ),
    bothWays(
      "guard-timeout-shortened",
      "medium",
      "The function guard is stopped after so many seconds: 120 (until now: 300)",
      guard({ timeout: 300 }, { timeout: 120 }),
    ),
    bothWays(
      "guard-timeout-shortened",
      "high",
      "The function guard is stopped after so many seconds: 1 (until now: 300)",
      guard({ timeout: 300 }, { timeout: 1 }),
    ),
    bothWays(
      "guard-memory-lowered",
      "medium",
      "The function guard has so many megabytes of memory: 128 (until now: 256)",
      guard({ memory_size: 256 }, { memory_size: 128 }),
    ),
    bothWays(
      "guard-network-changed",
      "medium",
      'The function guard works in the subnets ["subnet-a"] (until now: nothing)',
      guard({ vpc_config: [] }, { vpc_config: [{ subnet_ids: ["subnet-a"] }] }),
    ),
    anyWay(
      "guard-log-moved",
      "medium",
      "The function guard logs to /other (until now: /guard)",
      guard({ logging_config: [{ log_group: "/guard" }] }, { logging_config: [{ log_group: "/other" }] }),
    ),
  ],
);

it("says once that nothing is looked for any more, and does not repeat it for each place", () => {
  const found = reviewOfObjects(told({ transcripts: null })).findings;
  expect(found.map(({ rule }) => rule)).toEqual(["guard-check-off"]);
});

it("says once that a bucket is no longer looked into, and does not repeat it for its prefix", () => {
  const found = reviewOfObjects(looking({ bucket: null })).findings;
  expect(found.map(({ rule }) => rule)).toEqual(["guard-check-narrowed"]);
});

it("finds a configuration that becomes sensitive", () => {
  const planned = told({ topicArn: null });
  const hidden = {
    ...planned,
    more: { change: { after_sensitive: { environment: [{ variables: true }] } } },
  };
  expect(findingsOf("guard-untold", hidden)).toMatchObject([{ severity: "high" }]);
});

it("finds a variable of which it may not show the value", () => {
  const [finding] = findingsOf("guard-variable-set", {
    ...guard({}, variables({}, { NODE_OPTIONS: "--require=evil.js" })),
    more: { change: { after_sensitive: { environment: [{ variables: { NODE_OPTIONS: true } }] } } },
  });
  expect(finding).toMatchObject({ places: [{ title: expect.stringMatching(/NODE_OPTIONS: a sensitive/) }] });
});

it.each(["guard-variable-set", "guard-layer-added"])("finds %s in a new function as well", (rule) => {
  const after = { function_name: "guard", layers: [LAYER], ...variables({}, { NODE_OPTIONS: "x" }) };
  expect(findingsOf(rule, { type: "aws_lambda_function", before: null, after })).toHaveLength(1);
});

it("finds layers that are known after the apply only", () => {
  const unknown = { layers: true };
  expect(findingsOf("guard-layer-added", { ...guard({ layers: [] }, {}), unknown })).toHaveLength(1);
});
