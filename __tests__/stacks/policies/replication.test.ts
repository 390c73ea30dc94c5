import type { Organization } from "../../../accounts/model/organization";
import { arns } from "../../../stacks/names";
import { transcriptBucketPolicy } from "../../../stacks/policies/bucket-policy";
import {
  archiveKeyPolicy,
  archiveKeyUsesOf,
  keyUsesOf,
  sessionKeyPolicy,
} from "../../../stacks/policies/key-policy";
import { reviewerPolicy } from "../../../stacks/policies/people-policy";
import { reviewedIn } from "../../../stacks/policies/reviewed-buckets";
import type { Policy } from "../../../stacks/policies/policy";
import { replicaBucketPolicy, replicaKeyPolicy } from "../../../stacks/policies/replica-policy";
import {
  replicationOf,
  replicationPolicy,
  replicationRoleArn,
  replicationTrust,
} from "../../../stacks/policies/replication-policy";
import { membersOf } from "../../../stacks/policies/principals";
import { checkMap } from "../../../stacks/read-organization";
import { BACKUP, crossed, replicated, replicatedTargets } from "../../helpers/replicated";
import {
  accountIn,
  actor,
  ADMINISTRATOR,
  administratorOf,
  ARCHIVE,
  destinationsIn,
  EU,
  keyIn,
  MEMBER,
  OTHER_MEMBER,
  roleIn,
  service,
  sidsOf,
  statementOf,
  STRANGER,
  targetIn,
  throughS3,
  decisionOfCaller,
  decisionOn,
  without,
  reviewerPolicyIn,
} from "./helpers";

const WEST = "eu-west-1";
const READER = roleIn(ARCHIVE, "session-reviewer");

/** Both ends of a replication, with every policy on the way. */
interface Path {
  readonly from: {
    readonly owner: string;
    readonly bucket: string;
    readonly object: string;
    readonly key: string;
  };
  readonly to: {
    readonly owner: string;
    readonly bucket: string;
    readonly object: string;
    readonly key: string;
  };
  readonly role: string;
  readonly own: Policy;
  readonly trust: Policy;
  readonly source: Policy;
  readonly sourceKey: Policy;
  readonly copy: Policy;
  readonly copyKey: Policy;
}

function pathOf(organization: Organization, sourceKey: Policy, index = 0): Path {
  const replica = organization.replicas[index]!;
  const { transcripts, protect } = replica.source.settings;
  const replication = replicationOf(organization, replica);
  const { place, bucket } = replication.source;
  const [from, to] = [replication.source, replication.replica].map((end) =>
    arns.bucket(end.place, end.bucket),
  );
  const name = `sessions/${MEMBER}/${EU}/alice-0123456789abcdef0.log`;
  const key = keyIn(place.account.id, place.region);
  const source = transcriptBucketPolicy(place, {
    ...transcripts,
    bucket,
    members: replica.source.kind === "archive" ? membersOf(organization) : null,
    keyArn: key,
    protect,
  });
  return {
    from: { owner: place.account.id, bucket: from!, object: `${from}/${name}`, key },
    to: {
      owner: replica.account.id,
      bucket: to!,
      object: `${to}/${name}`,
      key: keyIn(replica.account.id, replica.region),
    },
    role: replicationRoleArn(place),
    own: replicationPolicy(replication),
    trust: replicationTrust(replication),
    source,
    sourceKey,
    copy: replicaBucketPolicy(replication, {
      ...transcripts,
      central: replica.source.kind === "archive",
      protect,
    }),
    copyKey: replicaKeyPolicy(replication, { readers: transcripts.readers, topics: [] }),
  };
}

const archiveKeyOf = (organization: Organization, index = 0) => {
  const site = organization.archives[index]!;
  const place = { organization: "acme", account: site.account, region: site.region };
  return archiveKeyPolicy(place, archiveKeyUsesOf(organization, site, place));
};
const organization = checkMap(replicated(), "map");
const withinOrganization = checkMap(
  replicated((map) => {
    delete map.accounts["backup"];
    map.transcripts!.replication = { region: WEST };
  }),
  "map",
);
const crossedOrganization = checkMap(crossed(), "map");
const owners = checkMap(replicatedTargets(), "map");
const sandbox = targetIn(owners, "sandbox", EU);
const ownPlace = { organization: "acme", account: sandbox.account, region: EU };
const ownKey = sessionKeyPolicy(ownPlace, keyUsesOf(sandbox, ownPlace));
const ofSandbox = owners.replicas.findIndex(({ source }) => source.account.name === "sandbox");

