import { compareVersions } from "../../../aws/agent-versions";
import { judgeNodes, type Node } from "../../../fleet/doctor/checks/nodes";
import { inputsOf } from "../../../fleet/doctor/checks/preferences";
import type { Finding, Seen } from "../../../fleet/doctor/model";

const seen = <T>(value: T): Seen<T> => ({ seen: value });
const POLICY = "arn:aws:iam::111111111111:policy/session-audit-acme-instance";
const inputs = (change: Record<string, unknown> = {}) =>
  inputsOf(
    JSON.stringify({
      inputs: {
        s3BucketName: "b",
        s3KeyPrefix: "p",
        s3EncryptionEnabled: true,
        cloudWatchLogGroupName: "g",
        cloudWatchStreamingEnabled: true,
        cloudWatchEncryptionEnabled: true,
        kmsKeyId: "alias/a",
        runAsEnabled: false,
        ...change,
      },
    }),
  );
const node = (change: Partial<Node> = {}): Node => ({
  id: "i-1",
  name: null,
  online: true,
  agent: "3.3.4851.0",
  role: seen("app"),
  ...change,
});
const ROLES = new Map<string, Seen<readonly string[] | null>>([
  ["app", seen([POLICY])],
  ["bare", seen([])],
  ["gone", seen(null)],
  ["secret", { unseen: "AccessDenied: no" }],
]);
const judge = (nodes: readonly Node[], change?: Record<string, unknown>): Finding[] =>
  judgeNodes({ region: "eu-west-1", policyArn: POLICY, inputs: inputs(change) }, seen(nodes), ROLES);
const short = (findings: readonly Finding[]) =>
  findings.map(
    ({ verdict, subject, found, why }) => `${verdict} ${subject}: ${found === "not looked at" ? why : found}`,
  );

it.each([
  ["none", [], ["ok eu-west-1: 0 managed nodes, each with the policy and an agent that records"]],
  [
    "one that is well",
    [node()],
    ["ok eu-west-1: 1 managed node, each with the policy and an agent that records"],
  ],
  [
    "two whose role lacks the policy, as one finding",
    [node({ role: seen("bare") }), node({ id: "i-2", name: "web", role: seen("bare") }), node({ id: "i-3" })],
    [`fault role bare: lacks ${POLICY}: i-1, i-2 (web)`],
  ],
  ["one whose role is gone", [node({ role: seen("gone") })], [`fault role gone: lacks ${POLICY}: i-1`]],
  ["one without a role", [node({ role: seen(null) })], ["fault role (none): i-1: no role is known"]],
  [
    "one whose role was not read",
    [node({ role: { unseen: "Throttled" } })],
    ["not-looked-at (unknown role): Throttled"],
  ],
  [
    "one whose policies were not read",
    [node({ role: seen("secret") })],
    ["not-looked-at role secret: AccessDenied: no"],
  ],
  [
    "one with an old agent",
    [node({ agent: "3.0.100.0" })],
    ["fault agent 3.0.100.0: is older than 3.0.529.0: i-1"],
  ],
  [
    "one whose agent says nothing",
    [node({ agent: null })],
    ["warning agent (unknown): i-1: the version is not known"],
  ],
  ["one that is offline", [node({ online: false })], ["warning eu-west-1, offline: i-1"]],
])("nodes: %s", (_what, nodes, expected) => {
  expect(short(judge(nodes))).toEqual(expected);
});

it("names ten nodes, and counts the others", () => {
  const many = Array.from({ length: 12 }, (_, index) => node({ id: `i-${index}`, role: seen("bare") }));
  expect(judge(many)[0]!.found).toMatch(/i-9 and 2 more$/);
});

it.each([
  [{}, /refuses their sessions/],
  [
    { s3EncryptionEnabled: false, cloudWatchEncryptionEnabled: false, kmsKeyId: "" },
    /Their sessions leave no record/,
  ],
])("says with %j what happens to their sessions", (change, why) => {
  expect(judge([node({ role: seen("bare") })], change)[0]!.why).toMatch(why);
});

it.each([
  ["3.0.529.0", {}, "ok"],
  ["3.0.284.0", {}, "fault"],
  ["3.0.284.0", { s3BucketName: "" }, "ok"],
  ["3.0.283.0", { s3BucketName: "" }, "fault"],
  ["3.0.283.0", { s3BucketName: "", cloudWatchStreamingEnabled: false }, "ok"],
  ["2.3.538.0", { s3BucketName: "", cloudWatchStreamingEnabled: false }, "fault"],
  ["2.3.538.0", { s3BucketName: "", cloudWatchStreamingEnabled: false, kmsKeyId: "" }, "ok"],
  [
    "2.3.538.0",
    { s3BucketName: "", cloudWatchStreamingEnabled: false, kmsKeyId: "", runAsEnabled: true },
    "fault",
  ],
])("an agent %s with %j: %s", (agent, change, verdict) => {
  expect(judge([node({ agent })], change)[0]!.verdict).toBe(verdict);
});

it.each([
  ["3.0.284.0", "3.0.1124.0", -1],
  ["3.3.4851.0", "3.3.987.0", 1],
  ["3.0.529.0", "3.0.529.0", 0],
  ["3.1", "3.1.0.0", 0],
])("compares versions number by number: %s and %s", (one, other, sign) => {
  expect(Math.sign(compareVersions(one, other))).toBe(sign);
});
