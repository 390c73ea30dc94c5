import map from "../../fixtures/example-map";
import { arns, names } from "../../../stacks/names";
import { destinationsOf, targetKey } from "../../../stacks/policies/destinations";
import {
  ARCHIVE,
  at,
  EU,
  keyIn,
  MEMBER,
  exampleOrganization,
  STRANGER,
  targetIn,
  US,
  exampleWithoutArchive,
} from "./helpers";

const KEY = keyIn(MEMBER);
const of = (changes: Parameters<typeof exampleOrganization>[0], make = exampleOrganization) => {
  const organization = make(changes);
  return destinationsOf(organization, targetIn(organization, "sandbox", EU));
};
const settings = (sandbox: object) => ({
  accounts: { ...map.accounts, sandbox: { ...map.accounts.sandbox!, ...sandbox } },
});
const PREFIX = `sessions/${MEMBER}/${EU}`;

describe("transcripts of a target", () => {
  it.each`
    map                                                   | destinations                                                                              | bucket                                 | owner       | prefix                   | key
    ${"with an archive"}                                  | ${of({})}                                                                                 | ${names.transcriptBucket(at(ARCHIVE))} | ${ARCHIVE}  | ${PREFIX}                | ${{ owner: at(ARCHIVE) }}
    ${"without an archive"}                               | ${of({}, exampleWithoutArchive)}                                                          | ${names.transcriptBucket(at(MEMBER))}  | ${MEMBER}   | ${PREFIX}                | ${{ owner: at(MEMBER) }}
    ${"without an archive, with an existing key"}         | ${of(settings({ encryption: { mode: "existing", keyArn: KEY } }), exampleWithoutArchive)} | ${names.transcriptBucket(at(MEMBER))}  | ${MEMBER}   | ${PREFIX}                | ${{ arn: KEY }}
    ${"with an archive, with an existing key of its own"} | ${of(settings({ encryption: { mode: "existing", keyArn: KEY } }))}                        | ${names.transcriptBucket(at(ARCHIVE))} | ${ARCHIVE}  | ${PREFIX}                | ${{ owner: at(ARCHIVE) }}
    ${"with an existing bucket"}                          | ${of(settings({ transcripts: { bucket: { existing: "theirs" } } }))}                      | ${"theirs"}                            | ${null}     | ${PREFIX}                | ${null}
    ${"with an existing bucket and its key"}              | ${of(settings({ transcripts: { bucket: { existing: "theirs", keyArn: KEY } } }))}         | ${"theirs"}                            | ${null}     | ${PREFIX}                | ${{ arn: KEY }}
    ${"with an existing bucket of a known account"}       | ${of(settings({ transcripts: { bucket: { existing: "theirs", account: STRANGER } } }))}   | ${"theirs"}                            | ${STRANGER} | ${PREFIX}                | ${null}
    ${"with a prefix of several words"}                   | ${of({ transcripts: { prefix: "a/b" } })}                                                 | ${names.transcriptBucket(at(ARCHIVE))} | ${ARCHIVE}  | ${`a/b/${MEMBER}/${EU}`} | ${{ owner: at(ARCHIVE) }}
  `("$map go to $bucket of account $owner", ({ destinations, bucket, owner, prefix, key }) => {
    const { place, ...found } = { place: null, ...destinations.transcripts };
    expect(place).toBeNull();
    expect({ ...found, key: withoutNames(found.key) }).toEqual({
      bucket,
      owner,
      prefix,
      key: withoutNames(key),
      archived: false,
      created: bucket !== "theirs",
    });
  });

  it.each`
    lifecycle                                   | bucket        | archived
    ${{ deepArchiveAfterDays: 365 }}            | ${"created"}  | ${true}
    ${{ glacierInstantRetrievalAfterDays: 90 }} | ${"created"}  | ${false}
    ${{ deepArchiveAfterDays: 365 }}            | ${"existing"} | ${false}
  `("in a bucket that is $bucket with $lifecycle need a restore: $archived", (row) => {
    const transcripts = { lifecycle: row.lifecycle as object };
    const existing =
      row.bucket === "existing" ? settings({ transcripts: { bucket: { existing: "theirs" } } }) : {};
    expect(of({ transcripts, ...existing }).transcripts?.archived).toBe(row.archived);
  });

  it("go nowhere without a bucket", () => {
    const changes = settings({ transcripts: { bucket: "none" }, preferences: { enforce: { s3: false } } });
    expect(of(changes).transcripts).toBeNull();
  });

  it("go below the archive's own prefix, the only one that its bucket policy allows", () => {
    const archive = { ...map.accounts["log-archive"]!, transcripts: { prefix: "archive" } };
    const changes = { accounts: { ...map.accounts, "log-archive": archive } };
    expect(of(changes).transcripts?.prefix).toBe(`archive/${MEMBER}/${EU}`);
  });

  it("have no KMS key if the archive has SSE-S3", () => {
    const plain = {
      encryption: { mode: "s3-managed" as const },
      preferences: { encryptSessionData: false, enforce: { cloudWatch: false } },
    };
    const archive = { ...map.accounts["log-archive"]!, ...plain };
    expect(of({ accounts: { ...map.accounts, "log-archive": archive } }).transcripts?.key).toBeNull();
  });

  it("go to the archive in the region of the target", () => {
    const organization = exampleOrganization();
    const { transcripts } = destinationsOf(organization, targetIn(organization, "payments", US));
    expect(transcripts?.bucket).toBe(names.transcriptBucket(at(ARCHIVE, US)));
  });
});

/** A place as an ARN: places with the same ARN are equal, whatever the names of their accounts. */
const withoutNames = (key: { owner: ReturnType<typeof at> } | { arn: string } | null | undefined) =>
  key && "owner" in key ? arns.keys(key.owner) : key;

describe("the log group", () => {
  it.each`
    setting                 | logs                                   | group
    ${"is created"}         | ${{}}                                  | ${"/session-audit/acme/sessions"}
    ${"is one that exists"} | ${{ group: { existing: "/theirs" } }}  | ${"/theirs"}
    ${"is left out"}        | ${{ group: "none", streaming: false }} | ${null}
  `("$setting: $group", ({ logs, group }) => {
    const preferences = { enforce: { cloudWatch: false } };
    expect(of(settings({ logs, preferences })).logGroup).toBe(group);
  });
});

describe("the key of the data channel", () => {
  const plain = { enforce: { cloudWatch: false }, encryptSessionData: false };
  it.each`
    setting                                          | changes                                                       | key
    ${"is identified by its alias if it is created"} | ${{}}                                                         | ${{ alias: "alias/session-audit-acme" }}
    ${"is identified by its ARN if it exists"}       | ${{ encryption: { mode: "existing", keyArn: KEY } }}          | ${{ arn: KEY }}
    ${"is null without session encryption"}          | ${{ preferences: { encryptSessionData: false } }}             | ${null}
    ${"is null with SSE-S3"}                         | ${{ encryption: { mode: "s3-managed" }, preferences: plain }} | ${null}
  `("$setting", ({ changes, key }) => {
    expect(of(settings(changes)).sessionKey).toEqual(key);
  });

  it("is null for a target whose encryption S3 manages", () => {
    const changes = settings({ encryption: { mode: "s3-managed" }, preferences: plain });
    const organization = exampleOrganization(changes);
    expect(targetKey(targetIn(organization, "sandbox", EU), at(MEMBER))).toBeNull();
  });
});