const ACROSS = pathOf(organization, archiveKeyOf(organization));
const WITHIN = pathOf(withinOrganization, archiveKeyOf(withinOrganization));
const [EU_TO_US, US_TO_EU] = [0, 1].map((index) =>
  pathOf(crossedOrganization, archiveKeyOf(crossedOrganization, index), index),
) as [Path, Path];
const OWN = pathOf(owners, ownKey, ofSandbox);

/** What S3 does for one transcript, by the policies of a path. */
async function replicate(path: Path) {
  const who = actor(path.role, path.own);
  const at = (end: Path["from"], policy: Policy) => (action: string, resource: string) =>
    decisionOn({ who, action, resource, owner: end.owner, policy });
  const [here, there] = [at(path.from, path.source), at(path.to, path.copy)];
  const use = (end: Path["from"], policy: Policy, action: string) =>
    decisionOn({
      who,
      action,
      resource: end.key,
      owner: end.owner,
      context: throughS3(end.bucket, end.key.split(":")[3]),
      policy,
    });
  return {
    configuration: await here("s3:GetReplicationConfiguration", path.from.bucket),
    read: await here("s3:GetObjectVersionForReplication", path.from.object),
    lock: await here("s3:GetObjectRetention", path.from.object),
    hold: await here("s3:GetObjectLegalHold", path.from.object),
    decrypt: await use(path.from, path.sourceKey, "kms:Decrypt"),
    encrypt: await use(path.to, path.copyKey, "kms:Encrypt"),
    dataKey: await use(path.to, path.copyKey, "kms:GenerateDataKey"),
    write: await there("s3:ReplicateObject", path.to.object),
    tags: await there("s3:ReplicateTags", path.to.object),
    owner: await there("s3:ObjectOwnerOverrideToBucketOwner", path.to.object),
    retain: await there("s3:PutObjectRetention", path.to.object),
  };
}

const EVERYTHING = Object.fromEntries(
  [
    "configuration",
    "read",
    "lock",
    "hold",
    "decrypt",
    "encrypt",
    "dataKey",
    "write",
    "tags",
    "owner",
    "retain",
  ].map((step) => [step, "Allowed"]),
);

describe.each([
  ["an archive to another account", ACROSS],
  ["an archive within its account", WITHIN],
  ["an archive to the region of the other one", EU_TO_US],
  ["the other archive to the region of the first", US_TO_EU],
  ["a target's own bucket", OWN],
])("a transcript is replicated from %s", (_title, path) => {
  it("with every grant in place", async () => expect(await replicate(path)).toEqual(EVERYTHING));

  it.each<[string, Partial<Path>, string[]]>([
    [
      "the role's right to read the configuration",
      { own: without(path.own, "FindWhatToReplicate") },
      ["configuration"],
    ],
    ["the role's right to read", { own: without(path.own, "ReadForReplication") }, ["read", "lock", "hold"]],
    ["the role's right to encrypt", { own: without(path.own, "EncryptReplicas") }, ["encrypt", "dataKey"]],
    [
      "the source key's grant",
      { sourceKey: without(path.sourceKey, "AccountWritesTranscriptsThroughS3") },
      ["decrypt"],
    ],
    [
      "the replica key's grant",
      { copyKey: without(path.copyKey, "ReplicationEncryptsThroughS3") },
      ["encrypt", "dataKey"],
    ],
  ])("not without %s", async (_missing, policies, denied) => {
    const refused = Object.fromEntries(denied.map((step) => [step, "ImplicitlyDenied"]));
    expect(await replicate({ ...path, ...policies })).toEqual({ ...EVERYTHING, ...refused });
  });

  const ofSource = (action: string) => ({ action, end: path.from });
  const ofReplica = (action: string) => ({ action, end: path.to });
  it.each([
    ofSource("s3:GetReplicationConfiguration"),
    ofSource("s3:ListBucket"),
    ofSource("s3:GetObjectVersionForReplication"),
    ofSource("s3:GetObjectRetention"),
    ofReplica("s3:ReplicateObject"),
    ofReplica("s3:ObjectOwnerOverrideToBucketOwner"),
    ofReplica("s3:PutObjectRetention"),
  ])("the role may $action only in a bucket of the account that the map has", async ({ action, end }) => {
    const who = actor(path.role, path.own);
    const resource = /Bucket$|Configuration$/.test(action) ? end.bucket : end.object;
    const asked = { who, action, resource, owner: end.owner };
    expect(await decisionOfCaller(asked)).toBe("Allowed");
    expect(await decisionOfCaller({ ...asked, owner: STRANGER })).toBe("ImplicitlyDenied");
    // AWS does not say that the requests of replication name the owner.
    const unsaid = { ...asked, context: { "aws:ResourceAccount": undefined } };
    expect(await decisionOfCaller(unsaid)).toBe("Allowed");
  });
});

