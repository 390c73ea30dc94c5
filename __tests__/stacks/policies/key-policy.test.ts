import map from "../../fixtures/example-map";
import { arns, channelNames, names, placeOf } from "../../../stacks/names";
import {
  archiveKeyPolicy,
  keyUsesOf,
  sessionKeyPolicy,
  trailKeyPolicy,
  type SessionKeyUses,
} from "../../../stacks/policies/key-policy";
import type { Members } from "../../../stacks/policies/principals";
import {
  actor,
  administratorOf,
  ARCHIVE,
  at,
  encrypting,
  EU,
  keyIn,
  MEMBER,
  exampleOrganization,
  ORGANIZATION,
  OTHER_MEMBER,
  roleIn,
  service,
  sidsOf,
  STRANGER,
  targetIn,
  throughS3,
  US,
  decisionOn,
  exampleWithoutArchive,
  without,
  type Actor,
} from "./helpers";

const place = at(MEMBER);
const KEY = keyIn(MEMBER);
const BUCKET = arns.bucket(place, names.transcriptBucket(place));
const GROUP = names.logGroup(place);
const TOPIC = channelNames({ kind: "activity", place }).topic;
const SECURITY = channelNames({ kind: "target", place }).topic;
const READER = roleIn(ARCHIVE, "session-reviewer");
const ALL: SessionKeyUses = {
  logGroup: GROUP,
  bucket: names.transcriptBucket(place),
  readers: [READER],
  sessionData: true,
  topics: [TOPIC],
};
const key = sessionKeyPolicy(place, ALL);
const HOME = at(ARCHIVE);
const CENTRAL = arns.bucket(HOME, names.transcriptBucket(HOME));
const archiveKey = (members: Members, readers: readonly string[] = [READER]) =>
  archiveKeyPolicy(HOME, { bucket: names.transcriptBucket(HOME), members, readers, topics: [] });
const BY_ID: Members = { organizationId: ORGANIZATION };

const ask = (who: Actor, action: string, context: object = {}, policy = key, resource = KEY) =>
  decisionOn({ who, action, resource, owner: resource.split(":")[4]!, context: { ...context }, policy });

