import map from "../../fixtures/example-map";
import { arns, names } from "../../../stacks/names";
import {
  transcriptBucketPolicy,
  type TranscriptBucketPolicyProps,
} from "../../../stacks/policies/bucket-policy";
import { accessLogBucketPolicy, trailBucketPolicy } from "../../../stacks/policies/log-bucket-policy";
import { instancePolicy } from "../../../stacks/policies/instance-policy";
import type { Statement } from "../../../stacks/policies/policy";
import type { Members } from "../../../stacks/policies/principals";
import {
  actor,
  administratorOf,
  ARCHIVE,
  at,
  destinationsIn,
  EU,
  headers,
  keyIn,
  MEMBER,
  exampleOrganization,
  ORGANIZATION,
  OTHER_MEMBER,
  roleIn,
  service,
  sidsOf,
  STRANGER,
  US,
  decisionOn,
  without,
  ADMINISTRATOR,
  type Actor,
  reviewerPolicyIn,
} from "./helpers";

const organization = exampleOrganization();
const home = at(ARCHIVE);
const name = names.transcriptBucket(home);
const bucket = arns.bucket(home, name);
const KEY = keyIn(ARCHIVE);
const OTHER_KEY = keyIn(MEMBER);

const READER = roleIn(ARCHIVE, "session-reviewer");
const FOREIGN_READER = roleIn(OTHER_MEMBER, "audit/incident-response");
const ORGANIZATION_READER = roleIn(OTHER_MEMBER, "security/responder");
const READ_EVERYTHING: Statement = {
  Sid: "ReadEverything",
  Effect: "Allow",
  Principal: { AWS: arns.root({ partition: "aws", id: OTHER_MEMBER }) },
  Action: ["s3:GetObject"],
  Resource: `${bucket}/*`,
};
const PATTERN = roleIn(MEMBER, "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Audit_*");

const reviewing = (account: string) => reviewerPolicyIn(organization, account);
const instance = actor(roleIn(MEMBER, "app-server"), instancePolicy(destinationsIn(organization, "sandbox")));
/** The policy of instances in the archive account, if it has sessions of its own. */
const archiveInstances = instancePolicy(
  destinationsIn(
    exampleOrganization({
      accounts: { ...map.accounts, "log-archive": { ...map.accounts["log-archive"]!, regions: [EU] } },
    }),
    "log-archive",
  ),
);
const instanceOfArchive = actor(roleIn(ARCHIVE, "app-server"), archiveInstances);
const OF_BUCKET = ["WriteTranscripts", "CheckTranscriptEncryption"];

const HTTP = { "aws:SecureTransport": "false", "s3:TlsVersion": undefined };
const OLD_TLS = { "s3:TlsVersion": "1.1" };
const BY_ID: Members = { organizationId: ORGANIZATION };
const BY_LIST: Members = {
  accountRoots: [ARCHIVE, MEMBER, OTHER_MEMBER].map((id) => arns.root({ partition: "aws", id })),
};

const archive = (props: Partial<TranscriptBucketPolicyProps> = {}) =>
  transcriptBucketPolicy(home, {
    bucket: name,
    prefix: "sessions",
    members: BY_ID,
    readers: [READER, FOREIGN_READER, PATTERN],
    organizationReaders: [ORGANIZATION_READER],
    keyArn: KEY,
    replication: null,
    protect: true,
    ...props,
  });

const OBJECT = `${bucket}/sessions/${MEMBER}/${EU}/alice-0123456789abcdef0.log`;
const UNDER_OTHER = `${bucket}/sessions/${OTHER_MEMBER}/${EU}/alice-0123456789abcdef0.log`;
const OWNERS_ACL = "bucket-owner-full-control";
/**
 * The headers of SSM Agent: always this ACL, and the encryption headers if it may read the bucket's configuration.
 */
const AGENT = headers({ acl: OWNERS_ACL, sse: "aws:kms", key: KEY });
const AGENT_BLIND = headers({ acl: OWNERS_ACL });