it.each([
  ["the role's right to write", { own: without(ACROSS.own, "Replicate") }],
  ["the replica bucket's grant", { copy: without(ACROSS.copy, "ReplicationWritesReplicas") }],
])("no replica is written to another account without %s", async (_missing, policies) => {
  const { write, tags, owner, retain } = await replicate({ ...ACROSS, ...policies });
  expect([write, tags, owner, retain]).toEqual(Array(4).fill("ImplicitlyDenied"));
});

/**
 * An archive's key policy with Principal "*" and the organization's id allows roles of the archive's own account
 * without a statement in their own policies. So only the bucket of a target shows this.
 */
it("a target's own transcript is not decrypted without the role's right to it", async () => {
  const { decrypt } = await replicate({ ...OWN, own: without(OWN.own, "DecryptOriginals") });
  expect(decrypt).toBe("ImplicitlyDenied");
});

it("a bucket without a replica is read for replication by nobody", async () => {
  const plain = transcriptBucketPolicy(
    { organization: "acme", account: organization.archives[0]!.account, region: EU },
    {
      ...organization.archives[0]!.settings.transcripts,
      replication: null,
      bucket: ACROSS.from.bucket.split(":::")[1]!,
      members: membersOf(organization),
      keyArn: ACROSS.from.key,
      protect: true,
    },
  );
  expect((await replicate({ ...ACROSS, source: plain })).read).toBe("ExplicitlyDenied");
});

describe("the role of replication", () => {
  const by = (path: Path, action: string, resource: string, owner: string, policy: Policy, context = {}) =>
    decisionOn({ who: actor(path.role, path.own), action, resource, owner, policy, context });

  it.each`
    does                             | action                                 | key
    ${"deletes an original"}         | ${"s3:DeleteObjectVersion"}            | ${ACROSS.from.object}
    ${"reads an original"}           | ${"s3:GetObject"}                      | ${ACROSS.from.object}
    ${"reads what is no transcript"} | ${"s3:GetObjectVersionForReplication"} | ${`${ACROSS.from.bucket}/other/x.log`}
    ${"writes an original"}          | ${"s3:PutObject"}                      | ${ACROSS.from.object}
  `("never $does", async ({ action, key }) => {
    expect(await by(ACROSS, action, key, ARCHIVE, ACROSS.source)).not.toBe("Allowed");
  });

  it.each`
    does                               | action                            | key
    ${"replicates a delete marker"}    | ${"s3:ReplicateDelete"}           | ${ACROSS.to.object}
    ${"deletes a replica"}             | ${"s3:DeleteObjectVersion"}       | ${ACROSS.to.object}
    ${"reads a replica"}               | ${"s3:GetObject"}                 | ${ACROSS.to.object}
    ${"uploads a replica"}             | ${"s3:PutObject"}                 | ${ACROSS.to.object}
    ${"shortens a lock"}               | ${"s3:BypassGovernanceRetention"} | ${ACROSS.to.object}
    ${"writes where no transcript is"} | ${"s3:ReplicateObject"}           | ${`${ACROSS.to.bucket}/other/x.log`}
    ${"changes the bucket"}            | ${"s3:PutBucketPolicy"}           | ${ACROSS.to.bucket}
  `("never $does", async ({ action, key }) => {
    expect(await by(ACROSS, action, key, BACKUP, ACROSS.copy)).not.toBe("Allowed");
  });

  it.each`
    uses                                  | key                | owner      | policy              | action               | context
    ${"the original's key past S3"}       | ${ACROSS.from.key} | ${ARCHIVE} | ${ACROSS.sourceKey} | ${"kms:Decrypt"}     | ${{}}
    ${"the replica's key past S3"}        | ${ACROSS.to.key}   | ${BACKUP}  | ${ACROSS.copyKey}   | ${"kms:Encrypt"}     | ${{}}
    ${"the replica's key elsewhere"}      | ${ACROSS.to.key}   | ${BACKUP}  | ${ACROSS.copyKey}   | ${"kms:Encrypt"}     | ${throughS3("arn:aws:s3:::other", WEST)}
    ${"the replica's key in its region"}  | ${ACROSS.to.key}   | ${BACKUP}  | ${ACROSS.copyKey}   | ${"kms:Encrypt"}     | ${throughS3(ACROSS.to.bucket, EU)}
    ${"the replica's key to hand it out"} | ${ACROSS.to.key}   | ${BACKUP}  | ${ACROSS.copyKey}   | ${"kms:CreateGrant"} | ${throughS3(ACROSS.to.bucket, WEST)}
  `("never uses $uses", async ({ key, owner, policy, action, context }) => {
    expect(await by(ACROSS, action, key, owner, policy, context)).toBe("ImplicitlyDenied");
  });
});

