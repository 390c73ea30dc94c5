import { cp } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../processes/user-error";
import type { Manifest, PlannedStack } from "./plan-folder";
import { foreignFiles } from "./planned-files";

/** A plan folder that is one part of a plan. */
export interface Part {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What all parts of a plan have in common. */
const COMMON = [
  ...(["program", "terraform", "provider", "source", "map", "organization"] as const),
  ...(["changedSince", "unchanged", "waves", "profiles"] as const),
] as const;

/**
 * The manifest of a plan that was made in parts. The order of the parts does not matter.
 * @throws UserError if a part is missing, is there twice, is no part, or was made from something else than the others
 */
export function mergedManifest(folders: readonly Part[]): Manifest {
  const whole = folders.find(({ manifest }) => manifest.shard === null);
  if (whole)
    throw refusal(`${whole.folder} is a whole plan and no part of one.`, "Name only folders of --shard.");
  const parts = [...folders].sort((a, b) => a.manifest.shard!.index - b.manifest.shard!.index);
  const [first, ...others] = parts;
  if (!first) throw new UserError({ what: "no plan folders to merge." });
  for (const other of others) {
    const field = [...COMMON, "of" as const, "all" as const].find((name) => differ(first, other, name));
    if (field) {
      throw refusal(
        `${first.folder} and ${other.folder} are not parts of one plan: ${NAMES[field]} differs.`,
        "Plan all parts from the same commit, with the same options and programs.",
        `${JSON.stringify(fieldOf(first, field))}\n${JSON.stringify(fieldOf(other, field))}`,
      );
    }
  }
  const { of, all } = first.manifest.shard!;
  const known = new Map<number, string>();
  for (const { folder, manifest } of parts) {
    const index = manifest.shard!.index;
    const twin = known.get(index);
    if (twin !== undefined)
      throw refusal(`part ${index} of ${of} is there twice: ${twin} and ${folder}.`, "Name it once.");
    known.set(index, folder);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !known.has(index));
  if (missing.length > 0) {
    throw refusal(`of ${of} parts, these are missing: ${some(missing)}.`, "Plan them, and merge all parts.");
  }
  const stacks = stacksOf(parts);
  const unplanned = all.filter((id) => !stacks.has(id));
  if (unplanned.length > 0)
    throw refusal(`no part has a plan of ${some(unplanned)}.`, "Plan all parts again.");
  return {
    ...first.manifest,
    plannedAt: parts.map(({ manifest }) => manifest.plannedAt).sort()[0]!,
    shard: null,
    // Parts that were planned on two days may differ: a warning is accepted until a day.
    warnings: [...new Set(parts.flatMap(({ manifest }) => manifest.warnings))],
    stacks: all.map((id) => stacks.get(id)!),
  };
}

/** The stacks of all parts by their ids. Parts that were divided by other durations may have a stack twice. */
function stacksOf(parts: readonly Part[]): ReadonlyMap<string, PlannedStack> {
  const found = new Map<string, { readonly folder: string; readonly stack: PlannedStack }>();
  for (const { folder, manifest } of parts) {
    for (const stack of manifest.stacks) {
      const twin = found.get(stack.id);
      if (twin !== undefined) {
        throw refusal(
          `${twin.folder} and ${folder} have both a plan of ${stack.id}.`,
          "Plan all parts again, with the same earlier plan folder for --durations.",
        );
      }
      found.set(stack.id, { folder, stack });
    }
  }
  return new Map([...found].map(([id, { stack }]) => [id, stack]));
}

/** The first twenty of a list, and how many more there are. */
const some = (list: readonly (string | number)[]): string =>
  list.length <= 20 ? list.join(", ") : `${list.slice(0, 20).join(", ")} and ${list.length - 20} more`;

/**
 * Copies the files of every stack of the parts into a folder.
 * @throws UserError if a file that a part has planned is missing, or is another one
 */
export async function copyStacks(parts: readonly Part[], folder: string): Promise<void> {
  for (const part of parts) {
    const planned = part.manifest.stacks.filter(({ result }) => result !== "failed");
    const problems = await foreignFiles(part.folder, planned);
    if (problems.length > 0)
      throw refusal(
        `${part.folder} is not what was planned.`,
        "Plan this part again.",
        problems.slice(0, 20).join("\n"),
      );
    for (const { id } of part.manifest.stacks) {
      // A link would name a file of another machine.
      const how = { recursive: true, preserveTimestamps: true, dereference: true };
      await cp(join(part.folder, id), join(folder, id), how);
    }
  }
}

type Field = (typeof COMMON)[number] | "of" | "all";

const NAMES: Readonly<Record<Field, string>> = {
  program: "the version of session-audit",
  terraform: "the version of Terraform",
  provider: "the version of the AWS provider",
  source: "the commit",
  map: "the map",
  organization: "the organization",
  changedSince: "what --changed-since names",
  unchanged: "the list of unchanged stacks",
  waves: "the list of waves",
  profiles: "the list of roles",
  of: "the number of parts",
  all: "the list of stacks",
};

const fieldOf = ({ manifest }: Part, field: Field): unknown =>
  field === "of" || field === "all" ? manifest.shard![field] : manifest[field];

const differ = (a: Part, b: Part, field: Field): boolean =>
  JSON.stringify(fieldOf(a, field)) !== JSON.stringify(fieldOf(b, field));

const refusal = (what: string, remedy: string, found?: string) =>
  new UserError({ what, remedy, ...(found !== undefined && { found }) });
