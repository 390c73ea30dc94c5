import { RECORDING_RULES } from "../../../review/findings/recording";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

const NAME = "SSM-SessionManagerRunShell";
const INPUTS = {
  s3BucketName: "audit",
  s3KeyPrefix: "sessions/444444444444",
  s3EncryptionEnabled: true,
  cloudWatchLogGroupName: "/audit",
  cloudWatchEncryptionEnabled: true,
  cloudWatchStreamingEnabled: true,
  kmsKeyId: "alias/audit",
};
type Inputs = { readonly [field: string]: Json };
const content = (inputs: Inputs) =>
  JSON.stringify({ schemaVersion: "1.0", inputs: { ...INPUTS, ...inputs } });
const preferences = (after: Inputs, before: Inputs = {}, name = NAME): Planned => ({
  type: "aws_ssm_document",
  before: { name, content: content(before) },
  after: { name, content: content(after) },
});
const PLACE = "payments, eu-central-1";

const WHOLE = { schemaVersion: "1.0", sessionType: "Standard_Stream", inputs: INPUTS };
/** New preferences as the stacks write them, with other inputs or other parts. */
const created = (inputs: Inputs, parts: Inputs = {}, more: Inputs = {}): Planned => ({
  type: "aws_ssm_document",
  before: null,
  after: {
    name: NAME,
    content: JSON.stringify({ ...WHOLE, inputs: { ...INPUTS, ...inputs }, ...parts }),
    ...more,
  },
});
const whole = (parts: Inputs): Planned => ({
  ...created({}, parts),
  before: { name: NAME, content: JSON.stringify(WHOLE) },
});
const shared = (accounts: string | null): Inputs => ({
  permissions: accounts === null ? null : { type: "Share", account_ids: accounts },
});

testRules(RECORDING_RULES, [
  {
    rule: "recording-off",
    severity: "critical",
    title: `Sessions in ${PLACE} are recorded nowhere`,
    found: created({ s3BucketName: "", cloudWatchLogGroupName: "" }),
    not: created({ s3BucketName: "" }),
  },
  {
    rule: "enforcement-s3-missing",
    severity: "medium",
    title: `Sessions in ${PLACE} start although the bucket is not encrypted or cannot be reached`,
    found: created({ s3EncryptionEnabled: false }),
    // There is no bucket that the agent could check.
    not: created({ s3EncryptionEnabled: false, s3BucketName: "" }),
  },
  {
    rule: "enforcement-s3-missing",
    severity: "medium",
    title: `Sessions in ${PLACE} start although the bucket is not encrypted or cannot be reached`,
    found: created({ s3EncryptionEnabled: "false" }),
    not: created({}),
  },
  {
    rule: "enforcement-cloudwatch-missing",
    severity: "medium",
    title: `Sessions in ${PLACE} start although the log group is missing or has no key`,
    found: created({ cloudWatchEncryptionEnabled: false }),
    not: created({ cloudWatchEncryptionEnabled: false, cloudWatchLogGroupName: "" }),
  },
  bothWays(
    "preferences-other-content",
    "high",
    `The preferences of ${PLACE} have sessionType: InteractiveCommands (until now: Standard_Stream)`,
    whole({ sessionType: "InteractiveCommands" }),
  ),
  bothWays(
    "preferences-other-content",
    "high",
    `The preferences of ${PLACE} have schemaVersion: 2.2 (until now: 1.0)`,
    whole({ schemaVersion: "2.2" }),
  ),
  {
    rule: "preferences-other-content",
    severity: "high",
    title: `The preferences of ${PLACE} have properties: {"linux":"sh"} (until now: nothing)`,
    found: created({}, { properties: { linux: "sh" } }),
    not: created({}, { description: "Session Manager preferences" }),
  },
  bothWays("document-shared", "high", `The SSM document ${NAME} is shared with everybody`, {
    ...preferences({}),
    before: { name: NAME, content: content({}), ...shared(null) },
    after: { name: NAME, content: content({}), ...shared("all") },
  }),
  {
    rule: "document-shared",
    severity: "medium",
    title: `The SSM document ${NAME} is shared with 555555555555, 999999999999`,
    found: created({}, {}, shared("555555555555, 999999999999")),
    not: created({}),
  },
  bothWays(
    "recording-off",
    "critical",
    `Sessions in ${PLACE} are recorded nowhere any more`,
    preferences({ s3BucketName: "", cloudWatchLogGroupName: "" }),
  ),
  bothWays(
    "recording-to-s3-off",
    "high",
    `Sessions in ${PLACE} are no longer recorded to S3 (until now: audit)`,
    preferences({ s3BucketName: "" }),
  ),
  bothWays(
    "recording-to-s3-off",
    "critical",
    `Sessions in ${PLACE} are no longer recorded to S3 (until now: audit)`,
    preferences({ s3BucketName: "", cloudWatchLogGroupName: "" }),
  ),
  bothWays(
    "recording-to-cloudwatch-off",
    "high",
    `Sessions in ${PLACE} are no longer recorded to CloudWatch Logs (until now: /audit)`,
    preferences({ cloudWatchLogGroupName: "" }),
  ),
  {
    rule: "recording-bucket-changed",
    severity: "high",
    title: `Transcripts of ${PLACE} go to the bucket theirs instead of audit`,
    found: preferences({ s3BucketName: "theirs" }),
    not: preferences({ s3BucketName: "" }),
  },
  {
    rule: "recording-log-group-changed",
    severity: "medium",
    title: `Session logs of ${PLACE} go to the log group /other instead of /audit`,
    found: preferences({ cloudWatchLogGroupName: "/other" }),
    not: preferences({ cloudWatchLogGroupName: "" }),
  },
  {
    rule: "recording-prefix-changed",
    severity: "medium",
    title: `Transcripts of ${PLACE} get the prefix elsewhere instead of sessions/444444444444`,
    found: preferences({ s3KeyPrefix: "elsewhere" }),
    not: preferences({ kmsKeyId: "alias/other" }),
  },
  bothWays(
    "recording-streaming-off",
    "medium",
    `Session logs of ${PLACE} are no longer written while the session runs`,
    preferences({ cloudWatchStreamingEnabled: false }),
  ),
  bothWays(
    "enforcement-s3-off",
    "high",
    `Sessions in ${PLACE} start although the bucket is not encrypted or cannot be reached`,
    preferences({ s3EncryptionEnabled: false }),
  ),
  bothWays(
    "enforcement-cloudwatch-off",
    "high",
    `Sessions in ${PLACE} start although the log group is missing or has no key`,
    preferences({ cloudWatchEncryptionEnabled: false }),
  ),
  bothWays(
    "session-encryption-off",
    "high",
    `Session data of ${PLACE} is no longer encrypted with the key alias/audit`,
    preferences({ kmsKeyId: "" }),
  ),
  {
    rule: "session-key-changed",
    severity: "medium",
    title: `Session data of ${PLACE} is encrypted with the key alias/other instead of alias/audit`,
    found: preferences({ kmsKeyId: "alias/other" }),
    not: preferences({ kmsKeyId: "" }),
  },
  {
    rule: "preferences-untold",
    severity: "high",
    title: `Nobody can tell from the plan how sessions in ${PLACE} will be recorded`,
    found: {
      type: "aws_ssm_document",
      before: { name: NAME, content: content({}) },
      after: { name: NAME },
      unknown: { content: true },
    },
    not: preferences({ s3BucketName: "" }),
  },
]);