describe.each([
  ["an organization by its id", BY_ID],
  ["accounts one by one", BY_LIST],
])("the bucket of an archive that trusts %s", (_trust, members) => {
  const policy = archive({ members });
  const ask = (who: Actor, action: string, resource: string, context = {}) =>
    decisionOn({ who, action, resource, owner: ARCHIVE, context, policy });

  it.each`
    request                                                       | context                                                                     | expected
    ${"what the agent sends"}                                     | ${AGENT}                                                                    | ${"Allowed"}
    ${"what the agent sends if it cannot read the configuration"} | ${AGENT_BLIND}                                                              | ${"Allowed"}
    ${"no header at all (a part of an upload)"}                   | ${{}}                                                                       | ${"Allowed"}
    ${"our key without an ACL"}                                   | ${headers({ sse: "aws:kms", key: KEY })}                                    | ${"Allowed"}
    ${"another key"}                                              | ${headers({ sse: "aws:kms", key: OTHER_KEY })}                              | ${"ExplicitlyDenied"}
    ${"another key and no algorithm"}                             | ${headers({ key: OTHER_KEY })}                                              | ${"ExplicitlyDenied"}
    ${"KMS and no key: the writer's own aws/s3"}                  | ${headers({ sse: "aws:kms" })}                                              | ${"ExplicitlyDenied"}
    ${"our key by its bare id"}                                   | ${headers({ sse: "aws:kms", key: KEY.split("/")[1] })}                      | ${"ExplicitlyDenied"}
    ${"AES256"}                                                   | ${headers({ sse: "AES256" })}                                               | ${"ExplicitlyDenied"}
    ${"dual-layer encryption"}                                    | ${headers({ sse: "aws:kms:dsse", key: KEY })}                               | ${"ExplicitlyDenied"}
    ${"a key that only the writer has (SSE-C)"}                   | ${{ "s3:x-amz-server-side-encryption-customer-algorithm": "AES256" }}       | ${"ExplicitlyDenied"}
    ${"the storage class STANDARD"}                               | ${{ ...AGENT, ...headers({ storage: "STANDARD" }) }}                        | ${"Allowed"}
    ${"the storage class GLACIER"}                                | ${{ ...AGENT, ...headers({ storage: "GLACIER" }) }}                         | ${"ExplicitlyDenied"}
    ${"the storage class DEEP_ARCHIVE"}                           | ${{ ...AGENT, ...headers({ storage: "DEEP_ARCHIVE" }) }}                    | ${"ExplicitlyDenied"}
    ${"one Availability Zone only"}                               | ${{ ...AGENT, ...headers({ storage: "ONEZONE_IA" }) }}                      | ${"ExplicitlyDenied"}
    ${"a storage class and no other header"}                      | ${headers({ storage: "GLACIER" })}                                          | ${"ExplicitlyDenied"}
    ${"a public ACL"}                                             | ${{ ...AGENT, ...headers({ acl: "public-read" }) }}                         | ${"ExplicitlyDenied"}
    ${"an ACL that keeps the owner out"}                          | ${{ ...AGENT, ...headers({ acl: "private" }) }}                             | ${"ExplicitlyDenied"}
    ${"plain http"}                                               | ${{ ...AGENT, "aws:SecureTransport": "false", "s3:TlsVersion": undefined }} | ${"ExplicitlyDenied"}
    ${"TLS 1.1"}                                                  | ${{ ...AGENT, "s3:TlsVersion": "1.1" }}                                     | ${"ExplicitlyDenied"}
    ${"TLS 1.2"}                                                  | ${{ ...AGENT, "s3:TlsVersion": "1.2" }}                                     | ${"Allowed"}
  `("accepts a transcript with $request: $expected", async ({ context, expected }) => {
    expect(await ask(instance, "s3:PutObject", OBJECT, context)).toBe(expected);
  });

  it.each`
    acl              | expected
    ${OWNERS_ACL}    | ${"Allowed"}
    ${"public-read"} | ${"ExplicitlyDenied"}
  `("accepts the ACL $acl on its own: $expected", async ({ acl, expected }) => {
    expect(await ask(instance, "s3:PutObjectAcl", OBJECT, headers({ acl }))).toBe(expected);
  });

  it.each`
    where                       | resource                                       | expected              | acl
    ${"under the account's id"} | ${OBJECT}                                      | ${"Allowed"}          | ${"Allowed"}
    ${"under another member's"} | ${UNDER_OTHER}                                 | ${"ExplicitlyDenied"} | ${"ImplicitlyDenied"}
    ${"under the archive's"}    | ${`${bucket}/sessions/${ARCHIVE}/${EU}/x.log`} | ${"ExplicitlyDenied"} | ${"ImplicitlyDenied"}
    ${"beside the id"}          | ${`${bucket}/sessions/${MEMBER}0/x.log`}       | ${"ExplicitlyDenied"} | ${"ImplicitlyDenied"}
    ${"outside of the prefix"}  | ${`${bucket}/other/${MEMBER}/${EU}/x.log`}     | ${"ExplicitlyDenied"} | ${"ImplicitlyDenied"}
    ${"at the bucket's top"}    | ${`${bucket}/${MEMBER}/x.log`}                 | ${"ExplicitlyDenied"} | ${"ImplicitlyDenied"}
  `("allows an administrator of a member to write $where: $expected", async ({ resource, expected, acl }) => {
    expect(await ask(administratorOf(MEMBER), "s3:PutObject", resource, AGENT)).toBe(expected);
    const context = headers({ acl: OWNERS_ACL });
    expect(await ask(administratorOf(MEMBER), "s3:PutObjectAcl", resource, context)).toBe(acl);
  });

  it.each`
    where                       | resource                                       | expected
    ${"under the archive's id"} | ${`${bucket}/sessions/${ARCHIVE}/${EU}/x.log`} | ${"Allowed"}
    ${"under a member's"}       | ${OBJECT}                                      | ${"ExplicitlyDenied"}
    ${"outside of the prefix"}  | ${`${bucket}/other/x.log`}                     | ${"ExplicitlyDenied"}
  `(
    "lets an administrator of the archive account write $where: $expected",
    async ({ resource, expected }) => {
      expect(await ask(administratorOf(ARCHIVE), "s3:PutObject", resource, AGENT)).toBe(expected);
    },
  );

  it("keeps the archive's administrators from other accounts' prefixes by one statement", async () => {
    const open = without(policy, "RefuseTranscriptsOfOtherAccounts");
    const write = { who: administratorOf(ARCHIVE), resource: OBJECT, owner: ARCHIVE, policy: open };
    expect(await decisionOn({ ...write, action: "s3:PutObject", context: AGENT })).toBe("Allowed");
    expect(await decisionOn({ ...write, action: "s3:ReplicateObject" })).toBe("Allowed");
  });

  it.each`
    channel         | context
    ${"plain http"} | ${HTTP}
    ${"TLS 1.1"}    | ${OLD_TLS}
  `("refuses requests about the bucket itself over $channel", async ({ context }) => {
    expect(await ask(instance, "s3:GetEncryptionConfiguration", bucket, context)).toBe("ExplicitlyDenied");
    expect(await ask(administratorOf(ARCHIVE), "s3:PutBucketPolicy", bucket, context)).toBe(
      "ExplicitlyDenied",
    );
  });

  it("does not allow members to abort multipart uploads, which the lifecycle removes", async () => {
    expect(await ask(administratorOf(MEMBER), "s3:AbortMultipartUpload", OBJECT)).toBe("ImplicitlyDenied");
  });

  it("accepts nothing from an account that is not a member, even below its own id", async () => {
    const resource = `${bucket}/sessions/${STRANGER}/${EU}/x.log`;
    expect(await ask(administratorOf(STRANGER), "s3:PutObject", resource, AGENT)).toBe("ImplicitlyDenied");
    expect(await ask(administratorOf(STRANGER), "s3:GetEncryptionConfiguration", bucket)).toBe(
      "ImplicitlyDenied",
    );
  });

  it.each`
    role                                             | who                                                                            | account    | expected
    ${"a member's role without a policy of its own"} | ${actor(roleIn(MEMBER, "bare"))}                                               | ${MEMBER}  | ${"ImplicitlyDenied"}
    ${"the archive account's role without a policy"} | ${actor(roleIn(ARCHIVE, "bare"))}                                              | ${ARCHIVE} | ${"ImplicitlyDenied"}
    ${"an instance of the archive account"}          | ${instanceOfArchive}                                                           | ${ARCHIVE} | ${"Allowed"}
    ${"the same, below a member's id"}               | ${instanceOfArchive}                                                           | ${MEMBER}  | ${"ExplicitlyDenied"}
    ${"the same without the policy for transcripts"} | ${actor(instanceOfArchive.principal, without(archiveInstances, ...OF_BUCKET))} | ${ARCHIVE} | ${"ImplicitlyDenied"}
    ${"an instance of a member"}                     | ${instance}                                                                    | ${MEMBER}  | ${"Allowed"}
  `("accepts a transcript from $role: $expected", async ({ who, account, expected }) => {
    const resource = `${bucket}/sessions/${account}/${EU}/x.log`;
    expect(await ask(who, "s3:PutObject", resource, AGENT)).toBe(expected);
  });

  it.each`
    role                                             | who                                                                            | expected
    ${"a member's role without a policy of its own"} | ${actor(roleIn(MEMBER, "bare"))}                                               | ${"ImplicitlyDenied"}
    ${"the archive account's role without a policy"} | ${actor(roleIn(ARCHIVE, "bare"))}                                              | ${"ImplicitlyDenied"}
    ${"an instance of the archive account"}          | ${instanceOfArchive}                                                           | ${"Allowed"}
    ${"the same without the policy for transcripts"} | ${actor(instanceOfArchive.principal, without(archiveInstances, ...OF_BUCKET))} | ${"ImplicitlyDenied"}
    ${"an instance of a member"}                     | ${instance}                                                                    | ${"Allowed"}
  `("allows $role to read its encryption configuration: $expected", async ({ who, expected }) => {
    expect(await ask(who, "s3:GetEncryptionConfiguration", bucket)).toBe(expected);
  });

  const reviewerThere = actor(READER, reviewing("log-archive"));
  const reviewerElsewhere = actor(FOREIGN_READER, reviewing("payments"));
  const ssoReader = actor(
    roleIn(MEMBER, "aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Audit_0123456789abcdef"),
    reviewing("sandbox"),
  );
  const ssoOther = actor(
    roleIn(MEMBER, "aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Power_0123456789abcdef"),
    reviewing("sandbox"),
  );

  it.each`
    reader                                             | who                                                                | resource       | expected
    ${"the named reviewer of the archive account"}     | ${reviewerThere}                                                   | ${OBJECT}      | ${"Allowed"}
    ${"the same without the reviewer policy"}          | ${actor(READER)}                                                   | ${OBJECT}      | ${"ImplicitlyDenied"}
    ${"a reviewer that is not named"}                  | ${actor(roleIn(ARCHIVE, "someone"), reviewing("log-archive"))}     | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"a role whose name begins like the reviewer's"}  | ${actor(`${READER}2`, reviewing("log-archive"))}                   | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"the named role's namesake in a member account"} | ${actor(roleIn(MEMBER, "session-reviewer"), reviewing("sandbox"))} | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"a named reviewer of another account, its own"}  | ${reviewerElsewhere}                                               | ${UNDER_OTHER} | ${"Allowed"}
    ${"the same, another account's"}                   | ${reviewerElsewhere}                                               | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"the same with rights to every bucket"}          | ${actor(FOREIGN_READER, ADMINISTRATOR)}                            | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"the same with rights to every bucket, its own"} | ${actor(FOREIGN_READER, ADMINISTRATOR)}                            | ${UNDER_OTHER} | ${"Allowed"}
    ${"a reader of the organization, its own"}         | ${actor(ORGANIZATION_READER, ADMINISTRATOR)}                       | ${UNDER_OTHER} | ${"Allowed"}
    ${"a reader of the organization, another's"}       | ${actor(ORGANIZATION_READER, ADMINISTRATOR)}                       | ${OBJECT}      | ${"Allowed"}
    ${"the same without the reviewer policy"}          | ${actor(FOREIGN_READER)}                                           | ${UNDER_OTHER} | ${"ImplicitlyDenied"}
    ${"a role that a pattern names"}                   | ${ssoReader}                                                       | ${OBJECT}      | ${"Allowed"}
    ${"a role that no pattern names"}                  | ${ssoOther}                                                        | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"the instance that wrote it"}                    | ${instance}                                                        | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"an administrator of the member"}                | ${administratorOf(MEMBER)}                                         | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"an administrator of the archive account"}       | ${administratorOf(ARCHIVE)}                                        | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"an administrator of a stranger"}                | ${administratorOf(STRANGER)}                                       | ${OBJECT}      | ${"ExplicitlyDenied"}
  `("allows $reader to read a transcript: $expected", async ({ who, resource, expected }) => {
    expect(await ask(who, "s3:GetObject", resource)).toBe(expected);
    expect(await ask(who, "s3:GetObjectVersion", resource)).toBe(expected);
  });

  const below = (prefix: string) => ({ "s3:prefix": prefix });
  const foreignReader = actor(FOREIGN_READER, ADMINISTRATOR);
  const organizationReader = actor(ORGANIZATION_READER, ADMINISTRATOR);
  it.each`
    reader                                         | who                        | what                   | context                                    | expected
    ${"the named reviewer of the archive account"} | ${reviewerThere}           | ${"everything"}        | ${{}}                                      | ${"Allowed"}
    ${"a named reviewer of another account"}       | ${reviewerElsewhere}       | ${"its own account's"} | ${below(`sessions/${OTHER_MEMBER}/`)}      | ${"Allowed"}
    ${"a named reviewer of another account"}       | ${foreignReader}           | ${"its own region's"}  | ${below(`sessions/${OTHER_MEMBER}/${EU}`)} | ${"Allowed"}
    ${"a named reviewer of another account"}       | ${foreignReader}           | ${"everything"}        | ${{}}                                      | ${"ImplicitlyDenied"}
    ${"a named reviewer of another account"}       | ${foreignReader}           | ${"another account's"} | ${below(`sessions/${MEMBER}/`)}            | ${"ImplicitlyDenied"}
    ${"a named reviewer of another account"}       | ${foreignReader}           | ${"a longer id's"}     | ${below(`sessions/${OTHER_MEMBER}0/`)}     | ${"ImplicitlyDenied"}
    ${"a reader of the organization"}              | ${organizationReader}      | ${"everything"}        | ${{}}                                      | ${"Allowed"}
    ${"the instance that writes"}                  | ${instance}                | ${"its own account's"} | ${below(`sessions/${MEMBER}/`)}            | ${"ImplicitlyDenied"}
    ${"an administrator of the member"}            | ${administratorOf(MEMBER)} | ${"its own account's"} | ${below(`sessions/${MEMBER}/`)}            | ${"ImplicitlyDenied"}
  `("allows $reader to list $what: $expected", async ({ who, context, expected }) => {
    for (const action of ["s3:ListBucket", "s3:ListBucketVersions"])
      expect(await ask(who, action, bucket, context)).toBe(expected);
  });

  it.each`
    reader                                   | who                        | expected
    ${"the reviewer of the archive account"} | ${reviewerThere}           | ${"Allowed"}
    ${"a reviewer of another account"}       | ${reviewerElsewhere}       | ${"Allowed"}
    ${"an administrator of the member"}      | ${administratorOf(MEMBER)} | ${"ImplicitlyDenied"}
  `("allows $reader to find its region: $expected", async ({ who, expected }) => {
    expect(await ask(who, "s3:GetBucketLocation", bucket)).toBe(expected);
  });

  it("keeps a reader from other accounts' transcripts, even if a later statement allows them", async () => {
    const widened = { ...policy, Statement: [...policy.Statement, READ_EVERYTHING] };
    const read = { who: foreignReader, action: "s3:GetObject", resource: OBJECT, owner: ARCHIVE };
    expect(await decisionOn({ ...read, policy: widened })).toBe("ExplicitlyDenied");
    const open = without(widened, "RefuseReadersOfOtherAccounts");
    expect(await decisionOn({ ...read, policy: open })).toBe("Allowed");
  });

  it.each`
    action                                   | resource  | byMember              | byOwner
    ${"s3:DeleteObject"}                     | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:DeleteObjectVersion"}              | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:ReplicateDelete"}                  | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:BypassGovernanceRetention"}        | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:UpdateObjectEncryption"}           | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:GetObjectVersionForReplication"}   | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:PutObjectRetention"}               | ${OBJECT} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutObjectLegalHold"}               | ${OBJECT} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:ReplicateObject"}                  | ${OBJECT} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:RestoreObject"}                    | ${OBJECT} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutBucketPolicy"}                  | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:DeleteBucketPolicy"}               | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutBucketVersioning"}              | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutLifecycleConfiguration"}        | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutEncryptionConfiguration"}       | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutReplicationConfiguration"}      | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutBucketPublicAccessBlock"}       | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutBucketLogging"}                 | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutBucketObjectLockConfiguration"} | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:DeleteBucket"}                     | ${bucket} | ${"ExplicitlyDenied"} | ${"Allowed"}
  `("answers $action by a member's administrator $byMember, by the owner's $byOwner", async (row) => {
    expect(await ask(administratorOf(MEMBER), row.action, row.resource)).toBe(row.byMember);
    expect(await ask(administratorOf(ARCHIVE), row.action, row.resource)).toBe(row.byOwner);
  });

  it.each`
    principal                     | action               | resource  | expected
    ${"cloudtrail.amazonaws.com"} | ${"s3:PutObject"}    | ${OBJECT} | ${"ImplicitlyDenied"}
    ${"logging.s3.amazonaws.com"} | ${"s3:PutObject"}    | ${OBJECT} | ${"ImplicitlyDenied"}
    ${"ssm.amazonaws.com"}        | ${"s3:PutObject"}    | ${OBJECT} | ${"ImplicitlyDenied"}
    ${"ssm.amazonaws.com"}        | ${"s3:GetObject"}    | ${OBJECT} | ${"ExplicitlyDenied"}
    ${"cloudtrail.amazonaws.com"} | ${"s3:GetBucketAcl"} | ${bucket} | ${"ImplicitlyDenied"}
  `("answers $action by $principal: $expected", async ({ principal, action, resource, expected }) => {
    expect(await ask(service(principal), action, resource)).toBe(expected);
  });
});

