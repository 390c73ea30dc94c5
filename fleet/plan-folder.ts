import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { allOrNothing } from "../files/all-or-nothing";
import { withoutBom } from "../files/byte-order-mark";
import { readZipEntry } from "../files/zip";
import { UserError } from "../processes/user-error";
import { STACK_KINDS } from "../stacks/stack-graph";
import { MOST_SHARDS } from "./shards";

/** The file of a plan folder that says what the folder has. */
export const MANIFEST = "manifest.json";

/** Only the owner may read a plan folder: plans and states hold configuration, and may hold secrets. */
const PRIVATE = 0o700;

/** An id of a stack, or a pattern of ids. It is a part of paths and a word of command lines: no `..`, and no option. */
export const STACK_WORD = /^[\w(*?][\w.()*?-]{0,127}$/;

const plannedStack = z.strictObject({
  id: z.string().regex(STACK_WORD),
  kind: z.enum(STACK_KINDS),
  account: z.string(),
  accountId: z.string(),
  region: z.string(),
  wave: z.string().nullable(),
  dependsOn: z.array(z.string()),
  /** Where Terraform keeps the state. */
  stateKey: z.string(),
  result: z.enum(["changes", "no changes", "failed"]),
  /** Lineage and serial of the state that was planned on; null: there was no state. */
  state: z.strictObject({ lineage: z.string(), serial: z.number() }).nullable(),
  /** Checksum of the preferences that somebody has looked at with `adopt --write`; absent: nobody has. */
  lookedAt: z.string().optional(),
  /** Checksum of the saved plan; null if there is none. */
  planSha256: z.string().nullable(),
  /** Checksum of the plan as JSON, which is what people review; null if there is none. */
  jsonSha256: z.string().nullable(),
  /** Checksum of `cdk.tf.json`; null if the stack was not synthesized. */
  configurationSha256: z.string().nullable(),
  /** Checksum of `.terraform.lock.hcl`; null if Terraform wrote none. */
  lockFileSha256: z.string().nullable(),
  /** Terraform's line on the number of changes, like "Plan: 3 to add, 0 to change, 0 to destroy." */
  summary: z.string(),
  /** How long Terraform took, from which `--shard` balances later runs. */
  seconds: z.number(),
  /** How many times the plan was made: transient errors are tried again. */
  attempts: z.number(),
  /** Terraform's own message without credentials, if the plan failed. */
  failure: z.string().optional(),
  /** If the plan failed: where everything is that Terraform printed, within the plan folder. */
  log: z.string().optional(),
});

const manifest = z
  .strictObject({
    /** 2 since the manifest has `jsonSha256`. */
    version: z.literal(2),
    /** ISO 8601, UTC. */
    plannedAt: z.string(),
    /** Version of session-audit. */
    program: z.string(),
    terraform: z.strictObject({ product: z.string(), version: z.string() }),
    /** Version of the AWS provider. */
    provider: z.string(),
    source: z.strictObject({ commit: z.string().nullable(), dirty: z.boolean() }),
    /** Path of the map: relative to the project for a map in it, otherwise absolute. */
    map: z.string(),
    /** Name of the organization in the map. */
    organization: z.string(),
    /** Part of the plan, with the ids of the stacks of all parts; null: the plan is whole. */
    shard: z
      .strictObject({
        index: z.int().min(1),
        of: z.int().min(1).max(MOST_SHARDS),
        all: z.array(z.string()),
      })
      .refine(({ index, of }) => index <= of, "index is greater than of")
      .nullable(),
    /** With `--changed-since`: what the plan was compared with. */
    changedSince: z.strictObject({ ref: z.string(), commit: z.string() }).nullable(),
    /** Ids of the selected stacks whose configuration is the same as at `changedSince`. They are not planned. */
    unchanged: z.array(z.string()),
    /** The waves of the map, in order, with their settings. */
    waves: z.array(
      z.strictObject({
        name: z.string(),
        maxConcurrent: z.number().nullable(),
        failureTolerance: z.union([z.number(), z.templateLiteral([z.number(), "%"])]),
        approve: z.boolean(),
        bakeMinutes: z.number(),
        doctor: z.boolean(),
        probeRole: z.string().nullable(),
      }),
    ),
    /** The profiles that the plans name in place of roles; null: the plans name the role that deploys. */
    profiles: z
      .array(
        z.strictObject({
          name: z.string(),
          planRoleArn: z.string(),
          roleArn: z.string(),
          externalId: z.string().nullable(),
        }),
      )
      .nullable(),
    /** Warnings about the map, open and accepted ones, in one paragraph each. */
    warnings: z.array(z.string()),
    stacks: z.array(plannedStack),
  })
  // `deploy` would silently leave out a stack whose wave is not in `waves`.
  .superRefine(({ waves, stacks, unchanged, shard }, context) => {
    const refuse = (message: string) => void context.addIssue({ code: "custom", path: ["stacks"], message });
    if (stacks.length === 0 && unchanged.length === 0 && shard === null) refuse("there is none");
    const ids = new Set<string>();
    for (const { id, wave } of stacks) {
      if (ids.has(id)) refuse(`${id} is there twice`);
      ids.add(id);
      if (wave !== null && !waves.some(({ name }) => name === wave))
        refuse(`${id} belongs to the wave ${JSON.stringify(wave)}, which is not in waves`);
    }
  });

/** What a plan folder says about one stack. */
export type PlannedStack = z.infer<typeof plannedStack>;
/** What a plan folder has, and from what it was made. */
export type Manifest = z.infer<typeof manifest>;

/** The files of one stack in a plan folder. */
export const filesOf = (folder: string, id: string) => ({
  directory: join(folder, id),
  /** The plan that Terraform applies. */
  plan: join(folder, id, "plan.tfplan"),
  /** The plan as JSON. */
  json: join(folder, id, "plan.json"),
  /** What Terraform printed. */
  output: join(folder, id, "terraform.log"),
  /** The configuration that was planned, and the checksums of its provider: what Terraform needs to apply the plan. */
  configuration: join(folder, id, "cdk.tf.json"),
  lockFile: join(folder, id, ".terraform.lock.hcl"),
  /** What Terraform printed when it applied the plan. */
  applied: join(folder, id, "apply.log"),
  /** The id of the Terraform that applies the plan, while it runs. */
  pid: join(folder, id, "apply.pid"),
  /** What Terraform printed when it planned the stack again, after the apply. */
  converged: join(folder, id, "converge.log"),
});

/**
 * Creates a plan folder whole or not at all.
 * @param build gets an empty folder, fills it, and returns the manifest
 * @throws UserError if the folder exists
 */
export async function createPlanFolder(
  folder: string,
  build: (folder: string) => Promise<Manifest>,
): Promise<Manifest> {
  await refuseExisting(folder);
  await mkdir(dirname(folder), { recursive: true }).catch((error: Error) => {
    throw new UserError({
      what: `${folder} cannot be created: ${error.message}.`,
      remedy: "Name another folder with --out.",
    });
  });
  let built: Manifest;
  await allOrNothing(folder, async (work) => {
    const whole = join(work, "plan");
    await mkdir(whole, { mode: PRIVATE });
    await chmod(work, PRIVATE);
    built = await build(whole);
    await writeFile(join(whole, MANIFEST), `${JSON.stringify(built, null, 2)}\n`);
    // Somebody may have created the folder while the plans were made. It must not be replaced.
    await refuseExisting(folder);
    return whole;
  });
  return built!;
}

/** @param what is to be created there, for the message. @throws UserError if something exists at a path */
export async function refuseExisting(folder: string, what = "a plan folder"): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found) return;
  throw new UserError({
    what: `${folder} exists, and ${what} is never overwritten.`,
    remedy: "Name another folder with --out, or remove this one.",
  });
}