it("names those alone with whom a document was not shared before", () => {
  const [before, after] = ["555555555555", "555555555555,999999999999"].map((accounts) => ({
    name: "tools",
    content: "{}",
    ...shared(accounts),
  }));
  const [finding] = findingsOf("document-shared", {
    type: "aws_ssm_document",
    before: before!,
    after: after!,
  });
  expect(finding).toMatchObject({ severity: "medium", title: expect.stringMatching(/with 9{12}$/) });
});

it("finds new preferences that are known after the apply only", () => {
  const hidden: Planned = {
    type: "aws_ssm_document",
    before: null,
    after: { name: NAME },
    unknown: { content: true },
  };
  expect(findingsOf("preferences-untold", hidden)).toMatchObject([{ severity: "high" }]);
});

it("takes a sensitive document for one that nobody can tell", () => {
  const hidden = { ...preferences({ s3BucketName: "theirs" }), sensitive: { content: true } };
  expect(findingsOf("preferences-untold", hidden)).toHaveLength(1);
});

it("says nothing about other documents", () => {
  const other = preferences({ s3BucketName: "" }, {}, "another-document");
  expect(findingsOf("recording-to-s3-off", other)).toEqual([]);
});

it("treats an enforcement in a string like one that is a boolean", () => {
  expect(
    findingsOf(
      "enforcement-s3-off",
      preferences({ s3EncryptionEnabled: "false" }, { s3EncryptionEnabled: "true" }),
    ),
  ).toHaveLength(1);
});

it("does not take new preferences for ones that record less", () => {
  const created: Planned = {
    type: "aws_ssm_document",
    before: null,
    after: { name: NAME, content: content({ s3BucketName: "" }) },
  };
  expect(findingsOf("recording-to-s3-off", created)).toEqual([]);
});
