import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GetObjectCommand } from "@aws-sdk/client-s3";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { sha256Of } from "../../files/checksum";
import { refuseUnfit } from "../../fleet/deploy/readiness";
import { copyStacks, mergedManifest, type Part } from "../../fleet/merge";
import {
  createPlanFolder,
  filesOf,
  readManifest,
  type Manifest,
  type PlannedStack,
} from "../../fleet/plan-folder";
import { fetchPlan, storePlan } from "../../fleet/plan-store";
import { partsOf } from "../../fleet/shards";
import { STACK_KINDS } from "../../stacks/stack-graph";
import { damage, damaged, holds } from "../helpers/property";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "session-audit-plans-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A folder that does not exist yet: each example has its own. */
let count = 0;
const fresh = () => join(directory, String(count++));

const text = fc.string({ maxLength: 12 });
const anyText = fc.oneof(text, fc.string({ unit: "binary", maxLength: 8 }));
const hash = fc.option(fc.constantFrom("aa", "bb", "0f".repeat(32)));
const whole = fc.nat(100_000);
const seconds = fc.double({ min: 0, max: 9_000, noNaN: true }).map(Math.abs);
const time = fc
  .date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true })
  .map((date) => date.toISOString());

const stackOf = (id: string): fc.Arbitrary<PlannedStack> =>
  fc.record<PlannedStack, keyof PlannedStack>(
    {
      id: fc.constant(id),
      kind: fc.constantFrom(...STACK_KINDS),
      account: text,
      accountId: text,
      region: text,
      wave: fc.option(text),
      dependsOn: fc.array(text, { maxLength: 3 }),
      stateKey: text,
      result: fc.constantFrom("changes", "no changes", "failed"),
      state: fc.option(fc.record({ lineage: text, serial: whole })),
      lookedAt: text,
      planSha256: hash,
      jsonSha256: hash,
      configurationSha256: hash,
      lockFileSha256: hash,
      summary: anyText,
      seconds,
      attempts: whole,
      failure: anyText,
      log: text,
    },
    {
      requiredKeys: [
        ...([
          "id",
          "kind",
          "account",
          "accountId",
          "region",
          "wave",
          "dependsOn",
          "stateKey",
          "result",
        ] as const),
        ...([
          "state",
          "planSha256",
          "jsonSha256",
          "configurationSha256",
          "lockFileSha256",
          "summary",
          "seconds",
        ] as const),
        "attempts",
      ],
    },
  );

const ids = fc
  .uniqueArray(fc.stringMatching(/^(?:account|session|archive)-[a-z]{1,4}$/), { minLength: 1, maxLength: 6 })
  .map((all) => all.sort());

/** A manifest in which each stack belongs to no wave, or to one of those that the manifest lists. */
const manifestWith = (stacks: fc.Arbitrary<PlannedStack[]>): fc.Arbitrary<Manifest> =>
  looseManifest(stacks).map((loose) => ({
    ...loose,
    stacks: loose.stacks.map((stack, index) => ({
      ...stack,
      wave: stack.wave === null ? null : (loose.waves[index % loose.waves.length]?.name ?? null),
    })),
  }));

const looseManifest = (stacks: fc.Arbitrary<PlannedStack[]>): fc.Arbitrary<Manifest> =>
  fc.record({
    version: fc.constant(2 as const),
    plannedAt: time,
    program: text,
    provider: text,
    map: anyText,
    organization: text,
    terraform: fc.record({ product: text, version: text }),
    source: fc.record({ commit: fc.option(text), dirty: fc.boolean() }),
    shard: fc.constant(null),
    changedSince: fc.option(fc.record({ ref: text, commit: text })),
    unchanged: fc.array(text, { maxLength: 2 }),
    waves: fc.array(
      fc.record({
        name: text,
        maxConcurrent: fc.option(whole),
        approve: fc.boolean(),
        bakeMinutes: whole,
        failureTolerance: fc.oneof(
          whole,
          whole.map((share) => `${share}%` as const),
        ),
        doctor: fc.boolean(),
        probeRole: fc.option(text),
      }),
      { maxLength: 2 },
    ),
    profiles: fc.option(
      fc.array(fc.record({ name: text, planRoleArn: text, roleArn: text, externalId: fc.option(text) }), {
        maxLength: 2,
      }),
    ),
    warnings: fc.array(anyText, { maxLength: 2 }),
    stacks,
  });
