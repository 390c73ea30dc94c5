import { generateKeyPairSync, sign } from "node:crypto";
import {
  bytesOf,
  manifestKey,
  manifestOf,
  parseManifest,
  signatureKey,
  type Manifest,
} from "../../../report/chain/manifest";
import { publicKeyOf, signatureBytes, statementOf, type Algorithm } from "../../../report/chain/signature";
import { sha256Of } from "../../../files/checksum";
import { verifyChain, type Expectation, type Listed } from "../../../report/chain/verify";
import { reportOf, ROWS } from "../reports";

const OURS = generateKeyPairSync("ec", { namedCurve: "P-256" });
const THEIRS = generateKeyPairSync("ec", { namedCurve: "P-256" });
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKey = ({ publicKey: key }: { publicKey: (typeof OURS)["publicKey"] }) =>
  publicKeyOf(Buffer.from(key.export({ type: "spki", format: "pem" })));

const KEY_ID = "arn:aws:kms:eu-west-1:111111111111:key/1";

type Files = Map<string, Buffer>;

const signed = (
  manifest: string,
  bytes: Buffer,
  { privateKey, publicKey: key }: typeof OURS,
  algorithm: Algorithm = "ECDSA_SHA_256",
) =>
  signatureBytes({
    type: "kept-report-signature",
    version: 1,
    manifest,
    algorithm,
    keyId: KEY_ID,
    publicKeySha256: publicKey({ publicKey: key }).sha256,
    signature: sign(
      "sha256",
      statementOf({ manifest, keyId: KEY_ID }, bytes),
      algorithm === "ECDSA_SHA_256" ? privateKey : { key: privateKey, padding: 6, saltLength: 32 },
    ).toString("base64"),
  });

const DAYS = ["01", "08", "15", "22"].map((day) => `2026-11-${day}T00:00:00.000Z`);

/** The line of a target, which is short, because a test changes each of its bytes. */
const covered = (isCovered: boolean) =>
  JSON.stringify({
    type: "coverage",
    account: "payments",
    accountId: "4",
    region: "eu-west-1",
    covered: isCovered,
  });

/** Three weekly reports in a chain, signed. */
function threeReports(): Files {
  const files: Files = new Map();
  let previous: Manifest["previous"] = null;
  for (const sequence of [1, 2, 3]) {
    const report = reportOf(ROWS);
    const part = Buffer.from(`${covered(true)}\nreport ${sequence}\n`);
    const key = `reports/${DAYS[sequence]}-0a0a0a0a/report.ndjson`;
    files.set(key, part);
    const manifest = manifestOf(
      {
        ...report,
        header: {
          ...report.header,
          generatedAt: DAYS[sequence]!,
          period: { since: DAYS[sequence - 1]!, until: DAYS[sequence]! },
        },
      },
      [{ key, mediaType: "application/x-ndjson", size: part.length, sha256: sha256Of(part) }],
      { sequence, previous },
    );
    const bytes = bytesOf(manifest);
    files.set(manifestKey(sequence), bytes);
    files.set(signatureKey(manifestKey(sequence)), signed(manifestKey(sequence), bytes, OURS));
    previous = { key: manifestKey(sequence), sha256: sha256Of(bytes) };
  }
  return files;
}

const listedOf = (files: Files): Listed[] =>
  [...files.keys()].map((key) => ({ key, versions: 1, deleted: false }));

const check = (
  files: Files,
  expected: Partial<Expectation> = { publicKeys: [publicKey(OURS)] },
  listed = listedOf(files),
) =>
  verifyChain(
    {
      listed,
      read: (key) => Promise.resolve(files.get(key) ?? null),
      lines: async function* (key) {
        yield* await Promise.resolve(files.get(key)!.toString().split("\n"));
      },
      digest: (key) => {
        const bytes = files.get(key);
        return Promise.resolve(bytes === undefined ? null : { size: bytes.length, sha256: sha256Of(bytes) });
      },
    },
    { publicKeys: null, last: null, ...expected },
  );

const found = async (...args: Parameters<typeof check>) =>
  (await check(...args)).problems.map(({ kind, key }) => `${kind} ${key}`);

const [M1, M2, M3] = [1, 2, 3].map(manifestKey) as [string, string, string];
const S2 = signatureKey(M2);
const PART2 = `reports/${DAYS[2]}-0a0a0a0a/report.ndjson`;

/** Changes a manifest as somebody does who can write, and not sign. */
const edit = (files: Files, key: string, change: Partial<Manifest>) =>
  files.set(key, bytesOf({ ...parseManifest(files.get(key)!)!, ...change }));

/** Flips a bit of the byte in the middle. */
const flip = (files: Files, key: string) => {
  const bytes = Buffer.from(files.get(key)!);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  files.set(key, bytes);
};

it("finds nothing wrong with what was kept", async () => {
  expect(await check(threeReports())).toMatchObject({ problems: [], strays: [], signed: 3 });
});

