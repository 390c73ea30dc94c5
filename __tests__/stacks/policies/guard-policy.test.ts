import map from "../../fixtures/example-map";
import { arns, channelNames, guardNames, names, placeOf } from "../../../stacks/names";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import {
  guardDutiesOf,
  guardPolicy,
  guardQueuePolicy,
  guardRoleOf,
  guardTablePolicy,
} from "../../../stacks/policies/guard-policy";
import { keyUsesOf, sessionKeyPolicy } from "../../../stacks/policies/key-policy";
import type { Policy } from "../../../stacks/policies/policy";
import { membersOf } from "../../../stacks/policies/principals";
import {
  ADMINISTRATOR,
  actor,
  administratorOf,
  ARCHIVE,
  at,
  encrypting,
  EU,
  keyIn,
  MEMBER,
  exampleOrganization,
  OTHER_MEMBER,
  roleIn,
  service,
  sidsOf,
  STRANGER,
  targetIn,
  US,
  decisionOfCaller,
  decisionOn,
  without,
  exampleWithoutArchive,
} from "./helpers";

const organization = exampleOrganization({ guard: { enabled: true } });
const target = targetIn(organization, "sandbox", EU);
const duties = guardDutiesOf(organization, target)!;
const place = duties.place;
const own = guardNames(place);
const policy = guardPolicy(duties);
const guard = actor(roleIn(MEMBER, own.role), policy);
const TOPIC = arns.topic(place, channelNames({ kind: "target", place }).topic);
const GROUP = arns.logGroup(place, names.logGroup(place));
const BUCKET = arns.bucket(place, names.transcriptBucket(at(ARCHIVE)));

const ownCall = (action: string, resource: string) =>
  decisionOn({ who: guard, action, resource, owner: MEMBER });