const stacks = ids.chain((all) => fc.tuple(...all.map(stackOf)));
const manifest = manifestWith(stacks as fc.Arbitrary<PlannedStack[]>);

it("the manifest of a plan folder reads as it was written", () =>
  holds(
    60,
    fc.asyncProperty(manifest, async (written) => {
      const folder = fresh();
      await createPlanFolder(folder, () => Promise.resolve(written));
      expect(await readManifest(folder)).toEqual(written);
    }),
  ));

it.each<[string, (manifest: Manifest) => Partial<Manifest>, RegExp]>([
  [
    "with a stack of a wave that it does not list",
    ({ stacks }) => ({ stacks: [{ ...stacks[0]!, wave: "ghost" }, ...stacks.slice(1)], waves: [] }),
    /stacks: [\w-]+ belongs to the wave "ghost", which is not in waves/,
  ],
  [
    "with a stack twice",
    ({ stacks }) => ({ stacks: [...stacks, stacks[0]!] }),
    /stacks: [\w-]+ is there twice/,
  ],
  ["of nothing", () => ({ stacks: [], unchanged: [], shard: null }), /stacks: there is none/],
  ["of part 3 of 2", () => ({ shard: { index: 3, of: 2, all: [] } }), /shard: index is greater than of/],
  ["of more parts than there can be", () => ({ shard: { index: 1, of: 1e10, all: [] } }), /shard.of: /],
  ["of half a part", () => ({ shard: { index: 0.5, of: 2, all: [] } }), /shard.index: /],
])("a manifest %s is refused", (_what, change, problem) =>
  holds(
    5,
    fc.asyncProperty(manifest, async (written) => {
      const folder = fresh();
      await createPlanFolder(folder, () => Promise.resolve({ ...written, ...change(written) }));
      await expect(readManifest(folder)).rejects.toThrow(problem);
    }),
  ),
);

it("a manifest without stacks is that of a plan in which nothing changed, or of an empty part", () =>
  holds(
    5,
    fc.asyncProperty(manifest, async (written) => {
      for (const change of [
        { unchanged: ["account-a"] },
        { shard: { index: 2, of: 2, all: ["account-a"] } },
      ]) {
        const folder = fresh();
        await createPlanFolder(folder, () =>
          Promise.resolve({ ...written, unchanged: [], ...change, stacks: [] }),
        );
        expect((await readManifest(folder)).stacks).toEqual([]);
      }
    }),
  ));

it("a manifest that was cut off is refused", () =>
  holds(
    60,
    fc.asyncProperty(manifest, fc.nat(), async (written, cut) => {
      const folder = fresh();
      await createPlanFolder(folder, () => Promise.resolve(written));
      const file = join(folder, "manifest.json");
      const data = readFileSync(file);
      // What is cut off is more than the newline at the end.
      writeFileSync(file, data.subarray(0, cut % (data.length - 1)));
      await expect(readManifest(folder)).rejects.toThrow(file);
    }),
  ));

/** The bytes of a plan, the plan as JSON, a configuration and a lock file. */
const contents = fc.tuple(
  ...[0, 1, 2, 3].map(() => fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))),
);
const VERSIONS = { program: "1", terraform: { product: "Terraform", version: "1" }, provider: "5" };

/** A folder that can be deployed, with the files of each stack. */
async function deployable(
  base: Manifest,
  files: readonly Buffer[],
): Promise<{ folder: string; manifest: Manifest }> {
  const folder = fresh();
  const made = await createPlanFolder(folder, (work) => {
    const all = base.stacks.map((stack, index): PlannedStack => {
      const [plan, json, configuration, lockFile] = files.map((data) =>
        Buffer.concat([data, Buffer.from([index])]),
      );
      const places = filesOf(work, stack.id);
      mkdirSync(places.directory, { recursive: true });
      writeFileSync(places.plan, plan!);
      writeFileSync(places.json, json!);
      writeFileSync(places.configuration, configuration!);
      writeFileSync(places.lockFile, lockFile!);
      return {
        ...stack,
        result: "changes",
        planSha256: sha256Of(plan!),
        jsonSha256: sha256Of(json!),
        configurationSha256: sha256Of(configuration!),
        lockFileSha256: sha256Of(lockFile!),
      };
    });
    return Promise.resolve({ ...base, ...VERSIONS, shard: null, stacks: all });
  });
  return { folder, manifest: made };
}

