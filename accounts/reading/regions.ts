import { isKnownRegion, partitionLike, partitionOf, PARTITIONS } from "../../aws/regions";
import { valueAt } from "../model/merge";
import { mapSchema } from "../schema";
import { valuesOfKind } from "../schema/walk";
import type { Fact } from "../schema/values";

/** A region that this program does not know and that the map does not list in newRegions. */
export interface UnknownRegion {
  readonly path: PropertyKey[];
  readonly found: string;
  /** What to say about it. */
  readonly fact: Fact;
  /** What to say besides; `undefined`: nothing. */
  readonly hint: string | undefined;
}

/** Tells whether a text is a region that this program knows, or that a map of any shape lists in newRegions. */
export function knownRegions(raw: unknown): (region: string) => boolean {
  const listed = [valueAt(raw, ["newRegions"])].flat();
  return (region) => isKnownRegion(region) || (listed.includes(region) && partitionOf(region) !== undefined);
}

/** The regions of a map of any shape that are unknown. Values that are no text are left to the schema. */
export function unknownRegions(raw: unknown): UnknownRegion[] {
  const isKnown = knownRegions(raw);
  return valuesOfKind(mapSchema, raw, "region").flatMap(({ path, value, fact }) =>
    typeof value !== "string" || isKnown(value)
      ? []
      : [{ path, found: value, fact: unsupported(value) ?? fact, hint: hintFor(value) }],
  );
}

function unsupported(region: string): Fact | undefined {
  const partition = partitionLike(region);
  if (partition === undefined || partitionOf(region) !== undefined) return undefined;
  return {
    allowed: `a region of the partitions ${PARTITIONS.join(", ")}`,
    remedy: `remove it: this program does not support the partition ${partition}, whose service principals are not public`,
  };
}

const hintFor = (region: string): string | undefined =>
  partitionOf(region) &&
  `If AWS has this region and this program does not know it yet, add newRegions: [${JSON.stringify(region)}] to the map`;