describe("of two archives that are copied to each other's region", () => {
  // Every bucket and key is in one account, so only the policies keep the two replications apart.
  const [eu, us] = [EU_TO_US, US_TO_EU];

  it("four buckets have four names", () => {
    const buckets = [eu, us].flatMap(({ from, to }) => [from.bucket, to.bucket]);
    expect(new Set(buckets).size).toBe(4);
  });

  it.each`
    role           | by    | to                       | end        | policy       | verdict
    ${"Europe's"}  | ${eu} | ${"Europe's copy"}       | ${eu.to}   | ${eu.copy}   | ${"Allowed"}
    ${"Europe's"}  | ${eu} | ${"America's copy"}      | ${us.to}   | ${us.copy}   | ${"ExplicitlyDenied"}
    ${"Europe's"}  | ${eu} | ${"Europe's originals"}  | ${eu.from} | ${eu.source} | ${"ExplicitlyDenied"}
    ${"Europe's"}  | ${eu} | ${"America's originals"} | ${us.from} | ${us.source} | ${"ExplicitlyDenied"}
    ${"America's"} | ${us} | ${"America's copy"}      | ${us.to}   | ${us.copy}   | ${"Allowed"}
    ${"America's"} | ${us} | ${"Europe's copy"}       | ${eu.to}   | ${eu.copy}   | ${"ExplicitlyDenied"}
    ${"America's"} | ${us} | ${"America's originals"} | ${us.from} | ${us.source} | ${"ExplicitlyDenied"}
    ${"America's"} | ${us} | ${"Europe's originals"}  | ${eu.from} | ${eu.source} | ${"ExplicitlyDenied"}
  `("$role role writes replicas to $to: $verdict", async ({ by, end, policy, verdict }) => {
    const asked = { who: actor(by.role, by.own), action: "s3:ReplicateObject", resource: end.object };
    expect(await decisionOn({ ...asked, owner: end.owner, policy })).toBe(verdict);
  });

  it.each`
    role           | by    | what                     | end        | policy       | verdict
    ${"Europe's"}  | ${eu} | ${"Europe's originals"}  | ${eu.from} | ${eu.source} | ${"Allowed"}
    ${"Europe's"}  | ${eu} | ${"America's originals"} | ${us.from} | ${us.source} | ${"ExplicitlyDenied"}
    ${"Europe's"}  | ${eu} | ${"America's copy"}      | ${us.to}   | ${us.copy}   | ${"ExplicitlyDenied"}
    ${"America's"} | ${us} | ${"America's originals"} | ${us.from} | ${us.source} | ${"Allowed"}
    ${"America's"} | ${us} | ${"Europe's originals"}  | ${eu.from} | ${eu.source} | ${"ExplicitlyDenied"}
    ${"America's"} | ${us} | ${"Europe's copy"}       | ${eu.to}   | ${eu.copy}   | ${"ExplicitlyDenied"}
  `("$role role reads $what for replication: $verdict", async ({ by, end, policy, verdict }) => {
    const action = "s3:GetObjectVersionForReplication";
    const asked = { who: actor(by.role, by.own), action, resource: end.object };
    expect(await decisionOn({ ...asked, owner: end.owner, policy })).toBe(verdict);
  });
});