it("a plan, its JSON, a configuration or a lock file with any damage is not applied", () =>
  holds(
    40,
    fc.asyncProperty(
      manifest,
      contents,
      damage,
      fc.nat(),
      fc.constantFrom("plan", "json", "configuration", "lockFile"),
      async (base, files, change, which, kind) => {
        const { folder, manifest } = await deployable(base as Manifest, files as Buffer[]);
        await refuseUnfit(folder, manifest, VERSIONS);
        const { id } = manifest.stacks[(which as number) % manifest.stacks.length]!;
        const file = filesOf(folder, id)[kind as "plan"];
        writeFileSync(file, damaged(readFileSync(file), change as never));
        await expect(refuseUnfit(folder, manifest, VERSIONS)).rejects.toThrow(
          /the plan folder is not what was reviewed/,
        );
      },
    ),
  ));

/** A bucket in memory. */
function bucket() {
  const objects = new Map<string, Buffer>();
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof PutObjectCommand) {
      objects.set(command.input.Key!, Buffer.from(command.input.Body as Buffer));
      return Promise.resolve({});
    }
    const found = objects.get((command as GetObjectCommand).input.Key!);
    if (!found) return Promise.reject(Object.assign(new Error("no such key"), { name: "NoSuchKey" }));
    return Promise.resolve({ Body: { transformToByteArray: () => Promise.resolve(found) } });
  };
  return { objects, s3: { send } as unknown as S3Client };
}

const PLACE = { bucket: "acme-plans", prefix: "plans/monday" };
/** The files of a folder by their paths. */
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "hex")]),
  );

it("a stored plan folder comes back as it was, and with any damage of any of its objects not at all", () =>
  holds(
    25,
    fc.asyncProperty(manifest, contents, damage, fc.nat(), async (base, files, change, which) => {
      const { folder } = await deployable(base, files);
      const { objects, s3 } = bucket();
      const stored = { ...PLACE, checksum: await storePlan(folder, PLACE, s3) };
      const [copy, other] = [fresh(), fresh()];
      await fetchPlan(stored, copy, s3);
      expect(filesIn(copy)).toEqual(filesIn(folder));
      const key = [...objects.keys()][which % objects.size]!;
      objects.set(key, damaged(objects.get(key)!, change));
      await expect(fetchPlan(stored, other, s3)).rejects.toThrow(`${key} is not what was stored`);
      expect(readdirSync(dirname(other))).not.toContain(other.slice(directory.length + 1));
    }),
  ));

/** A plan in parts, as `--shard` makes them, with how long each stack took in an earlier plan. */
const parted = fc
  .tuple(
    manifest,
    fc.integer({ min: 1, max: 4 }),
    fc.array(seconds, { minLength: 6, maxLength: 6 }),
    fc.boolean(),
  )
  .chain(([base, of, durations, isKnown]) => {
    const all = base.stacks.map(({ id }) => id);
    const known = new Map(isKnown ? all.map((id, index) => [id, durations[index]!] as const) : []);
    const parts = partsOf(all, of, known).map((own, index) =>
      fc
        .record({ plannedAt: time, warnings: fc.array(anyText, { maxLength: 2 }) })
        .map((change): Manifest => ({
          ...base,
          ...change,
          shard: { index: index + 1, of, all },
          stacks: base.stacks.filter(({ id }) => own.includes(id)),
        })),
    );
    return fc.tuple(fc.constant(base), fc.tuple(...parts));
  });
const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
const partsInTwoOrders = parted.chain(([base, manifests]) => {
  const parts = manifests.map((one): Part => ({ folder: `/parts/${one.shard!.index}`, manifest: one }));
  return fc.tuple(fc.constant(base), shuffled(parts), shuffled(parts));
});

