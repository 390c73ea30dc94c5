import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Organization } from "../accounts/model/organization";
import { sha256Of } from "../files/checksum";
import { declaredStacks, type DeclaredStack } from "./stack-graph";
import type * as Build from "./synthesis/build";
import type * as BuildAll from "./synthesis/build-all";
import { stagingFor } from "./synthesis/folder";
import { manifestOf } from "./synthesis/manifest";
import { observed, type Observed } from "./synthesis/observed";
import { currentStacks, programDigest, RECORD, recordText, type Written } from "./synthesis/record";
import { leanly } from "./synthesis/lean-loading";
import { countBuilt } from "./synthesis/twins";
import { turns } from "./synthesis/turns";
import { buildInWorkers, workersFor } from "./synthesis/workers";

/** How stacks are synthesized. */
export interface SynthesisOptions {
  /** Ids of the stacks. @default every stack */
  readonly only?: ReadonlySet<string>;
  /** Whether providers name profiles instead of roles. @default false */
  readonly profiles?: boolean;
  /** Whether stacks are kept that were written from the same input before. @default true */
  readonly cache?: boolean;
  /** Number of worker threads. @default as many as make the synthesis faster */
  readonly workers?: number;
  /** Aborted by a Ctrl-C: nothing is written then. */
  readonly signal?: AbortSignal;
  /** Whether cdktf itself writes the stacks, as HCL. @default false */
  readonly hcl?: boolean;
}

/** Which stacks a synthesis built, and which it found as they should be. */
export interface Synthesized {
  readonly built: readonly string[];
  readonly kept: readonly string[];
}

/**
 * Writes the Terraform configuration of stacks into `<directory>/stacks/<stack id>/cdk.tf.json`, the same bytes that
 * cdktf writes. Other files in these folders stay, such as Terraform's working data. One stack is built at a time and
 * forgotten, so that memory does not grow with their number.
 *
 * A stack is kept if nothing has changed that it was made from, and its files are still those that were written.
 * @param directory absolute path. It is as it was if the synthesis fails or is interrupted.
 * @throws Error if `only` has an id that the organization does not have
 * @throws the reason of an aborted signal
 * @example await synthesizeStacks(readOrganization(file), "/tmp/out", { only: new Set(["account-payments"]) });
 */
export async function synthesizeStacks(
  organization: Organization,
  directory: string,
  { only, profiles = false, cache = true, workers, signal, hcl = false }: SynthesisOptions = {},
): Promise<Synthesized> {
  const subject: Organization = profiles
    ? { ...organization, deployment: { mode: "profiles" } }
    : organization;
  const declared = declaredStacks(subject);
  const stacks = wanted(declared, only);
  const ids = stacks.map(({ id }) => id);
  if (hcl) {
    loadBuild().synthesizeByCdktf(subject, directory, only);
    return { built: ids, kept: [] };
  }
  const program = programDigest();
  let seen: Observed | undefined;
  const isCurrent = (name: string, digest: string) => (seen ??= observed(subject)).digestOf(name) === digest;
  const current = cache ? currentStacks(directory, program, isCurrent) : {};
  const heard = turns(signal);
  const kept = new Set<string>();
  for (const id of ids) {
    if (current[id] !== undefined && isThere(directory, current[id])) kept.add(id);
    await heard();
  }
  const stale = ids.filter((id) => !kept.has(id));
  const manifest = manifestOf(stacks);
  if (stale.length === 0 && isThere(directory, { files: { "manifest.json": sha256Of(manifest) } }))
    return { built: [], kept: ids };

  const staging = stagingFor(directory);
  try {
    const position = new Map(declared.map(({ id }, index) => [id, index]));
    const places = stale.map((id) => position.get(id)!);
    const count = workers ?? workersFor(countBuilt(places.map((place) => declared[place]!)));
    const written =
      count === 0
        ? await buildHere(subject, staging.directory, places, signal)
        : await buildInWorkers({ organization: subject, staging: staging.directory }, places, count, signal);
    signal?.throwIfAborted();
    const built = Object.fromEntries(stale.map((id, index) => [id, written[index]!]));
    staging.write("manifest.json", manifest);
    staging.write(RECORD, recordText({ program, stacks: { ...current, ...built } }));
    // The record comes last: it may describe less than there is, and never more.
    staging.commit([...written.flatMap(({ files }) => Object.keys(files)), "manifest.json", RECORD]);
    return { built: stale, kept: [...kept] };
  } finally {
    staging.close();
  }
}

/** Whether files are there as they were written. */
const isThere = (directory: string, { files }: Pick<Written, "files">): boolean =>
  Object.entries(files).every(([path, digest]) => {
    const file = join(directory, path);
    return existsSync(file) && sha256Of(readFileSync(file)) === digest;
  });

/** Builds stacks in this thread, and hears signals meanwhile. */
async function buildHere(
  organization: Organization,
  staging: string,
  places: readonly number[],
  signal?: AbortSignal,
): Promise<Written[]> {
  if (places.length === 0) return [];
  const write = loadBuildAll().stackWriter(organization, staging);
  const written: Written[] = [];
  const heard = turns(signal);
  for (const place of places) {
    written.push(write(place));
    await heard();
  }
  return written;
}

/**
 * cdktf takes half a second to load, so it is loaded only when a stack is built. `require` and not `import()`, which
 * `tsx/cjs` does not hook.
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const loadBuild = () => leanly(() => require("./synthesis/build") as typeof Build);
const loadBuildAll = () =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  leanly(() => require("./synthesis/build-all") as typeof BuildAll);

/** The stacks to write. @throws Error if there is no stack with an id of `only` */
function wanted(declared: readonly DeclaredStack[], only?: ReadonlySet<string>): readonly DeclaredStack[] {
  if (only === undefined) return declared;
  const stacks = declared.filter(({ id }) => only.has(id));
  if (stacks.length === only.size) return stacks;
  const ids = declared.map(({ id }) => id);
  const unknown = [...only].filter((id) => !ids.includes(id));
  throw new Error(`no stack ${unknown.join(", ")}; there are ${ids.join(", ")}`);
}
