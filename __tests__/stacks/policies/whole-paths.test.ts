import map from "../../fixtures/example-map";
import { arns, names } from "../../../stacks/names";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import { instancePolicy } from "../../../stacks/policies/instance-policy";
import { archiveKeyPolicy, keyUsesOf, sessionKeyPolicy } from "../../../stacks/policies/key-policy";
import { operatorPolicy, reviewerPolicy } from "../../../stacks/policies/people-policy";
import { reviewedIn } from "../../../stacks/policies/reviewed-buckets";
import type { Policy } from "../../../stacks/policies/policy";
import { membersOf } from "../../../stacks/policies/principals";
import {
  accountIn,
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
  roleIn,
  targetIn,
  throughS3,
  decisionOn,
  without,
} from "./helpers";

/** Every policy as the map makes it: the tests below send a request through all policies on its path. */
const organization = exampleOrganization();
const sandbox = targetIn(organization, "sandbox", EU);
const destinations = destinationsIn(organization, "sandbox");
const { transcripts, protect } = organization.archives.find(({ region }) => region === EU)!.settings;

const archive = at(ARCHIVE);
const name = names.transcriptBucket(archive);
const bucket = arns.bucket(archive, name);
const archiveKeyArn = keyIn(ARCHIVE);
const members = membersOf(organization);
const bucketPolicy = transcriptBucketPolicy(archive, {
  ...transcripts,
  bucket: name,
  members,
  keyArn: archiveKeyArn,
  protect,
});
const archiveKey = archiveKeyPolicy(archive, {
  bucket: name,
  members,
  readers: transcripts.readers,
  topics: [],
});
const sessionKeyArn = keyIn(MEMBER);
const sessionKey = sessionKeyPolicy(at(MEMBER), keyUsesOf(sandbox, at(MEMBER)));

const OBJECT = `${bucket}/${destinations[0]!.transcripts!.prefix}/alice-0123456789abcdef0.log`;
const AGENT = headers({ acl: "bucket-owner-full-control", sse: "aws:kms", key: archiveKeyArn });

const instances = instancePolicy(destinations);
const operators = operatorPolicy(sandbox.account, destinations);
const reviewing = reviewerPolicy(
  reviewedIn(organization, accountIn(organization, "log-archive"), []),
  [],
  [],
);

describe("a transcript is written", () => {
  const upload = async ({ own = instances, there = bucketPolicy, key = archiveKey }) => {
    const who = actor(roleIn(MEMBER, "app-server"), own);
    const s3 = (action: string, resource: string, context = {}) =>
      decisionOn({ who, action, resource, owner: ARCHIVE, context, policy: there });
    const kms = (action: string) =>
      decisionOn({
        who,
        action,
        resource: archiveKeyArn,
        owner: ARCHIVE,
        context: throughS3(bucket),
        policy: key,
      });
    const acl = headers({ acl: "bucket-owner-full-control" });
    return {
      check: await s3("s3:GetEncryptionConfiguration", bucket),
      put: await s3("s3:PutObject", OBJECT, AGENT),
      acl: await s3("s3:PutObjectAcl", OBJECT, acl),
      dataKey: await kms("kms:GenerateDataKey"),
      part: await kms("kms:Decrypt"),
    };
  };
  const EVERYTHING = {
    check: "Allowed",
    put: "Allowed",
    acl: "Allowed",
    dataKey: "Allowed",
    part: "Allowed",
  };

  it("with every grant in place", async () => {
    expect(await upload({})).toEqual(EVERYTHING);
  });

  it.each`
    missing                                     | policies                                                                | denied
    ${"the instance policy's bucket"}           | ${{ own: without(instances, "WriteTranscripts") }}                      | ${["put", "acl"]}
    ${"the instance policy's encryption check"} | ${{ own: without(instances, "CheckTranscriptEncryption") }}             | ${["check"]}
    ${"the instance policy's key"}              | ${{ own: without(instances, "EncryptTranscripts") }}                    | ${["dataKey", "part"]}
    ${"the bucket's grant"}                     | ${{ there: without(bucketPolicy, "MembersWriteUnderTheirOwnAccount") }} | ${["put", "acl"]}
    ${"the bucket's encryption check"}          | ${{ there: without(bucketPolicy, "MembersCheckEncryption") }}           | ${["check"]}
    ${"the key's grant"}                        | ${{ key: without(archiveKey, "MembersWriteTranscriptsThroughS3") }}     | ${["dataKey", "part"]}
  `("not without $missing", async ({ policies, denied }) => {
    const refused = Object.fromEntries((denied as string[]).map((step) => [step, "ImplicitlyDenied"]));
    expect(await upload(policies)).toEqual({ ...EVERYTHING, ...refused });
  });
});

