import map from "../../fixtures/example-map";
import { arns, names } from "../../../stacks/names";
import { instancePolicy } from "../../../stacks/policies/instance-policy";
import type { Policy } from "../../../stacks/policies/policy";
import {
  actor,
  ARCHIVE,
  at,
  destinationsIn,
  encrypting,
  EU,
  headers,
  keyIn,
  MEMBER,
  exampleOrganization,
  OTHER_MEMBER,
  roleIn,
  sidsOf,
  STRANGER,
  throughS3,
  US,
  decisionOfCaller,
  decisionOn,
  exampleWithoutArchive,
} from "./helpers";

const policyOf = (sandbox: object = {}, make = exampleOrganization) =>
  instancePolicy(
    destinationsIn(
      make({ accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, ...sandbox } } }),
      "sandbox",
    ),
  );
/** What the policy alone allows on a resource of the same account, without any other policy. */
const granted = (policy: Policy, action: string, resource: string, context = {}) =>
  decisionOn({
    who: { ...actor(roleIn(MEMBER, "app-server"), policy), context: {} },
    action,
    resource,
    owner: MEMBER,
    context,
  });

/** What the policy allows in a bucket of any account, whose policy lets the instances' account do everything. */
const inBucket = (policy: Policy, action: string, resource: string, owner: string, context = {}) =>
  decisionOfCaller({ who: actor(roleIn(MEMBER, "app-server"), policy), action, resource, owner, context });

/** KMS evaluates the key policy too. This one delegates to IAM, so that the policy under test decides. */
const delegated = (policy: Policy, action: string, key: string, context = {}) => {
  const owner = key.split(":")[4]!;
  return decisionOn({
    who: actor(roleIn(MEMBER, "app-server"), policy),
    action,
    resource: key,
    owner,
    context,
    policy: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Any",
          Effect: "Allow",
          Principal: { AWS: arns.root(at(MEMBER).account) },
          Action: ["kms:*"],
          Resource: "*",
        },
      ],
    },
  });
};

const CENTRAL = arns.bucket(at(ARCHIVE), names.transcriptBucket(at(ARCHIVE)));
const PREFIX = `${CENTRAL}/sessions/${MEMBER}/${EU}`;
const ACL = headers({ acl: "bucket-owner-full-control" });

