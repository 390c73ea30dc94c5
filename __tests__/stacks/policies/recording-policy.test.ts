import map from "../../fixtures/example-map";
import { arns, names } from "../../../stacks/names";
import { keyUsesOf, sessionKeyPolicy } from "../../../stacks/policies/key-policy";
import { operatorPolicy, reviewerPolicy } from "../../../stacks/policies/people-policy";
import {
  recordingBucketPolicy,
  recordingsIn,
  recordingsOf,
  reviewedRecordingsIn,
} from "../../../stacks/policies/recording-policy";
import type { AccountsMap } from "../../../accounts/schema";
import {
  accountIn,
  actor,
  administratorOf,
  ARCHIVE,
  at,
  decisionOfCaller,
  decisionOn,
  destinationsIn,
  encrypting,
  EU,
  exampleOrganization,
  exampleWithoutArchive,
  keyIn,
  MEMBER,
  ORGANIZATION,
  OTHER_MEMBER,
  roleIn,
  service,
  STRANGER,
  targetIn,
  throughS3,
  US,
  without,
} from "./helpers";

const READER = roleIn(ARCHIVE, "session-reviewer");
const OWN_READER = roleIn(MEMBER, "incident-response");
const READER_ELSEWHERE = roleIn(OTHER_MEMBER, "incident-response");
const ORGANIZATION_READER = roleIn(OTHER_MEMBER, "responder");
const CREATE = { remoteDesktop: { recordings: "create" } } as const;
const RECORDED: Partial<AccountsMap> = {
  accounts: {
    ...map.accounts,
    sandbox: { ...map.accounts["sandbox"]!, ...CREATE },
    payments: { ...map.accounts["payments"]!, ...CREATE },
  },
  transcripts: {
    ...map.transcripts,
    readers: [READER, OWN_READER, READER_ELSEWHERE],
    organizationReaders: [ORGANIZATION_READER],
  },
};

const organization = exampleOrganization(RECORDED);
const place = at(MEMBER);
const recordings = recordingsOf(organization, targetIn(organization, "sandbox", EU))!;
const policy = recordingBucketPolicy(place, { ...recordings, protect: true });
const BUCKET = arns.bucket(place, recordings.bucket);
const OBJECT = `${BUCKET}/2026/connection.mp4`;

const GUI_CONNECT = service("ssm-guiconnect.amazonaws.com");
const OTHER_SERVICE = service("logging.s3.amazonaws.com");
const OURS = { "aws:SourceAccount": MEMBER };
const THEIRS = { "aws:SourceAccount": STRANGER };
const HTTP = { "aws:SecureTransport": "false", "s3:TlsVersion": undefined };
const ADMIN = administratorOf(MEMBER);
const FOREIGN_ADMIN = administratorOf(OTHER_MEMBER);

describe("the recordings of a target", () => {
  it("are in a bucket of its own, even if the transcripts go to an archive", () => {
    expect(recordings.bucket).toBe(`session-audit-acme-${MEMBER}-${EU}-rdp`);
  });

  it("are none unless the map wants them", () => {
    const off = exampleOrganization();
    expect(recordingsOf(off, targetIn(off, "sandbox", EU))).toBeNull();
  });

  it("are read by readers of the archive account, of the own account and of the whole organization", () => {
    expect(recordings.readers).toEqual([READER, OWN_READER, ORGANIZATION_READER]);
  });

  it("are read by every reader, if the transcripts go to no archive", () => {
    const alone = exampleWithoutArchive(RECORDED);
    expect(recordingsOf(alone, targetIn(alone, "sandbox", EU))!.readers).toEqual([
      READER,
      OWN_READER,
      READER_ELSEWHERE,
      ORGANIZATION_READER,
    ]);
  });
});

