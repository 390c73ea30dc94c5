import map from "../../fixtures/example-map";
import type { AccountsMap } from "../../../accounts/schema";
import type { Organization, Target } from "../../../accounts/model/organization";
import { arnParts } from "../../../aws/arn";
import { arns, names, placeOf } from "../../../stacks/names";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import { keyUsesOf, sessionKeyPolicy } from "../../../stacks/policies/key-policy";
import { replicaBucketPolicy, replicaKeyPolicy } from "../../../stacks/policies/replica-policy";
import { replicationOf } from "../../../stacks/policies/replication-policy";
import { sharedWith } from "../../../stacks/policies/shared-buckets";
import { checkMap } from "../../../stacks/read-organization";
import { replicatedTargets } from "../../helpers/replicated";
import {
  accountIn,
  actor,
  at,
  decisionOfCaller,
  decisionOn,
  EU,
  exampleOrganization,
  exampleWithoutArchive,
  keyIn,
  MEMBER,
  ORGANIZATION,
  OTHER_MEMBER,
  roleIn,
  sidsOf,
  STRANGER,
  throughS3,
  US,
  reviewerPolicyIn,
} from "./helpers";

const SECURITY = "666666666666";
const RESPONDER = roleIn(SECURITY, "incident-response");
const AUDITOR = roleIn(MEMBER, "auditor");
const IN_ORGANIZATION = { "aws:ResourceOrgID": ORGANIZATION };
const PLAIN = { encryptSessionData: false, enforce: { s3: false, cloudWatch: false } };

const security = { id: SECURITY, homeRegion: EU, regions: [EU], access: { attachToRoles: [] } };
const { "log-archive": _archive, ...members } = map.accounts;
const sharing = (changes: Partial<AccountsMap> = {}, accounts: Record<string, object> = {}) =>
  exampleWithoutArchive({
    transcripts: { readers: [AUDITOR], organizationReaders: [RESPONDER] },
    ...changes,
    accounts: { ...members, security, ...accounts } as AccountsMap["accounts"],
  });

const reviewing = (organization: Organization, id: string) => {
  const { name } = organization.accounts.find((account) => account.id === id)!;
  return reviewerPolicyIn(organization, name, organization.id);
};
const reviewer = (organization: Organization, role: string) =>
  actor(role, reviewing(organization, arnParts(role).accountId));

interface End {
  readonly owner: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly policy: ReturnType<typeof transcriptBucketPolicy>;
  readonly keyPolicy: ReturnType<typeof sessionKeyPolicy>;
}

/** A target's own bucket with its key, and the policies of both. */
function ownBucket(organization: Organization, target: Target): End {
  const place = placeOf(organization, target);
  const name = names.transcriptBucket(place);
  const { encryption, transcripts, protect } = target.settings;
  const key = encryption.mode === "existing" ? encryption.keyArn : keyIn(place.account.id, place.region);
  return {
    owner: place.account.id,
    bucket: arns.bucket(place, name),
    key,
    region: place.region,
    policy: transcriptBucketPolicy(place, {
      ...transcripts,
      bucket: name,
      members: null,
      protect,
      keyArn: encryption.mode === "s3-managed" ? null : key,
    }),
    keyPolicy: sessionKeyPolicy(place, keyUsesOf(target, place, [], null)),
  };
}

/** What the policies of both sides say about a role that reads a transcript, lists the bucket, and decrypts. */
async function verdicts(organization: Organization, role: string, end: End): Promise<unknown[]> {
  const who = reviewer(organization, role);
  const { owner, bucket, policy } = end;
  const s3 = { who, owner, policy, context: IN_ORGANIZATION };
  const object = `${bucket}/sessions/${owner}/${end.region}/x.log`;
  const context = { ...throughS3(bucket, end.region), ...IN_ORGANIZATION };
  return Promise.all([
    decisionOn({ ...s3, action: "s3:GetObject", resource: object }),
    decisionOn({ ...s3, action: "s3:GetObjectVersion", resource: object }),
    decisionOn({ ...s3, action: "s3:ListBucketVersions", resource: bucket }),
    decisionOn({
      who,
      owner: arnParts(end.key).accountId,
      context,
      action: "kms:Decrypt",
      resource: end.key,
      policy: end.keyPolicy,
    }),
  ]);
}
const ALLOWED = ["Allowed", "Allowed", "Allowed", "Allowed"];
const REFUSED = ["ExplicitlyDenied", "ExplicitlyDenied", "ImplicitlyDenied", "ImplicitlyDenied"];

const everyTarget = (organization: Organization) =>
  organization.targets.flatMap((target) => {
    const { readers, organizationReaders } = target.settings.transcripts;
    const roles = [...readers, ...organizationReaders];
    return roles.map((role) => ({ role, end: ownBucket(organization, target) }));
  });

