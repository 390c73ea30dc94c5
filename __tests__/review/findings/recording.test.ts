import { RECORDING_RULES } from "../../../review/findings/recording";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

const NAME = "SSM-SessionManagerRunShell";
const INPUTS = {
  ...{ s3BucketName: "audit", s3KeyPrefix: "sessions/444444444444", s3EncryptionEnabled: true },
  ...{
    cloudWatchLogGroupName: "/audit",
    cloudWatchEncryptionEnabled: true,
    cloudWatchStreamingEnabled: true,
  },
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

testRules(RECORDING_RULES, [
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
