import { sha256Of } from "../../files/checksum";
import { gapsOf, type Reach } from "./gaps";
import {
  CHAIN,
  manifestKey,
  NDJSON,
  parseManifest,
  sequenceOf,
  signatureKey,
  type Manifest,
} from "./manifest";
import type { Coverage } from "../model";
import { isSignedBy, parseSignature, type PublicKey } from "./signature";

/** What may be wrong with kept reports. */
export type ProblemKind =
  | "no-report"
  | "missing-manifest"
  | "unreadable-manifest"
  | "misplaced-manifest"
  | "wrong-previous"
  | "fork"
  | "other-end"
  | "period-gap"
  | "missing-part"
  | "changed-part"
  | "missing-signature"
  | "wrong-signature"
  | "overwritten"
  | "deleted";

/** Something that is wrong, where it is, and what follows from it. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Key below the place of the kept reports. */
  readonly key: string;
  readonly words: string;
}

/** A stored object or file. */
export interface Listed {
  readonly key: string;
  /** Number of its versions; 1 where there is no versioning. */
  readonly versions: number;
  /** Whether a delete marker hides it. */
  readonly deleted: boolean;
}

/** Where kept reports are read from. */
export interface Reading {
  /** Everything below the place. */
  readonly listed: readonly Listed[];
  /** The bytes of a key as they were first written; null: there is no such key. */
  readonly read: (key: string) => Promise<Buffer | null>;
  /** Size and SHA-256 of a key, which may be too large to be kept in memory; null: there is no such key. */
  readonly digest: (key: string) => Promise<{ readonly size: number; readonly sha256: string } | null>;
  /** The lines of a key that is there, without their ends. */
  readonly lines: (key: string) => AsyncIterable<string>;
}

/** What is asked of kept reports in addition to their chain. */
export interface Expectation {
  /** Public keys of which one must have signed each report; null: signatures are not checked. */
  readonly publicKeys: readonly PublicKey[] | null;
  /** SHA-256 of the last manifest, as the command printed it; null: nobody remembers it. */
  readonly last: string | null;
}

/** A manifest that could be read, with the SHA-256 of its bytes. */
export interface Link {
  readonly key: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly bytes: Buffer;
}

/** What was found. */
export interface Verification {
  /** In the order of their sequence numbers. */
  readonly links: readonly Link[];
  readonly problems: readonly Problem[];
  /** Keys that no manifest names, such as what a report left behind that was interrupted. They prove nothing. */
  readonly strays: readonly string[];
  /** Reports whose signature was checked. */
  readonly signed: number;
}

/**
 * Checks kept reports: every manifest is there, names the bytes of the one before it and of its own parts, and is signed
 * if that is asked for. It needs no AWS, and trusts nothing but the public keys and the SHA-256 that the caller gives.
 */
export async function verifyChain(reading: Reading, expected: Expectation): Promise<Verification> {
  const { links, problems } = await linksOf(reading);
  const last = links.at(-1);
  if (last === undefined && problems.length === 0)
    problems.push({ kind: "no-report", key: CHAIN, words: "There is no kept report here." });
  for (const [index, link] of links.entries()) problems.push(...chainProblems(links, index, link));
  if (expected.last !== null && last?.sha256 !== expected.last) problems.push(otherEnd(links, expected.last));
  let signed = 0;
  for (const link of links) {
    const signature = await signatureProblem(reading, link, expected.publicKeys);
    if (signature !== null) problems.push(signature);
    else if (expected.publicKeys !== null) signed++;
    problems.push(...(await partProblems(reading, link)));
  }
  problems.push(...versionProblems(reading.listed));
  problems.push(...(await gapProblems(reading, links, problems)));
  return { links, problems, strays: straysOf(reading.listed, links), signed };
}

/** The manifests that can be read, and what is wrong with the others. */
async function linksOf({ listed, read }: Reading): Promise<{ links: Link[]; problems: Problem[] }> {
  const links: Link[] = [];
  const problems: Problem[] = [];
  const sequences = listed.flatMap(({ key }) => sequenceOf(key) ?? []).sort((one, other) => one - other);
  let next = 1;
  const missing = (from: number, to: number) =>
    problems.push({
      kind: "missing-manifest",
      key: manifestKey(from),
      words: `${from === to ? `Report ${from} is` : `The reports ${from} to ${to} are`} missing, and later ones are there: somebody removed what is missing.`,
    });
  for (const sequence of sequences) {
    if (sequence > next) missing(next, sequence - 1);
    next = sequence + 1;
    const key = manifestKey(sequence);
    const bytes = await read(key);
    if (bytes === null) {
      missing(sequence, sequence);
      continue;
    }
    const manifest = parseManifest(bytes);
    if (manifest === null) {
      problems.push({
        kind: "unreadable-manifest",
        key,
        words: "It is no manifest that this version reads.",
      });
    } else if (manifest.sequence !== sequence) {
      problems.push({
        kind: "misplaced-manifest",
        key,
        words: `It says that it is report ${manifest.sequence}, and its key says ${sequence}.`,
      });
    } else links.push({ key, sha256: sha256Of(bytes), manifest, bytes });
  }
  return { links, problems };
}