describe("the guard's role", () => {
  it.each([
    ["ssm:TerminateSession", arns.sessions(place).replace("*", "alice-0123456789abcdef0")],
    ["ssm:DescribeSessions", "*"],
    ["logs:DescribeLogStreams", GROUP],
    ["logs:DescribeLogStreams", `${GROUP}:log-stream:`],
    ["dynamodb:GetItem", arns.table(place, own.table)],
    ["dynamodb:PutItem", arns.table(place, own.table)],
    ["dynamodb:UpdateItem", arns.table(place, own.table)],
    ["dynamodb:DeleteItem", arns.table(place, own.table)],
    ["sns:Publish", TOPIC],
    ["logs:PutLogEvents", `${arns.logGroup(place, own.logGroup)}:log-stream:any`],
    ["sqs:SendMessage", arns.queue(place, own.deadLetters)],
    ["xray:PutTraceSegments", "*"],
  ])("may %s on %s", async (action, resource) => {
    expect(await ownCall(action, resource)).toBe("Allowed");
  });

  it.each([
    ["ssm:StartSession", `arn:aws:ec2:${EU}:${MEMBER}:instance/i-0123456789abcdef0`],
    ["ssm:ResumeSession", arns.sessions(place).replace("*", "alice-0123456789abcdef0")],
    ["ssm:TerminateSession", `arn:aws:ssm:${US}:${MEMBER}:session/alice-0123456789abcdef0`],
    ["logs:GetLogEvents", `${GROUP}:log-stream:alice-0123456789abcdef0`],
    ["logs:FilterLogEvents", GROUP],
    ["logs:DeleteLogStream", `${GROUP}:log-stream:alice-0123456789abcdef0`],
    ["logs:PutLogEvents", `${GROUP}:log-stream:alice-0123456789abcdef0`],
    ["logs:CreateLogGroup", arns.logGroup(place, own.logGroup)],
    ["dynamodb:DeleteTable", arns.table(place, own.table)],
    ["dynamodb:PutItem", arns.table(place, "theirs")],
    ["sns:Publish", arns.topic(place, channelNames({ kind: "activity", place }).topic)],
    ["sns:SetTopicAttributes", TOPIC],
    ["lambda:UpdateFunctionCode", arns.function(place, own.function)],
    ["ssm:UpdateDocument", `arn:aws:ssm:${EU}:${MEMBER}:document/SSM-SessionManagerRunShell`],
  ])("may not %s on %s", async (action, resource) => {
    expect(await ownCall(action, resource)).toBe("ImplicitlyDenied");
  });

  it.each`
    prefix                                    | expected
    ${`sessions/${MEMBER}/${EU}/alice-1.log`} | ${"Allowed"}
    ${`sessions/${MEMBER}/${US}/alice-1.log`} | ${"ImplicitlyDenied"}
    ${""}                                     | ${"ImplicitlyDenied"}
  `("lists the prefix $prefix of a bucket of its own account: $expected", async ({ prefix, expected }) => {
    const alone = exampleWithoutArchive({ guard: { enabled: true } });
    const bucket = arns.bucket(place, names.transcriptBucket(place));
    const who = actor(guard.principal, guardPolicy(guardDutiesOf(alone, targetIn(alone, "sandbox", EU))!));
    const asked = { who, action: "s3:ListBucket", resource: bucket, owner: MEMBER };
    expect(await decisionOn({ ...asked, context: { "s3:prefix": prefix } })).toBe(expected);
  });

  const ofExisting = (account: string | null) => {
    const transcripts = { bucket: { existing: "theirs", account } };
    const made = exampleOrganization({
      guard: { enabled: true },
      accounts: { ...map.accounts, sandbox: { ...map.accounts["sandbox"]!, transcripts } },
    });
    return guardPolicy(guardDutiesOf(made, targetIn(made, "sandbox", EU))!);
  };
  it.each`
    bucket                                       | policy                  | resource                 | owner       | expected
    ${"the archive's bucket"}                    | ${policy}               | ${BUCKET}                | ${ARCHIVE}  | ${"Allowed"}
    ${"a stranger's bucket of that name"}        | ${policy}               | ${BUCKET}                | ${STRANGER} | ${"ImplicitlyDenied"}
    ${"an existing bucket of the map's account"} | ${ofExisting(STRANGER)} | ${"arn:aws:s3:::theirs"} | ${STRANGER} | ${"Allowed"}
    ${"an existing bucket of another account"}   | ${ofExisting(STRANGER)} | ${"arn:aws:s3:::theirs"} | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"an existing bucket of unknown owner"}     | ${ofExisting(null)}     | ${"arn:aws:s3:::theirs"} | ${STRANGER} | ${"Allowed"}
  `("lists $bucket: $expected", async ({ policy: own, resource, owner, expected }) => {
    const who = actor(guard.principal, own as Policy);
    const context = { "s3:prefix": `sessions/${MEMBER}/${EU}/alice-1.log` };
    const asked = { who, action: "s3:ListBucket", resource, owner, context };
    expect(await decisionOfCaller(asked)).toBe(expected);
  });

  const TABLE_CONTEXT = { "aws:dynamodb:tableName": own.table, "aws:dynamodb:subscriberId": MEMBER };
  it.each`
    use                                       | action                   | via           | pairs                                                          | expected
    ${"its table"}                            | ${"kms:Decrypt"}         | ${"dynamodb"} | ${TABLE_CONTEXT}                                               | ${"Allowed"}
    ${"its table, by itself"}                 | ${"kms:Decrypt"}         | ${null}       | ${TABLE_CONTEXT}                                               | ${"ImplicitlyDenied"}
    ${"another account's table of that name"} | ${"kms:Decrypt"}         | ${"dynamodb"} | ${{ ...TABLE_CONTEXT, "aws:dynamodb:subscriberId": STRANGER }} | ${"ImplicitlyDenied"}
    ${"the security topic"}                   | ${"kms:GenerateDataKey"} | ${"sns"}      | ${{ "aws:sns:topicArn": TOPIC }}                               | ${"Allowed"}
    ${"the security topic, by itself"}        | ${"kms:GenerateDataKey"} | ${null}       | ${{ "aws:sns:topicArn": TOPIC }}                               | ${"ImplicitlyDenied"}
    ${"transcripts"}                          | ${"kms:Decrypt"}         | ${"s3"}       | ${{ "aws:s3:arn": BUCKET }}                                    | ${"ImplicitlyDenied"}
  `(
    "uses another owner's key, whose policy allows the whole account, for $use: $expected",
    async ({ action, via, pairs, expected }) => {
      const letsAccountIn: Policy = {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Any",
            Effect: "Allow",
            Principal: { AWS: arns.root(place.account) },
            Action: ["kms:*"],
            Resource: "*",
          },
        ],
      };
      const context = {
        ...encrypting(pairs),
        ...(via && { "kms:ViaService": `${via}.${EU}.amazonaws.com` }),
      };
      const asked = { who: guard, action, resource: keyIn(MEMBER), owner: MEMBER, policy: letsAccountIn };
      expect(await decisionOn({ ...asked, context })).toBe(expected);
    },
  );

  const ELSEWHERE = `arn:aws:sns:${EU}:${ARCHIVE}:security`;
  const telling = (topicArn: string) => guardPolicy({ ...duties, topicArn });
  const through = (topic: string, region = EU) => ({
    ...encrypting({ "aws:sns:topicArn": topic }),
    "kms:ViaService": `sns.${region}.amazonaws.com`,
  });
  it.each`
    topic                                          | key                   | context                                          | expected
    ${"of another account, with its key"}          | ${keyIn(ARCHIVE)}     | ${through(ELSEWHERE)}                            | ${"Allowed"}
    ${"of another account, past SNS"}              | ${keyIn(ARCHIVE)}     | ${encrypting({ "aws:sns:topicArn": ELSEWHERE })} | ${"ImplicitlyDenied"}
    ${"of another account, with a stranger's key"} | ${keyIn(STRANGER)}    | ${through(ELSEWHERE)}                            | ${"ImplicitlyDenied"}
    ${"of another account, in another region"}     | ${keyIn(ARCHIVE, US)} | ${through(ELSEWHERE, US)}                        | ${"ImplicitlyDenied"}
    ${"beside that topic"}                         | ${keyIn(ARCHIVE)}     | ${through(`${ELSEWHERE}-2`)}                     | ${"ImplicitlyDenied"}
  `("encrypts reports to a topic $topic: $expected", async ({ key, context, expected }) => {
    const Principal = { AWS: arns.root(place.account) };
    const policyOfKey: Policy = {
      Version: "2012-10-17",
      Statement: [{ Sid: "Any", Effect: "Allow", Principal, Action: ["kms:*"], Resource: "*" }],
    };
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
      const who = actor(guard.principal, telling(ELSEWHERE));
      const asked = { who, action, resource: key, owner: key.split(":")[4]!, context, policy: policyOfKey };
      expect(await decisionOn(asked)).toBe(expected);
    }
  });

  it("has only the permissions that its duties need", () => {
    const sids = (guardSettings: object) =>
      sidsOf(
        guardPolicy(
          guardDutiesOf(
            exampleOrganization({ guard: { enabled: true, ...guardSettings } }),
            targetIn(exampleOrganization({ guard: { enabled: true, ...guardSettings } }), "sandbox", EU),
          )!,
        ),
      );
    const looking = ["ListSessions", "FindTranscripts", "FindLogStreams"];
    expect(sids({ terminate: false })).toEqual(expect.arrayContaining(looking));
    expect(sids({ terminate: false })).not.toContain("EndSessions");
    expect(sids({ checkTranscriptsEveryMinutes: null })).toContain("EndSessions");
    expect(sids({ checkTranscriptsEveryMinutes: null }).filter((sid) => looking.includes(sid))).toEqual([]);
  });

  it("fits into an inline policy of a role with the longest possible names", () => {
    const longest = guardPolicy({
      ...duties,
      place: { ...place, organization: "o".repeat(30), region: "ap-southeast-7" },
      topicArn: TOPIC.padEnd(300, "x"),
      chatTopicArn: TOPIC.padEnd(300, "x"),
      transcripts: { bucket: "b".repeat(63), prefix: "p".repeat(290), owner: ARCHIVE },
      logGroup: "g".repeat(512),
    });
    expect(JSON.stringify(longest).length).toBeLessThan(10_240);
  });
});