it("the replica's bucket accepts nothing outside its prefix, even if the role may do everything", async () => {
  const asked = { who: actor(ACROSS.role, ADMINISTRATOR), action: "s3:ReplicateObject", owner: BACKUP };
  const at = (key: string) =>
    decisionOn({ ...asked, resource: `${ACROSS.to.bucket}/${key}`, policy: ACROSS.copy });
  expect([await at("sessions/x.log"), await at("other/x.log")]).toEqual(["Allowed", "ImplicitlyDenied"]);
});

describe("nobody else", () => {
  const others = {
    administrator: administratorOf(BACKUP),
    source: administratorOf(ARCHIVE),
    member: administratorOf(OTHER_MEMBER),
    stranger: administratorOf(STRANGER),
  };
  it.each`
    who                                 | actor                   | action                                 | verdict
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:PutObject"}                      | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:ReplicateObject"}                | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:ReplicateTags"}                  | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:PutObjectRetention"}             | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:PutObjectLegalHold"}             | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:PutObjectTagging"}               | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:PutObjectAcl"}                   | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:PutObjectVersionTagging"}        | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:GetObject"}                      | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:GetObjectVersion"}               | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:GetObjectVersionForReplication"} | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:DeleteObject"}                   | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:DeleteObjectVersion"}            | ${"ExplicitlyDenied"}
    ${"the replica's administrator"}    | ${others.administrator} | ${"s3:BypassGovernanceRetention"}      | ${"ExplicitlyDenied"}
    ${"the source's administrator"}     | ${others.source}        | ${"s3:ReplicateObject"}                | ${"ExplicitlyDenied"}
    ${"the source's administrator"}     | ${others.source}        | ${"s3:PutObject"}                      | ${"ExplicitlyDenied"}
    ${"the source's administrator"}     | ${others.source}        | ${"s3:DeleteObject"}                   | ${"ExplicitlyDenied"}
    ${"the source's administrator"}     | ${others.source}        | ${"s3:GetObject"}                      | ${"ExplicitlyDenied"}
    ${"another member's administrator"} | ${others.member}        | ${"s3:ReplicateObject"}                | ${"ExplicitlyDenied"}
    ${"a stranger"}                     | ${others.stranger}      | ${"s3:ReplicateObject"}                | ${"ExplicitlyDenied"}
  `("$who: $action is $verdict", async ({ actor: who, action, verdict: expected }) => {
    const asked = { who, action, resource: ACROSS.to.object, owner: BACKUP, policy: ACROSS.copy };
    expect(await decisionOn(asked)).toBe(expected);
  });

  it("reads an original for replication, the archive's administrator included", async () => {
    const action = "s3:GetObjectVersionForReplication";
    const asked = { action, resource: ACROSS.from.object, owner: ARCHIVE, policy: ACROSS.source };
    expect(await decisionOn({ ...asked, who: others.source })).toBe("ExplicitlyDenied");
    expect(await decisionOn({ ...asked, who: actor(READER, { ...ACROSS.own }) })).toBe("ExplicitlyDenied");
  });

  it.each`
    who                              | actor                   | action
    ${"the replica's administrator"} | ${others.administrator} | ${"kms:Decrypt"}
    ${"the source's administrator"}  | ${others.source}        | ${"kms:Encrypt"}
    ${"another member"}              | ${others.member}        | ${"kms:GenerateDataKey"}
    ${"a stranger"}                  | ${others.stranger}      | ${"kms:Encrypt"}
  `("uses the replica's key: $who, $action", async ({ actor: who, action }) => {
    const asked = {
      who,
      action,
      resource: ACROSS.to.key,
      owner: BACKUP,
      context: throughS3(ACROSS.to.bucket, WEST),
      policy: ACROSS.copyKey,
    };
    expect(await decisionOn(asked)).toBe("ImplicitlyDenied");
  });

  it("writes without TLS, including the role", async () => {
    const asked = { who: actor(ACROSS.role, ACROSS.own), resource: ACROSS.to.object, owner: BACKUP };
    const action = "s3:ReplicateObject";
    const policy = ACROSS.copy;
    const http = { "aws:SecureTransport": "false", "s3:TlsVersion": undefined };
    expect(await decisionOn({ ...asked, action, policy, context: http })).toBe("ExplicitlyDenied");
    expect(await decisionOn({ ...asked, action, policy, context: { "s3:TlsVersion": "1.1" } })).toBe(
      "ExplicitlyDenied",
    );
    expect(await decisionOn({ ...asked, action, policy, context: { "s3:TlsVersion": undefined } })).toBe(
      "Allowed",
    );
  });
});

