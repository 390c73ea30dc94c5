import { sha256Of } from "../../../files/checksum";
import { judgeTarget, type TargetProps } from "../../../fleet/adopt/judge";
import { judgeAccount } from "../../../fleet/adopt/judge-account";
import { judgeState } from "../../../fleet/adopt/judge-state";
import type { AccountFacts, FoundDocument, Line, StateFacts, TargetFacts } from "../../../fleet/adopt/model";
import type { WantedStack } from "../../../fleet/adopt/wanted";

const ACCOUNT = "111111111111";
const seen = <T>(value: T) => ({ looked: true, value }) as const;
const DENIED = { looked: false, reason: "AccessDenied: no" } as const;

const content = (inputs: object, description = "d") =>
  JSON.stringify({ schemaVersion: "1.0", description, sessionType: "Standard_Stream", inputs });
const OWN = "Session Manager preferences of acme, kept by session-audit (revision 0123456789ab)";
const WANTED = content({ s3BucketName: "bucket", idleSessionTimeout: "20" }, OWN);
const FOREIGN = content({ s3BucketName: "", idleSessionTimeout: "5" });

const stack = (counts: Record<string, number> = {}, more: Partial<WantedStack> = {}): WantedStack => ({
  preferences: null,
  attachments: new Map(),
  counts,
  ...more,
});
const document = (more: Partial<FoundDocument> = {}): FoundDocument => ({
  latestVersion: "3",
  defaultVersion: "3",
  content: FOREIGN,
  tags: {},
  ...more,
});
const TRAIL = { name: "org", isLogging: true, recordsWrites: true };
const FACTS: TargetFacts = {
  document: seen(null),
  trails: seen([TRAIL]),
  ownTrails: seen(1),
  documents: seen(2),
  rules: seen(3),
};
const props = (facts: Partial<TargetFacts> = {}, more: Partial<TargetProps> = {}): TargetProps => ({
  place: { stack: "session-a-eu-central-1", account: "a", accountId: ACCOUNT, region: "eu-central-1" },
  organization: "acme",
  adopt: false,
  seen: null,
  trail: "existing",
  wanted: {
    session: stack({ aws_cloudwatch_event_rule: 4, aws_ssm_document: 1 }, { preferences: WANTED }),
    account: null,
  },
  regions: seen(new Map([["eu-central-1", true]])),
  facts: { ...FACTS, ...facts },
  ...more,
});
/** Lines as `verdict subject`. */
const told = (lines: readonly Line[]) => lines.map(({ verdict, subject }) => `${verdict} ${subject}`);
const judged = (facts: Partial<TargetFacts>, more: Partial<TargetProps> = {}) =>
  told(judgeTarget(props(facts, more)).lines);
const has = (found: Partial<FoundDocument> = {}) => ({ document: seen(document(found)) });

it("finds nothing in the way of a target without preferences", () => {
  expect(judgeTarget(props())).toMatchObject({ exists: false, document: null, changes: [] });
  expect(judged({})).toEqual(["ok preferences", "ok region", "ok trail"]);
});

const LOOKED = { adopt: true, seen: sha256Of(FOREIGN) };
const STACK_TAG = { "aws:cloudformation:stack-name": "prefs" };
it.each<[string, Partial<FoundDocument>, Partial<TargetProps>, readonly string[]]>([
  ["foreign, and not adopted", {}, {}, ["to-do preferences", "ok versions"]],
  ["foreign, not adopted, and noted", {}, { seen: LOOKED.seen }, ["to-do preferences", "ok versions"]],
  ["foreign, adopted, and not looked at", {}, { adopt: true }, ["to-do preferences", "ok versions"]],
  [
    "foreign, adopted, and another content was looked at",
    {},
    { adopt: true, seen: "0" },
    ["to-do preferences", "ok versions"],
  ],
  ["foreign, adopted, and looked at", {}, LOOKED, ["note preferences", "ok versions"]],
  ["its own", { content: WANTED }, {}, ["ok preferences", "ok versions"]],
  ["its own, and adopted", { content: WANTED }, { adopt: true }, ["ok preferences", "ok versions"]],
  ["behind", { defaultVersion: "2" }, LOOKED, ["note preferences", "to-do versions"]],
  ["kept by a tool", { tags: STACK_TAG }, {}, ["to-do preferences", "ok versions", "to-do owner"]],
  [
    "kept by a tool, and looked at",
    { tags: STACK_TAG },
    LOOKED,
    ["note preferences", "ok versions", "note owner"],
  ],
])("judges a document that is %s", (_, found, more, lines) => {
  expect(judged(has(found), more).filter((line) => !/region|trail/.test(line))).toEqual(lines);
});