describe("the bucket of recordings", () => {
  it.each`
    who                                             | caller                                           | action                                 | resource  | context                                | expected
    ${"Systems Manager for this account"}           | ${GUI_CONNECT}                                   | ${"s3:PutObject"}                      | ${OBJECT} | ${OURS}                                | ${"Allowed"}
    ${"Systems Manager for another account"}        | ${GUI_CONNECT}                                   | ${"s3:PutObject"}                      | ${OBJECT} | ${THEIRS}                              | ${"ImplicitlyDenied"}
    ${"Systems Manager for nobody"}                 | ${GUI_CONNECT}                                   | ${"s3:PutObject"}                      | ${OBJECT} | ${{}}                                  | ${"ImplicitlyDenied"}
    ${"Systems Manager over plain HTTP"}            | ${GUI_CONNECT}                                   | ${"s3:PutObject"}                      | ${OBJECT} | ${{ ...OURS, ...HTTP }}                | ${"ExplicitlyDenied"}
    ${"Systems Manager over TLS 1.1"}               | ${GUI_CONNECT}                                   | ${"s3:PutObject"}                      | ${OBJECT} | ${{ ...OURS, "s3:TlsVersion": "1.1" }} | ${"ExplicitlyDenied"}
    ${"Systems Manager, to read"}                   | ${GUI_CONNECT}                                   | ${"s3:GetObject"}                      | ${OBJECT} | ${OURS}                                | ${"ExplicitlyDenied"}
    ${"Systems Manager, to delete"}                 | ${GUI_CONNECT}                                   | ${"s3:DeleteObject"}                   | ${OBJECT} | ${OURS}                                | ${"ExplicitlyDenied"}
    ${"another service for this account"}           | ${OTHER_SERVICE}                                 | ${"s3:PutObject"}                      | ${OBJECT} | ${OURS}                                | ${"ImplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:PutObject"}                      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator who claims to be a source"} | ${ADMIN}                                         | ${"s3:PutObject"}                      | ${OBJECT} | ${OURS}                                | ${"ExplicitlyDenied"}
    ${"an administrator, by replication"}           | ${ADMIN}                                         | ${"s3:ReplicateObject"}                | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"a reader of the archive account"}            | ${actor(READER, ...ADMIN.policies)}              | ${"s3:GetObject"}                      | ${OBJECT} | ${{}}                                  | ${"Allowed"}
    ${"a reader of the account"}                    | ${actor(OWN_READER, ...ADMIN.policies)}          | ${"s3:GetObjectVersion"}               | ${OBJECT} | ${{}}                                  | ${"Allowed"}
    ${"a reader of the whole organization"}         | ${actor(ORGANIZATION_READER, ...ADMIN.policies)} | ${"s3:ListBucket"}                     | ${BUCKET} | ${{}}                                  | ${"Allowed"}
    ${"a reader of the whole organization"}         | ${actor(ORGANIZATION_READER, ...ADMIN.policies)} | ${"s3:GetObject"}                      | ${OBJECT} | ${{}}                                  | ${"Allowed"}
    ${"a reader of another account's recordings"}   | ${actor(READER_ELSEWHERE, ...ADMIN.policies)}    | ${"s3:GetObject"}                      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"a reader, to write"}                         | ${actor(OWN_READER, ...ADMIN.policies)}          | ${"s3:PutObject"}                      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"a reader, to delete"}                        | ${actor(OWN_READER, ...ADMIN.policies)}          | ${"s3:DeleteObjectVersion"}            | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:GetObject"}                      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:GetObjectVersionForReplication"} | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:DeleteObject"}                   | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:DeleteObjectVersion"}            | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:BypassGovernanceRetention"}      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of the account"}            | ${ADMIN}                                         | ${"s3:GetBucketPolicy"}                | ${BUCKET} | ${{}}                                  | ${"Allowed"}
    ${"an administrator of another account"}        | ${FOREIGN_ADMIN}                                 | ${"s3:GetObject"}                      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of another account"}        | ${FOREIGN_ADMIN}                                 | ${"s3:PutObject"}                      | ${OBJECT} | ${{}}                                  | ${"ExplicitlyDenied"}
    ${"an administrator of another account"}        | ${FOREIGN_ADMIN}                                 | ${"s3:PutBucketPolicy"}                | ${BUCKET} | ${{}}                                  | ${"ExplicitlyDenied"}
  `("$who, $action: $expected", async ({ caller, action, resource, context, expected }) => {
    expect(await decisionOn({ who: caller, action, resource, owner: MEMBER, context, policy })).toBe(
      expected,
    );
  });

  it("without RefuseOtherWriters, an administrator could forge a recording", async () => {
    const open = without(policy, "RefuseOtherWriters");
    const asked = { who: ADMIN, action: "s3:PutObject", resource: OBJECT, owner: MEMBER };
    expect(await decisionOn({ ...asked, policy: open })).toBe("Allowed");
  });

  it.each([
    [true, "ExplicitlyDenied"],
    [false, "Allowed"],
  ])("with protect %s, deletion by an administrator is %s", async (protect, expected) => {
    const made = recordingBucketPolicy(place, { ...recordings, protect });
    const asked = { who: ADMIN, action: "s3:DeleteObject", resource: OBJECT, owner: MEMBER };
    expect(await decisionOn({ ...asked, policy: made })).toBe(expected);
  });
});

