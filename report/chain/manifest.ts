import { z } from "zod";
import type { Report } from "../model";
import { VERDICTS } from "../verdicts";

/** A SHA-256 in hexadecimal. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();

const part = z.strictObject({
  /** Key below the place of the kept reports. */
  key: z.string().regex(/^reports\/[\w.:-]+\/[\w.-]+$/),
  mediaType: z.string(),
  /** In bytes. */
  size: count,
  sha256,
});

const manifestSchema = z.strictObject({
  type: z.literal("kept-report"),
  version: z.literal(1),
  organization: z.string(),
  /** 1 for the first report of a chain. */
  sequence: z.int().positive(),
  generatedAt: z.iso.datetime(),
  period: z.strictObject({ since: z.iso.datetime(), until: z.iso.datetime() }),
  filters: z.record(z.string(), z.string()),
  targets: count,
  coveredTargets: count,
  rows: count,
  byVerdict: z.partialRecord(z.enum(VERDICTS), count),
  exitCode: z.int(),
  parts: z.array(part).min(1),
  /** Key of the previous manifest and the SHA-256 of its bytes; null for the first one. */
  previous: z.strictObject({ key: z.string(), sha256 }).nullable(),
});

/** A file of a kept report. */
export type KeptPart = z.infer<typeof part>;

/**
 * What was kept of a report. The next manifest contains the SHA-256 of these bytes, and a signature covers them, so a
 * manifest is never rewritten.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/** The media type of the part that has the lines of the report. */
export const NDJSON = "application/x-ndjson";

/** Folder of the manifests, below the place of kept reports. */
export const CHAIN = "chain/";
/** Folder of the parts of all reports, below the place of kept reports. */
export const REPORTS = "reports/";

/**
 * Key of the manifest of a sequence number. The key contains no time. Two reports that are kept at the same time are
 * written to the same key, and the conditional write (`If-None-Match`) accepts only one of them.
 * @example manifestKey(12) // "chain/000012.json"
 */
export const manifestKey = (sequence: number): string => `${CHAIN}${String(sequence).padStart(6, "0")}.json`;

/** Key of the signature of a manifest. @example signatureKey("chain/000012.json") // "chain/000012.sig.json" */
export const signatureKey = (key: string): string => key.replace(/\.json$/, ".sig.json");

/** The sequence number in the key of a manifest; null: the key is that of something else. */
export function sequenceOf(key: string): number | null {
  const [, digits] = /^chain\/(\d{6,})\.json$/.exec(key) ?? [];
  const sequence = Number(digits);
  return digits !== undefined && sequence > 0 && manifestKey(sequence) === key ? sequence : null;
}

/** The manifest of a report. @param parts its files */
export const manifestOf = (
  { header, summary }: Pick<Report, "header" | "summary">,
  parts: readonly KeptPart[],
  chained: Pick<Manifest, "sequence" | "previous">,
): Manifest => ({
  type: "kept-report",
  version: 1,
  organization: header.organization,
  sequence: chained.sequence,
  generatedAt: header.generatedAt,
  period: header.period,
  filters: header.filters,
  targets: summary.targets,
  coveredTargets: summary.coveredTargets,
  rows: summary.aggregates.rows,
  byVerdict: summary.aggregates.byVerdict,
  exitCode: summary.exitCode,
  parts: [...parts],
  previous: chained.previous,
});

/** The bytes of a manifest. */
export const bytesOf = (manifest: Manifest): Buffer =>
  Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`, "utf8");

/** A manifest from its bytes; null: the bytes are no manifest of this version. */
export function parseManifest(bytes: Buffer): Manifest | null {
  try {
    return manifestSchema.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? null;
  } catch {
    return null;
  }
}