describe.each([
  ["a target", key, MEMBER],
  ["an archive", archiveKey(BY_ID), ARCHIVE],
  ["a trail", trailKeyPolicy(place), MEMBER],
])("the key of %s", (_owner, policy, owner) => {
  const resource = keyIn(owner);

  it.each([
    ...["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"],
    ...["kms:ListKeyPolicies", "kms:ListResourceTags", "kms:ListGrants", "kms:ListKeyRotations"],
    "kms:GetKeyLastUsage",
    ...["kms:PutKeyPolicy", "kms:EnableKeyRotation", "kms:DisableKeyRotation", "kms:RotateKeyOnDemand"],
    ...["kms:EnableKey", "kms:DisableKey", "kms:UpdateKeyDescription", "kms:RevokeGrant"],
    ...["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias", "kms:TagResource", "kms:UntagResource"],
    ...["kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
  ])("may be administered by its own account alone: %s", async (action) => {
    expect(await ask(administratorOf(owner), action, {}, policy, resource)).toBe("Allowed");
    expect(await ask(administratorOf(OTHER_MEMBER), action, {}, policy, resource)).toBe("ImplicitlyDenied");
    expect(await ask(actor(roleIn(owner, "bare")), action, {}, policy, resource)).toBe("ImplicitlyDenied");
  });

  it.each([
    ...["kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"],
    ...["kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateDataKeyPair", "kms:CreateGrant"],
    ...["kms:ImportKeyMaterial", "kms:DeleteImportedKeyMaterial", "kms:ReplicateKey"],
  ])("may not be used by administrators of its account: %s", async (action) => {
    expect(await ask(administratorOf(owner), action, {}, policy, resource)).toBe("ImplicitlyDenied");
  });
});

describe("the key of a target, for CloudWatch Logs", () => {
  const logs = service(`logs.${EU}.amazonaws.com`);
  const group = (arn: string) => encrypting({ "aws:logs:arn": arn });
  const ours = group(arns.logGroup(place, GROUP));

  it.each`
    request                                  | who                                    | context                                        | expected
    ${"our log group"}                       | ${logs}                                | ${ours}                                        | ${"Allowed"}
    ${"another log group"}                   | ${logs}                                | ${group(arns.logGroup(place, "/other"))}       | ${"ImplicitlyDenied"}
    ${"a log group with a longer name"}      | ${logs}                                | ${group(`${arns.logGroup(place, GROUP)}-2`)}   | ${"ImplicitlyDenied"}
    ${"our group's name in another region"}  | ${logs}                                | ${group(arns.logGroup(at(MEMBER, US), GROUP))} | ${"ImplicitlyDenied"}
    ${"our group's name in another account"} | ${logs}                                | ${group(arns.logGroup(at(STRANGER), GROUP))}   | ${"ImplicitlyDenied"}
    ${"CloudWatch Logs without a log group"} | ${logs}                                | ${{}}                                          | ${"ImplicitlyDenied"}
    ${"CloudWatch Logs of another region"}   | ${service(`logs.${US}.amazonaws.com`)} | ${ours}                                        | ${"ImplicitlyDenied"}
    ${"the principal without a region"}      | ${service("logs.amazonaws.com")}       | ${ours}                                        | ${"ImplicitlyDenied"}
    ${"an administrator"}                    | ${administratorOf(MEMBER)}             | ${ours}                                        | ${"ImplicitlyDenied"}
  `("is used for $request: $expected", async ({ who, context, expected }) => {
    for (const action of [
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ])
      expect(await ask(who, action, context)).toBe(expected);
  });

  it("may be described by CloudWatch Logs", async () => {
    expect(await ask(logs, "kms:DescribeKey", ours)).toBe("Allowed");
  });
});

describe("the key of a target, for its own bucket", () => {
  const S3 = throughS3(BUCKET);

  it.each`
    request                                  | who                              | context                                                   | expected
    ${"through S3 and its bucket"}           | ${administratorOf(MEMBER)}       | ${S3}                                                     | ${"Allowed"}
    ${"by a role without policies"}          | ${actor(roleIn(MEMBER, "bare"))} | ${S3}                                                     | ${"ImplicitlyDenied"}
    ${"through another bucket"}              | ${administratorOf(MEMBER)}       | ${throughS3("arn:aws:s3:::other")}                        | ${"ImplicitlyDenied"}
    ${"for one object, past the bucket key"} | ${administratorOf(MEMBER)}       | ${throughS3(`${BUCKET}/x.log`)}                           | ${"ImplicitlyDenied"}
    ${"through S3 of another region"}        | ${administratorOf(MEMBER)}       | ${throughS3(BUCKET, US)}                                  | ${"ImplicitlyDenied"}
    ${"not through S3"}                      | ${administratorOf(MEMBER)}       | ${encrypting({ "aws:s3:arn": BUCKET })}                   | ${"ImplicitlyDenied"}
    ${"through another service"}             | ${administratorOf(MEMBER)}       | ${{ ...S3, "kms:ViaService": `ec2.${EU}.amazonaws.com` }} | ${"ImplicitlyDenied"}
    ${"by another account"}                  | ${administratorOf(OTHER_MEMBER)} | ${S3}                                                     | ${"ImplicitlyDenied"}
  `("encrypts transcripts $request: $expected", async ({ who, context, expected }) => {
    expect(await ask(who, "kms:GenerateDataKey", context)).toBe(expected);
    expect(await ask(who, "kms:Decrypt", context)).toBe(expected);
    expect(await ask(who, "kms:Encrypt", context)).toBe("ImplicitlyDenied");
  });

  it.each`
    reader                            | principal                                   | context                                 | expected
    ${"a named role elsewhere"}       | ${READER}                                   | ${S3}                                   | ${"Allowed"}
    ${"the same, not through S3"}     | ${READER}                                   | ${encrypting({ "aws:s3:arn": BUCKET })} | ${"ImplicitlyDenied"}
    ${"the same, for another bucket"} | ${READER}                                   | ${throughS3("arn:aws:s3:::other")}      | ${"ImplicitlyDenied"}
    ${"another role of its account"}  | ${roleIn(ARCHIVE, "session-reviewer-2")}    | ${S3}                                   | ${"ImplicitlyDenied"}
    ${"a namesake elsewhere"}         | ${roleIn(OTHER_MEMBER, "session-reviewer")} | ${S3}                                   | ${"ImplicitlyDenied"}
  `("decrypts transcripts for $reader: $expected", async ({ principal, context, expected }) => {
    const who = { ...administratorOf(ARCHIVE), principal };
    expect(await ask(who, "kms:Decrypt", context)).toBe(expected);
    expect(await ask(who, "kms:GenerateDataKey", context)).toBe("ImplicitlyDenied");
  });
});

describe("the key of a target, for data channels", () => {
  const channel = (target: string) =>
    encrypting({ "aws:ssm:SessionId": "alice-1", "aws:ssm:TargetId": target });

  it.each`
    context                                                                                                                                | what                            | who                              | expected
    ${channel("i-0123456789abcdef0")}                                                                                                      | ${"to an instance"}             | ${administratorOf(MEMBER)}       | ${"Allowed"}
    ${channel("mi-0123456789abcdef0")}                                                                                                     | ${"to a managed node"}          | ${administratorOf(MEMBER)}       | ${"Allowed"}
    ${{ ...channel("i-1"), ...encrypting({ "aws:ssm:SessionId": "alice-1", "aws:ssm:TargetId": "i-1", "aws:ssm:RandomChallenge": "x" }) }} | ${"of newer agents"}            | ${administratorOf(MEMBER)}       | ${"Allowed"}
    ${channel("ecs:cluster_task_id")}                                                                                                      | ${"to a container"}             | ${administratorOf(MEMBER)}       | ${"ImplicitlyDenied"}
    ${encrypting({ "aws:ssm:TargetId": "i-1" })}                                                                                           | ${"of no session"}              | ${administratorOf(MEMBER)}       | ${"ImplicitlyDenied"}
    ${encrypting({ "aws:ssm:SessionId": "alice-1" })}                                                                                      | ${"to no target"}               | ${administratorOf(MEMBER)}       | ${"ImplicitlyDenied"}
    ${channel("i-1")}                                                                                                                      | ${"of another account"}         | ${administratorOf(OTHER_MEMBER)} | ${"ImplicitlyDenied"}
    ${channel("i-1")}                                                                                                                      | ${"of a role without policies"} | ${actor(roleIn(MEMBER, "bare"))} | ${"ImplicitlyDenied"}
  `("encrypts a channel $what: $expected", async ({ context, who, expected }) => {
    expect(await ask(who, "kms:GenerateDataKey", context)).toBe(expected);
    expect(await ask(who, "kms:Decrypt", context)).toBe(expected);
    expect(await ask(who, "kms:Encrypt", context)).toBe("ImplicitlyDenied");
  });
});

describe("the key of a target, for notifications", () => {
  const EVENTS = service("events.amazonaws.com");
  const ALARMS = service("cloudwatch.amazonaws.com");
  const ours = encrypting({ "aws:sns:topicArn": arns.topic(place, TOPIC) });
  const other = encrypting({ "aws:sns:topicArn": arns.topic(place, "other") });
  const from = (account: string) => ({ "aws:SourceAccount": account });

  it.each`
    publisher                          | who                            | context                           | expected
    ${"EventBridge for the topic"}     | ${EVENTS}                      | ${ours}                           | ${"Allowed"}
    ${"EventBridge for another topic"} | ${EVENTS}                      | ${other}                          | ${"ImplicitlyDenied"}
    ${"EventBridge for no topic"}      | ${EVENTS}                      | ${{}}                             | ${"ImplicitlyDenied"}
    ${"an alarm of this account"}      | ${ALARMS}                      | ${{ ...ours, ...from(MEMBER) }}   | ${"Allowed"}
    ${"an alarm of another account"}   | ${ALARMS}                      | ${{ ...ours, ...from(STRANGER) }} | ${"ImplicitlyDenied"}
    ${"an alarm of no account"}        | ${ALARMS}                      | ${ours}                           | ${"ImplicitlyDenied"}
    ${"an alarm for another topic"}    | ${ALARMS}                      | ${{ ...other, ...from(MEMBER) }}  | ${"ImplicitlyDenied"}
    ${"another service"}               | ${service("s3.amazonaws.com")} | ${{ ...ours, ...from(MEMBER) }}   | ${"ImplicitlyDenied"}
    ${"an administrator"}              | ${administratorOf(MEMBER)}     | ${ours}                           | ${"ImplicitlyDenied"}
  `("encrypts messages of $publisher: $expected", async ({ who, context, expected }) => {
    expect(await ask(who, "kms:GenerateDataKey", context)).toBe(expected);
    expect(await ask(who, "kms:Decrypt", context)).toBe(expected);
  });
});

describe("a use that the map leaves out", () => {
  const channel = encrypting({ "aws:ssm:SessionId": "alice-1", "aws:ssm:TargetId": "i-1" });
  const topic = encrypting({ "aws:sns:topicArn": arns.topic(place, TOPIC) });
  const group = encrypting({ "aws:logs:arn": arns.logGroup(place, GROUP) });
  const reader = { ...administratorOf(ARCHIVE), principal: READER };
  const logs = service(`logs.${EU}.amazonaws.com`);
  const alarms = service("cloudwatch.amazonaws.com");
  const ofMember = { "aws:SourceAccount": MEMBER };

  it.each`
    use                          | left                      | who                                | action                   | context
    ${"the log group"}           | ${{ logGroup: null }}     | ${logs}                            | ${"kms:GenerateDataKey"} | ${group}
    ${"the bucket"}              | ${{ bucket: null }}       | ${administratorOf(MEMBER)}         | ${"kms:GenerateDataKey"} | ${throughS3(BUCKET)}
    ${"the bucket, for readers"} | ${{ bucket: null }}       | ${reader}                          | ${"kms:Decrypt"}         | ${throughS3(BUCKET)}
    ${"the readers"}             | ${{ readers: [] }}        | ${reader}                          | ${"kms:Decrypt"}         | ${throughS3(BUCKET)}
    ${"the user's data channel"} | ${{ sessionData: false }} | ${administratorOf(MEMBER)}         | ${"kms:GenerateDataKey"} | ${channel}
    ${"the instance's channel"}  | ${{ sessionData: false }} | ${administratorOf(MEMBER)}         | ${"kms:Decrypt"}         | ${channel}
    ${"the topic"}               | ${{ topics: [] }}         | ${service("events.amazonaws.com")} | ${"kms:GenerateDataKey"} | ${topic}
    ${"the topic, for alarms"}   | ${{ topics: [] }}         | ${alarms}                          | ${"kms:GenerateDataKey"} | ${{ ...topic, ...ofMember }}
  `("is refused, although it is allowed otherwise: $use", async ({ left, who, action, context }) => {
    expect(await ask(who, action, context)).toBe("Allowed");
    expect(await ask(who, action, context, sessionKeyPolicy(place, { ...ALL, ...left }))).toBe(
      "ImplicitlyDenied",
    );
  });

  it("leaves the administration as the only statement", () => {
    const none = { logGroup: null, bucket: null, readers: [], sessionData: false, topics: [] };
    expect(sidsOf(sessionKeyPolicy(place, none))).toEqual(["AccountAdministersKey"]);
  });
});

describe("what the map has a target's key encrypt", () => {
  const usesOf = (sandbox: object = {}, make = exampleOrganization) => {
    const made = make({ accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, ...sandbox } } });
    const target = targetIn(made, "sandbox", EU);
    return keyUsesOf(target, placeOf(made, target));
  };
  const shared = { logGroup: GROUP, readers: [READER], sessionData: true, topics: [TOPIC, SECURITY] };
  const plain = { enforce: { cloudWatch: false } };

  it.each`
    setting                    | uses                                                                                         | wanted
    ${"an archive"}            | ${usesOf()}                                                                                  | ${{ ...shared, bucket: null }}
    ${"no archive"}            | ${usesOf({}, exampleWithoutArchive)}                                                         | ${{ ...shared, bucket: names.transcriptBucket(place) }}
    ${"an existing bucket"}    | ${usesOf({ transcripts: { bucket: { existing: "theirs" } } })}                               | ${{ ...shared, bucket: null }}
    ${"an existing log group"} | ${usesOf({ logs: { group: { existing: "/theirs" } }, preferences: plain })}                  | ${{ ...shared, bucket: null, logGroup: null }}
    ${"no session encryption"} | ${usesOf({ preferences: { encryptSessionData: false } })}                                    | ${{ ...shared, bucket: null, sessionData: false }}
    ${"no notifications"}      | ${usesOf({ notifications: { activity: { enabled: false }, security: { enabled: false } } })} | ${{ ...shared, bucket: null, topics: [] }}
  `("with $setting", ({ uses, wanted }) => {
    expect(uses).toEqual(wanted);
  });
});