it("the parts of a plan make the same plan in any order, with every stack as it was planned", () =>
  holds(
    150,
    fc.property(partsInTwoOrders, ([base, one, other]) => {
      const merged = mergedManifest(one);
      expect(mergedManifest(other)).toEqual(merged);
      expect(merged.stacks).toEqual(base.stacks);
      expect(merged.shard).toBeNull();
      expect(new Set(merged.warnings)).toEqual(new Set(one.flatMap(({ manifest }) => manifest.warnings)));
    }),
  ));

it("a plan that lacks one of its parts, or has a part or a stack twice, is refused", () =>
  holds(
    100,
    fc.property(partsInTwoOrders, fc.nat(), fc.nat(), ([base, parts], which, where) => {
      const chosen = parts[which % parts.length]!;
      expect(() => mergedManifest(parts.filter((part) => part !== chosen))).toThrow(
        /missing|no plan folders/,
      );
      expect(() => mergedManifest([...parts, { ...chosen, folder: "/copy" }])).toThrow(/is there twice/);
      const foreign = base.stacks.find(({ id }) => !chosen.manifest.stacks.some((own) => own.id === id));
      if (foreign === undefined) return;
      const place = where % (chosen.manifest.stacks.length + 1);
      const more = { ...chosen.manifest, stacks: chosen.manifest.stacks.toSpliced(place, 0, foreign) };
      const doubled = parts.map((part) => (part === chosen ? { ...part, manifest: more } : part));
      expect(() => mergedManifest(doubled)).toThrow(`have both a plan of ${foreign.id}`);
    }),
  ));

it("the files of a merged plan are those of its parts", () =>
  holds(
    10,
    fc.asyncProperty(partsInTwoOrders, contents, async ([, one, other], files) => {
      const made = new Map<number, Part>();
      for (const { manifest } of one) {
        made.set(manifest.shard!.index, await deployable(manifest, files));
      }
      const [first, second] = [fresh(), fresh()];
      const folders = async (parts: readonly Part[], target: string) => {
        mkdirSync(target);
        await copyStacks(
          parts.map(({ manifest }) => made.get(manifest.shard!.index)!),
          target,
        );
        return filesIn(target);
      };
      const merged = await folders(one, first);
      expect(await folders(other, second)).toEqual(merged);
      const each = [...made.values()].map(({ folder }) => {
        const { "manifest.json": _, ...rest } = filesIn(folder);
        return rest;
      });
      expect(merged).toEqual(Object.assign({}, ...each));
    }),
  ));

it("a part of which a file is missing, or is another one, is not merged", () =>
  holds(
    20,
    fc.asyncProperty(
      manifest,
      contents,
      fc.boolean(),
      fc.boolean(),
      async (base, files, isMissing, changes) => {
        const { folder, manifest: whole } = await deployable(base, files);
        const result = changes ? "changes" : "no changes";
        const manifest = { ...whole, stacks: whole.stacks.map((stack) => ({ ...stack, result }) as const) };
        const { plan } = filesOf(folder, manifest.stacks[0]!.id);
        if (isMissing) rmSync(plan);
        else writeFileSync(plan, "another plan");
        const target = fresh();
        mkdirSync(target);
        await expect(copyStacks([{ folder, manifest }], target)).rejects.toThrow(
          `${folder} is not what was planned.`,
        );
        expect(filesIn(target)).toEqual({});
      },
    ),
  ));

it("a link in a part becomes a file of the merged plan", () =>
  holds(
    3,
    fc.asyncProperty(manifest, contents, async (base, files) => {
      const { folder, manifest } = await deployable(base, files);
      const { plan } = filesOf(folder, manifest.stacks[0]!.id);
      const elsewhere = fresh();
      renameSync(plan, elsewhere);
      symlinkSync(elsewhere, plan);
      const target = fresh();
      mkdirSync(target);
      await copyStacks([{ folder, manifest }], target);
      expect(lstatSync(filesOf(target, manifest.stacks[0]!.id).plan).isFile()).toBe(true);
    }),
  ));
