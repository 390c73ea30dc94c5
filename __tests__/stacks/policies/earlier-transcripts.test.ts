import map from "../../fixtures/example-map";
import type { AccountsMap } from "../../../accounts/schema";
import type { Organization } from "../../../accounts/model/organization";
import { arns, names, placeOf } from "../../../stacks/names";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import {
  archiveKeyPolicy,
  archiveKeyUsesOf,
  keyUsesOf,
  sessionKeyPolicy,
} from "../../../stacks/policies/key-policy";
import type { Policy } from "../../../stacks/policies/policy";
import {
  actor,
  ARCHIVE,
  at,
  decisionOfCaller,
  decisionOn,
  EU,
  exampleOrganization,
  exampleWithoutArchive,
  keyIn,
  MEMBER,
  OTHER_MEMBER,
  roleIn,
  STRANGER,
  targetIn,
  throughS3,
  US,
  reviewerPolicyIn,
} from "./helpers";

/*
 * What was recorded before a change of the map is in the bucket and encrypted with the key of that time. Terraform forgets
 * both with their policies, or keeps the bucket. These tests put the policies of before beside the reviewer policy of after.
 */

const READER = roleIn(MEMBER, "auditor");
/** An account whose buckets name no role of another one. */
const UNNAMED = "888888888888";
const PLAIN = { encryptSessionData: false, enforce: { s3: false, cloudWatch: false } };
const sandbox = map.accounts["sandbox"]!;
const ofSandbox = (changes: object) =>
  ({ accounts: { ...map.accounts, sandbox: { ...sandbox, ...changes } } }) as Partial<AccountsMap>;
const readers = { transcripts: { readers: [READER] } };

const before = exampleWithoutArchive(readers);
const OWN = arns.bucket(at(MEMBER), names.transcriptBucket(at(MEMBER)));
const OBJECT = `${OWN}/sessions/${MEMBER}/${EU}/x.log`;
const target = targetIn(before, "sandbox", EU);
const place = placeOf(before, target);
const { transcripts } = target.settings;
const bucketPolicy = transcriptBucketPolicy(place, {
  ...transcripts,
  bucket: names.transcriptBucket(place),
  members: null,
  protect: true,
  keyArn: keyIn(MEMBER),
});
const keyPolicy = sessionKeyPolicy(place, keyUsesOf(target, place, [], null));

const read = (role: string, policy: Policy, resource = OBJECT, of = bucketPolicy, owner = MEMBER) =>
  decisionOn({ who: actor(role, policy), action: "s3:GetObject", resource, owner, policy: of });
const decrypt = (role: string, policy: Policy, bucket = OWN, key = keyIn(MEMBER), of = keyPolicy) =>
  decisionOn({
    who: actor(role, policy),
    action: "kms:Decrypt",
    resource: key,
    owner: key.split(":")[4]!,
    context: throughS3(bucket),
    policy: of,
  });

const existing = (keyArn: string) => ({ encryption: { mode: "existing", keyArn } });
const CHANGES: readonly [string, Organization][] = [
  ["no change", before],
  [
    "an existing key",
    exampleWithoutArchive({ ...readers, ...ofSandbox(existing(keyIn(MEMBER, EU, "other"))) }),
  ],
  [
    "an existing key of a third account",
    exampleWithoutArchive({ ...readers, ...ofSandbox(existing(keyIn(STRANGER))) }),
  ],
  [
    "S3's own keys",
    exampleWithoutArchive({ ...readers, encryption: { mode: "s3-managed" }, preferences: PLAIN }),
  ],
  ["an archive", exampleOrganization(readers)],
  [
    "an archive with S3's own keys",
    exampleOrganization({ ...readers, encryption: { mode: "s3-managed" }, preferences: PLAIN }),
  ],
  ["another prefix", exampleWithoutArchive({ transcripts: { readers: [READER], prefix: "audit" } })],
  [
    "an existing bucket",
    exampleWithoutArchive({ ...readers, ...ofSandbox({ transcripts: { bucket: { existing: "theirs" } } }) }),
  ],
  [
    "no bucket",
    exampleWithoutArchive({
      ...readers,
      ...ofSandbox({ transcripts: { bucket: "none" }, preferences: PLAIN }),
    }),
  ],
  ["another region", exampleWithoutArchive({ ...readers, ...ofSandbox({ homeRegion: US, regions: [US] }) })],
];