describe("an archive that moves transcripts to where they must be restored", () => {
  const NEVER = {
    glacierAfterDays: null,
    deepArchiveAfterDays: null,
    noncurrentGlacierAfterDays: null,
    noncurrentDeepArchiveAfterDays: null,
  };
  const moving = exampleOrganization({
    transcripts: {
      readers: [READER, FOREIGN_READER],
      organizationReaders: [ORGANIZATION_READER],
      lifecycle: { glacierAfterDays: 30 },
    },
  });
  const reviews = (account: string) => reviewerPolicyIn(moving, account);
  const policy = archive({ lifecycle: { ...NEVER, glacierAfterDays: 30 } });
  const restore = (who: Actor, resource: string, by = policy) =>
    decisionOn({ who, action: "s3:RestoreObject", resource, owner: ARCHIVE, policy: by });

  it.each`
    reader                                            | who                                                          | resource       | expected
    ${"the named reviewer of the archive account"}    | ${actor(READER, reviews("log-archive"))}                     | ${OBJECT}      | ${"Allowed"}
    ${"the same without the reviewer policy"}         | ${actor(READER)}                                             | ${OBJECT}      | ${"ImplicitlyDenied"}
    ${"a reviewer that is not named"}                 | ${actor(roleIn(ARCHIVE, "someone"), reviews("log-archive"))} | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"a named reviewer of another account, its own"} | ${actor(FOREIGN_READER, reviews("payments"))}                | ${UNDER_OTHER} | ${"Allowed"}
    ${"the same, another account's"}                  | ${actor(FOREIGN_READER, reviews("payments"))}                | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"a reader of the organization, another's"}      | ${actor(ORGANIZATION_READER, reviews("payments"))}           | ${OBJECT}      | ${"Allowed"}
    ${"the instance that wrote it"}                   | ${instance}                                                  | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"an administrator of the member"}               | ${administratorOf(MEMBER)}                                   | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"an administrator of the archive account"}      | ${administratorOf(ARCHIVE)}                                  | ${OBJECT}      | ${"ExplicitlyDenied"}
    ${"an administrator of a stranger"}               | ${administratorOf(STRANGER)}                                 | ${OBJECT}      | ${"ExplicitlyDenied"}
  `("allows $reader to restore a transcript: $expected", async ({ who, resource, expected }) => {
    expect(await restore(who, resource)).toBe(expected);
  });

  it("keeps its other refusals of administration from other accounts' readers", async () => {
    const who = actor(ORGANIZATION_READER, ADMINISTRATOR);
    const lock = { who, action: "s3:PutObjectRetention", resource: OBJECT, owner: ARCHIVE, policy };
    expect(await decisionOn(lock)).toBe("ExplicitlyDenied");
  });

  it.each(Object.keys(NEVER))("lets readers restore with %s", async (setting) => {
    const by = archive({ lifecycle: { ...NEVER, [setting]: 30 } });
    expect(await restore({ ...administratorOf(ARCHIVE), principal: READER }, OBJECT, by)).toBe("Allowed");
    expect(await restore(administratorOf(ARCHIVE), OBJECT, by)).toBe("ExplicitlyDenied");
  });

  it("has the same policy as without a lifecycle if nothing is moved there", () => {
    const { lifecycle } = exampleOrganization({
      transcripts: { lifecycle: { glacierInstantRetrievalAfterDays: 90, expireAfterDays: null } },
    }).archives[0]!.settings.transcripts;
    expect(archive({ lifecycle })).toEqual(archive());
  });
});