describe("the guard's table", () => {
  const TABLE = arns.table(place, own.table);
  const guardOfAnother = actor(roleIn(OTHER_MEMBER, own.role), policy);
  const users = [
    ["an administrator", administratorOf(MEMBER)],
    ["the root user", actor(arns.root(place.account), ADMINISTRATOR)],
    ["an administrator of another account", administratorOf(OTHER_MEMBER)],
    ["the guard of another account", guardOfAnother],
  ] as const;
  const call = (who: typeof guard, action: string, tablePolicy?: Policy) =>
    decisionOn({
      who,
      action: `dynamodb:${action}`,
      resource: TABLE,
      owner: MEMBER,
      ...(tablePolicy && { policy: tablePolicy }),
    });
  const withPolicy = guardTablePolicy(place);

  it.each(["GetItem", "PutItem", "UpdateItem", "DeleteItem"])("takes %s from the guard", async (action) => {
    expect(await call(guard, action, withPolicy)).toBe("Allowed");
  });

  it.each([
    ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"],
    ...["PartiQLInsert", "PartiQLUpdate", "PartiQLDelete"],
  ])("refuses %s to everybody else", async (action) => {
    for (const [name, who] of users) {
      expect([name, await call(who, action, withPolicy)]).toEqual([name, "ExplicitlyDenied"]);
    }
  });

  it.each(["PutItem", "PartiQLUpdate"])(
    "would take %s from an administrator without its policy",
    async (action) => {
      expect(await call(administratorOf(MEMBER), action)).toBe("Allowed");
    },
  );

  it.each(["GetItem", "Scan", "DeleteTable", "PutResourcePolicy", "DeleteResourcePolicy"])(
    "leaves %s to the policies of the account's people, and of nobody else",
    async (action) => {
      expect(await call(administratorOf(MEMBER), action, withPolicy)).toBe("Allowed");
      expect(await call(administratorOf(OTHER_MEMBER), action, withPolicy)).toBe("ImplicitlyDenied");
    },
  );
});