describe.each([
  ["an organization by its id", BY_ID],
  [
    "accounts one by one",
    { accountRoots: [ARCHIVE, MEMBER].map((id) => arns.root({ partition: "aws", id })) } as Members,
  ],
])("the key of an archive that trusts %s", (_trust, members) => {
  const policy = archiveKey(members);
  const at = (who: Actor, action: string, context: object = throughS3(CENTRAL)) =>
    ask(who, action, context, policy, keyIn(ARCHIVE));

  it.each`
    request                                  | who                               | context                                                                | expected
    ${"a member through its bucket"}         | ${administratorOf(MEMBER)}        | ${throughS3(CENTRAL)}                                                  | ${"Allowed"}
    ${"the archive account itself"}          | ${administratorOf(ARCHIVE)}       | ${throughS3(CENTRAL)}                                                  | ${"Allowed"}
    ${"a member's role without policies"}    | ${actor(roleIn(MEMBER, "bare"))}  | ${throughS3(CENTRAL)}                                                  | ${"ImplicitlyDenied"}
    ${"the archive's role without policies"} | ${actor(roleIn(ARCHIVE, "bare"))} | ${throughS3(CENTRAL)}                                                  | ${"ImplicitlyDenied"}
    ${"a member through another bucket"}     | ${administratorOf(MEMBER)}        | ${throughS3("arn:aws:s3:::other")}                                     | ${"ImplicitlyDenied"}
    ${"a member, for one object"}            | ${administratorOf(MEMBER)}        | ${throughS3(`${CENTRAL}/x.log`)}                                       | ${"ImplicitlyDenied"}
    ${"a member, another region's S3"}       | ${administratorOf(MEMBER)}        | ${throughS3(CENTRAL, US)}                                              | ${"ImplicitlyDenied"}
    ${"a member not through S3"}             | ${administratorOf(MEMBER)}        | ${encrypting({ "aws:s3:arn": CENTRAL })}                               | ${"ImplicitlyDenied"}
    ${"the archive account not through S3"}  | ${administratorOf(ARCHIVE)}       | ${encrypting({ "aws:s3:arn": CENTRAL })}                               | ${"ImplicitlyDenied"}
    ${"a member's data channel"}             | ${administratorOf(MEMBER)}        | ${encrypting({ "aws:ssm:SessionId": "a", "aws:ssm:TargetId": "i-1" })} | ${"ImplicitlyDenied"}
    ${"a stranger"}                          | ${administratorOf(STRANGER)}      | ${throughS3(CENTRAL)}                                                  | ${"ImplicitlyDenied"}
    ${"a service"}                           | ${service("ssm.amazonaws.com")}   | ${throughS3(CENTRAL)}                                                  | ${"ImplicitlyDenied"}
  `("encrypts transcripts for $request: $expected", async ({ who, context, expected }) => {
    expect(await at(who, "kms:GenerateDataKey", context)).toBe(expected);
    expect(await at(who, "kms:Decrypt", context)).toBe(expected);
    expect(await at(who, "kms:Encrypt", context)).toBe("ImplicitlyDenied");
  });
});