describe("an instance", () => {
  const policy = policyOf();

  it.each`
    action                                | resource                                      | context | expected
    ${"ssm:UpdateInstanceInformation"}    | ${`arn:aws:ec2:${EU}:${MEMBER}:instance/i-1`} | ${{}}   | ${"Allowed"}
    ${"ssmmessages:CreateControlChannel"} | ${"*"}                                        | ${{}}   | ${"Allowed"}
    ${"ssmmessages:CreateDataChannel"}    | ${"*"}                                        | ${{}}   | ${"Allowed"}
    ${"ssmmessages:OpenControlChannel"}   | ${"*"}                                        | ${{}}   | ${"Allowed"}
    ${"ssmmessages:OpenDataChannel"}      | ${"*"}                                        | ${{}}   | ${"Allowed"}
    ${"ssm:StartSession"}                 | ${`arn:aws:ec2:${EU}:${MEMBER}:instance/i-1`} | ${{}}   | ${"ImplicitlyDenied"}
  `("may do $action on $resource: $expected", async ({ action, resource, context, expected }) => {
    expect(await granted(policy, action, resource, context)).toBe(expected);
  });

  it.each`
    action                             | resource                                       | context | owner       | expected
    ${"s3:PutObject"}                  | ${`${PREFIX}/alice-1.log`}                     | ${ACL}  | ${ARCHIVE}  | ${"Allowed"}
    ${"s3:PutObject"}                  | ${`${PREFIX}/alice-1.log`}                     | ${ACL}  | ${STRANGER} | ${"ImplicitlyDenied"}
    ${"s3:PutObject"}                  | ${`${PREFIX}/alice-1.log`}                     | ${ACL}  | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"s3:PutObjectAcl"}               | ${`${PREFIX}/alice-1.log`}                     | ${ACL}  | ${ARCHIVE}  | ${"Allowed"}
    ${"s3:PutObjectAcl"}               | ${`${PREFIX}/alice-1.log`}                     | ${ACL}  | ${STRANGER} | ${"ImplicitlyDenied"}
    ${"s3:PutObject"}                  | ${`${CENTRAL}/sessions/${MEMBER}/${US}/x.log`} | ${ACL}  | ${ARCHIVE}  | ${"ImplicitlyDenied"}
    ${"s3:PutObject"}                  | ${`${CENTRAL}/sessions/${OTHER_MEMBER}/x.log`} | ${ACL}  | ${ARCHIVE}  | ${"ImplicitlyDenied"}
    ${"s3:PutObject"}                  | ${"arn:aws:s3:::another/x.log"}                | ${ACL}  | ${ARCHIVE}  | ${"ImplicitlyDenied"}
    ${"s3:GetEncryptionConfiguration"} | ${CENTRAL}                                     | ${{}}   | ${ARCHIVE}  | ${"Allowed"}
    ${"s3:GetEncryptionConfiguration"} | ${CENTRAL}                                     | ${{}}   | ${STRANGER} | ${"ImplicitlyDenied"}
    ${"s3:GetEncryptionConfiguration"} | ${"arn:aws:s3:::another"}                      | ${{}}   | ${ARCHIVE}  | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}                  | ${`${PREFIX}/alice-1.log`}                     | ${{}}   | ${ARCHIVE}  | ${"ImplicitlyDenied"}
    ${"s3:DeleteObject"}               | ${`${PREFIX}/alice-1.log`}                     | ${{}}   | ${ARCHIVE}  | ${"ImplicitlyDenied"}
    ${"s3:ListBucket"}                 | ${CENTRAL}                                     | ${{}}   | ${ARCHIVE}  | ${"ImplicitlyDenied"}
  `(
    "may do $action on $resource of account $owner: $expected",
    async ({ action, resource, context, owner, expected }) => {
      expect(await inBucket(policy, action, resource, owner, context)).toBe(expected);
    },
  );

  const GROUP = arns.logGroup(at(MEMBER), names.logGroup(at(MEMBER)));
  it.each`
    action                       | resource                                             | expected
    ${"logs:DescribeLogGroups"}  | ${"*"}                                               | ${"Allowed"}
    ${"logs:DescribeLogStreams"} | ${GROUP}                                             | ${"Allowed"}
    ${"logs:DescribeLogStreams"} | ${`${GROUP}:*`.replace("*", "log-stream:")}          | ${"Allowed"}
    ${"logs:CreateLogStream"}    | ${`${GROUP}:log-stream:alice-1`}                     | ${"Allowed"}
    ${"logs:PutLogEvents"}       | ${`${GROUP}:log-stream:alice-1`}                     | ${"Allowed"}
    ${"logs:PutLogEvents"}       | ${`${GROUP.replace(EU, US)}:log-stream:alice-1`}     | ${"Allowed"}
    ${"logs:PutLogEvents"}       | ${`${GROUP}-2:log-stream:alice-1`}                   | ${"ImplicitlyDenied"}
    ${"logs:PutLogEvents"}       | ${`${GROUP.replace(MEMBER, STRANGER)}:log-stream:x`} | ${"ImplicitlyDenied"}
    ${"logs:DeleteLogStream"}    | ${`${GROUP}:log-stream:alice-1`}                     | ${"ImplicitlyDenied"}
    ${"logs:GetLogEvents"}       | ${`${GROUP}:log-stream:alice-1`}                     | ${"ImplicitlyDenied"}
    ${"logs:DeleteLogGroup"}     | ${GROUP}                                             | ${"ImplicitlyDenied"}
    ${"logs:PutRetentionPolicy"} | ${GROUP}                                             | ${"ImplicitlyDenied"}
  `("may do $action on $resource: $expected", async ({ action, resource, expected }) => {
    expect(await granted(policy, action, resource)).toBe(expected);
  });
});

describe("the archive's key", () => {
  const policy = policyOf();
  const S3 = throughS3(CENTRAL);
  it.each`
    request                                    | action                   | key                | context                                  | expected
    ${"a data key for the bucket"}             | ${"kms:GenerateDataKey"} | ${keyIn(ARCHIVE)}  | ${S3}                                    | ${"Allowed"}
    ${"a part of an upload"}                   | ${"kms:Decrypt"}         | ${keyIn(ARCHIVE)}  | ${S3}                                    | ${"Allowed"}
    ${"a data key without S3"}                 | ${"kms:GenerateDataKey"} | ${keyIn(ARCHIVE)}  | ${encrypting({ "aws:s3:arn": CENTRAL })} | ${"ImplicitlyDenied"}
    ${"a data key for another bucket"}         | ${"kms:GenerateDataKey"} | ${keyIn(ARCHIVE)}  | ${throughS3("arn:aws:s3:::another")}     | ${"ImplicitlyDenied"}
    ${"a data key of another account's key"}   | ${"kms:GenerateDataKey"} | ${keyIn(STRANGER)} | ${S3}                                    | ${"ImplicitlyDenied"}
    ${"encryption, which S3 does not ask for"} | ${"kms:Encrypt"}         | ${keyIn(ARCHIVE)}  | ${S3}                                    | ${"ImplicitlyDenied"}
  `("grants $request: $expected", async ({ action, key, context, expected }) => {
    expect(await delegated(policy, action, key, context)).toBe(expected);
  });
});