describe("a replica is read", () => {
  const reviewing = reviewerPolicy(
    reviewedIn(organization, accountIn(organization, "log-archive"), []),
    [],
    [],
  );
  const read = async ({ role = READER, own = reviewing, copy = ACROSS.copy, key = ACROSS.copyKey }) => {
    const asked = { who: actor(role, own), owner: BACKUP };
    return [
      await decisionOn({ ...asked, action: "s3:ListBucket", resource: ACROSS.to.bucket, policy: copy }),
      await decisionOn({ ...asked, action: "s3:GetObject", resource: ACROSS.to.object, policy: copy }),
      await decisionOn({
        ...asked,
        action: "kms:Decrypt",
        resource: ACROSS.to.key,
        context: throughS3(ACROSS.to.bucket, WEST),
        policy: key,
      }),
    ];
  };
  const [YES, NO, NEVER] = ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"];

  it.each`
    by                                                         | policies                                                                  | verdicts
    ${"a reader of the source"}                                | ${{}}                                                                     | ${[YES, YES, YES]}
    ${"somebody else"}                                         | ${{ role: roleIn(ARCHIVE, "other") }}                                     | ${[NO, NEVER, NO]}
    ${"a reader whose own policy does not allow reading"}      | ${{ own: without(reviewing, "ReadTranscripts") }}                         | ${[YES, NO, YES]}
    ${"a reader without the bucket's statement about reading"} | ${{ copy: without(ACROSS.copy, "ReadersReadTranscripts") }}               | ${[YES, NO, YES]}
    ${"a reader without the bucket's statement about listing"} | ${{ copy: without(ACROSS.copy, "ReadersListTranscripts") }}               | ${[NO, YES, YES]}
    ${"a reader without the key's statement"}                  | ${{ key: without(ACROSS.copyKey, "ReadersDecryptTranscriptsThroughS3") }} | ${[YES, YES, NO]}
  `("by $by", async ({ policies, verdicts }) => expect(await read(policies)).toEqual(verdicts));
});