/**
 * Reads the manifest of a plan folder.
 * @throws UserError if the folder is no plan folder, or was written by another version of the program
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(resolve(folder), MANIFEST);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      what: `${folder} is no plan folder: ${error.code === "ENOENT" ? `it has no ${MANIFEST}` : error.message}.`,
      remedy: "Make one with: session-audit plan --out <folder>",
    });
  });
  const parsed = manifest.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UserError({
    what: `${file} does not have the form of a manifest: ${issue.path.join(".") || "the file"}: ${issue.message}.`,
    remedy: "Plan again with this version of session-audit.",
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(withoutBom(text));
  } catch (error) {
    throw new UserError({ what: `${file}: ${(error as Error).message}`, remedy: "Plan again." });
  }
}

/** A state of Terraform, as far as it identifies itself. */
interface StateFile {
  readonly lineage: string;
  readonly serial: number;
  readonly resources: readonly StateResource[];
}

/** A resource in a state file. @see https://developer.hashicorp.com/terraform/language/state */
export interface StateResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly attributes?: Record<string, unknown>;
    readonly index_key?: string | number;
  }[];
}

/**
 * The state in a saved plan: a zip archive in which Terraform keeps the state that it has planned on.
 * @returns null if the stack had no state
 */
export function stateInPlan(plan: Buffer): StateFile | null {
  const refreshed = stateFile(plan, "tfstate");
  return refreshed.lineage === "" ? null : refreshed;
}

/** The resources in a saved plan as they were in the state, before Terraform asked AWS for their values. */
export const resourcesBeforeRefresh = (plan: Buffer): readonly StateResource[] =>
  stateFile(plan, "tfstate-prev").resources;

const stateFile = (plan: Buffer, entry: string): StateFile =>
  JSON.parse(readZipEntry(plan, entry).toString("utf8")) as StateFile;