describe("the key of the data channel", () => {
  const SESSION = encrypting({ "aws:ssm:SessionId": "alice-1", "aws:ssm:TargetId": "i-1" });
  const aliased = (...aliases: string[]) => ({ "kms:ResourceAliases": aliases });
  const ALIAS = "alias/session-audit-acme";
  const KEY = keyIn(MEMBER);

  it.each`
    request                              | action                   | key                  | context                                         | expected
    ${"our alias, for a session"}        | ${"kms:Decrypt"}         | ${KEY}               | ${{ ...aliased(ALIAS), ...SESSION }}            | ${"Allowed"}
    ${"our alias among others"}          | ${"kms:Decrypt"}         | ${KEY}               | ${{ ...aliased("alias/x", ALIAS), ...SESSION }} | ${"Allowed"}
    ${"our alias in another region"}     | ${"kms:Decrypt"}         | ${keyIn(MEMBER, US)} | ${{ ...aliased(ALIAS), ...SESSION }}            | ${"Allowed"}
    ${"our alias, for no session"}       | ${"kms:Decrypt"}         | ${KEY}               | ${aliased(ALIAS)}                               | ${"ImplicitlyDenied"}
    ${"another alias"}                   | ${"kms:Decrypt"}         | ${KEY}               | ${{ ...aliased(`${ALIAS}-2`), ...SESSION }}     | ${"ImplicitlyDenied"}
    ${"a key without alias"}             | ${"kms:Decrypt"}         | ${KEY}               | ${SESSION}                                      | ${"ImplicitlyDenied"}
    ${"our alias in another account"}    | ${"kms:Decrypt"}         | ${keyIn(STRANGER)}   | ${{ ...aliased(ALIAS), ...SESSION }}            | ${"ImplicitlyDenied"}
    ${"a data key, which is the user's"} | ${"kms:GenerateDataKey"} | ${KEY}               | ${{ ...aliased(ALIAS), ...SESSION }}            | ${"ImplicitlyDenied"}
  `("decrypts with $request: $expected", async ({ action, key, context, expected }) => {
    expect(await delegated(policyOf(), action, key, context)).toBe(expected);
  });

  it.each`
    request                             | key                             | context    | expected
    ${"the key of the map"}             | ${KEY}                          | ${SESSION} | ${"Allowed"}
    ${"the key of the map, no session"} | ${KEY}                          | ${{}}      | ${"ImplicitlyDenied"}
    ${"another key"}                    | ${keyIn(MEMBER, EU, "another")} | ${SESSION} | ${"ImplicitlyDenied"}
  `(
    "decrypts, if the map names an existing key, with $request: $expected",
    async ({ key, context, expected }) => {
      const policy = policyOf({ encryption: { mode: "existing", keyArn: KEY } });
      expect(await delegated(policy, "kms:Decrypt", key, context)).toBe(expected);
    },
  );
});

describe("an existing bucket", () => {
  const there = (region: string, id = MEMBER) => ({
    transcripts: { bucket: { existing: "theirs", keyArn: keyIn(id, region) } },
  });
  const bucket = "arn:aws:s3:::theirs";
  const object = `${bucket}/sessions/${MEMBER}/${EU}/x.log`;
  const ofAccount = (account: string | null) => ({
    transcripts: { bucket: { existing: "theirs", account } },
  });

  it.each`
    map                 | sandbox                | owner       | expected
    ${"of its account"} | ${ofAccount(STRANGER)} | ${STRANGER} | ${"Allowed"}
    ${"of its account"} | ${ofAccount(STRANGER)} | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"of no account"}  | ${ofAccount(null)}     | ${STRANGER} | ${"Allowed"}
  `("that the map says to be $map gets transcripts if it is of $owner: $expected", async (row) => {
    const policy = policyOf(row.sandbox as object);
    expect(await inBucket(policy, "s3:PutObject", object, row.owner as string, ACL)).toBe(row.expected);
    expect(await inBucket(policy, "s3:GetEncryptionConfiguration", bucket, row.owner as string)).toBe(
      row.expected,
    );
  });

  it("of no account in the map leaves the buckets of known owners as narrow as they are", () => {
    const there = { existing: "theirs" };
    const made = exampleOrganization({
      accounts: {
        ...map.accounts,
        payments: {
          ...map.accounts["payments"]!,
          regions: { [EU]: {}, [US]: { transcripts: { bucket: there } } },
        },
      },
    });
    const { Statement } = instancePolicy(destinationsIn(made, "payments"));
    const about = Statement.filter(({ Sid }) => /Transcript/.test(Sid)).map(({ Sid, Condition }) => [
      Sid,
      Condition?.["StringEquals"]?.["aws:ResourceAccount"] ?? null,
    ]);
    expect(about).toEqual([
      ["WriteTranscripts", [ARCHIVE]],
      ["WriteTranscriptsOfUnknownOwner", null],
      ["CheckTranscriptEncryption", [ARCHIVE]],
      ["CheckTranscriptEncryptionOfUnknownOwner", null],
      ["EncryptTranscripts", null],
    ]);
  });

  it.each`
    bucket                                     | sandbox                | key                  | context                           | expected
    ${"here, with a bucket key"}               | ${there(EU)}           | ${keyIn(MEMBER)}     | ${throughS3(bucket)}              | ${"Allowed"}
    ${"here, without a bucket key"}            | ${there(EU)}           | ${keyIn(MEMBER)}     | ${throughS3(object)}              | ${"Allowed"}
    ${"here, of another account"}              | ${there(EU, STRANGER)} | ${keyIn(STRANGER)}   | ${throughS3(object)}              | ${"Allowed"}
    ${"in another region, its own"}            | ${there(US)}           | ${keyIn(MEMBER, US)} | ${throughS3(object, US)}          | ${"Allowed"}
    ${"here, but for another bucket's object"} | ${there(EU)}           | ${keyIn(MEMBER)}     | ${throughS3(`${bucket}-2/x.log`)} | ${"ImplicitlyDenied"}
  `("$bucket gets data keys: $expected", async ({ sandbox, key, context, expected }) => {
    const policy = policyOf(sandbox);
    expect(await delegated(policy, "kms:GenerateDataKey", key, context)).toBe(expected);
    expect(await delegated(policy, "kms:Decrypt", key, context)).toBe(expected);
  });

  it("without a KMS key needs no permission for keys", () => {
    const policy = policyOf({ transcripts: { bucket: { existing: "theirs" } } });
    expect(sidsOf(policy)).not.toContain("EncryptTranscripts");
  });
});

