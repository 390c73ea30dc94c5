import map from "../../fixtures/example-map";
import { arns, names } from "../../../stacks/names";
import { operatorPolicy } from "../../../stacks/policies/people-policy";
import { reviewedIn } from "../../../stacks/policies/reviewed-buckets";
import type { Policy } from "../../../stacks/policies/policy";
import { checkMap } from "../../../stacks/read-organization";
import { BACKUP, replicated } from "../../helpers/replicated";
import {
  accountIn,
  actor,
  ARCHIVE,
  at,
  destinationsIn,
  encrypting,
  EU,
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
  without,
  reviewerPolicyIn,
} from "./helpers";

const organization = exampleOrganization();
const user = (name: string, policy: Policy) => actor(`arn:aws:iam::${MEMBER}:user/staff/${name}`, policy);
const session = (name: string, policy: Policy) =>
  actor(`arn:aws:sts::${MEMBER}:assumed-role/Operators/${name}`, policy);

describe("an operator", () => {
  const policy = operatorPolicy(accountIn(organization, "sandbox"), destinationsIn(organization, "sandbox"));
  const alice = session("alice", policy);
  const here = { "aws:RequestedRegion": EU };
  const checked = { ...here, "ssm:SessionDocumentAccessCheck": "true" };
  const unchecked = { ...here, "ssm:SessionDocumentAccessCheck": "false" };
  const elsewhere = { "aws:RequestedRegion": US, "ssm:SessionDocumentAccessCheck": "true" };
  const document = (name: string, owner = MEMBER, region = EU) =>
    `arn:aws:ssm:${region}:${owner}:document/${name}`;
  const INSTANCE = `arn:aws:ec2:${EU}:${MEMBER}:instance/i-0123456789abcdef0`;
  const MANAGED = `arn:aws:ssm:${EU}:${MEMBER}:managed-instance/mi-0123456789abcdef0`;
  const PREFERENCES = document("SSM-SessionManagerRunShell");

  it.each`
    what                                                    | resource                                                  | context      | expected
    ${"an instance"}                                        | ${INSTANCE}                                               | ${checked}   | ${"Allowed"}
    ${"an instance, where AWS sends no check"}              | ${INSTANCE}                                               | ${here}      | ${"Allowed"}
    ${"a managed instance"}                                 | ${MANAGED}                                                | ${checked}   | ${"Allowed"}
    ${"the preferences document"}                           | ${PREFERENCES}                                            | ${checked}   | ${"Allowed"}
    ${"an instance, document unchecked"}                    | ${INSTANCE}                                               | ${unchecked} | ${"ImplicitlyDenied"}
    ${"the document, unchecked"}                            | ${PREFERENCES}                                            | ${unchecked} | ${"ImplicitlyDenied"}
    ${"an instance of a region outside the map"}            | ${INSTANCE.replace(EU, US)}                               | ${elsewhere} | ${"ImplicitlyDenied"}
    ${"the document of a region outside the map"}           | ${PREFERENCES.replace(EU, US)}                            | ${elsewhere} | ${"ImplicitlyDenied"}
    ${"an instance of another account"}                     | ${INSTANCE.replace(MEMBER, STRANGER)}                     | ${checked}   | ${"ImplicitlyDenied"}
    ${"port forwarding"}                                    | ${document("AWS-StartPortForwardingSession")}             | ${checked}   | ${"ImplicitlyDenied"}
    ${"port forwarding to a remote host"}                   | ${document("AWS-StartPortForwardingSessionToRemoteHost")} | ${checked}   | ${"ImplicitlyDenied"}
    ${"SSH"}                                                | ${document("AWS-StartSSHSession")}                        | ${checked}   | ${"ImplicitlyDenied"}
    ${"an interactive command"}                             | ${document("AWS-StartInteractiveCommand")}                | ${checked}   | ${"ImplicitlyDenied"}
    ${"a custom document"}                                  | ${document("Unrecorded")}                                 | ${checked}   | ${"ImplicitlyDenied"}
    ${"a document with a longer name"}                      | ${document("SSM-SessionManagerRunShell-2")}               | ${checked}   | ${"ImplicitlyDenied"}
    ${"a document of that name, shared by another account"} | ${document("SSM-SessionManagerRunShell", STRANGER)}       | ${checked}   | ${"ImplicitlyDenied"}
    ${"a container"}                                        | ${`arn:aws:ecs:${EU}:${MEMBER}:task/cluster/0123456789`}  | ${checked}   | ${"ImplicitlyDenied"}
  `("starts a session with $what: $expected", async ({ resource, context, expected }) => {
    expect(
      await decisionOn({ who: alice, action: "ssm:StartSession", resource, owner: MEMBER, context }),
    ).toBe(expected);
  });

  const of = (owner: string, region = EU, account = MEMBER) =>
    `arn:aws:ssm:${region}:${account}:session/${owner}`;
  const ROLE_ID = "AROAEXAMPLEROLEID";
  const SUFFIX = "0123456789abcdef0";
  it.each`
    who                 | caller                   | whose                                             | resource                                          | expected
    ${"a role session"} | ${alice}                 | ${"its own"}                                      | ${of(`${ROLE_ID}:alice-${SUFFIX}`)}               | ${"Allowed"}
    ${"a role session"} | ${alice}                 | ${"its own in another region"}                    | ${of(`${ROLE_ID}:alice-${SUFFIX}`, US)}           | ${"Allowed"}
    ${"a role session"} | ${alice}                 | ${"another session's of the role"}                | ${of(`${ROLE_ID}:bob-${SUFFIX}`)}                 | ${"ImplicitlyDenied"}
    ${"a role session"} | ${alice}                 | ${"one of that session name of another role"}     | ${of(`AROAOTHER:alice-${SUFFIX}`)}                | ${"ImplicitlyDenied"}
    ${"a role session"} | ${alice}                 | ${"an IAM user's of the same name"}               | ${of(`alice-${SUFFIX}`)}                          | ${"ImplicitlyDenied"}
    ${"a role session"} | ${alice}                 | ${"its own, of another account"}                  | ${of(`${ROLE_ID}:alice-${SUFFIX}`, EU, STRANGER)} | ${"ImplicitlyDenied"}
    ${"an IAM user"}    | ${user("carol", policy)} | ${"their own"}                                    | ${of(`carol-${SUFFIX}`)}                          | ${"Allowed"}
    ${"an IAM user"}    | ${user("carol", policy)} | ${"another user's"}                               | ${of(`dave-${SUFFIX}`)}                           | ${"ImplicitlyDenied"}
    ${"an IAM user"}    | ${user("carol", policy)} | ${"a longer name's"}                              | ${of(`caroline-${SUFFIX}`)}                       | ${"ImplicitlyDenied"}
    ${"an IAM user"}    | ${user("carol", policy)} | ${"carol-ann's, which AWS's own pattern matches"} | ${of(`carol-ann-${SUFFIX}`)}                      | ${"Allowed"}
  `("as $who resumes, ends and opens $whose: $expected", async ({ caller, resource, expected }) => {
    for (const action of ["ssm:ResumeSession", "ssm:TerminateSession", "ssmmessages:OpenDataChannel"])
      expect(await decisionOn({ who: caller, action, resource, owner: MEMBER })).toBe(expected);
  });

  const ownedBy = (userId: string) => ({ "ssm:resourceTag/aws:ssmmessages:session-id": userId });
  it.each`
    whose                                    | resource                               | tags                                 | expected
    ${"its own"}                             | ${of(`alice-${SUFFIX}`)}               | ${ownedBy(`${ROLE_ID}:alice`)}       | ${"Allowed"}
    ${"its own in another region"}           | ${of(`alice-${SUFFIX}`, US)}           | ${ownedBy(`${ROLE_ID}:alice`)}       | ${"Allowed"}
    ${"another session's of the role"}       | ${of(`bob-${SUFFIX}`)}                 | ${ownedBy(`${ROLE_ID}:bob`)}         | ${"ImplicitlyDenied"}
    ${"a longer session name's of the role"} | ${of(`alice-admin-${SUFFIX}`)}         | ${ownedBy(`${ROLE_ID}:alice-admin`)} | ${"ImplicitlyDenied"}
    ${"another role's of the same name"}     | ${of(`alice-${SUFFIX}`)}               | ${ownedBy("AROAOTHER:alice")}        | ${"ImplicitlyDenied"}
    ${"one whose owner AWS does not say"}    | ${of(`alice-${SUFFIX}`)}               | ${{}}                                | ${"ImplicitlyDenied"}
    ${"its own, of another account"}         | ${of(`alice-${SUFFIX}`, EU, STRANGER)} | ${ownedBy(`${ROLE_ID}:alice`)}       | ${"ImplicitlyDenied"}
  `("as a role session resumes and ends $whose: $expected", async ({ resource, tags, expected }) => {
    for (const action of ["ssm:ResumeSession", "ssm:TerminateSession"])
      expect(await decisionOn({ who: alice, action, resource, owner: MEMBER, context: tags })).toBe(expected);
  });

  it("resumes and ends sessions of the role only by the statement that compares the owner", async () => {
    const request = { action: "ssm:TerminateSession", resource: of(`alice-${SUFFIX}`), owner: MEMBER };
    const who = session("alice", without(policy, "ResumeAndEndSessionsOfOwnRole"));
    expect(await decisionOn({ who, ...request, context: ownedBy(`${ROLE_ID}:alice`) })).toBe(
      "ImplicitlyDenied",
    );
  });

  it.each`
    action                               | resource                                                                               | expected
    ${"ssm:DescribeSessions"}            | ${"*"}                                                                                 | ${"Allowed"}
    ${"ec2:DescribeInstances"}           | ${"*"}                                                                                 | ${"Allowed"}
    ${"ssm:DescribeInstanceInformation"} | ${"*"}                                                                                 | ${"Allowed"}
    ${"ssm:DescribeInstanceProperties"}  | ${"*"}                                                                                 | ${"Allowed"}
    ${"ssm:GetConnectionStatus"}         | ${INSTANCE}                                                                            | ${"Allowed"}
    ${"ssm:SendCommand"}                 | ${INSTANCE}                                                                            | ${"ImplicitlyDenied"}
    ${"ssm:UpdateDocument"}              | ${PREFERENCES}                                                                         | ${"ImplicitlyDenied"}
    ${"ssm:CreateDocument"}              | ${document("Unrecorded")}                                                              | ${"ImplicitlyDenied"}
    ${"ssm:UpdateServiceSetting"}        | ${arns.serviceSetting(at(MEMBER), "/ssm/documents/console/public-sharing-permission")} | ${"ImplicitlyDenied"}
    ${"logs:DeleteLogStream"}            | ${`${arns.logGroup(at(MEMBER), names.logGroup(at(MEMBER)))}:log-stream:x`}             | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}                    | ${`arn:aws:s3:::${names.transcriptBucket(at(MEMBER))}/x`}                              | ${"ImplicitlyDenied"}
  `("may do $action on $resource: $expected", async ({ action, resource, expected }) => {
    expect(await decisionOn({ who: alice, action, resource, owner: MEMBER })).toBe(expected);
  });

  it("starts sessions in every region of the map", async () => {
    const payments = operatorPolicy(
      accountIn(organization, "payments"),
      destinationsIn(organization, "payments"),
    );
    const who = actor(roleIn(OTHER_MEMBER, "Operators"), payments);
    const start = (region: string) =>
      decisionOn({
        who,
        action: "ssm:StartSession",
        resource: `arn:aws:ec2:${region}:${OTHER_MEMBER}:instance/i-1`,
        owner: OTHER_MEMBER,
        context: { "aws:RequestedRegion": region },
      });
    expect(await start(EU)).toBe("Allowed");
    expect(await start(US)).toBe("Allowed");
    expect(await start("eu-west-1")).toBe("ImplicitlyDenied");
  });
});

