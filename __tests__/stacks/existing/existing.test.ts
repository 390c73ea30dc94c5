import type { AccountsMap } from "../../../accounts/schema";
import { exampleWith, synthesizeOne, type StackView } from "../../helpers/synth";

const ACCOUNT = "444444444444";
const SIEM = "arn:aws:logs:{region}:999999999999:destination:siem";
const key = (account = ACCOUNT, region = "eu-central-1", id = "1234abcd-12ab-34cd-56ef-1234567890ab") =>
  `arn:aws:kms:${region}:${account}:key/${id}`;

/** The parts of `cdk.tf.json` for which cdktf has no types: data sources and checks. */
interface Looks {
  data?: Record<string, Record<string, { lifecycle?: { postcondition?: { error_message: string }[] } }>>;
  check?: Record<string, { assert: { condition: string; error_message: string }[] }>;
}
const looksOf = (stack: StackView) => stack.json as unknown as Looks;
const dataOf = (stack: StackView) =>
  Object.entries(looksOf(stack).data ?? {})
    .flatMap(([type, byId]) => Object.keys(byId).map((id) => `${type}.${id}`))
    .sort();
const checksOf = (stack: StackView) => Object.keys(looksOf(stack).check ?? {}).sort();
const warnings = (stack: StackView) =>
  Object.values(looksOf(stack).check ?? {}).flatMap(({ assert }) =>
    assert.map(({ error_message: message }) => message),
  );
const stops = (stack: StackView) =>
  Object.values(looksOf(stack).data ?? {})
    .flatMap((byId) => Object.values(byId))
    .flatMap(({ lifecycle }) => lifecycle?.postcondition?.map(({ error_message: message }) => message) ?? []);

type Payments = AccountsMap["accounts"][string];
const session = (settings: Partial<Payments>) =>
  synthesizeOne(
    "session-payments-eu-central-1",
    exampleWith((map) => {
      map.accounts["payments"] = { ...map.accounts["payments"]!, regions: ["eu-central-1"], ...settings };
    }),
  );

it("a stack without existing resources checks nothing", () => {
  const stack = session({});
  expect([dataOf(stack), checksOf(stack)]).toEqual([[], []]);
});

it("every warning and error names the target and the setting, and ends with a remedy", () => {
  const stack = session({
    encryption: { mode: "existing", keyArn: key() },
    logs: { group: { existing: "/theirs" }, masking: { enabled: true } },
    transcripts: { bucket: { existing: "theirs", keyArn: key(), account: ACCOUNT } },
    notifications: { security: { topic: { existing: "theirs" } } },
  });
  const messages = [...warnings(stack), ...stops(stack)];
  expect(messages.length).toBeGreaterThan(20);
  for (const message of messages)
    expect(message).toMatch(/^payments in eu-central-1: [\w.]+: .*\. [A-Z].*\.$/s);
});

it("no check contains a data source, because every plan would then have changes", () => {
  const stack = session({ logs: { group: { existing: "/theirs" } } });
  for (const check of Object.values(looksOf(stack).check!)) expect(Object.keys(check)).toEqual(["assert"]);
});

describe("an existing log group", () => {
  const enforced = { enforce: { cloudWatch: true } };
  const open = { enforce: { cloudWatch: false } };
  const group = { group: { existing: "/theirs" } };

  it.each`
    expectation                        | logs                                                    | preferences | stopped
    ${"its existence"}                 | ${group}                                                | ${open}     | ${["there is no log group"]}
    ${"its key, if enforced"}          | ${group}                                                | ${enforced} | ${["there is no log group", "has no customer key"]}
    ${"its class, if it is masked"}    | ${{ ...group, masking: { enabled: true } }}             | ${open}     | ${["there is no log group", "not of class STANDARD"]}
    ${"its class, if it is forwarded"} | ${{ ...group, subscription: { destinationArn: SIEM } }} | ${open}     | ${["there is no log group", "not of class STANDARD"]}
  `("stops the plan because of $expectation", ({ logs, preferences, stopped }) => {
    const found = stops(session({ logs, preferences }));
    expect(found).toHaveLength(stopped.length);
    for (const words of stopped)
      expect(found).toContainEqual(expect.stringContaining(words as string) as string);
  });

  it("causes a warning if it deletes logs that the map keeps forever", () => {
    const map = exampleWith((m) => {
      m.logs = { retentionDays: null };
      m.accounts["payments"] = { ...m.accounts["payments"]!, regions: ["eu-central-1"], logs: group };
    });
    const stack = synthesizeOne("session-payments-eu-central-1", map);
    expect(warnings(stack)).toEqual([expect.stringContaining("deletes logs after some time")]);
  });

  it("causes warnings about its retention, and about its key if encryption is not enforced", () => {
    expect(warnings(session({ logs: group, preferences: enforced }))).toEqual([
      expect.stringContaining("fewer than the 365 days"),
    ]);
    expect(warnings(session({ logs: group, preferences: open }))).toEqual([
      expect.stringContaining("fewer than the 365 days"),
      expect.stringContaining("has no customer key"),
    ]);
  });
});