it("tells the checksum, and what would change", () => {
  expect(judgeTarget(props(has(), LOOKED))).toMatchObject({
    exists: true,
    seen: true,
    document: { sha256: sha256Of(FOREIGN), latestVersion: "3", isOwn: false },
    changes: [
      { path: "description", effect: "neutral" },
      { path: "inputs.idleSessionTimeout", effect: "weaker" },
      { path: "inputs.s3BucketName", effect: "stronger" },
    ],
  });
});

it("says that nobody can compare a content that is no JSON", () => {
  const { lines, changes } = judgeTarget(props(has({ content: "schemaVersion: 1" })));
  expect(changes).toEqual([]);
  expect(lines[0]!.text).toContain("nobody can compare their content");
});

it.each<[string, Partial<TargetProps>, readonly string[]]>([
  ["is not enabled", { regions: seen(new Map([["eu-central-1", false]])) }, ["to-do region"]],
  ["AWS does not list", { regions: seen(new Map()) }, ["ok preferences", "note region", "ok trail"]],
  ["nobody could ask about", { regions: DENIED }, ["ok preferences", "not-looked-at region", "ok trail"]],
])("judges a region that %s", (_, more, lines) => {
  expect(judged({}, more)).toEqual(lines);
});

it("cannot import what does not exist", () => {
  expect(judged({}, { adopt: true })).toContain("to-do preferences");
});

it("tells of preferences that nobody could read, and goes on", () => {
  const result = judgeTarget(props({ document: DENIED }));
  expect(result).toMatchObject({ exists: null, document: null });
  expect(told(result.lines)).toEqual(["not-looked-at preferences", "ok region", "ok trail"]);
});

it.each<[string, TargetFacts["trails"], Partial<TargetProps>, string]>([
  ["a trail that works", seen([TRAIL]), {}, "ok"],
  ["one of two that works", seen([{ ...TRAIL, isLogging: false }, TRAIL]), {}, "ok"],
  ["no trail", seen([]), {}, "to-do"],
  ["a trail that does not log", seen([{ ...TRAIL, isLogging: false }]), {}, "to-do"],
  ["a trail without writes", seen([{ ...TRAIL, recordsWrites: false }]), {}, "to-do"],
  ["no trail, which the map creates", seen([]), { trail: "create" }, "ok"],
  ["no trail, which nothing needs", seen([]), { wanted: { session: stack(), account: null } }, "note"],
  ["trails that nobody could read", DENIED, {}, "not-looked-at"],
])("judges %s", (_, trails, more, verdict) => {
  expect(judged({ trails }, more)).toContain(`${verdict} trail`);
});

it.each<[string, Partial<TargetFacts>, Partial<TargetProps>, readonly string[]]>([
  ["room", { rules: seen(296), documents: seen(499) }, {}, []],
  ["one rule too many", { rules: seen(297) }, {}, ["to-do quotas"]],
  ["one document too many", { documents: seen(500) }, {}, ["to-do quotas"]],
  ["rules of its own already", { rules: seen(300), ...has({ content: WANTED }) }, {}, []],
  ["rules that nobody counted", { rules: DENIED }, {}, ["not-looked-at quotas"]],
  ["five trails, and none to add", { ownTrails: seen(5) }, {}, []],
  [
    "five trails, and one to add",
    { ownTrails: seen(5) },
    { wanted: { session: stack(), account: stack({ aws_cloudtrail: 1 }) } },
    ["to-do quotas"],
  ],
])("judges quotas with %s", (_, facts, more, lines) => {
  expect(judged(facts, more).filter((line) => line.endsWith("quotas"))).toEqual(lines);
});