const archiveHasSessions = exampleOrganization({
  guard: { enabled: true },
  accounts: { ...map.accounts, "log-archive": { ...map.accounts["log-archive"]!, regions: [EU] } },
});

describe("the bucket of an archive, for a guard", () => {
  const home = at(ARCHIVE);
  const readers = [roleIn(ARCHIVE, "session-reviewer")];
  const bucketPolicy = (withOrganization = organization, guardRole = guardRoleOf(organization, site)) =>
    transcriptBucketPolicy(home, {
      bucket: names.transcriptBucket(home),
      prefix: "sessions",
      members: membersOf(withOrganization),
      readers,
      guardRole,
      keyArn: keyIn(ARCHIVE),
      replication: null,
      protect: true,
    });
  const site = organization.archives.find(({ region }) => region === EU)!;
  const OWN = `sessions/${MEMBER}/${EU}/alice-0123456789abcdef0.log`;
  const listing = (who: typeof guard, context: object, bucket = bucketPolicy()) =>
    decisionOn({
      who,
      action: "s3:ListBucket",
      resource: BUCKET,
      owner: ARCHIVE,
      context: { ...context },
      policy: bucket,
    });

  it.each`
    prefix                                             | context                                                                             | expected
    ${"of one of its transcripts"}                     | ${{ "s3:prefix": OWN }}                                                             | ${"Allowed"}
    ${"of all of its region"}                          | ${{ "s3:prefix": `sessions/${MEMBER}/${EU}/` }}                                     | ${"Allowed"}
    ${"of its account's other region"}                 | ${{ "s3:prefix": `sessions/${MEMBER}/${US}/a.log` }}                                | ${"ImplicitlyDenied"}
    ${"of another account"}                            | ${{ "s3:prefix": `sessions/${OTHER_MEMBER}/${EU}/a.log` }}                          | ${"ImplicitlyDenied"}
    ${"that an account begins with"}                   | ${{ "s3:prefix": `sessions/${MEMBER}` }}                                            | ${"ImplicitlyDenied"}
    ${"of everything"}                                 | ${{ "s3:prefix": "" }}                                                              | ${"ImplicitlyDenied"}
    ${"none at all"}                                   | ${{}}                                                                               | ${"ImplicitlyDenied"}
    ${"of one of its transcripts, without encryption"} | ${{ "s3:prefix": OWN, "aws:SecureTransport": "false", "s3:TlsVersion": undefined }} | ${"ExplicitlyDenied"}
  `("allows a guard to list the prefix $prefix: $expected", async ({ context, expected }) => {
    expect(await listing(guard, context)).toBe(expected);
  });

  it.each(["by its id", "account by account"])(
    "allows a guard to list if members are given %s",
    async (how) => {
      const members =
        how === "by its id" ? organization : exampleOrganization({ organization: { name: "acme" } });
      expect(await listing(guard, { "s3:prefix": OWN }, bucketPolicy(members))).toBe("Allowed");
    },
  );

  it.each([
    ["an administrator of the account", administratorOf(MEMBER)],
    ["a role that only begins like it", actor(roleIn(MEMBER, `${own.role}-2`), policy)],
    [
      "the guard of the account's other region",
      actor(roleIn(MEMBER, guardNames({ ...place, region: US }).role), policy),
    ],
    ["a guard of an account outside", actor(roleIn(STRANGER, own.role), policy)],
  ])("does not allow %s to list", async (_who, who) => {
    expect(await listing(who, { "s3:prefix": OWN })).toBe("ImplicitlyDenied");
  });

  const ofArchive = guardPolicy(
    guardDutiesOf(archiveHasSessions, targetIn(archiveHasSessions, "log-archive", EU))!,
  );
  it.each`
    role                             | policies                                   | expected
    ${"its guard"}                   | ${[ofArchive]}                             | ${"Allowed"}
    ${"a namesake without a policy"} | ${[]}                                      | ${"ImplicitlyDenied"}
    ${"a namesake, without S3"}      | ${[without(ofArchive, "FindTranscripts")]} | ${"ImplicitlyDenied"}
  `("allows $role in the archive account to list: $expected", async ({ policies, expected }) => {
    const who = actor(roleIn(ARCHIVE, own.role), ...(policies as Policy[]));
    const context = { "s3:prefix": `sessions/${ARCHIVE}/${EU}/alice-0123456789abcdef0.log` };
    expect(await listing(who, context)).toBe(expected);
  });

  it("allows no guard to list if no guard looks for transcripts", async () => {
    expect(guardRoleOf(exampleOrganization(), exampleOrganization().archives[0]!)).toBeNull();
    expect(sidsOf(bucketPolicy(organization, null))).not.toContain("GuardsFindTheirOwnTranscripts");
    expect(await listing(guard, { "s3:prefix": OWN }, bucketPolicy(organization, null))).toBe(
      "ImplicitlyDenied",
    );
  });

  it.each`
    prefix                               | expected
    ${OWN}                               | ${"Allowed"}
    ${`sessions/${MEMBER}/${US}/a.log`}  | ${"ImplicitlyDenied"}
    ${`sessions/${OTHER_MEMBER}/${EU}/`} | ${"ImplicitlyDenied"}
  `(
    "lets a guard that may do everything list the prefix $prefix: $expected",
    async ({ prefix, expected }) => {
      const mighty = actor(roleIn(MEMBER, own.role), ...administratorOf(MEMBER).policies);
      expect(await listing(mighty, { "s3:prefix": prefix })).toBe(expected);
    },
  );

  it.each(["s3:GetObject", "s3:GetObjectVersion"])(
    "refuses %s to a guard that may do everything",
    async (action) => {
      const mighty = actor(roleIn(MEMBER, own.role), ...administratorOf(MEMBER).policies);
      const asked = { who: mighty, action, resource: `${BUCKET}/${OWN}`, owner: ARCHIVE };
      expect(await decisionOn({ ...asked, policy: bucketPolicy() })).toBe("ExplicitlyDenied");
    },
  );

  it.each(["s3:DeleteObject", "s3:PutBucketPolicy", "s3:ListBucketVersions", "s3:PutObject"])(
    "does not allow a guard to %s",
    async (action) => {
      const resource = action.includes("Bucket") ? BUCKET : `${BUCKET}/${OWN}`;
      const result = await decisionOn({
        who: guard,
        action,
        resource,
        owner: ARCHIVE,
        policy: bucketPolicy(),
      });
      expect(result).not.toBe("Allowed");
    },
  );

  it("refuses reading to administrators, with and without the statement for guards", async () => {
    const before = without(bucketPolicy(), "GuardsFindTheirOwnTranscripts");
    const asked = { who: administratorOf(ARCHIVE), action: "s3:GetObject", resource: `${BUCKET}/${OWN}` };
    for (const one of [before, bucketPolicy()]) {
      expect(await decisionOn({ ...asked, owner: ARCHIVE, policy: one })).toBe("ExplicitlyDenied");
    }
  });
});