const ofPayments = { transcripts: { readers: [AUDITOR], organizationReaders: [] } };
const EXISTING = { encryption: { mode: "existing", keyArn: keyIn(OTHER_MEMBER, EU, "another") } };
const MAPS: readonly [string, Organization][] = [
  ["for the whole organization", sharing()],
  [
    "of one account alone",
    sharing({ transcripts: {} }, { payments: { ...members["payments"]!, ...ofPayments } }),
  ],
  ["without the id of the organization", sharing({ organization: { name: "acme" } })],
  [
    "with an existing key of a third account",
    sharing(
      {},
      {
        sandbox: {
          ...members["sandbox"]!,
          encryption: { mode: "existing", keyArn: keyIn(STRANGER) },
        },
      },
    ),
  ],
  [
    "with an existing key in one account",
    sharing({}, { payments: { ...members["payments"]!, regions: [EU], ...EXISTING } }),
  ],
  [
    "with a lifecycle to Deep Archive",
    sharing({
      transcripts: {
        readers: [AUDITOR],
        organizationReaders: [RESPONDER],
        lifecycle: { deepArchiveAfterDays: 365 },
      },
    }),
  ],
];

describe.each(MAPS)("readers without an archive, %s", (_map, organization) => {
  it("may read every bucket that names them, by the policies of both sides", async () => {
    const pairs = everyTarget(organization);
    expect(pairs.length).toBeGreaterThan(1);
    for (const { role, end } of pairs)
      expect([role, end.bucket, ...(await verdicts(organization, role, end))]).toEqual([
        role,
        end.bucket,
        ...ALLOWED,
      ]);
  });

  it("are refused every bucket that does not name them, and so are other roles", async () => {
    for (const target of organization.targets) {
      const end = ownBucket(organization, target);
      const { readers, organizationReaders } = target.settings.transcripts;
      const named = [...readers, ...organizationReaders];
      for (const role of [RESPONDER, AUDITOR, roleIn(SECURITY, "someone"), roleIn(OTHER_MEMBER, "someone")])
        if (!named.includes(role) && arnParts(role).accountId !== end.owner)
          expect(await verdicts(organization, role, end)).toEqual(REFUSED);
    }
  });
});