describe("the bucket of recordings that follows a lifecycle to Deep Archive", () => {
  const archiving = exampleOrganization({
    ...RECORDED,
    transcripts: { ...RECORDED.transcripts, lifecycle: { deepArchiveAfterDays: 365 } },
  });
  const cold = recordingsOf(archiving, targetIn(archiving, "sandbox", EU))!;
  const reviews = (account: string) =>
    reviewerPolicy([], [], [], reviewedRecordingsIn(archiving, accountIn(archiving, account)), ORGANIZATION);

  it.each`
    by                                  | who                                      | expected
    ${"a reader of the archive"}        | ${actor(READER, reviews("log-archive"))} | ${"Allowed"}
    ${"a reader of the account itself"} | ${actor(OWN_READER, reviews("sandbox"))} | ${"Allowed"}
    ${"an administrator"}               | ${ADMIN}                                 | ${"ExplicitlyDenied"}
    ${"another account"}                | ${FOREIGN_ADMIN}                         | ${"ExplicitlyDenied"}
  `("answers a restore by $by: $expected", async ({ who, expected }) => {
    const context = { "aws:ResourceOrgID": ORGANIZATION };
    const asked = { who, action: "s3:RestoreObject", resource: OBJECT, owner: MEMBER, context };
    const policy = recordingBucketPolicy(place, { ...cold, protect: true });
    expect(await decisionOn({ ...asked, policy })).toBe(expected);
  });
});

describe("the key of recordings", () => {
  const sandbox = targetIn(organization, "sandbox", EU);
  const key = sessionKeyPolicy(place, keyUsesOf(sandbox, place, [], recordings));
  const silent = sessionKeyPolicy(place, keyUsesOf(sandbox, place));
  const KEY = keyIn(MEMBER);
  const VIA = { "kms:ViaService": `ssm-guiconnect.${EU}.amazonaws.com` };
  const VIA_S3 = throughS3(BUCKET);
  const VIA_OTHER = throughS3(arns.bucket(place, "theirs"));
  const reader = actor(READER, ...ADMIN.policies);

  it.each`
    who                                          | caller                                        | action                   | context                                                       | expected
    ${"a person, through Systems Manager"}       | ${ADMIN}                                      | ${"kms:CreateGrant"}     | ${VIA}                                                        | ${"Allowed"}
    ${"a person, directly"}                      | ${ADMIN}                                      | ${"kms:CreateGrant"}     | ${{}}                                                         | ${"ImplicitlyDenied"}
    ${"a person, through another service"}       | ${ADMIN}                                      | ${"kms:CreateGrant"}     | ${{ "kms:ViaService": `ec2.${EU}.amazonaws.com` }}            | ${"ImplicitlyDenied"}
    ${"a person in another region"}              | ${ADMIN}                                      | ${"kms:CreateGrant"}     | ${{ "kms:ViaService": `ssm-guiconnect.${US}.amazonaws.com` }} | ${"ImplicitlyDenied"}
    ${"a person without a policy"}               | ${actor(roleIn(MEMBER, "nobody"))}            | ${"kms:CreateGrant"}     | ${VIA}                                                        | ${"ImplicitlyDenied"}
    ${"a person of another account"}             | ${FOREIGN_ADMIN}                              | ${"kms:CreateGrant"}     | ${VIA}                                                        | ${"ImplicitlyDenied"}
    ${"Systems Manager, through S3"}             | ${GUI_CONNECT}                                | ${"kms:GenerateDataKey"} | ${{ ...OURS, ...VIA_S3 }}                                     | ${"Allowed"}
    ${"Systems Manager for another account"}     | ${GUI_CONNECT}                                | ${"kms:GenerateDataKey"} | ${{ ...THEIRS, ...VIA_S3 }}                                   | ${"ImplicitlyDenied"}
    ${"Systems Manager, for another bucket"}     | ${GUI_CONNECT}                                | ${"kms:GenerateDataKey"} | ${{ ...OURS, ...VIA_OTHER }}                                  | ${"ImplicitlyDenied"}
    ${"Systems Manager, not through S3"}         | ${GUI_CONNECT}                                | ${"kms:GenerateDataKey"} | ${{ ...OURS, ...encrypting({ "aws:s3:arn": BUCKET }) }}       | ${"ImplicitlyDenied"}
    ${"Systems Manager, to decrypt"}             | ${GUI_CONNECT}                                | ${"kms:Decrypt"}         | ${{ ...OURS, ...VIA_S3 }}                                     | ${"ImplicitlyDenied"}
    ${"a reader, through S3"}                    | ${reader}                                     | ${"kms:Decrypt"}         | ${VIA_S3}                                                     | ${"Allowed"}
    ${"a reader, from another bucket"}           | ${reader}                                     | ${"kms:Decrypt"}         | ${VIA_OTHER}                                                  | ${"ImplicitlyDenied"}
    ${"somebody else, through S3"}               | ${ADMIN}                                      | ${"kms:Decrypt"}         | ${VIA_S3}                                                     | ${"ImplicitlyDenied"}
    ${"a reader of another account, through S3"} | ${actor(READER_ELSEWHERE, ...ADMIN.policies)} | ${"kms:Decrypt"}         | ${VIA_S3}                                                     | ${"ImplicitlyDenied"}
  `("$who, $action: $expected", async ({ caller, action, context, expected }) => {
    expect(
      await decisionOn({ who: caller, action, resource: KEY, owner: MEMBER, context, policy: key }),
    ).toBe(expected);
  });

  it.each([
    ["a grant", ADMIN, "kms:CreateGrant", VIA],
    ["Systems Manager", GUI_CONNECT, "kms:GenerateDataKey", { ...OURS, ...VIA_S3 }],
    ["a reader", reader, "kms:Decrypt", VIA_S3],
  ])("allows %s nothing if connections are not recorded", async (_which, who, action, context) => {
    const asked = { who, action, resource: KEY, owner: MEMBER, context, policy: silent };
    expect(await decisionOn(asked)).toBe("ImplicitlyDenied");
  });
});