describe("a reader of a member account, by the policies of the map", () => {
  const auditor = roleIn(MEMBER, "auditor");
  const made = checkMap(
    replicated((map) => (map.transcripts = { ...map.transcripts, readers: [auditor] })),
    "map",
  );
  const { copy, copyKey, to } = pathOf(made, archiveKeyOf(made));
  const who = actor(auditor, reviewerPolicyIn(made, "sandbox"));
  const objectOf = (name: string) => `${to.bucket}/${name}`;
  const [YES, NO, NEVER] = ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"];

  it.each`
    what                               | name                                      | caller | expected
    ${"its own account's"}             | ${`sessions/${MEMBER}/${EU}/x.log`}       | ${YES} | ${YES}
    ${"its own of another region"}     | ${`sessions/${MEMBER}/eu-west-3/x.log`}   | ${YES} | ${YES}
    ${"another account's"}             | ${`sessions/${OTHER_MEMBER}/${EU}/x.log`} | ${NO}  | ${NEVER}
    ${"one below a longer account id"} | ${`sessions/${MEMBER}0/${EU}/x.log`}      | ${NO}  | ${NEVER}
    ${"one below another prefix"}      | ${`other/${MEMBER}/${EU}/x.log`}          | ${NO}  | ${NEVER}
  `(
    "reads in the replica $what: $expected, by its own policy $caller",
    async ({ name, caller, expected }) => {
      for (const action of ["s3:GetObject", "s3:GetObjectVersion"]) {
        const asked = { who, action, resource: objectOf(name), owner: BACKUP };
        expect(await decisionOn({ ...asked, policy: copy })).toBe(expected);
        expect(await decisionOfCaller(asked)).toBe(caller);
      }
    },
  );

  it("is given nothing by a stranger's bucket of the replica's name", async () => {
    const objects = { who, action: "s3:GetObject", resource: objectOf(`sessions/${MEMBER}/${EU}/x.log`) };
    for (const asked of [objects, { who, action: "s3:ListBucket", resource: to.bucket }]) {
      expect(await decisionOfCaller({ ...asked, owner: BACKUP })).toBe(YES);
      expect(await decisionOfCaller({ ...asked, owner: STRANGER })).toBe(NO);
    }
  });

  it.each`
    what                   | prefix                         | expected
    ${"its own account's"} | ${`sessions/${MEMBER}/`}       | ${YES}
    ${"another account's"} | ${`sessions/${OTHER_MEMBER}/`} | ${NO}
  `("lists in the replica $what: $expected", async ({ prefix, expected }) => {
    const asked = { who, action: "s3:ListBucket", resource: to.bucket, owner: BACKUP, policy: copy };
    expect(await decisionOn({ ...asked, context: { "s3:prefix": prefix } })).toBe(expected);
  });

  it.each`
    through                     | bucket              | expected
    ${"the replica"}            | ${to.bucket}        | ${YES}
    ${"another of a like name"} | ${`${to.bucket}-2`} | ${NO}
  `("decrypts through $through: $expected", async ({ bucket, expected }) => {
    const asked = { who, action: "kms:Decrypt", resource: to.key, owner: BACKUP, policy: copyKey };
    expect(await decisionOn({ ...asked, context: throughS3(bucket, WEST) })).toBe(expected);
  });

  it("has one resource for the replicas of all its regions", () => {
    const everywhere = checkMap(
      replicated((map) => {
        map.accounts["sandbox"]!.regions = [EU, "eu-west-3", "us-east-1"];
        map.transcripts = { ...map.transcripts, readers: [auditor] };
      }),
      "map",
    );
    const buckets = reviewedIn(
      everywhere,
      accountIn(everywhere, "sandbox"),
      destinationsIn(everywhere, "sandbox"),
    );
    const copies = `session-audit-acme-${ARCHIVE}-*-copy`;
    expect(buckets.filter(({ bucket }) => bucket === copies)).toHaveLength(3);
    const policy = reviewerPolicy(buckets, [], []);
    const [read, list] = ["ReadTranscripts", "ListTranscripts"].map(
      (sid) => statementOf(policy, sid).Resource,
    );
    const ofCopies = (resources: unknown) => (resources as string[]).filter((arn) => arn.includes("-copy"));
    expect([ofCopies(read), ofCopies(list)]).toEqual([
      [`arn:aws:s3:::${copies}/sessions/${MEMBER}/*`],
      [`arn:aws:s3:::${copies}`],
    ]);
  });

  it("reads no replica of an archive that none of its sessions is in", () => {
    const theirs = destinationsIn(made, "sandbox").map((each) => ({
      ...each,
      transcripts: { ...each.transcripts!, bucket: "theirs" },
    }));
    const elsewhere = reviewedIn(made, accountIn(made, "sandbox"), theirs);
    expect(elsewhere.map(({ bucket }) => bucket)).toEqual(["theirs", `session-audit-acme-${MEMBER}-*-?`]);
  });
});

describe("the trust of the role", () => {
  const take = (principal: string, context: Record<string, string>) =>
    decisionOn({
      who: service(principal),
      action: "sts:AssumeRole",
      resource: ACROSS.role,
      owner: ARCHIVE,
      context,
      // A trust policy has no resource. The simulator requires one: the role.
      policy: {
        ...ACROSS.trust,
        Statement: ACROSS.trust.Statement.map((statement) => ({ ...statement, Resource: ACROSS.role })),
      },
    });
  const ours = { "aws:SourceAccount": ARCHIVE, "aws:SourceArn": ACROSS.from.bucket };

  it.each`
    by                           | principal                             | context                                               | expected
    ${"S3 for the bucket"}       | ${"s3.amazonaws.com"}                 | ${ours}                                               | ${"Allowed"}
    ${"S3 that names no source"} | ${"s3.amazonaws.com"}                 | ${{}}                                                 | ${"Allowed"}
    ${"S3 for another bucket"}   | ${"s3.amazonaws.com"}                 | ${{ ...ours, "aws:SourceArn": "arn:aws:s3:::other" }} | ${"ImplicitlyDenied"}
    ${"S3 for another account"}  | ${"s3.amazonaws.com"}                 | ${{ "aws:SourceAccount": STRANGER }}                  | ${"ImplicitlyDenied"}
    ${"another service"}         | ${"batchoperations.s3.amazonaws.com"} | ${{}}                                                 | ${"ImplicitlyDenied"}
  `("allows $by: $expected", async ({ principal, context, expected }) => {
    expect(await take(principal, context)).toBe(expected);
  });
});