describe("an existing key", () => {
  const withKey = (keyArn: string) => session({ encryption: { mode: "existing", keyArn } });

  it("of the same account is checked: its state, and each statement that its policy needs", () => {
    const stack = withKey(key());
    expect(dataOf(stack)).toEqual([
      "aws_cloudcontrolapi_resource.ExistingKey_Policy_7950405E",
      "aws_kms_key.ExistingKey",
    ]);
    const required = stack.json.output!["required_key_statements"]!.value as { Sid: string }[];
    expect(required.length).toBeGreaterThan(3);
    expect(warnings(stack)).toEqual(
      required.map(({ Sid }) => expect.stringContaining(`Add the statement ${Sid} of the output`) as string),
    );
  });

  it("of another account is not checked, because only its owner may read its policy", () => {
    expect(dataOf(withKey(key("999999999999")))).toEqual([]);
    expect(checksOf(withKey(key("999999999999")))).toEqual([]);
  });

  it("of several regions is checked except for its policy, because Cloud Control has two types of such keys", () => {
    expect(dataOf(withKey(key(ACCOUNT, "eu-central-1", "mrk-1234")))).toEqual(["aws_kms_key.ExistingKey"]);
  });

  it("of an archive is checked in the archive's stack", () => {
    const map = exampleWith((m) => {
      m.accounts["log-archive"]!.encryption = { mode: "existing", keyArn: key("111111111111") };
      m.accounts["payments"]!.regions = ["eu-central-1"];
      delete m.accounts["storefront"];
    });
    const stack = synthesizeOne("archive-eu-central-1", map);
    expect(dataOf(stack)).toContain("aws_kms_key.ExistingKey");
    expect(warnings(stack)[0]).toMatch(
      /^log-archive in eu-central-1: encryption.keyArn: .*MembersWriteTranscripts/,
    );
  });

  it("of a trail is checked only if a trail is created", () => {
    const account = (trail: "create" | "existing") =>
      synthesizeOne(
        "account-payments",
        exampleWith((m) => {
          const payments = m.accounts["payments"]!;
          m.accounts["payments"] = { ...payments, trail, regions: ["eu-central-1"] };
          m.accounts["payments"].encryption = { mode: "existing", keyArn: key() };
        }),
      );
    expect(dataOf(account("create"))).toContain("aws_kms_key.ExistingTrailKey");
    expect(warnings(account("create")).join()).toContain("CloudTrailEncryptsThisTrail");
    expect([dataOf(account("existing")), checksOf(account("existing"))]).toEqual([[], []]);
  });
});