describe("an operator", () => {
  const sandbox = accountIn(organization, "sandbox");
  const key = sessionKeyPolicy(
    place,
    keyUsesOf(targetIn(organization, "sandbox", EU), place, [], recordings),
  );
  const operates = (recorded: boolean) =>
    actor(
      roleIn(MEMBER, "operator"),
      operatorPolicy(
        sandbox,
        destinationsIn(organization, "sandbox"),
        recorded ? recordingsIn(organization, sandbox) : [],
      ),
    );
  const VIA = {
    "kms:ViaService": `ssm-guiconnect.${EU}.amazonaws.com`,
    "kms:ResourceAliases": ["alias/session-audit-acme"],
  };

  it.each`
    recorded | action               | context                                                | expected
    ${true}  | ${"kms:CreateGrant"} | ${VIA}                                                 | ${"Allowed"}
    ${false} | ${"kms:CreateGrant"} | ${VIA}                                                 | ${"ImplicitlyDenied"}
    ${true}  | ${"kms:CreateGrant"} | ${{ ...VIA, "kms:ViaService": undefined }}             | ${"ImplicitlyDenied"}
    ${true}  | ${"kms:CreateGrant"} | ${{ ...VIA, "kms:ResourceAliases": ["alias/theirs"] }} | ${"ImplicitlyDenied"}
    ${true}  | ${"kms:Decrypt"}     | ${VIA}                                                 | ${"ImplicitlyDenied"}
  `("recorded: $recorded, $action: $expected", async ({ recorded, action, context, expected }) => {
    const asked = { who: operates(recorded), action, resource: keyIn(MEMBER), owner: MEMBER, context };
    expect(await decisionOn({ ...asked, policy: key })).toBe(expected);
  });

  it("gets no permission to connect", async () => {
    const asked = { action: "ssm-guiconnect:StartConnection", resource: "*", owner: MEMBER, context: {} };
    expect(await decisionOn({ who: operates(true), ...asked })).toBe("ImplicitlyDenied");
  });

  it("creates grants for an existing key by its ARN", () => {
    const keyArn = keyIn(MEMBER);
    const made = exampleOrganization({
      ...RECORDED,
      accounts: {
        ...map.accounts,
        sandbox: { ...map.accounts["sandbox"]!, ...CREATE, encryption: { mode: "existing", keyArn } },
      },
    });
    const statement = operatorPolicy(
      accountIn(made, "sandbox"),
      destinationsIn(made, "sandbox"),
      recordingsIn(made, accountIn(made, "sandbox")),
    ).Statement.find(({ Sid }) => Sid === "LetConnectionsBeRecordedWithExistingKeys");
    expect(statement?.Resource).toEqual([keyArn]);
  });
});