it("an unprotected replica may be deleted by its owner, as its source may", async () => {
  const open = checkMap(
    replicated((map) => (map.protect = false)),
    "map",
  );
  const { copy, to } = pathOf(open, archiveKeyOf(open));
  const asked = {
    who: administratorOf(BACKUP),
    action: "s3:DeleteObjectVersion",
    resource: to.object,
    owner: BACKUP,
  };
  expect(await decisionOn({ ...asked, policy: copy })).toBe("Allowed");
});

it("without KMS keys, the role has no statement about keys", () => {
  const bare = checkMap(
    replicated((map) => {
      map.encryption = { mode: "s3-managed" };
      map.preferences = { encryptSessionData: false, enforce: { cloudWatch: false } };
    }),
    "map",
  );
  const own = replicationPolicy(replicationOf(bare, bare.replicas[0]!));
  expect(sidsOf(own)).toEqual(["FindWhatToReplicate", "ReadForReplication", "Replicate"]);
});

it("a created key is identified by its bucket, an existing key by its ARN", () => {
  const keyArn = `arn:aws:kms:${WEST}:${BACKUP}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const made = checkMap(
    replicated((map) => (map.accounts["backup"]!.encryption = { mode: "existing", keyArn })),
    "map",
  );
  const resourceOf = (own: Policy) => statementOf(own, "EncryptReplicas").Resource;
  expect(resourceOf(replicationPolicy(replicationOf(made, made.replicas[0]!)))).toEqual([keyArn]);
  expect(resourceOf(ACROSS.own)).toEqual([`arn:aws:kms:*:${BACKUP}:key/*`]);
});

describe("the replica of an archive", () => {
  const map = replicated((made) => {
    made.transcripts = {
      ...made.transcripts,
      readers: [READER, roleIn(OTHER_MEMBER, "auditor")],
      organizationReaders: [roleIn(OTHER_MEMBER, "responder")],
    };
  });
  const organization = checkMap(map, "map");
  const replica = organization.replicas[0]!;
  const { source } = replica;
  const replication = replicationOf(organization, replica);
  const { place, bucket } = replication.replica;
  const arn = arns.bucket(place, bucket);
  const policy = replicaBucketPolicy(replication, {
    ...source.settings.transcripts,
    central: source.kind === "archive",
    protect: true,
  });

  const { transcripts } = source.settings;
  const archived = replicaBucketPolicy(replication, {
    ...transcripts,
    lifecycle: { ...transcripts.lifecycle, deepArchiveAfterDays: 90 },
    central: source.kind === "archive",
    protect: true,
  });

  it.each`
    role                                 | account         | expected
    ${READER}                            | ${MEMBER}       | ${"Allowed"}
    ${roleIn(OTHER_MEMBER, "responder")} | ${MEMBER}       | ${"Allowed"}
    ${roleIn(OTHER_MEMBER, "auditor")}   | ${MEMBER}       | ${"ExplicitlyDenied"}
    ${roleIn(OTHER_MEMBER, "auditor")}   | ${OTHER_MEMBER} | ${"Allowed"}
    ${roleIn(BACKUP, "someone")}         | ${MEMBER}       | ${"ExplicitlyDenied"}
  `(
    "lets $role read and restore the transcripts of $account: $expected",
    async ({ role, account, expected }) => {
      const resource = `${arn}/sessions/${account}/${EU}/x.log`;
      const who = actor(role, ADMINISTRATOR);
      const asked = { who, resource, owner: place.account.id };
      for (const action of ["s3:GetObject", "s3:GetObjectVersion"])
        expect(await decisionOn({ ...asked, action, policy })).toBe(expected);
      expect(await decisionOn({ ...asked, action: "s3:RestoreObject", policy: archived })).toBe(expected);
    },
  );
});