it.each<[string, (files: Files) => unknown, string[]]>([
  ["a part with another bit", (files) => flip(files, PART2), [`changed-part ${PART2}`]],
  [
    "a part with a byte more",
    (files) => files.set(PART2, Buffer.concat([files.get(PART2)!, Buffer.from("\n")])),
    [`changed-part ${PART2}`],
  ],
  ["an empty part", (files) => files.set(PART2, Buffer.alloc(0)), [`changed-part ${PART2}`]],
  ["a part that is gone", (files) => files.delete(PART2), [`missing-part ${PART2}`]],
  [
    "a manifest with a space more",
    (files) => files.set(M2, Buffer.concat([files.get(M2)!, Buffer.from(" ")])),
    [`wrong-previous ${M3}`, `wrong-signature ${S2}`],
  ],
  [
    "a manifest with another number",
    (files) => edit(files, M2, { rows: 0 }),
    [`wrong-previous ${M3}`, `wrong-signature ${S2}`],
  ],
  [
    "the last manifest with another number",
    (files) => edit(files, M3, { rows: 0 }),
    [`wrong-signature ${signatureKey(M3)}`],
  ],
  ["a manifest that is no JSON", (files) => files.set(M2, Buffer.from("{")), [`unreadable-manifest ${M2}`]],
  [
    "a manifest with a key that the version does not have",
    (files) => files.set(M2, Buffer.from(files.get(M2)!.toString().replace("{", '{"extra":1,'))),
    [`unreadable-manifest ${M2}`],
  ],
  [
    "a part outside of the place",
    (files) =>
      files.set(M2, Buffer.from(files.get(M2)!.toString().replace(PART2, "reports/../../etc/passwd"))),
    [`unreadable-manifest ${M2}`],
  ],
  ["a manifest that is gone", (files) => files.delete(M2), [`missing-manifest ${M2}`]],
  [
    "a report that is gone with everything",
    (files) => [M2, S2, PART2].forEach((key) => files.delete(key)),
    [`missing-manifest ${M2}`],
  ],
  ["the first report that is gone", (files) => files.delete(M1), [`missing-manifest ${M1}`]],
  [
    "a manifest under the key of another",
    (files) => files.set(M2, files.get(M1)!),
    [`misplaced-manifest ${M2}`],
  ],
  [
    "two manifests that have changed places",
    (files) => {
      const second = files.get(M2)!;
      files.set(M2, files.get(M3)!).set(M3, second);
    },
    [`misplaced-manifest ${M2}`, `misplaced-manifest ${M3}`],
  ],
  [
    "a fork: another report that continues the first one",
    (files) => edit(files, M3, { previous: parseManifest(files.get(M2)!)!.previous }),
    [`wrong-previous ${M3}`, `fork ${M3}`, `wrong-signature ${signatureKey(M3)}`],
  ],
  [
    "a report without a previous one in the middle",
    (files) => edit(files, M2, { previous: null }),
    [`wrong-previous ${M2}`, `wrong-previous ${M3}`, `wrong-signature ${S2}`],
  ],
  [
    "a first report with a previous one",
    (files) => edit(files, M1, { previous: { key: M3, sha256: "0".repeat(64) } }),
    [`wrong-previous ${M1}`, `wrong-previous ${M2}`, `wrong-signature ${signatureKey(M1)}`],
  ],
  ["a signature that is gone", (files) => files.delete(S2), [`missing-signature ${S2}`]],
  ["a signature with another bit", (files) => flip(files, S2), [`wrong-signature ${S2}`]],
  [
    "a signature of another manifest",
    (files) => files.set(S2, files.get(signatureKey(M1))!),
    [`wrong-signature ${S2}`],
  ],
  [
    "a signature by another key",
    (files) => files.set(S2, signed(M2, files.get(M2)!, THEIRS)),
    [`wrong-signature ${S2}`],
  ],
])("names %s, and where it is", async (_what, tamper, problems) => {
  const files = threeReports();
  tamper(files);
  expect((await found(files)).sort()).toEqual([...problems].sort());
});

it.each([M1, M2, M3, S2, PART2])("finds a change of any byte of %s", async (key) => {
  const whole = threeReports();
  const missed: number[] = [];
  for (let index = 0; index < whole.get(key)!.length; index++) {
    const bytes = Buffer.from(whole.get(key)!);
    bytes[index]! ^= 1;
    if ((await found(new Map([...whole, [key, bytes]]))).length === 0) missed.push(index);
  }
  expect(missed).toEqual([]);
});

it("finds a whole chain that somebody else has made, by its signatures alone", async () => {
  const files = threeReports();
  for (const key of [M1, M2, M3]) files.set(signatureKey(key), signed(key, files.get(key)!, THEIRS));
  expect(await found(files, { publicKeys: null })).toEqual([]);
  expect(await found(files)).toHaveLength(3);
});

