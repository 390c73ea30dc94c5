import { type Change, dropArchive, nameLogGroup, sessionStack } from "../../helpers/session-stack";

interface Preferences {
  schemaVersion: string;
  sessionType: string;
  description: string;
  inputs: Record<string, unknown>;
}
const preferences = (change?: Change) =>
  sessionStack(change).document<Preferences>("aws_ssm_document", "content");

describe("the preferences document", () => {
  it("is the account's own, of type Session", () => {
    expect(sessionStack().the("aws_ssm_document")).toMatchObject({
      name: "SSM-SessionManagerRunShell",
      document_type: "Session",
      document_format: "JSON",
    });
  });

  it("has booleans as booleans and timeouts as strings, and sends everything to both destinations", () => {
    expect(preferences()).toMatchObject({ schemaVersion: "1.0", sessionType: "Standard_Stream" });
    expect(preferences().inputs).toEqual({
      s3BucketName: "session-audit-acme-111111111111-us-east-1",
      s3KeyPrefix: "sessions/444444444444/us-east-1",
      s3EncryptionEnabled: true,
      cloudWatchLogGroupName: "/session-audit/acme/sessions",
      cloudWatchEncryptionEnabled: true,
      cloudWatchStreamingEnabled: true,
      kmsKeyId: "alias/session-audit-acme",
      runAsEnabled: false,
      runAsDefaultUser: "",
      idleSessionTimeout: "15",
      maxSessionDuration: "240",
      shellProfile: { windows: "", linux: "" },
    });
  });

  it.each<[string, Change, Record<string, unknown>]>([
    [
      "enforcement of S3 off",
      (m) => (m.preferences = { enforce: { s3: false } }),
      { s3EncryptionEnabled: false },
    ],
    [
      "enforcement of CloudWatch off",
      (m) => (m.preferences = { enforce: { cloudWatch: false } }),
      { cloudWatchEncryptionEnabled: false },
    ],
    ["no streaming", (m) => (m.logs = { streaming: false }), { cloudWatchStreamingEnabled: false }],
    ["no session key", (m) => (m.preferences = { encryptSessionData: false }), { kmsKeyId: "" }],
    [
      "run as",
      (m) => (m.preferences = { runAs: { enabled: true, defaultUser: "ops" } }),
      { runAsEnabled: true, runAsDefaultUser: "ops" },
    ],
    [
      "run as by tag only",
      (m) => (m.preferences = { runAs: { enabled: true, byTagOnly: true } }),
      { runAsEnabled: true, runAsDefaultUser: "" },
    ],
    [
      "shell profiles",
      (m) => (m.preferences = { shellProfile: { linux: "exec bash", windows: "cls" } }),
      { shellProfile: { linux: "exec bash", windows: "cls" } },
    ],
    [
      "no maximum",
      (m) => (m.accounts["payments"]!.preferences = { maximumDurationMinutes: null }),
      { maxSessionDuration: "" },
    ],
    ["own bucket", dropArchive, { s3BucketName: "session-audit-acme-444444444444-us-east-1" }],
    [
      "an existing bucket",
      (m) => (m.accounts["payments"]!.transcripts = { bucket: { existing: "their-bucket" } }),
      { s3BucketName: "their-bucket" },
    ],
    ["an existing group", nameLogGroup, { cloudWatchLogGroupName: "/their/group" }],
  ])("contains %s", (_what, change, inputs) => {
    expect(preferences(change).inputs).toMatchObject(inputs);
  });

  it("changes its description with its content, so that AWS sees no two equal versions", () => {
    const changed = preferences((m) => (m.accounts["payments"]!.preferences!.idleTimeoutMinutes = 14));
    expect(changed.description).not.toBe(preferences().description);
    expect(preferences().description).toMatch(/revision [0-9a-f]{12}/);
  });

  it("is imported only if the map says that it exists", () => {
    expect(sessionStack().json.import).toBeUndefined();
    const adopted = sessionStack((m) => (m.accounts["payments"]!.preferences!.adopt = true));
    expect(adopted.json.import).toEqual([
      { to: "aws_ssm_document.Preferences", id: "SSM-SessionManagerRunShell" },
    ]);
  });

  it("is created after everything that it tells sessions to use", () => {
    const stack = sessionStack(dropArchive);
    const after = stack.the("aws_ssm_document")["depends_on"] as string[];
    expect(after).toEqual(
      expect.arrayContaining([
        stack.addresses.find((address) => address.startsWith("aws_kms_alias")),
        "aws_cloudwatch_log_group.LogGroup",
        stack.addresses.find((address) => /s3_bucket_policy.Transcripts_Policy/.test(address)),
        stack.addresses.find((address) => /encryption_configuration.Transcripts_Encryption/.test(address)),
      ]),
    );
  });
});

it("public sharing of documents is blocked in every target", () => {
  expect(sessionStack().the("aws_ssm_service_setting")).toMatchObject({
    setting_id:
      "arn:aws:ssm:us-east-1:444444444444:servicesetting/ssm/documents/console/public-sharing-permission",
    setting_value: "Disable",
  });
});