describe("an operator's use of the key", () => {
  const SESSION = encrypting({ "aws:ssm:SessionId": "alice-1", "aws:ssm:TargetId": "i-1" });
  const aliased = { "kms:ResourceAliases": ["alias/session-audit-acme"] };
  const policyOf = (sandbox: object) => {
    const made = exampleOrganization({
      accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, ...sandbox } },
    });
    return operatorPolicy(accountIn(made, "sandbox"), destinationsIn(made, "sandbox"));
  };
  const existing = { encryption: { mode: "existing", keyArn: keyIn(MEMBER) } };
  const everything: Policy = {
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
  };

  it.each`
    request                              | sandbox     | action                   | key                             | context                       | expected
    ${"a created key, for a session"}    | ${{}}       | ${"kms:GenerateDataKey"} | ${keyIn(MEMBER)}                | ${{ ...aliased, ...SESSION }} | ${"Allowed"}
    ${"a created key, for no session"}   | ${{}}       | ${"kms:GenerateDataKey"} | ${keyIn(MEMBER)}                | ${aliased}                    | ${"ImplicitlyDenied"}
    ${"a key with another alias"}        | ${{}}       | ${"kms:GenerateDataKey"} | ${keyIn(MEMBER)}                | ${SESSION}                    | ${"ImplicitlyDenied"}
    ${"decryption, the instance's part"} | ${{}}       | ${"kms:Decrypt"}         | ${keyIn(MEMBER)}                | ${{ ...aliased, ...SESSION }} | ${"ImplicitlyDenied"}
    ${"an existing key"}                 | ${existing} | ${"kms:GenerateDataKey"} | ${keyIn(MEMBER)}                | ${SESSION}                    | ${"Allowed"}
    ${"an existing key, for no session"} | ${existing} | ${"kms:GenerateDataKey"} | ${keyIn(MEMBER)}                | ${{}}                         | ${"ImplicitlyDenied"}
    ${"another key"}                     | ${existing} | ${"kms:GenerateDataKey"} | ${keyIn(MEMBER, EU, "another")} | ${SESSION}                    | ${"ImplicitlyDenied"}
  `("makes data keys with $request: $expected", async ({ sandbox, action, key, context, expected }) => {
    const asked = { action, resource: key, owner: MEMBER, context, policy: everything };
    expect(await decisionOn({ who: session("alice", policyOf(sandbox)), ...asked })).toBe(expected);
  });

  it("is not allowed if session data is not encrypted", () => {
    const sids = sidsOf(policyOf({ preferences: { encryptSessionData: false } }));
    expect(sids.filter((sid) => sid.startsWith("Encrypt"))).toEqual([]);
  });
});