describe("the key of a guard's target", () => {
  const KEY = keyIn(MEMBER);
  const key = sessionKeyPolicy(place, keyUsesOf(target, place));
  const TABLE = { "aws:dynamodb:tableName": own.table, "aws:dynamodb:subscriberId": MEMBER };
  const throughDynamo = { "kms:ViaService": `dynamodb.${EU}.amazonaws.com` };
  const throughSns = { "kms:ViaService": `sns.${EU}.amazonaws.com` };
  const ask = (who: typeof guard, action: string, context: object) =>
    decisionOn({ who, action, resource: KEY, owner: MEMBER, context: { ...context }, policy: key });
  const toTopic = (topic: string) => ({ ...throughSns, ...encrypting({ "aws:sns:topicArn": topic }) });

  it.each`
    use                                                | action                   | context                                                                                     | expected
    ${"its table, through DynamoDB"}                   | ${"kms:Decrypt"}         | ${{ ...throughDynamo, ...encrypting(TABLE) }}                                               | ${"Allowed"}
    ${"its table, by itself"}                          | ${"kms:Decrypt"}         | ${encrypting(TABLE)}                                                                        | ${"ImplicitlyDenied"}
    ${"another account's table"}                       | ${"kms:Decrypt"}         | ${{ ...throughDynamo, ...encrypting({ ...TABLE, "aws:dynamodb:subscriberId": STRANGER }) }} | ${"ImplicitlyDenied"}
    ${"another table"}                                 | ${"kms:Decrypt"}         | ${{ ...throughDynamo, ...encrypting({ ...TABLE, "aws:dynamodb:tableName": "theirs" }) }}    | ${"ImplicitlyDenied"}
    ${"a grant for its table, which is no job of its"} | ${"kms:CreateGrant"}     | ${{ ...throughDynamo, ...encrypting(TABLE), "kms:GrantIsForAWSResource": "true" }}          | ${"ImplicitlyDenied"}
    ${"the security topic"}                            | ${"kms:GenerateDataKey"} | ${toTopic(TOPIC)}                                                                           | ${"Allowed"}
    ${"the security topic"}                            | ${"kms:Decrypt"}         | ${toTopic(TOPIC)}                                                                           | ${"Allowed"}
    ${"the security topic, by itself"}                 | ${"kms:GenerateDataKey"} | ${encrypting({ "aws:sns:topicArn": TOPIC })}                                                | ${"ImplicitlyDenied"}
    ${"the activity topic"}                            | ${"kms:GenerateDataKey"} | ${toTopic(arns.topic(place, channelNames({ kind: "activity", place }).topic))}              | ${"ImplicitlyDenied"}
    ${"a transcript, through S3"}                      | ${"kms:Decrypt"}         | ${{ "kms:ViaService": `s3.${EU}.amazonaws.com`, ...encrypting({ "aws:s3:arn": BUCKET }) }}  | ${"ImplicitlyDenied"}
    ${"a session's data"}                              | ${"kms:Decrypt"}         | ${encrypting({ "aws:ssm:SessionId": "a-1", "aws:ssm:TargetId": "i-1" })}                    | ${"ImplicitlyDenied"}
  `("is used by the guard for $use ($action): $expected", async ({ action, context, expected }) => {
    expect(await ask(guard, action, context)).toBe(expected);
  });

  it.each`
    request                      | context                                                                                                                  | expected
    ${"for the table"}           | ${{ ...throughDynamo, ...encrypting(TABLE), "kms:GrantIsForAWSResource": "true" }}                                       | ${"Allowed"}
    ${"for somebody's own use"}  | ${{ ...throughDynamo, ...encrypting(TABLE), "kms:GrantIsForAWSResource": "false" }}                                      | ${"ImplicitlyDenied"}
    ${"for another table"}       | ${{ ...throughDynamo, ...encrypting({ ...TABLE, "aws:dynamodb:tableName": "x" }), "kms:GrantIsForAWSResource": "true" }} | ${"ImplicitlyDenied"}
    ${"without a service"}       | ${{ ...encrypting(TABLE), "kms:GrantIsForAWSResource": "true" }}                                                         | ${"ImplicitlyDenied"}
    ${"through another service"} | ${{ "kms:ViaService": `rds.${EU}.amazonaws.com`, ...encrypting(TABLE), "kms:GrantIsForAWSResource": "true" }}            | ${"ImplicitlyDenied"}
  `("allows a grant $request: $expected", async ({ context, expected }) => {
    expect(await ask(administratorOf(MEMBER), "kms:CreateGrant", context)).toBe(expected);
  });

  it("does not allow an administrator to publish to the security topic", async () => {
    expect(await ask(administratorOf(MEMBER), "kms:GenerateDataKey", toTopic(TOPIC))).toBe(
      "ImplicitlyDenied",
    );
  });

  it.each`
    group             | expected
    ${own.logGroup}   | ${"Allowed"}
    ${"/their/group"} | ${"ImplicitlyDenied"}
  `("encrypts the log group $group: $expected", async ({ group, expected }) => {
    const logs = service(`logs.${EU}.amazonaws.com`);
    const context = encrypting({ "aws:logs:arn": arns.logGroup(place, group) });
    expect(await ask(logs, "kms:GenerateDataKey", context)).toBe(expected);
  });

  it("has no statement for a guard if there is none", () => {
    const none = exampleOrganization();
    const plain = sessionKeyPolicy(place, keyUsesOf(targetIn(none, "sandbox", EU), place));
    expect(sidsOf(plain).filter((sid) => /Guard/.test(sid))).toEqual([]);
  });

  it("has no statement for an existing topic, whose key is its owner's", () => {
    const theirs = exampleOrganization({
      guard: { enabled: true },
      notifications: { security: { topic: { existing: "siem" } } },
    });
    const one = targetIn(theirs, "sandbox", EU);
    const sids = sidsOf(sessionKeyPolicy(place, keyUsesOf(one, place)));
    expect(sids).not.toContain("GuardPublishesToSecurityTopic");
    expect(sids).toContain("AccountUsesGuardTableThroughDynamoDb");
    expect(guardDutiesOf(theirs, one)!.topicArn).toBe(arns.topic(placeOf(theirs, one), "siem"));
  });
});