describe("a transcript is read", () => {
  const READER = roleIn(ARCHIVE, "session-reviewer");
  const read = async ({ role = READER, own = reviewing, there = bucketPolicy, key = archiveKey }) => {
    const who = actor(role, own);
    const asked = { who, owner: ARCHIVE };
    return [
      await decisionOn({ ...asked, action: "s3:ListBucket", resource: bucket, policy: there }),
      await decisionOn({ ...asked, action: "s3:GetObject", resource: OBJECT, policy: there }),
      await decisionOn({
        ...asked,
        action: "kms:Decrypt",
        resource: archiveKeyArn,
        context: throughS3(bucket),
        policy: key,
      }),
    ];
  };
  // The reviewer's role belongs to the archive's account, whose instances write by this statement.
  const writers = "AccountWritesTranscriptsThroughS3";

  it.each`
    by                                                | policies                                                                       | list                  | open                  | decrypt
    ${"a reviewer that the bucket names"}             | ${{}}                                                                          | ${"Allowed"}          | ${"Allowed"}          | ${"Allowed"}
    ${"a reviewer that it does not name"}             | ${{ role: roleIn(ARCHIVE, "other") }}                                          | ${"Allowed"}          | ${"ExplicitlyDenied"} | ${"Allowed"}
    ${"a reviewer without the right to list"}         | ${{ own: without(reviewing, "ListOwnBuckets") }}                               | ${"ImplicitlyDenied"} | ${"Allowed"}          | ${"Allowed"}
    ${"a reviewer without the right to open"}         | ${{ own: without(reviewing, "ReadOwnBuckets") }}                               | ${"Allowed"}          | ${"ImplicitlyDenied"} | ${"Allowed"}
    ${"a reviewer without the key's statements"}      | ${{ key: without(archiveKey, writers, "ReadersDecryptTranscriptsThroughS3") }} | ${"Allowed"}          | ${"Allowed"}          | ${"ImplicitlyDenied"}
    ${"a reviewer without the statement for writers"} | ${{ key: without(archiveKey, writers) }}                                       | ${"Allowed"}          | ${"Allowed"}          | ${"Allowed"}
  `("by $by: list $list, open $open, decrypt $decrypt", async ({ policies, list, open, decrypt }) => {
    expect(await read(policies)).toEqual([list, open, decrypt]);
  });

  it("by the instance that wrote it: refused, although the key would decrypt", async () => {
    expect(await read({ role: roleIn(MEMBER, "app-server"), own: instances })).toEqual([
      "ImplicitlyDenied",
      "ExplicitlyDenied",
      "Allowed",
    ]);
  });
});

describe("the data channel is encrypted", () => {
  const SESSION = encrypting({
    "aws:ssm:SessionId": "alice-0123456789abcdef0",
    "aws:ssm:TargetId": "i-0123456789abcdef0",
  });
  const context = { "kms:ResourceAliases": [names.keyAlias(at(MEMBER))], ...SESSION };
  const open = async ({ operator = operators, instance = instances, key = sessionKey }) => {
    const use = (role: string, own: Policy, action: string) =>
      decisionOn({
        who: actor(role, own),
        action,
        resource: sessionKeyArn,
        owner: MEMBER,
        context,
        policy: key,
      });
    return [
      await use(roleIn(MEMBER, "Operators"), operator, "kms:GenerateDataKey"),
      await use(roleIn(MEMBER, "app-server"), instance, "kms:Decrypt"),
    ];
  };

  it.each`
    grants                               | policies                                                     | byOperator            | byInstance
    ${"every grant"}                     | ${{}}                                                        | ${"Allowed"}          | ${"Allowed"}
    ${"all but the operator's"}          | ${{ operator: without(operators, "EncryptOwnSessions") }}    | ${"ImplicitlyDenied"} | ${"Allowed"}
    ${"all but the instance's"}          | ${{ instance: without(instances, "DecryptSessionData") }}    | ${"Allowed"}          | ${"ImplicitlyDenied"}
    ${"all but the key's for users"}     | ${{ key: without(sessionKey, "UsersOpenDataChannels") }}     | ${"ImplicitlyDenied"} | ${"Allowed"}
    ${"all but the key's for instances"} | ${{ key: without(sessionKey, "InstancesOpenDataChannels") }} | ${"Allowed"}          | ${"ImplicitlyDenied"}
  `(
    "with $grants: operator $byOperator, instance $byInstance",
    async ({ policies, byOperator, byInstance }) => {
      expect(await open(policies)).toEqual([byOperator, byInstance]);
    },
  );
});

describe("an archive with a prefix of its own", () => {
  it("accepts transcripts of its members below that prefix", async () => {
    const made = exampleOrganization({
      accounts: {
        ...map.accounts,
        "log-archive": { ...map.accounts["log-archive"]!, transcripts: { prefix: "kept" } },
      },
    });
    const site = made.archives.find(({ region }) => region === EU)!.settings;
    const policy = transcriptBucketPolicy(archive, {
      ...site.transcripts,
      bucket: name,
      members,
      keyArn: archiveKeyArn,
      protect,
    });
    const written = destinationsIn(made, "sandbox");
    const who = actor(roleIn(MEMBER, "app-server"), instancePolicy(written));
    const resource = `${bucket}/${written[0]!.transcripts!.prefix}/x.log`;
    const asked = { who, action: "s3:PutObject", resource, owner: ARCHIVE, context: AGENT, policy };
    expect(await decisionOn(asked)).toBe("Allowed");
  });
});