describe("a reviewer", () => {
  const policyOf = (name: string, made = organization) => reviewerPolicyIn(made, name);
  const granted = (policy: Policy, action: string, resource: string, context = {}, owner = MEMBER) =>
    decisionOn({
      who: { ...actor(roleIn(owner, "reviewer"), policy), context: {} },
      action,
      resource,
      owner,
      context,
    });
  /** What the policy allows in a bucket of any account, whose policy lets the reviewer's account do everything. */
  const inBucket = (policy: Policy, action: string, resource: string, owner: string) =>
    decisionOfCaller({ who: actor(roleIn(MEMBER, "reviewer"), policy), action, resource, owner });
  const CENTRAL = arns.bucket(at(ARCHIVE), names.transcriptBucket(at(ARCHIVE)));
  const CENTRAL_US = arns.bucket(at(ARCHIVE, US), names.transcriptBucket(at(ARCHIVE, US)));
  const GROUP = arns.logGroup(at(MEMBER), names.logGroup(at(MEMBER)));

  it.each`
    account          | action                     | resource                                          | expected
    ${"sandbox"}     | ${"s3:GetObject"}          | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}    | ${"Allowed"}
    ${"sandbox"}     | ${"s3:GetObjectVersion"}   | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}    | ${"Allowed"}
    ${"sandbox"}     | ${"s3:GetObject"}          | ${`${CENTRAL}/sessions/${OTHER_MEMBER}/${EU}/x`}  | ${"ImplicitlyDenied"}
    ${"sandbox"}     | ${"s3:GetObject"}          | ${`${CENTRAL_US}/sessions/${MEMBER}/${US}/x`}     | ${"ImplicitlyDenied"}
    ${"sandbox"}     | ${"s3:PutObject"}          | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}    | ${"ImplicitlyDenied"}
    ${"sandbox"}     | ${"s3:DeleteObject"}       | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}    | ${"ImplicitlyDenied"}
    ${"log-archive"} | ${"s3:GetObject"}          | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}    | ${"Allowed"}
    ${"log-archive"} | ${"s3:GetObject"}          | ${`${CENTRAL_US}/sessions/${OTHER_MEMBER}/x.log`} | ${"Allowed"}
    ${"log-archive"} | ${"s3:GetObject"}          | ${"arn:aws:s3:::another/x.log"}                   | ${"ImplicitlyDenied"}
    ${"log-archive"} | ${"s3:ListBucket"}         | ${CENTRAL}                                        | ${"Allowed"}
    ${"log-archive"} | ${"s3:ListBucketVersions"} | ${CENTRAL_US}                                     | ${"Allowed"}
    ${"log-archive"} | ${"s3:GetBucketLocation"}  | ${CENTRAL}                                        | ${"Allowed"}
    ${"log-archive"} | ${"s3:ListBucket"}         | ${"arn:aws:s3:::another"}                         | ${"ImplicitlyDenied"}
    ${"log-archive"} | ${"s3:PutBucketPolicy"}    | ${CENTRAL}                                        | ${"ImplicitlyDenied"}
    ${"sandbox"}     | ${"s3:ListBucket"}         | ${CENTRAL}                                        | ${"Allowed"}
  `("of $account may do $action on $resource: $expected", async ({ account, action, resource, expected }) => {
    expect(await inBucket(policyOf(account), action, resource, ARCHIVE)).toBe(expected);
  });

  it.each`
    account          | action                     | resource
    ${"sandbox"}     | ${"s3:GetObject"}          | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}
    ${"sandbox"}     | ${"s3:GetObjectVersion"}   | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}
    ${"log-archive"} | ${"s3:GetObject"}          | ${`${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`}
    ${"log-archive"} | ${"s3:GetObject"}          | ${`${CENTRAL_US}/sessions/${OTHER_MEMBER}/x.log`}
    ${"log-archive"} | ${"s3:ListBucket"}         | ${CENTRAL}
    ${"log-archive"} | ${"s3:ListBucketVersions"} | ${CENTRAL_US}
    ${"log-archive"} | ${"s3:GetBucketLocation"}  | ${CENTRAL}
    ${"sandbox"}     | ${"s3:ListBucket"}         | ${CENTRAL}
  `(
    "of $account may not do $action on $resource if a stranger has taken the name of the bucket",
    async ({ account, action, resource }) => {
      expect(await inBucket(policyOf(account), action, resource, STRANGER)).toBe("ImplicitlyDenied");
    },
  );

  it.each`
    map                 | account     | owner       | expected
    ${"of its account"} | ${STRANGER} | ${STRANGER} | ${"Allowed"}
    ${"of its account"} | ${STRANGER} | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"of no account"}  | ${null}     | ${STRANGER} | ${"Allowed"}
  `("reads an existing bucket that the map says to be $map if it is of $owner: $expected", async (row) => {
    const transcripts = { bucket: { existing: "theirs", account: row.account as string | null } };
    const made = exampleOrganization({
      accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, transcripts } },
    });
    const policy = policyOf("sandbox", made);
    const object = `arn:aws:s3:::theirs/sessions/${MEMBER}/${EU}/x.log`;
    expect(await inBucket(policy, "s3:GetObject", object, row.owner as string)).toBe(row.expected);
    expect(await inBucket(policy, "s3:ListBucket", "arn:aws:s3:::theirs", row.owner as string)).toBe(
      row.expected,
    );
  });

  it.each`
    lifecycle                                   | account          | expected
    ${{ glacierAfterDays: 30 }}                 | ${"sandbox"}     | ${"Allowed"}
    ${{ deepArchiveAfterDays: 120 }}            | ${"log-archive"} | ${"Allowed"}
    ${{ noncurrentGlacierAfterDays: 30 }}       | ${"log-archive"} | ${"Allowed"}
    ${{ glacierInstantRetrievalAfterDays: 90 }} | ${"log-archive"} | ${"ImplicitlyDenied"}
    ${{ glacierInstantRetrievalAfterDays: 90 }} | ${"sandbox"}     | ${"ImplicitlyDenied"}
  `("of $account may restore transcripts with $lifecycle: $expected", async (row) => {
    const made = exampleOrganization({ transcripts: { lifecycle: row.lifecycle as object } });
    const policy = policyOf(row.account as string, made);
    const transcript = `${CENTRAL}/sessions/${MEMBER}/${EU}/x.log`;
    expect(await inBucket(policy, "s3:RestoreObject", transcript, ARCHIVE)).toBe(row.expected);
    expect(await inBucket(policy, "s3:RestoreObject", transcript, STRANGER)).toBe("ImplicitlyDenied");
  });

  it("may restore copies that follow the lifecycle of their source", async () => {
    const made = checkMap(
      replicated((changed) => {
        changed.transcripts!.lifecycle = { deepArchiveAfterDays: 120 };
      }),
      "map",
    );
    const copies = arns.bucket(at(BACKUP), names.replicaBucket(at(ARCHIVE)));
    const copy = `${copies}/sessions/${MEMBER}/${EU}/x.log`;
    expect(await inBucket(policyOf("sandbox", made), "s3:RestoreObject", copy, BACKUP)).toBe("Allowed");
    const kept = checkMap(replicated(), "map");
    expect(await inBucket(policyOf("sandbox", kept), "s3:RestoreObject", copy, BACKUP)).toBe(
      "ImplicitlyDenied",
    );
  });

  it.each`
    action                               | resource                                                             | expected
    ${"logs:FilterLogEvents"}            | ${GROUP}                                                             | ${"Allowed"}
    ${"logs:DescribeLogStreams"}         | ${GROUP}                                                             | ${"Allowed"}
    ${"logs:StartQuery"}                 | ${GROUP}                                                             | ${"Allowed"}
    ${"logs:GetLogEvents"}               | ${`${GROUP}:log-stream:x`}                                           | ${"Allowed"}
    ${"logs:GetLogEvents"}               | ${`${GROUP}-2:log-stream:x`}                                         | ${"ImplicitlyDenied"}
    ${"logs:FilterLogEvents"}            | ${GROUP.replace("sessions", "other")}                                | ${"ImplicitlyDenied"}
    ${"logs:DeleteLogGroup"}             | ${GROUP}                                                             | ${"ImplicitlyDenied"}
    ${"logs:GetQueryResults"}            | ${GROUP}                                                             | ${"Allowed"}
    ${"logs:DescribeLogGroups"}          | ${"*"}                                                               | ${"Allowed"}
    ${"ssm:DescribeSessions"}            | ${"*"}                                                               | ${"Allowed"}
    ${"ssm:DescribeInstanceInformation"} | ${"*"}                                                               | ${"Allowed"}
    ${"ssm:GetDocument"}                 | ${`arn:aws:ssm:${EU}:${MEMBER}:document/SSM-SessionManagerRunShell`} | ${"Allowed"}
    ${"ssm:DescribeDocument"}            | ${`arn:aws:ssm:${EU}:${MEMBER}:document/SSM-SessionManagerRunShell`} | ${"Allowed"}
    ${"ssm:GetDocument"}                 | ${`arn:aws:ssm:${EU}:${MEMBER}:document/Other`}                      | ${"ImplicitlyDenied"}
    ${"ssm:UpdateDocument"}              | ${`arn:aws:ssm:${EU}:${MEMBER}:document/SSM-SessionManagerRunShell`} | ${"ImplicitlyDenied"}
    ${"ssm:StartSession"}                | ${`arn:aws:ec2:${EU}:${MEMBER}:instance/i-1`}                        | ${"ImplicitlyDenied"}
    ${"ssm:TerminateSession"}            | ${`arn:aws:ssm:${EU}:${MEMBER}:session/alice-1`}                     | ${"ImplicitlyDenied"}
  `("may do $action on $resource: $expected", async ({ action, resource, expected }) => {
    expect(await granted(policyOf("sandbox"), action, resource)).toBe(expected);
  });

  const delegated = (policy: Policy, key: string, context: object, action = "kms:Decrypt") => {
    const owner = key.split(":")[4]!;
    const root = { AWS: arns.root(at(MEMBER).account) };
    const Statement = [
      { Sid: "Any", Effect: "Allow" as const, Principal: root, Action: ["kms:*"], Resource: "*" },
    ];
    return decisionOn({
      who: actor(roleIn(MEMBER, "reviewer"), policy),
      action,
      resource: key,
      owner,
      context: { ...context },
      policy: { Version: "2012-10-17", Statement },
    });
  };
  it.each`
    request                              | key                | context                                  | expected
    ${"the archive's key"}               | ${keyIn(ARCHIVE)}  | ${throughS3(CENTRAL)}                    | ${"Allowed"}
    ${"the archive's key for an object"} | ${keyIn(ARCHIVE)}  | ${throughS3(`${CENTRAL}/x.log`)}         | ${"ImplicitlyDenied"}
    ${"the archive's key without S3"}    | ${keyIn(ARCHIVE)}  | ${encrypting({ "aws:s3:arn": CENTRAL })} | ${"ImplicitlyDenied"}
    ${"the archive's key elsewhere"}     | ${keyIn(ARCHIVE)}  | ${throughS3("arn:aws:s3:::another")}     | ${"ImplicitlyDenied"}
    ${"another account's key"}           | ${keyIn(STRANGER)} | ${throughS3(CENTRAL)}                    | ${"ImplicitlyDenied"}
  `("decrypts with $request: $expected", async ({ key, context, expected }) => {
    expect(await delegated(policyOf("sandbox"), key, context)).toBe(expected);
    expect(await delegated(policyOf("sandbox"), key, context, "kms:GenerateDataKey")).toBe(
      "ImplicitlyDenied",
    );
  });

  it("decrypts an existing bucket of another region through that region", async () => {
    const bucket = { existing: "theirs", keyArn: keyIn(MEMBER, US) };
    const made = exampleOrganization({
      accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, transcripts: { bucket } } },
    });
    const context = throughS3("arn:aws:s3:::theirs/x.log", US);
    expect(await delegated(policyOf("sandbox", made), keyIn(MEMBER, US), context)).toBe("Allowed");
  });

  it.each([EU, US])(
    "of an account of several regions decrypts transcripts in the archive of %s",
    async (region) => {
      const place = at(ARCHIVE, region);
      const context = throughS3(arns.bucket(place, names.transcriptBucket(place)), region);
      expect(await delegated(policyOf("payments"), keyIn(ARCHIVE, region), context)).toBe("Allowed");
      expect(await delegated(policyOf("log-archive"), keyIn(ARCHIVE, region), context)).toBe("Allowed");
    },
  );

  it("of an account with a reader of the organization reads the transcripts of every account", async () => {
    const organizationReaders = [roleIn(MEMBER, "incident-response")];
    const policy = policyOf("sandbox", exampleOrganization({ transcripts: { organizationReaders } }));
    const resource = `${CENTRAL_US}/sessions/${OTHER_MEMBER}/${US}/x.log`;
    expect(await inBucket(policy, "s3:GetObject", resource, ARCHIVE)).toBe("Allowed");
    expect(await inBucket(policyOf("sandbox"), "s3:GetObject", resource, ARCHIVE)).toBe("ImplicitlyDenied");
  });

  it("of an account with its own bucket reads that bucket", async () => {
    const own = arns.bucket(at(MEMBER), names.transcriptBucket(at(MEMBER)));
    const policy = policyOf("sandbox", exampleWithoutArchive());
    const object = `${own}/sessions/${MEMBER}/${EU}/x.log`;
    expect(await inBucket(policy, "s3:GetObject", object, MEMBER)).toBe("Allowed");
    expect(await inBucket(policy, "s3:GetObject", object, STRANGER)).toBe("ImplicitlyDenied");
    expect(await delegated(policy, keyIn(MEMBER), throughS3(own))).toBe("Allowed");
  });

  it("of the archive account with instances of its own has its buckets once", () => {
    const regions = [EU];
    const made = exampleOrganization({
      accounts: { ...map.accounts, "log-archive": { ...map.accounts["log-archive"]!, regions } },
    });
    const archive = accountIn(made, "log-archive");
    const buckets = reviewedIn(made, archive, destinationsIn(made, "log-archive"));
    expect(buckets.map(({ bucket, prefix }) => [bucket, prefix])).toEqual([
      [names.transcriptBucket(at(ARCHIVE, "*-?")), null],
    ]);
  });

  const plain = { enforce: { s3: false, cloudWatch: false }, encryptSessionData: false };
  it.each`
    without          | sandbox                                                              | missing
    ${"a log group"} | ${{ logs: { group: "none", streaming: false }, preferences: plain }} | ${["ReadSessionLogs"]}
  `("of an account without $without has no statement about it", ({ sandbox, missing }) => {
    const made = exampleOrganization({
      accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, ...sandbox } },
    });
    const all = sidsOf(policyOf("sandbox"));
    expect(sidsOf(policyOf("sandbox", made))).toEqual(all.filter((sid) => !missing.includes(sid)));
  });

  it("of an account without targets reads no preferences and no logs", () => {
    expect(sidsOf(policyOf("log-archive"))).toEqual([
      "ReadOwnBuckets",
      "ListOwnBuckets",
      "DecryptTranscripts",
      "SeeSessions",
    ]);
  });
});