describe("who is a member", () => {
  const newcomer = "555555555555";
  const put = (members: Members) =>
    decisionOn({
      who: administratorOf(newcomer),
      action: "s3:PutObject",
      resource: `${bucket}/sessions/${newcomer}/${EU}/x.log`,
      owner: ARCHIVE,
      context: AGENT,
      policy: archive({ members }),
    });

  it("is every account of the organization, if the map has its id", async () => {
    expect(await put(BY_ID)).toBe("Allowed");
  });

  it("is every account of the map and no other, if the map does not have it", async () => {
    expect(await put(BY_LIST)).toBe("ImplicitlyDenied");
  });
});

describe("an archive without protection", () => {
  const policy = archive({ protect: false });
  it.each`
    action                            | byMember              | byOwner
    ${"s3:DeleteObject"}              | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:DeleteObjectVersion"}       | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:ReplicateDelete"}           | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:BypassGovernanceRetention"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:UpdateObjectEncryption"}    | ${"ExplicitlyDenied"} | ${"Allowed"}
  `("answers $action by a member $byMember, by the owner $byOwner", async ({ action, byMember, byOwner }) => {
    const ask = (who: Actor) => decisionOn({ who, action, resource: OBJECT, owner: ARCHIVE, policy });
    expect(await ask(administratorOf(MEMBER))).toBe(byMember);
    expect(await ask(administratorOf(ARCHIVE))).toBe(byOwner);
  });
});