describe("an existing bucket", () => {
  const withBucket = (bucket: { account?: string | null; keyArn?: string | null }) =>
    session({ transcripts: { bucket: { existing: "theirs", keyArn: null, account: null, ...bucket } } });

  it("of the same account is checked, with its key", () => {
    expect(dataOf(withBucket({ account: ACCOUNT, keyArn: key() }))).toEqual([
      "aws_cloudcontrolapi_resource.ExistingBucket",
      "aws_cloudcontrolapi_resource.ExistingBucketKey_Policy_B12A8472",
      "aws_kms_key.ExistingBucketKey",
      "aws_s3_bucket_policy.ExistingBucket_PolicyThatRefusesPlainHttp_9AFC21CA",
    ]);
  });

  it.each`
    what                               | bucket
    ${"another account's"}             | ${{ account: "999999999999", keyArn: null }}
    ${"of another region, by its key"} | ${{ account: ACCOUNT, keyArn: key(ACCOUNT, "us-east-1") }}
  `("is not checked if it is $what", ({ bucket }) => {
    expect([dataOf(withBucket(bucket)), checksOf(withBucket(bucket))]).toEqual([[], []]);
  });

  it("whose owner the map does not name is not checked, and causes a warning", () => {
    const stack = withBucket({});
    expect(dataOf(stack)).toEqual([]);
    expect(warnings(stack)).toEqual([expect.stringContaining("nobody has looked at the bucket theirs")]);
  });

  it("has an output with the statements that its owner must allow", () => {
    const { output } = withBucket({ account: "999999999999", keyArn: key("999999999999") }).json;
    expect(output!["required_bucket_statements"]!.value).toMatchObject([
      { Sid: "AccountWritesTranscripts", Resource: `arn:aws:s3:::theirs/sessions/${ACCOUNT}/eu-central-1/*` },
      { Sid: "AccountChecksEncryption", Resource: "arn:aws:s3:::theirs" },
    ]);
    expect(output!["required_bucket_key_statements"]!.value).toMatchObject([
      { Sid: "AccountUsesKeyOfBucket", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
    ]);
  });

  it("without a key has no expectations of a key", () => {
    const { output } = withBucket({ account: "999999999999" }).json;
    expect(output).not.toHaveProperty("required_bucket_key_statements");
  });
});

describe("an existing bucket for access logs", () => {
  const logs = { accessLogs: { existing: "their-logs" } };
  const own = exampleWith((m) => {
    delete m.archive;
    delete m.accounts["log-archive"];
    m.accounts["payments"] = { ...m.accounts["payments"]!, regions: ["eu-central-1"], transcripts: logs };
  });
  const ofTarget = () => synthesizeOne("session-payments-eu-central-1", own);
  const ofArchive = () =>
    synthesizeOne(
      "archive-eu-central-1",
      exampleWith((m) => void (m.accounts["log-archive"]!.transcripts = logs)),
    );
  const DATA = [
    "aws_cloudcontrolapi_resource.ExistingAccessLogs_Settings_XXXXXXXX",
    "aws_s3_bucket.ExistingAccessLogs",
    "aws_s3_bucket_policy.ExistingAccessLogs_PolicyThatLetsS3Deliver_XXXXXXXX",
  ];
  const withoutHash = (ids: string[]) => ids.map((id) => id.replace(/_[0-9A-F]{8}$/, "_XXXXXXXX"));

  it.each([
    ["a target's own bucket", ofTarget, "payments in eu-central-1: transcripts.accessLogs: the "],
    ["an archive", ofArchive, "log-archive in eu-central-1: transcripts.accessLogs: the "],
  ])("of %s is checked: its region, its lock, its encryption and its policy", (_what, stackOf, label) => {
    const stack = stackOf();
    expect(withoutHash(dataOf(stack))).toEqual(DATA);
    const messages = [...stops(stack), ...warnings(stack)];
    expect(messages.every((message) => message.startsWith(label))).toBe(true);
    expect(stops(stack)).toEqual(
      expect.arrayContaining(
        ["is not in eu-central-1", "with a default retention", "encrypts with a KMS key"].map(
          (words) => expect.stringContaining(words) as string,
        ),
      ),
    );
    expect(warnings(stack)).toEqual([
      expect.stringContaining("has Object Lock, and"),
      expect.stringContaining("Add the statement S3DeliversAccessLogs of the output"),
      expect.stringContaining("refuses every write below"),
    ]);
  });

  it("has an output with the statement that lets S3 deliver the logs of the one bucket", () => {
    const { output } = ofTarget().json;
    expect(output!["required_access_log_statements"]!.value).toEqual([
      expect.objectContaining({
        Sid: "S3DeliversAccessLogs",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Resource: "arn:aws:s3:::their-logs/*",
        Condition: {
          ArnEquals: { "aws:SourceArn": `arn:aws:s3:::session-audit-acme-${ACCOUNT}-eu-central-1` },
          StringEquals: { "aws:SourceAccount": ACCOUNT },
        },
      }),
    ]);
  });

  it("is not checked in the stack of a member, whose transcripts go to the archive", () => {
    const map = exampleWith((m) => {
      m.transcripts = { ...m.transcripts, ...logs };
      m.accounts["payments"]!.regions = ["eu-central-1"];
    });
    expect(dataOf(synthesizeOne("session-payments-eu-central-1", map))).toEqual([]);
    expect(withoutHash(dataOf(synthesizeOne("archive-eu-central-1", map)))).toEqual(DATA);
  });
});

describe("an existing topic", () => {
  it("is checked for each channel that is on", () => {
    const stack = session({
      notifications: {
        activity: { enabled: false, topic: { existing: "quiet" } },
        security: { topic: { existing: "theirs" } },
      },
    });
    expect(dataOf(stack)).toEqual([
      "aws_cloudcontrolapi_resource.ExistingSecurityTopic",
      "aws_cloudcontrolapi_resource.ExistingSecurityTopic_PolicyThatLetsEventBridgePublish_D7C8AAC6",
    ]);
    expect(warnings(stack)).toEqual([
      expect.stringContaining("is not encrypted"),
      expect.stringContaining("with AWS's own key"),
      expect.stringContaining("does not let events.amazonaws.com publish"),
      expect.stringContaining("does not let cloudwatch.amazonaws.com publish"),
      expect.stringContaining("lets rules of every account publish"),
    ]);
  });
});