describe("reviewers", () => {
  const theirs = arns.bucket(at(OTHER_MEMBER), names.recordingBucket(at(OTHER_MEMBER)));
  const reviews = (account: string) =>
    reviewerPolicy(
      [],
      [],
      [],
      reviewedRecordingsIn(organization, accountIn(organization, account)),
      ORGANIZATION,
    );
  const organizationOf = (id: string) => ({ "aws:ResourceOrgID": id });

  it.each`
    account          | id         | resource                      | owner           | context                           | expected
    ${"log-archive"} | ${ARCHIVE} | ${OBJECT}                     | ${MEMBER}       | ${organizationOf(ORGANIZATION)}   | ${"Allowed"}
    ${"log-archive"} | ${ARCHIVE} | ${`${theirs}/connection.mp4`} | ${OTHER_MEMBER} | ${organizationOf(ORGANIZATION)}   | ${"Allowed"}
    ${"log-archive"} | ${ARCHIVE} | ${OBJECT}                     | ${STRANGER}     | ${organizationOf("o-zzzzzzzzzz")} | ${"ImplicitlyDenied"}
    ${"log-archive"} | ${ARCHIVE} | ${"arn:aws:s3:::theirs/x"}    | ${MEMBER}       | ${organizationOf(ORGANIZATION)}   | ${"ImplicitlyDenied"}
    ${"sandbox"}     | ${MEMBER}  | ${OBJECT}                     | ${MEMBER}       | ${organizationOf(ORGANIZATION)}   | ${"Allowed"}
    ${"sandbox"}     | ${MEMBER}  | ${OBJECT}                     | ${STRANGER}     | ${organizationOf(ORGANIZATION)}   | ${"ImplicitlyDenied"}
    ${"sandbox"}     | ${MEMBER}  | ${`${theirs}/connection.mp4`} | ${OTHER_MEMBER} | ${organizationOf(ORGANIZATION)}   | ${"ImplicitlyDenied"}
  `(
    "of $account, recording $resource of $owner: $expected",
    async ({ account, id, resource, owner, context, expected }) => {
      const who = actor(roleIn(id, "reviewer"), reviews(account));
      expect(await decisionOfCaller({ who, action: "s3:GetObject", resource, owner, context })).toBe(
        expected,
      );
    },
  );

  it("of an account in an organization whose id is unknown read the recordings of the map's accounts alone", () => {
    const unknown = exampleOrganization({ ...RECORDED, organization: { name: "acme" } });
    const read = reviewedRecordingsIn(unknown, accountIn(unknown, "log-archive"));
    const { Condition } = reviewerPolicy([], [], [], read, null).Statement[0]!;
    const [{ StringEquals }] = [Condition as { StringEquals: Record<string, readonly string[]> }];
    expect([...StringEquals["aws:ResourceAccount"]!].sort()).toEqual([MEMBER, OTHER_MEMBER]);
  });

  it.each`
    account       | reader                               | expected
    ${"sandbox"}  | ${roleIn(MEMBER, "auditor")}         | ${"Allowed"}
    ${"sandbox"}  | ${roleIn(MEMBER, "someone")}         | ${"ExplicitlyDenied"}
    ${"payments"} | ${roleIn(OTHER_MEMBER, "responder")} | ${"Allowed"}
  `(
    "of $account without an archive, as $reader, read recordings of another account: $expected",
    async (row) => {
      const made = exampleWithoutArchive({
        accounts: RECORDED.accounts,
        transcripts: {
          readers: [roleIn(MEMBER, "auditor")],
          organizationReaders: [roleIn(OTHER_MEMBER, "responder")],
        },
      });
      const [other, owner] = row.account === "sandbox" ? ["payments", OTHER_MEMBER] : ["sandbox", MEMBER];
      const recorded = recordingsOf(made, targetIn(made, other, EU))!;
      const read = reviewedRecordingsIn(made, accountIn(made, row.account as string));
      const who = actor(row.reader as string, reviewerPolicy([], [], [], read, ORGANIZATION));
      const resource = `${arns.bucket(at(owner), recorded.bucket)}/connection.mp4`;
      const policy = recordingBucketPolicy(at(owner), { ...recorded, protect: true });
      const context = organizationOf(ORGANIZATION);
      const asked = { who, action: "s3:GetObject", resource, owner, context, policy };
      expect(await decisionOn(asked)).toBe(row.expected);
    },
  );

  it("read no recordings if there are none", () => {
    const off = exampleOrganization();
    expect(reviewedRecordingsIn(off, accountIn(off, "log-archive"))).toEqual([]);
  });
});