describe.each(CHANGES)("after a change to %s, the reviewer policy of the account", (_change, after) => {
  const policy = reviewerPolicyIn(after, "sandbox");

  it("lets its named reader read and decrypt what was recorded before", async () => {
    expect([await read(READER, policy), await decrypt(READER, policy)]).toEqual(["Allowed", "Allowed"]);
  });

  it("lets no other role read it", async () => {
    expect(await read(roleIn(MEMBER, "someone"), policy)).toBe("ExplicitlyDenied");
  });

  it.each`
    bucket                                                           | owner       | expected
    ${OWN}                                                           | ${MEMBER}   | ${"Allowed"}
    ${OWN}                                                           | ${STRANGER} | ${"ImplicitlyDenied"}
    ${`${OWN}-trail`}                                                | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${`${OWN}-access`}                                               | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${`${OWN}-rdp`}                                                  | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${"arn:aws:s3:::another"}                                        | ${MEMBER}   | ${"ImplicitlyDenied"}
    ${arns.bucket(at(UNNAMED), names.transcriptBucket(at(UNNAMED)))} | ${UNNAMED}  | ${"ImplicitlyDenied"}
  `("allows by itself reading $bucket of $owner: $expected", async ({ bucket, owner, expected }) => {
    const who = actor(READER, policy);
    const asked = { who, action: "s3:GetObject", resource: `${bucket}/x.log`, owner };
    expect(await decisionOfCaller(asked)).toBe(expected);
  });

  it.each`
    key               | bucket                    | expected
    ${keyIn(MEMBER)}  | ${OWN}                    | ${"Allowed"}
    ${keyIn(MEMBER)}  | ${`${OWN}-trail`}         | ${"ImplicitlyDenied"}
    ${keyIn(MEMBER)}  | ${"arn:aws:s3:::another"} | ${"ImplicitlyDenied"}
    ${keyIn(UNNAMED)} | ${OWN}                    | ${"ImplicitlyDenied"}
  `("allows by itself decrypting $bucket with $key: $expected", async ({ key, bucket, expected }) => {
    const Principal = { AWS: arns.root({ partition: "aws", id: MEMBER }) };
    const all = { Sid: "Any", Effect: "Allow" as const, Principal, Action: ["kms:*"], Resource: "*" };
    const any: Policy = { Version: "2012-10-17", Statement: [all] };
    expect(await decrypt(READER, policy, bucket as string, key as string, any)).toBe(expected);
  });
});

describe("after a change of the archive's key", () => {
  const ARCHIVES = roleIn(ARCHIVE, "session-reviewer");
  const named = { transcripts: { readers: [READER, ARCHIVES], organizationReaders: [] } };
  const made = exampleOrganization(named);
  const site = made.archives.find(({ region }) => region === EU)!;
  const central = placeOf(made, site);
  const bucket = arns.bucket(central, names.transcriptBucket(central));
  const key = archiveKeyPolicy(central, archiveKeyUsesOf(made, site, central));
  const changed = (encryption: object, preferences = {}) =>
    exampleOrganization({
      ...named,
      accounts: {
        ...map.accounts,
        "log-archive": {
          ...map.accounts["log-archive"]!,
          preferences,
          otherRegions: { [EU]: { encryption } },
        },
      } as AccountsMap["accounts"],
    });

  it.each([
    ["an existing key", changed(existing(keyIn(ARCHIVE, EU, "other")).encryption)],
    ["an existing key of a third account", changed(existing(keyIn(STRANGER)).encryption)],
    ["S3's own keys", changed({ mode: "s3-managed" }, PLAIN)],
  ])("to %s, readers of every account decrypt with the former one", async (_to, after) => {
    for (const [role, account] of [
      [READER, "sandbox"],
      [ARCHIVES, "log-archive"],
    ] as const)
      expect(await decrypt(role, reviewerPolicyIn(after, account), bucket, keyIn(ARCHIVE), key)).toBe(
        "Allowed",
      );
  });
});

describe("in an archive with another prefix", () => {
  const named = { readers: [READER], organizationReaders: [roleIn(OTHER_MEMBER, "responder")] };
  const after = exampleOrganization({ transcripts: { ...named, prefix: "audit" } });
  const site = after.archives.find(({ region }) => region === EU)!;
  const central = placeOf(after, site);
  const of = transcriptBucketPolicy(central, {
    ...site.settings.transcripts,
    bucket: names.transcriptBucket(central),
    protect: true,
    members: { organizationId: "o-a1b2c3d4e5" },
    keyArn: keyIn(ARCHIVE),
  });
  const former = `${arns.bucket(central, names.transcriptBucket(central))}/sessions/${MEMBER}/${EU}/x.log`;

  it.each`
    reader                               | account       | expected
    ${roleIn(OTHER_MEMBER, "responder")} | ${"payments"} | ${"Allowed"}
    ${READER}                            | ${"sandbox"}  | ${"ExplicitlyDenied"}
  `("$reader reads what is below the former one: $expected", async ({ reader, account, expected }) => {
    expect(
      await read(reader as string, reviewerPolicyIn(after, account as string), former, of, ARCHIVE),
    ).toBe(expected);
  });
});