describe("an archive without readers", () => {
  const policy = archive({ readers: [], organizationReaders: [] });

  it.each`
    who                                        | reader
    ${administratorOf(ARCHIVE)}                | ${"the owner's administrator"}
    ${administratorOf(MEMBER)}                 | ${"a member's administrator"}
    ${actor(READER, reviewing("log-archive"))} | ${"a reviewer"}
  `("refuses reading to everybody, such as $reader", async ({ who }) => {
    for (const action of ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectVersionForReplication"])
      expect(await decisionOn({ who, action, resource: OBJECT, owner: ARCHIVE, policy })).toBe(
        "ExplicitlyDenied",
      );
  });

  it("still accepts transcripts", async () => {
    const put = { who: instance, action: "s3:PutObject", resource: OBJECT, owner: ARCHIVE };
    expect(await decisionOn({ ...put, context: AGENT, policy })).toBe("Allowed");
  });
});

describe("an archive with SSE-S3", () => {
  const policy = archive({ keyArn: null });
  it.each`
    request             | context                                                               | expected
    ${"AES256"}         | ${headers({ acl: OWNERS_ACL, sse: "AES256" })}                        | ${"Allowed"}
    ${"no header"}      | ${AGENT_BLIND}                                                        | ${"Allowed"}
    ${"a KMS key"}      | ${headers({ sse: "aws:kms", key: OTHER_KEY })}                        | ${"ExplicitlyDenied"}
    ${"KMS and no key"} | ${headers({ sse: "aws:kms" })}                                        | ${"ExplicitlyDenied"}
    ${"SSE-C"}          | ${{ "s3:x-amz-server-side-encryption-customer-algorithm": "AES256" }} | ${"ExplicitlyDenied"}
  `("accepts a transcript with $request: $expected", async ({ context, expected }) => {
    const put = { who: instance, action: "s3:PutObject", resource: OBJECT, owner: ARCHIVE };
    expect(await decisionOn({ ...put, context, policy })).toBe(expected);
  });
});

describe("a target's own bucket", () => {
  const own = at(MEMBER);
  const ownName = names.transcriptBucket(own);
  const arn = arns.bucket(own, ownName);
  const object = `${arn}/sessions/${MEMBER}/${EU}/x.log`;
  const auditor = roleIn(MEMBER, "auditor");
  const policyFor = (protect: boolean) =>
    transcriptBucketPolicy(own, {
      bucket: ownName,
      prefix: "sessions",
      members: null,
      replication: null,
      readers: [auditor, READER],
      keyArn: OTHER_KEY,
      protect,
    });
  const ask = (who: Actor, action: string, resource = object, context = {}, protect = true) =>
    decisionOn({ who, action, resource, owner: MEMBER, context, policy: policyFor(protect) });

  it.each`
    writer                                    | who                              | context                                                         | expected
    ${"an instance of the account"}           | ${administratorOf(MEMBER)}       | ${headers({ acl: OWNERS_ACL, sse: "aws:kms", key: OTHER_KEY })} | ${"Allowed"}
    ${"the same, without encryption headers"} | ${administratorOf(MEMBER)}       | ${AGENT_BLIND}                                                  | ${"Allowed"}
    ${"the same, with another key"}           | ${administratorOf(MEMBER)}       | ${headers({ sse: "aws:kms", key: KEY })}                        | ${"ExplicitlyDenied"}
    ${"the same, to GLACIER"}                 | ${administratorOf(MEMBER)}       | ${{ ...AGENT_BLIND, ...headers({ storage: "GLACIER" }) }}       | ${"ExplicitlyDenied"}
    ${"the same, over plain http"}            | ${administratorOf(MEMBER)}       | ${{ "aws:SecureTransport": "false" }}                           | ${"ExplicitlyDenied"}
    ${"a role without policies"}              | ${actor(roleIn(MEMBER, "bare"))} | ${AGENT_BLIND}                                                  | ${"ImplicitlyDenied"}
    ${"another account of the organization"}  | ${administratorOf(OTHER_MEMBER)} | ${AGENT_BLIND}                                                  | ${"ImplicitlyDenied"}
    ${"a stranger"}                           | ${administratorOf(STRANGER)}     | ${AGENT_BLIND}                                                  | ${"ImplicitlyDenied"}
  `("accepts a transcript from $writer: $expected", async ({ who, context, expected }) => {
    expect(await ask(who, "s3:PutObject", object, context)).toBe(expected);
  });

  it.each`
    action                                 | who                                                   | by                          | expected
    ${"s3:GetObject"}                      | ${administratorOf(MEMBER)}                            | ${"its administrator"}      | ${"ExplicitlyDenied"}
    ${"s3:GetObject"}                      | ${actor(auditor)}                                     | ${"a bare named role"}      | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}                      | ${{ ...administratorOf(MEMBER), principal: auditor }} | ${"a named role"}           | ${"Allowed"}
    ${"s3:GetObject"}                      | ${{ ...administratorOf(ARCHIVE), principal: READER }} | ${"a named role elsewhere"} | ${"Allowed"}
    ${"s3:DeleteObject"}                   | ${administratorOf(MEMBER)}                            | ${"its administrator"}      | ${"ExplicitlyDenied"}
    ${"s3:GetObjectVersionForReplication"} | ${administratorOf(MEMBER)}                            | ${"its administrator"}      | ${"ExplicitlyDenied"}
    ${"s3:PutObjectRetention"}             | ${administratorOf(OTHER_MEMBER)}                      | ${"another account"}        | ${"ExplicitlyDenied"}
  `("answers $action by $by: $expected", async ({ action, who, expected }) => {
    expect(await ask(who, action)).toBe(expected);
  });

  it.each`
    who                                                   | by                          | expected
    ${administratorOf(MEMBER)}                            | ${"its administrator"}      | ${"ExplicitlyDenied"}
    ${{ ...administratorOf(MEMBER), principal: auditor }} | ${"a named role"}           | ${"Allowed"}
    ${{ ...administratorOf(ARCHIVE), principal: READER }} | ${"a named role elsewhere"} | ${"Allowed"}
    ${administratorOf(ARCHIVE)}                           | ${"another account"}        | ${"ExplicitlyDenied"}
  `("answers a restore from Deep Archive by $by: $expected", async ({ who, expected }) => {
    const policy = transcriptBucketPolicy(own, {
      bucket: ownName,
      prefix: "sessions",
      members: null,
      replication: null,
      protect: true,
      readers: [auditor, READER],
      keyArn: OTHER_KEY,
      lifecycle: exampleOrganization({ transcripts: { lifecycle: { deepArchiveAfterDays: 365 } } })
        .archives[0]!.settings.transcripts.lifecycle,
    });
    const asked = { who, action: "s3:RestoreObject", resource: object, owner: MEMBER, policy };
    expect(await decisionOn(asked)).toBe(expected);
  });

  it("allows its administrator to delete if it is not protected", async () => {
    expect(await ask(administratorOf(MEMBER), "s3:DeleteObjectVersion", object, {}, false)).toBe("Allowed");
  });

  it("has no statement about members", () => {
    expect(sidsOf(policyFor(true)).filter((sid) => sid.startsWith("Members"))).toEqual([]);
  });
});

describe("the bucket of access logs", () => {
  const logs = names.accessLogBucket(home);
  const arn = arns.bucket(home, logs);
  const object = `${arn}/${name}/2025-01-01-00-00-00-0123456789ABCDEF`;
  const policyFor = (protect = true) => accessLogBucketPolicy(home, { bucket: logs, source: name, protect });
  const S3 = service("logging.s3.amazonaws.com");
  const from = (sourceArn: string, account = ARCHIVE) => ({
    "aws:SourceArn": sourceArn,
    "aws:SourceAccount": account,
  });
  const ask = (who: Actor, action: string, context = {}, protect = true, resource = object) =>
    decisionOn({ who, action, resource, owner: ARCHIVE, context, policy: policyFor(protect) });

  it.each`
    delivery                                | who                                       | context                                                | expected
    ${"S3 for our bucket"}                  | ${S3}                                     | ${from(bucket)}                                        | ${"Allowed"}
    ${"S3 for another bucket"}              | ${S3}                                     | ${from("arn:aws:s3:::other")}                          | ${"ImplicitlyDenied"}
    ${"S3 for a bucket with a longer name"} | ${S3}                                     | ${from(`${bucket}-x`)}                                 | ${"ImplicitlyDenied"}
    ${"S3 for another account"}             | ${S3}                                     | ${from(bucket, MEMBER)}                                | ${"ImplicitlyDenied"}
    ${"S3 that names no source"}            | ${S3}                                     | ${{}}                                                  | ${"ImplicitlyDenied"}
    ${"S3 over plain http"}                 | ${S3}                                     | ${{ ...from(bucket), "aws:SecureTransport": "false" }} | ${"ExplicitlyDenied"}
    ${"S3 over TLS 1.0"}                    | ${S3}                                     | ${{ ...from(bucket), "s3:TlsVersion": "1.0" }}         | ${"ExplicitlyDenied"}
    ${"another service"}                    | ${service("delivery.logs.amazonaws.com")} | ${from(bucket)}                                        | ${"ImplicitlyDenied"}
    ${"a member's administrator"}           | ${administratorOf(MEMBER)}                | ${{}}                                                  | ${"ExplicitlyDenied"}
    ${"the owner's administrator"}          | ${administratorOf(ARCHIVE)}               | ${{}}                                                  | ${"ExplicitlyDenied"}
    ${"a role that claims to be S3"}        | ${administratorOf(ARCHIVE)}               | ${from(bucket)}                                        | ${"ExplicitlyDenied"}
  `("accepts a log from $delivery: $expected", async ({ who, context, expected }) => {
    expect(await ask(who, "s3:PutObject", context)).toBe(expected);
  });

  it.each`
    action                            | byStranger            | byOwner               | unprotected
    ${"s3:DeleteObject"}              | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:DeleteObjectVersion"}       | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:ReplicateDelete"}           | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:BypassGovernanceRetention"} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutObjectRetention"}        | ${"ExplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
    ${"s3:ReplicateObject"}           | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:GetObject"}                 | ${"ImplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
  `("answers $action by another account $byStranger, by the owner $byOwner", async (row) => {
    expect(await ask(administratorOf(MEMBER), row.action)).toBe(row.byStranger);
    expect(await ask(administratorOf(ARCHIVE), row.action)).toBe(row.byOwner);
    expect(await ask(administratorOf(ARCHIVE), row.action, {}, false)).toBe(row.unprotected);
  });

  it.each`
    channel         | context
    ${"plain http"} | ${HTTP}
    ${"TLS 1.1"}    | ${OLD_TLS}
  `("refuses requests about the bucket itself over $channel", async ({ context }) => {
    const who = administratorOf(ARCHIVE);
    expect(await ask(who, "s3:GetBucketPolicy", context, true, arn)).toBe("ExplicitlyDenied");
  });

  it("cannot be changed by another account", async () => {
    expect(await ask(administratorOf(MEMBER), "s3:PutBucketPolicy", {}, true, arn)).toBe("ExplicitlyDenied");
    expect(await ask(administratorOf(ARCHIVE), "s3:PutBucketPolicy", {}, true, arn)).toBe("Allowed");
  });
});

describe("the bucket of a trail", () => {
  const place = at(OTHER_MEMBER, US);
  const arn = arns.bucket(place, names.trailBucket(place));
  const policyFor = (protect = true) => trailBucketPolicy(place, { protect });
  const CLOUDTRAIL = service("cloudtrail.amazonaws.com");
  const TRAIL = arns.trail(place);
  const delivery = (trail: string, acl?: string) => ({ "aws:SourceArn": trail, ...headers({ acl }) });
  const path = (account: string) =>
    `${arn}/AWSLogs/${account}/CloudTrail/${US}/2025/01/01/x_CloudTrail_${US}.json.gz`;
  const OTHER_TRAIL = `${TRAIL}-2`;
  const FOREIGN_TRAIL = arns.trail(at(STRANGER, US));

  it.each`
    delivery                              | who                                | context                                                               | account         | expected
    ${"this trail"}                       | ${CLOUDTRAIL}                      | ${delivery(TRAIL, OWNERS_ACL)}                                        | ${OTHER_MEMBER} | ${"Allowed"}
    ${"another trail of the account"}     | ${CLOUDTRAIL}                      | ${delivery(OTHER_TRAIL, OWNERS_ACL)}                                  | ${OTHER_MEMBER} | ${"ImplicitlyDenied"}
    ${"a trail of another account"}       | ${CLOUDTRAIL}                      | ${delivery(FOREIGN_TRAIL, OWNERS_ACL)}                                | ${OTHER_MEMBER} | ${"ImplicitlyDenied"}
    ${"CloudTrail that names no trail"}   | ${CLOUDTRAIL}                      | ${headers({ acl: OWNERS_ACL })}                                       | ${OTHER_MEMBER} | ${"ImplicitlyDenied"}
    ${"this trail with another ACL"}      | ${CLOUDTRAIL}                      | ${delivery(TRAIL, "private")}                                         | ${OTHER_MEMBER} | ${"ImplicitlyDenied"}
    ${"this trail without an ACL"}        | ${CLOUDTRAIL}                      | ${delivery(TRAIL)}                                                    | ${OTHER_MEMBER} | ${"ImplicitlyDenied"}
    ${"this trail under another account"} | ${CLOUDTRAIL}                      | ${delivery(TRAIL, OWNERS_ACL)}                                        | ${STRANGER}     | ${"ImplicitlyDenied"}
    ${"this trail over plain http"}       | ${CLOUDTRAIL}                      | ${{ ...delivery(TRAIL, OWNERS_ACL), "aws:SecureTransport": "false" }} | ${OTHER_MEMBER} | ${"ExplicitlyDenied"}
    ${"this trail over TLS 1.1"}          | ${CLOUDTRAIL}                      | ${{ ...delivery(TRAIL, OWNERS_ACL), "s3:TlsVersion": "1.1" }}         | ${OTHER_MEMBER} | ${"ExplicitlyDenied"}
    ${"another service"}                  | ${service("config.amazonaws.com")} | ${delivery(TRAIL, OWNERS_ACL)}                                        | ${OTHER_MEMBER} | ${"ExplicitlyDenied"}
    ${"another account's administrator"}  | ${administratorOf(MEMBER)}         | ${headers({ acl: OWNERS_ACL })}                                       | ${OTHER_MEMBER} | ${"ExplicitlyDenied"}
    ${"the owner's administrator"}        | ${administratorOf(OTHER_MEMBER)}   | ${delivery(TRAIL, OWNERS_ACL)}                                        | ${OTHER_MEMBER} | ${"ExplicitlyDenied"}
  `("accepts events of $delivery: $expected", async ({ who, context, account, expected }) => {
    const asked = { action: "s3:PutObject", resource: path(account), owner: OTHER_MEMBER, context };
    expect(await decisionOn({ who, ...asked, policy: policyFor() })).toBe(expected);
  });

  it.each`
    channel         | context
    ${"plain http"} | ${HTTP}
    ${"TLS 1.1"}    | ${OLD_TLS}
  `("refuses requests about the bucket itself over $channel", async ({ context }) => {
    const asked = { action: "s3:GetBucketPolicy", resource: arn, owner: OTHER_MEMBER, context };
    expect(await decisionOn({ who: administratorOf(OTHER_MEMBER), ...asked, policy: policyFor() })).toBe(
      "ExplicitlyDenied",
    );
  });

  it.each`
    trail                               | context                             | expected
    ${"this trail"}                     | ${{ "aws:SourceArn": TRAIL }}       | ${"Allowed"}
    ${"another trail"}                  | ${{ "aws:SourceArn": OTHER_TRAIL }} | ${"ImplicitlyDenied"}
    ${"CloudTrail that names no trail"} | ${{}}                               | ${"ImplicitlyDenied"}
  `("allows CloudTrail to read its ACL for $trail: $expected", async ({ context, expected }) => {
    const asked = { action: "s3:GetBucketAcl", resource: arn, owner: OTHER_MEMBER, context };
    expect(await decisionOn({ who: CLOUDTRAIL, ...asked, policy: policyFor() })).toBe(expected);
  });

  it.each`
    action                            | resource              | byStranger            | byOwner               | unprotected
    ${"s3:DeleteObject"}              | ${path(OTHER_MEMBER)} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:DeleteObjectVersion"}       | ${path(OTHER_MEMBER)} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:ReplicateDelete"}           | ${path(OTHER_MEMBER)} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:BypassGovernanceRetention"} | ${path(OTHER_MEMBER)} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"s3:PutObjectRetention"}        | ${path(OTHER_MEMBER)} | ${"ExplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
    ${"s3:ReplicateObject"}           | ${path(OTHER_MEMBER)} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"} | ${"ExplicitlyDenied"}
    ${"s3:GetObject"}                 | ${path(OTHER_MEMBER)} | ${"ImplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
    ${"s3:PutBucketPolicy"}           | ${arn}                | ${"ExplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
  `("answers $action by another account $byStranger, by the owner $byOwner", async (row) => {
    const asked = { action: row.action, resource: row.resource, owner: OTHER_MEMBER };
    const ask = (who: Actor, protect = true) => decisionOn({ who, ...asked, policy: policyFor(protect) });
    expect(await ask(administratorOf(MEMBER))).toBe(row.byStranger);
    expect(await ask(administratorOf(OTHER_MEMBER))).toBe(row.byOwner);
    expect(await ask(administratorOf(OTHER_MEMBER), false)).toBe(row.unprotected);
  });
});