function chainProblems(links: readonly Link[], index: number, { key, manifest }: Link): Problem[] {
  const { previous, sequence, organization } = manifest;
  const before = links[index - 1];
  const problems: Problem[] = [];
  if (sequence === 1) {
    if (previous !== null)
      problems.push({
        kind: "wrong-previous",
        key,
        words: "It is the first report, and names one before it.",
      });
    return problems;
  }
  if (previous === null || previous.key !== manifestKey(sequence - 1)) {
    problems.push({
      kind: "wrong-previous",
      key,
      words: `It names ${previous?.key ?? "no report"} as the one before it, and not ${manifestKey(sequence - 1)}.`,
    });
  }
  const twin = links
    .slice(0, index)
    .find((other) => previous !== null && other.manifest.previous?.sha256 === previous.sha256);
  if (twin !== undefined)
    problems.push({ kind: "fork", key, words: `It continues the same report as ${twin.key}.` });
  if (before === undefined || before.manifest.sequence !== sequence - 1) return problems;
  if (previous !== null && previous.key === before.key && previous.sha256 !== before.sha256) {
    problems.push({
      kind: "wrong-previous",
      key,
      words: `It was made after other bytes of ${before.key}: one of the two is not what was written.`,
    });
  }
  if (organization !== before.manifest.organization) {
    problems.push({
      kind: "misplaced-manifest",
      key,
      words: `It is about ${organization}, and the report before it about ${before.manifest.organization}.`,
    });
  }
  return problems;
}

function otherEnd(links: readonly Link[], last: string): Problem {
  const index = links.findIndex(({ sha256 }) => sha256 === last);
  const end = links.at(-1);
  return {
    kind: "other-end",
    key: end?.key ?? CHAIN,
    words:
      index === -1
        ? "The report with the SHA-256 of --last is not here: it and what came after it were removed or changed."
        : `The report with the SHA-256 of --last is ${links[index]!.key}, and later ones follow it.`,
  };
}

async function signatureProblem(
  { read }: Reading,
  { key: manifest, bytes }: Link,
  publicKeys: readonly PublicKey[] | null,
): Promise<Problem | null> {
  if (publicKeys === null) return null;
  const key = signatureKey(manifest);
  const file = await read(key);
  if (file === null) return { kind: "missing-signature", key, words: `${manifest} is not signed.` };
  const signature = parseSignature(file);
  const wrong = (words: string): Problem => ({ kind: "wrong-signature", key, words });
  if (signature === null) return wrong("It is no signature that this version reads.");
  if (signature.manifest !== manifest) return wrong(`It is the signature of ${signature.manifest}.`);
  if (publicKeys.some((publicKey) => isSignedBy(bytes, signature, publicKey))) return null;
  return wrong(
    publicKeys.some(({ sha256 }) => sha256 === signature.publicKeySha256)
      ? `The bytes of ${manifest} are not those that were signed.`
      : `It names another key (${signature.keyId}) than those of --public-key.`,
  );
}

async function partProblems(
  { digest }: Reading,
  { key: manifest, manifest: { parts } }: Link,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { key, size, sha256 } of parts) {
    const found = await digest(key);
    if (found === null) {
      problems.push({ kind: "missing-part", key, words: `${manifest} names it, and it is not there.` });
    } else if (found.size !== size || found.sha256 !== sha256) {
      problems.push({
        kind: "changed-part",
        key,
        words: `It has ${found.size} bytes with SHA-256 ${found.sha256}; ${manifest} says ${size} bytes with ${sha256}.`,
      });
    }
  }
  return problems;
}

/** Nobody knows which sessions such a report had, so there is no telling which are in none. */
const UNKNOWN: readonly ProblemKind[] = [
  ...(["missing-manifest", "unreadable-manifest", "misplaced-manifest"] as const),
  ...(["missing-part", "changed-part"] as const),
];

/** The times of which no report has all sessions. */
async function gapProblems(
  reading: Reading,
  links: readonly Link[],
  problems: readonly Problem[],
): Promise<Problem[]> {
  if (problems.some(({ kind }) => UNKNOWN.includes(kind))) return [];
  const reaches: Reach[] = [];
  for (const link of links) reaches.push(await reachOf(reading, link));
  return gapsOf(reaches).map(({ key, words }) => ({ kind: "period-gap", key, words }));
}

async function reachOf({ lines }: Reading, { key, manifest }: Link): Promise<Reach> {
  const coverage: Coverage[] = [];
  const part = manifest.parts.find(({ mediaType }) => mediaType === NDJSON);
  for await (const line of part === undefined ? [] : lines(part.key)) {
    // Nearly all lines are sessions.
    if (line.startsWith('{"type":"coverage"')) coverage.push(...coverageOf(line));
  }
  return { key, manifest, coverage };
}

/** A line that is no JSON covers nothing. */
function coverageOf(line: string): Coverage[] {
  try {
    return [JSON.parse(line) as Coverage];
  } catch {
    return [];
  }
}

/** Nothing overwrites a kept report, so each key has one version. */
const versionProblems = (listed: readonly Listed[]): Problem[] =>
  listed.flatMap(({ key, versions, deleted }): Problem[] => [
    ...(versions > 1
      ? [
          {
            kind: "overwritten" as const,
            key,
            words: `It has ${versions} versions: somebody wrote it again. The first one was checked.`,
          },
        ]
      : []),
    ...(deleted
      ? [{ kind: "deleted" as const, key, words: "A delete marker hides it. What it hides was checked." }]
      : []),
  ]);

function straysOf(listed: readonly Listed[], links: readonly Link[]): string[] {
  const named = new Set(
    links.flatMap(({ key, manifest }) => [key, signatureKey(key), ...manifest.parts.map((part) => part.key)]),
  );
  return listed.map(({ key }) => key).filter((key) => !named.has(key) && sequenceOf(key) === null);
}