describe("the key of an archive, for readers", () => {
  // The only member is a stranger, and the statement for the archive's account is left out, so that readers cannot
  // decrypt as writers.
  const nobody: Members = { accountRoots: [arns.root({ partition: "aws", id: STRANGER })] };
  const reader = { ...administratorOf(ARCHIVE), principal: READER };
  const decrypt = (who: Actor, readers: readonly string[], context: object = throughS3(CENTRAL)) =>
    ask(
      who,
      "kms:Decrypt",
      context,
      without(archiveKey(nobody, readers), "AccountWritesTranscriptsThroughS3"),
      keyIn(ARCHIVE),
    );
  const abroad = roleIn(OTHER_MEMBER, "audit/*");
  const auditor = { ...administratorOf(OTHER_MEMBER), principal: roleIn(OTHER_MEMBER, "audit/one") };

  it.each`
    request                                      | who                              | readers     | context                                  | expected
    ${"a named role"}                            | ${reader}                        | ${[READER]} | ${throughS3(CENTRAL)}                    | ${"Allowed"}
    ${"a named role without policies"}           | ${actor(READER)}                 | ${[READER]} | ${throughS3(CENTRAL)}                    | ${"ImplicitlyDenied"}
    ${"a named role, not through S3"}            | ${reader}                        | ${[READER]} | ${encrypting({ "aws:s3:arn": CENTRAL })} | ${"ImplicitlyDenied"}
    ${"a named role, another bucket"}            | ${reader}                        | ${[READER]} | ${throughS3("arn:aws:s3:::other")}       | ${"ImplicitlyDenied"}
    ${"a role of another account, by a pattern"} | ${auditor}                       | ${[abroad]} | ${throughS3(CENTRAL)}                    | ${"Allowed"}
    ${"a role that no pattern names"}            | ${administratorOf(OTHER_MEMBER)} | ${[abroad]} | ${throughS3(CENTRAL)}                    | ${"ImplicitlyDenied"}
    ${"the archive's administrator"}             | ${administratorOf(ARCHIVE)}      | ${[READER]} | ${throughS3(CENTRAL)}                    | ${"ImplicitlyDenied"}
    ${"a role, if no reader is named"}           | ${reader}                        | ${[]}       | ${throughS3(CENTRAL)}                    | ${"ImplicitlyDenied"}
  `("decrypts for $request: $expected", async ({ who, readers, context, expected }) => {
    expect(await decrypt(who, readers, context)).toBe(expected);
  });
});