const IAM = {
  roles: { used: 10, quota: 1000 },
  policies: { used: 10, quota: 1500 },
  instanceProfiles: { used: 1, quota: 1000 },
  attachedPoliciesPerRole: 10,
};
const attached = (count: number, ...more: string[]) =>
  seen({ attached: [...Array<string>(count).fill("x"), ...more] });
const STACK = stack(
  { aws_iam_policy: 3, aws_iam_role: 1 },
  { attachments: new Map([["app", ["instance"]]]) },
);

it.each<[string, Partial<AccountFacts>, readonly string[]]>([
  ["roles that exist", {}, ["ok roles"]],
  ["credentials of another account", { caller: seen("222222222222") }, ["not-looked-at credentials"]],
  ["no credentials", { caller: DENIED }, ["not-looked-at credentials"]],
  ["a role that is missing", { roles: new Map([["app", seen({ attached: null })]]) }, ["to-do roles"]],
  ["a role that nobody could read", { roles: new Map([["app", DENIED]]) }, ["not-looked-at roles"]],
  ["a role with nine policies", { roles: new Map([["app", attached(9)]]) }, ["ok roles"]],
  ["a role with ten policies", { roles: new Map([["app", attached(10)]]) }, ["ok roles", "to-do quotas"]],
  [
    "a role with ten policies, this one included",
    { roles: new Map([["app", attached(9, "instance")]]) },
    ["ok roles"],
  ],
  [
    "no room for policies",
    { iam: seen({ ...IAM, policies: { used: 1498, quota: 1500 } }) },
    ["ok roles", "to-do quotas"],
  ],
  ["room for the last role", { iam: seen({ ...IAM, roles: { used: 999, quota: 1000 } }) }, ["ok roles"]],
  ["no summary", { iam: DENIED }, ["ok roles", "not-looked-at quotas"]],
])("judges an account with %s", (_, facts, lines) => {
  const all = {
    caller: seen(ACCOUNT),
    regions: seen(new Map()),
    iam: seen(IAM),
    roles: new Map([["app", attached(0)]]),
    ...facts,
  };
  const judge = (isDeployed: boolean) =>
    told(judgeAccount({ accountId: ACCOUNT, facts: all, stacks: [STACK], isDeployed }));
  expect(judge(false)).toEqual(lines);
});

it("adds nothing to an account that has the stacks already", () => {
  const facts = {
    caller: seen(ACCOUNT),
    regions: seen(new Map()),
    roles: new Map(),
    iam: seen({ ...IAM, policies: { used: 1500, quota: 1500 } }),
  };
  expect(judgeAccount({ accountId: ACCOUNT, facts, stacks: [STACK], isDeployed: true })).toEqual([]);
});

const PLACE = { bucket: "states", bucketArn: "arn:aws:s3:::states", stateKey: "a/x.tfstate" };
const BUCKET = {
  isVersioned: seen(true),
  policy: seen(null),
  isOwn: true,
  principal: "arn:aws:iam::111111111111:role/ci",
  accountId: ACCOUNT,
};
const policyOf = (more: object) =>
  seen(
    JSON.stringify({ Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", ...more } }),
  );
it.each<[string, StateFacts["bucket"], readonly string[]]>([
  ["whole", seen(BUCKET), ["ok", "ok"]],
  ["absent", seen(null), ["to-do"]],
  ["unreadable", DENIED, ["not-looked-at"]],
  ["without versions", seen({ ...BUCKET, isVersioned: seen(false) }), ["to-do", "ok"]],
  ["with unreadable versioning", seen({ ...BUCKET, isVersioned: DENIED }), ["not-looked-at", "ok"]],
  ["with an unreadable policy", seen({ ...BUCKET, policy: DENIED }), ["ok", "not-looked-at"]],
  [
    "closed to lock files",
    seen({ ...BUCKET, policy: policyOf({ NotResource: "*.tfstate", Resource: undefined }) }),
    ["ok", "to-do"],
  ],
  [
    "perhaps closed",
    seen({ ...BUCKET, policy: policyOf({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }) }),
    ["ok", "note"],
  ],
  ["another account's", seen({ ...BUCKET, isOwn: false }), ["ok", "to-do"]],
])("judges a bucket of states that is %s", (_, bucket, verdicts) => {
  expect(judgeState({ bucket }, PLACE).map(({ verdict }) => verdict)).toEqual(verdicts);
});