describe("the guard's dead-letter queue", () => {
  const queue = arns.queue(place, own.deadLetters);
  const queuePolicy = guardQueuePolicy(place, [own.sessions, own.schedule]);
  const send = (who: typeof guard, context: object = {}) =>
    decisionOn({
      who,
      action: "sqs:SendMessage",
      resource: queue,
      owner: MEMBER,
      context: { ...context },
      policy: queuePolicy,
    });
  const events = service("events.amazonaws.com");

  it.each`
    who                            | sender    | context                                                                                | expected
    ${"the guard, through Lambda"} | ${guard}  | ${{}}                                                                                  | ${"Allowed"}
    ${"its rule"}                  | ${events} | ${{ "aws:SourceArn": arns.rule(place, own.sessions) }}                                 | ${"Allowed"}
    ${"its schedule"}              | ${events} | ${{ "aws:SourceArn": arns.rule(place, own.schedule) }}                                 | ${"Allowed"}
    ${"another rule"}              | ${events} | ${{ "aws:SourceArn": arns.rule(place, "theirs") }}                                     | ${"ImplicitlyDenied"}
    ${"its rule, without TLS"}     | ${events} | ${{ "aws:SourceArn": arns.rule(place, own.sessions), "aws:SecureTransport": "false" }} | ${"ExplicitlyDenied"}
  `("accepts messages from $who: $expected", async ({ sender, context, expected }) => {
    expect(await send(sender, context)).toBe(expected);
  });
});