describe("the key of a trail", () => {
  const policy = trailKeyPolicy(place);
  const CLOUDTRAIL = service("cloudtrail.amazonaws.com");
  const TRAIL = arns.trail(place);
  const trail = (source: string | null, context: string | null = TRAIL) => ({
    ...(source !== null && { "aws:SourceArn": source }),
    ...(context !== null && encrypting({ "aws:cloudtrail:arn": context })),
  });
  const FOREIGN = arns.trail(at(STRANGER));

  it.each`
    request                                   | who                                | context                    | expected
    ${"this trail"}                           | ${CLOUDTRAIL}                      | ${trail(TRAIL)}            | ${"Allowed"}
    ${"another trail of the account"}         | ${CLOUDTRAIL}                      | ${trail(`${TRAIL}-2`)}     | ${"ImplicitlyDenied"}
    ${"another account's trail"}              | ${CLOUDTRAIL}                      | ${trail(FOREIGN, FOREIGN)} | ${"ImplicitlyDenied"}
    ${"this trail, in another one's context"} | ${CLOUDTRAIL}                      | ${trail(TRAIL, FOREIGN)}   | ${"ImplicitlyDenied"}
    ${"this trail, in no context"}            | ${CLOUDTRAIL}                      | ${trail(TRAIL, null)}      | ${"ImplicitlyDenied"}
    ${"CloudTrail that names no trail"}       | ${CLOUDTRAIL}                      | ${trail(null)}             | ${"ImplicitlyDenied"}
    ${"another service"}                      | ${service("config.amazonaws.com")} | ${trail(TRAIL)}            | ${"ImplicitlyDenied"}
    ${"an administrator"}                     | ${administratorOf(MEMBER)}         | ${trail(TRAIL)}            | ${"ImplicitlyDenied"}
  `("encrypts events of $request: $expected", async ({ who, context, expected }) => {
    expect(await ask(who, "kms:GenerateDataKey", context, policy)).toBe(expected);
    expect(await ask(who, "kms:Decrypt", context, policy)).toBe("ImplicitlyDenied");
  });

  it.each`
    request                             | context                 | expected
    ${"this trail"}                     | ${trail(TRAIL, null)}   | ${"Allowed"}
    ${"another trail"}                  | ${trail(FOREIGN, null)} | ${"ImplicitlyDenied"}
    ${"CloudTrail that names no trail"} | ${{}}                   | ${"ImplicitlyDenied"}
  `("may be described by CloudTrail for $request: $expected", async ({ context, expected }) => {
    expect(await ask(CLOUDTRAIL, "kms:DescribeKey", context, policy)).toBe(expected);
  });

  const FILES = arns.bucket(place, names.trailBucket(place));
  const FILE = `${FILES}/AWSLogs/${MEMBER}/CloudTrail/${EU}/2025/01/01/events.json.gz`;
  it.each`
    reader                                         | who                              | context                                           | expected
    ${"the account, through S3"}                   | ${administratorOf(MEMBER)}       | ${throughS3(FILE)}                                | ${"Allowed"}
    ${"the account, another bucket"}               | ${administratorOf(MEMBER)}       | ${throughS3("arn:aws:s3:::trail/x.gz")}           | ${"ImplicitlyDenied"}
    ${"the account, a bucket with a longer name"}  | ${administratorOf(MEMBER)}       | ${throughS3(`${FILES}-2/x.gz`)}                   | ${"ImplicitlyDenied"}
    ${"the account, the bucket as a whole"}        | ${administratorOf(MEMBER)}       | ${throughS3(FILES)}                               | ${"ImplicitlyDenied"}
    ${"the account, an object that S3 leaves out"} | ${administratorOf(MEMBER)}       | ${{ "kms:ViaService": `s3.${EU}.amazonaws.com` }} | ${"ImplicitlyDenied"}
    ${"the account, another region"}               | ${administratorOf(MEMBER)}       | ${throughS3(FILE, US)}                            | ${"ImplicitlyDenied"}
    ${"the account, not through S3"}               | ${administratorOf(MEMBER)}       | ${encrypting({ "aws:s3:arn": FILE })}             | ${"ImplicitlyDenied"}
    ${"a role without policies"}                   | ${actor(roleIn(MEMBER, "bare"))} | ${throughS3(FILE)}                                | ${"ImplicitlyDenied"}
    ${"another account, through S3"}               | ${administratorOf(OTHER_MEMBER)} | ${throughS3(FILE)}                                | ${"ImplicitlyDenied"}
  `("decrypts events for $reader: $expected", async ({ who, context, expected }) => {
    expect(await ask(who, "kms:Decrypt", context, policy)).toBe(expected);
    expect(await ask(who, "kms:GenerateDataKey", context, policy)).toBe("ImplicitlyDenied");
  });
});