describe("the reviewer policy of an account whose roles read buckets of other accounts", () => {
  const organization = sharing();
  const who = reviewer(organization, RESPONDER);
  const bucketOf = (place: ReturnType<typeof at>) => arns.bucket(place, names.transcriptBucket(place));
  const THEIRS = bucketOf(at(MEMBER));
  const ELSEWHERE = { "aws:ResourceOrgID": "o-zzzzzzzzzz" };

  it.each`
    action                    | resource                                              | context            | expected
    ${"s3:GetObject"}         | ${`${THEIRS}/sessions/x.log`}                         | ${IN_ORGANIZATION} | ${"Allowed"}
    ${"s3:GetObject"}         | ${`${bucketOf(at(OTHER_MEMBER, US))}/sessions/x.log`} | ${IN_ORGANIZATION} | ${"Allowed"}
    ${"s3:ListBucket"}        | ${THEIRS}                                             | ${IN_ORGANIZATION} | ${"Allowed"}
    ${"s3:GetBucketLocation"} | ${THEIRS}                                             | ${IN_ORGANIZATION} | ${"Allowed"}
    ${"s3:GetObject"}         | ${`${THEIRS}/sessions/x.log`}                         | ${ELSEWHERE}       | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${`${THEIRS}/sessions/x.log`}                         | ${{}}              | ${"ImplicitlyDenied"}
    ${"s3:ListBucket"}        | ${THEIRS}                                             | ${ELSEWHERE}       | ${"ImplicitlyDenied"}
    ${"s3:PutObject"}         | ${`${THEIRS}/sessions/x.log`}                         | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:RestoreObject"}     | ${`${THEIRS}/sessions/x.log`}                         | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${`${THEIRS}-trail/x`}                                | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${`${THEIRS}-access/x`}                               | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${`${THEIRS}-rdp/x`}                                  | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${`${THEIRS}-copy/x`}                                 | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${`${THEIRS.replace("acme", "other")}/x`}             | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
    ${"s3:GetObject"}         | ${"arn:aws:s3:::another/x"}                           | ${IN_ORGANIZATION} | ${"ImplicitlyDenied"}
  `(
    "allows $action on $resource with $context: $expected",
    async ({ action, resource, context, expected }) => {
      expect(await decisionOfCaller({ who, action, resource, owner: MEMBER, context })).toBe(expected);
    },
  );

  it.each`
    key              | context                                                         | expected
    ${keyIn(MEMBER)} | ${{ ...throughS3(THEIRS), ...IN_ORGANIZATION }}                 | ${"Allowed"}
    ${keyIn(MEMBER)} | ${{ ...throughS3(`${THEIRS}-trail`), ...IN_ORGANIZATION }}      | ${"ImplicitlyDenied"}
    ${keyIn(MEMBER)} | ${{ ...throughS3("arn:aws:s3:::another"), ...IN_ORGANIZATION }} | ${"ImplicitlyDenied"}
    ${keyIn(MEMBER)} | ${{ ...throughS3(THEIRS), ...ELSEWHERE }}                       | ${"ImplicitlyDenied"}
    ${keyIn(MEMBER)} | ${{}}                                                           | ${"ImplicitlyDenied"}
  `("decrypts with $key in $context: $expected", async ({ key, context, expected }) => {
    const Principal = { AWS: arns.root({ partition: "aws", id: SECURITY }) };
    const all = { Sid: "Any", Effect: "Allow" as const, Principal, Action: ["kms:*"], Resource: "*" };
    const policy = { Version: "2012-10-17" as const, Statement: [all] };
    const asked = { who, action: "kms:Decrypt", resource: key as string, owner: MEMBER, policy };
    expect(await decisionOn({ ...asked, context })).toBe(expected);
  });

  it("is limited to the accounts if the map does not have the id of the organization", async () => {
    const by = reviewer(sharing({ organization: { name: "acme" } }), RESPONDER);
    const read = { who: by, action: "s3:GetObject", resource: `${THEIRS}/sessions/x.log` };
    expect(await decisionOfCaller({ ...read, owner: MEMBER })).toBe("Allowed");
    expect(await decisionOfCaller({ ...read, owner: STRANGER })).toBe("ImplicitlyDenied");
  });

  it("restores transcripts of the other accounts if their lifecycle archives them", async () => {
    const lifecycle = { deepArchiveAfterDays: 365 };
    const made = sharing({ transcripts: { organizationReaders: [RESPONDER], lifecycle } });
    const resource = `${THEIRS}/sessions/x.log`;
    const asked = { action: "s3:RestoreObject", resource, owner: MEMBER, context: IN_ORGANIZATION };
    expect(await decisionOfCaller({ who: reviewer(made, RESPONDER), ...asked })).toBe("Allowed");
  });

  it("decrypts what was encrypted before the buckets had S3's own keys", () => {
    const made = sharing({
      transcripts: { organizationReaders: [RESPONDER] },
      preferences: PLAIN,
      encryption: { mode: "s3-managed" },
    });
    expect(sidsOf(reviewing(made, SECURITY))).toContain("DecryptTranscriptsOfOtherAccounts");
  });

  it("names an existing key of another account than the bucket's, which the condition might not let through", () => {
    const existing = { encryption: { mode: "existing", keyArn: keyIn(STRANGER) } };
    const only = { readers: [RESPONDER] };
    const one = sharing(
      { transcripts: {} },
      { sandbox: { ...members["sandbox"]!, ...existing, transcripts: only } },
    );
    expect(sharedWith(one, accountIn(one, "security")).flatMap(({ keys }) => keys)).toEqual([
      { owner: expect.objectContaining({ account: { id: MEMBER, partition: "aws" } }) as object },
      { arn: keyIn(STRANGER) },
    ]);
    const all = sharing({}, { sandbox: { ...members["sandbox"]!, ...existing } });
    expect(sharedWith(all, accountIn(all, "security")).flatMap(({ keys }) => keys)).toEqual([
      { owner: expect.objectContaining({ account: { id: "*", partition: "aws" } }) as object },
      { arn: keyIn(STRANGER) },
    ]);
  });

  it("names no bucket of the account itself in this way", () => {
    const only = { readers: [AUDITOR] };
    const made = sharing({ transcripts: {} }, { sandbox: { ...members["sandbox"]!, transcripts: only } });
    expect(sharedWith(made, accountIn(made, "sandbox"))).toEqual([]);
  });

  it("names no bucket of an archive in this way", () => {
    const made = exampleOrganization({ transcripts: { organizationReaders: [roleIn(MEMBER, "responder")] } });
    for (const account of made.accounts) expect(sharedWith(made, account)).toEqual([]);
  });
});

describe("copies of targets' own buckets", () => {
  const organization = checkMap(
    replicatedTargets((made) => {
      made.accounts["security"] = security;
      made.transcripts = { ...made.transcripts, readers: [AUDITOR], organizationReaders: [RESPONDER] };
    }),
    "map",
  );
  const copies = organization.replicas.map((replica): End => {
    const replication = replicationOf(organization, replica);
    const { place, bucket } = replication.replica;
    const { transcripts, protect } = replica.source.settings;
    const readers = [...transcripts.readers, ...transcripts.organizationReaders];
    return {
      owner: place.account.id,
      bucket: arns.bucket(place, bucket),
      region: place.region,
      key: keyIn(place.account.id, place.region),
      policy: replicaBucketPolicy(replication, { ...transcripts, central: false, protect }),
      keyPolicy: replicaKeyPolicy(replication, { readers, topics: [] }),
    };
  });

  it.each([RESPONDER, AUDITOR])("may be read by %s, whom their policies name", async (role) => {
    expect(copies.length).toBeGreaterThan(2);
    for (const end of copies) expect(await verdicts(organization, role, end)).toEqual(ALLOWED);
  });

  it("are refused to another role of the same account", async () => {
    for (const end of copies)
      expect(await verdicts(organization, roleIn(SECURITY, "someone"), end)).toEqual(REFUSED);
  });
});