it("takes no signature that the key has made for something else", async () => {
  const files = threeReports();
  const { signature: _, ...about } = JSON.parse(files.get(S2)!.toString()) as { signature: string };
  const signature = sign("sha256", files.get(M2)!, OURS.privateKey).toString("base64");
  files.set(S2, Buffer.from(JSON.stringify({ ...about, signature })));
  expect(await found(files)).toEqual([`wrong-signature ${S2}`]);
});

it("accepts one of several keys, so that a key may be replaced", async () => {
  const files = threeReports();
  files.set(S2, signed(M2, files.get(M2)!, THEIRS));
  expect(await found(files, { publicKeys: [publicKey(OURS), publicKey(THEIRS)] })).toEqual([]);
});

it("checks RSASSA-PSS as KMS signs it", async () => {
  const files = threeReports();
  for (const key of [M1, M2, M3])
    files.set(signatureKey(key), signed(key, files.get(key)!, RSA, "RSASSA_PSS_SHA_256"));
  expect(await found(files, { publicKeys: [publicKey(RSA)] })).toEqual([]);
  flip(files, M3);
  expect(await found(files, { publicKeys: [publicKey(RSA)] })).not.toEqual([]);
});

it("notices that the end was cut off, if somebody remembers it", async () => {
  const files = threeReports();
  const last = sha256Of(files.get(M3)!);
  expect(await found(files, { last })).toEqual([]);
  for (const key of [M3, signatureKey(M3)]) files.delete(key);
  expect(await found(files)).toEqual([]);
  expect(await found(files, { last })).toEqual([`other-end ${M2}`]);
});

it("says that reports came after the one that somebody remembers", async () => {
  const files = threeReports();
  const { problems } = await check(files, { last: sha256Of(files.get(M2)!) });
  expect(problems[0]!.words).toContain(`is ${M2}, and later ones follow it`);
});

it("names a time that no report covers", async () => {
  const files = threeReports();
  edit(files, M3, { period: { since: "2026-11-16T00:00:00.000Z", until: DAYS[3]! } });
  expect(await found(files, { publicKeys: null })).toEqual([`period-gap ${M3}`]);
});

it("does not take reports whose times overlap for a gap", async () => {
  const files = threeReports();
  edit(files, M3, { period: { since: DAYS[0]!, until: DAYS[3]! } });
  expect(await found(files, { publicKeys: null })).toEqual([]);
});

/** Writes the part of a report again, as somebody does who makes a chain. */
const rewrite = (files: Files, key: string, text: string) => {
  const bytes = Buffer.from(text);
  const { parts } = parseManifest(files.get(key)!)!;
  files.set(parts[0]!.key, bytes);
  edit(files, key, { parts: [{ ...parts[0]!, size: bytes.length, sha256: sha256Of(bytes) }] });
};

it.each<[string, (files: Files) => unknown, string]>([
  [
    "a report with a filter",
    (files) => edit(files, M3, { filters: { owner: "alice" } }),
    `No report has the sessions from ${DAYS[2]} to ${DAYS[3]}: ${M3} has filters (owner).`,
  ],
  [
    "a target that AWS refused",
    (files) => rewrite(files, M3, covered(false)),
    `No report has the sessions of payments eu-west-1 from ${DAYS[2]} to ${DAYS[3]}: ${M3} could not read them to the end.`,
  ],
])("does not count %s", async (_what, change, words) => {
  const files = threeReports();
  change(files);
  const { problems } = await check(files, { publicKeys: null });
  expect(problems).toEqual([{ kind: "period-gap", key: M3, words }]);
});

it("takes a line that is no JSON for no coverage", async () => {
  const files = threeReports();
  rewrite(files, M3, '{"type":"coverage"');
  expect(await found(files, { publicKeys: null })).toEqual([]);
});

it.each([
  ["overwritten", { versions: 2, deleted: false }],
  ["deleted", { versions: 1, deleted: true }],
])("says that an object was %s, which a bucket remembers", async (kind, version) => {
  const files = threeReports();
  const listed = listedOf(files).map((one) => (one.key === M2 ? { ...one, ...version } : one));
  expect(await found(files, undefined, listed)).toEqual([`${kind} ${M2}`]);
});

it("lists what no manifest names, and takes it for no problem", async () => {
  const files = threeReports();
  files.set("reports/2026-12-01T00:00:00.000Z-ffffffff/report.ndjson", Buffer.from("interrupted"));
  expect(await check(files)).toMatchObject({
    problems: [],
    strays: ["reports/2026-12-01T00:00:00.000Z-ffffffff/report.ndjson"],
  });
});

it("names a range of missing reports once, however long it is", async () => {
  const files = threeReports();
  files.set("chain/999999999999.json", files.get(M3)!);
  expect(await found(files)).toEqual([
    `missing-manifest ${manifestKey(4)}`,
    "misplaced-manifest chain/999999999999.json",
  ]);
});

it("does not take nothing for a whole chain", async () => {
  expect(await found(new Map())).toEqual(["no-report chain/"]);
});