describe("what the map leaves out", () => {
  const plain = { enforce: { s3: false, cloudWatch: false } };
  it.each`
    leftOut                 | sandbox                                                                                                               | missing
    ${"the bucket"}         | ${{ transcripts: { bucket: "none" }, preferences: plain }}                                                            | ${["WriteTranscripts", "CheckTranscriptEncryption", "EncryptTranscripts"]}
    ${"the log group"}      | ${{ logs: { group: "none", streaming: false }, preferences: plain }}                                                  | ${["FindLogGroups", "WriteSessionLogs"]}
    ${"session encryption"} | ${{ preferences: { encryptSessionData: false } }}                                                                     | ${["DecryptSessionData"]}
    ${"every KMS key"}      | ${{ transcripts: { bucket: { existing: "theirs", account: STRANGER } }, preferences: { encryptSessionData: false } }} | ${["EncryptTranscripts", "DecryptSessionData"]}
  `("is not granted: $leftOut", ({ sandbox, missing }) => {
    const all = sidsOf(policyOf());
    expect(sidsOf(policyOf(sandbox))).toEqual(all.filter((sid) => !missing.includes(sid)));
  });
});

describe("an account of several regions", () => {
  const policy = instancePolicy(destinationsIn(exampleOrganization(), "payments"));
  const centralIn = (region: string) =>
    arns.bucket(at(ARCHIVE, region), names.transcriptBucket(at(ARCHIVE, region)));

  it.each`
    region | bucket           | expected
    ${EU}  | ${centralIn(EU)} | ${"Allowed"}
    ${US}  | ${centralIn(US)} | ${"Allowed"}
    ${US}  | ${centralIn(EU)} | ${"ImplicitlyDenied"}
  `("writes sessions of $region to $bucket: $expected", async ({ region, bucket, expected }) => {
    const object = `${bucket}/sessions/${OTHER_MEMBER}/${region}/x.log`;
    expect(await inBucket(policy, "s3:PutObject", object, ARCHIVE, ACL)).toBe(expected);
  });

  it.each([EU, US])("checks and encrypts the bucket of %s", async (region) => {
    expect(await inBucket(policy, "s3:GetEncryptionConfiguration", centralIn(region), ARCHIVE)).toBe(
      "Allowed",
    );
    const context = throughS3(centralIn(region), region);
    expect(await delegated(policy, "kms:GenerateDataKey", keyIn(ARCHIVE, region), context)).toBe("Allowed");
  });
});

describe("an account without an archive", () => {
  it("gets data keys of its own key for its own bucket", async () => {
    const bucket = arns.bucket(at(MEMBER), names.transcriptBucket(at(MEMBER)));
    const policy = policyOf({}, ({ accounts } = {}) => exampleWithoutArchive({ accounts }));
    expect(await delegated(policy, "kms:GenerateDataKey", keyIn(MEMBER), throughS3(bucket))).toBe("Allowed");
    expect(await delegated(policy, "kms:GenerateDataKey", keyIn(MEMBER), throughS3(CENTRAL))).toBe(
      "ImplicitlyDenied",
    );
  });
});
