import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Organization } from "../../accounts/model/organization";
import type { AccountsMap } from "../../accounts/schema";
import { checkMap } from "../../stacks/read-organization";
import { declaredStacks } from "../../stacks/stack-graph";
import { synthesizeStacks } from "../../stacks/synthesize";
import { stackWriter } from "../../stacks/synthesis/build-all";
import { observed } from "../../stacks/synthesis/observed";
import { programDigest, RECORD } from "../../stacks/synthesis/record";
import exampleMap from "../fixtures/example-map";
import { addPipeline, exampleWith } from "../helpers/example";
import { replicated } from "../helpers/replicated";
import { GUARDRAILS } from "./policies/guardrails/helpers";

const organization = checkMap(exampleMap, "map");
const IDS = declaredStacks(organization).map(({ id }) => id);
const changed = (change: (map: AccountsMap) => void) => checkMap(exampleWith(change), "map");

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "session-audit-synthesize-"));
  out = join(directory, "out");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Every file in a directory: its content, by its path. */
const contentsOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(root, file), readFileSync(file, "latin1")] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** What a synthesis writes that keeps nothing. */
async function cold(of: Organization): Promise<Record<string, string>> {
  const fresh = join(directory, "cold");
  rmSync(fresh, { recursive: true, force: true });
  await synthesizeStacks(of, fresh);
  return contentsOf(fresh);
}

describe("a second synthesis", () => {
  beforeEach(() => synthesizeStacks(organization, out));

  it("builds nothing if nothing has changed", async () => {
    const before = contentsOf(out);
    expect(await synthesizeStacks(organization, out)).toEqual({ built: [], kept: IDS });
    expect(contentsOf(out)).toEqual(before);
  });

  it("builds only the stacks of an account that has changed, with the bytes of a synthesis that keeps nothing", async () => {
    const other = changed((map) => (map.accounts["payments"]!.tags = { team: "another" }));
    const { built, kept } = await synthesizeStacks(other, out);
    // An archive and the policies of its account depend on the settings of every target of the archive.
    const changing = /^((account|session)-payments|archive-eu-central-1|account-log-archive)/;
    expect(built).toEqual(IDS.filter((id) => changing.test(id)));
    expect(kept.length).toBeGreaterThan(3);
    expect(contentsOf(out)).toEqual(await cold(other));
  });

  it.each<[string, (map: AccountsMap) => void, RegExp]>([
    [
      "has been added",
      (map) => (map.accounts["a-new-one"] = { ...map.accounts["payments"]!, id: "999999999999" }),
      /^(account|session)-a-new-one|^archive-|^account-log-archive/,
    ],
    ["is gone", (map) => delete map.accounts["payments"], /^archive-|^account-log-archive/],
    [
      "is at another place of the map",
      (map) => {
        const { payments, ...others } = map.accounts;
        map.accounts = { payments: payments!, ...others };
      },
      /^archive-|^account-log-archive/,
    ],
  ])("builds no stack of another account if an account %s", async (_what, change, changing) => {
    const other = changed(change);
    const { built } = await synthesizeStacks(other, out);
    const ids = declaredStacks(other).map(({ id }) => id);
    expect(built.filter((id) => !changing.test(id))).toEqual([]);
    expect(built.length).toBeLessThan(ids.length / 2);
    const files = Object.entries(contentsOf(out)).filter(([file]) => ids.includes(file.split("/")[1] ?? ""));
    expect(Object.fromEntries(files)).toEqual(
      Object.fromEntries(Object.entries(await cold(other)).filter(([file]) => file.startsWith("stacks/"))),
    );
  });

  it("builds everything on request", async () => {
    expect((await synthesizeStacks(organization, out, { cache: false })).built).toEqual(IDS);
  });

  it.each<[string, (file: string) => void]>([
    [
      "was edited",
      (file) => writeFileSync(file, readFileSync(file, "utf8").replace("us-east-1", "eu-west-1")),
    ],
    ["is empty", (file) => writeFileSync(file, "")],
    ["is gone", (file) => rmSync(file)],
  ])("builds a stack again whose file %s", async (_what, damage) => {
    const before = contentsOf(out);
    damage(join(out, "stacks", "session-payments-us-east-1", "cdk.tf.json"));
    expect((await synthesizeStacks(organization, out)).built).toEqual(["session-payments-us-east-1"]);
    expect(contentsOf(out)).toEqual(before);
  });

  it.each<[string, (text: string) => string]>([
    ["half of it is there", (text) => text.slice(0, text.length / 2)],
    ["a digest in it is another", (text) => text.replace(/"([0-9a-f])([0-9a-f]{31})"/, '"0$1$2"')],
    ["it is no JSON", () => "{"],
    ["it is gone", () => ""],
  ])("builds everything if the record is damaged: %s", async (_what, damage) => {
    const file = join(out, RECORD);
    const before = contentsOf(out);
    writeFileSync(file, damage(readFileSync(file, "utf8")));
    expect((await synthesizeStacks(organization, out)).built).toEqual(IDS);
    expect(contentsOf(out)).toEqual(before);
  });

  it("keeps what is known of the stacks that it does not write", async () => {
    const only = new Set(["session-payments-us-east-1"]);
    expect(await synthesizeStacks(organization, out, { only })).toEqual({ built: [], kept: [...only] });
    expect(await synthesizeStacks(organization, out)).toEqual({ built: [], kept: IDS });
  });

  it("builds the stacks again whose providers name profiles instead of roles", async () => {
    expect((await synthesizeStacks(organization, out, { profiles: true })).kept).toEqual([]);
  });
});

describe("the state of a map with a role for the states that plans, and one that deploys", () => {
  const of = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const roleArn = "arn:aws:iam::999999999999:role/write";
  const planRoleArn = "arn:aws:iam::999999999999:role/read";
  const ID = "session-payments-us-east-1";
  /** The backend of a stack. @param profiles whether it is for the commands over many stacks */
  async function backendOf(roles: object, profiles: boolean): Promise<unknown> {
    const map = changed((one) => {
      one.deployment = { mode: "assume-role", role: "deploy", planRole: "plan" };
      one.state = { ...of, ...roles };
    });
    await synthesizeStacks(map, out, { profiles, only: new Set([ID]) });
    const { terraform } = JSON.parse(readFileSync(join(out, "stacks", ID, "cdk.tf.json"), "utf8")) as {
      terraform: { backend: { s3: object } };
    };
    return terraform.backend.s3;
  }

  it("names a profile in place of a role, so that a plan names no role", async () => {
    const backend = await backendOf({ roleArn, planRoleArn }, true);
    expect(backend).toMatchObject({ profile: "session-audit-states" });
    expect(backend).not.toHaveProperty("assume_role");
  });

  it.each([
    ["for cdktf", { roleArn, planRoleArn }, false],
    ["without a role that plans", { roleArn }, true],
  ])("names the role that deploys %s", async (_, roles, profiles) => {
    const backend = await backendOf(roles, profiles);
    expect(backend).toMatchObject({ assume_role: { role_arn: roleArn } });
    expect(backend).not.toHaveProperty("profile");
  });
});

/** Paths of all values in an organization that are no lists or objects. The last item of a list stands for all. */
function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Object.entries(value as Record<string, unknown>);
  return (Array.isArray(value) ? entries.slice(-1) : entries).flatMap(([key, member]) =>
    pathsIn(member, [...path, key]),
  );
}

/** The organization with another value at a path. */
function withAnother(of: Organization, path: readonly string[]): Organization {
  const copy = structuredClone(of);
  const key = path.at(-1)!;
  const holder = path
    .slice(0, -1)
    .reduce((at, part) => at[part] as Record<string, unknown>, copy as unknown as Record<string, unknown>);
  const value = holder[key];
  if (typeof value === "number") holder[key] = value + 1;
  else if (typeof value === "boolean") holder[key] = !value;
  else holder[key] = value === null ? "x" : `${String(value)}x`;
  return copy;
}

it("keeps a stack only if it would have the same bytes, whichever value of the organization changes", () => {
  const base = checkMap(
    replicated((map) => {
      map.guardrails = GUARDRAILS;
      map.notifications!.central = { account: "log-archive", region: "eu-west-1" };
      addPipeline(map);
    }),
    "map",
  );
  const staging = join(directory, "staging");
  mkdirSync(staging);
  const stacks = declaredStacks(base);
  const write = stackWriter(base, staging);
  const before = stacks.map((_, index) => write(index));
  const kinds = [...new Set(stacks.map(({ kind }) => kind))];
  const stale: string[] = [];
  const outcomes = { kept: 0, built: 0 };
  for (const [turn, path] of pathsIn(base).entries()) {
    const other = withAnother(base, path);
    const { digestOf } = observed(other);
    const kept = before.map(({ reads }) =>
      Object.entries(reads).every(([name, digest]) => digestOf(name) === digest),
    );
    outcomes.built += kept.filter((one) => !one).length;
    if (!kept.includes(true)) continue;
    const ids = declaredStacks(other).map(({ id }) => id);
    const again = stackWriter(other, staging);
    // One stack of each kind, the next one for the next value: the same code builds all stacks of a kind.
    for (const kind of kinds) {
      const candidates = stacks.flatMap((stack, index) =>
        stack.kind === kind && kept[index] ? [index] : [],
      );
      if (candidates.length === 0) continue;
      const index = candidates[turn % candidates.length]!;
      const { id } = stacks[index]!;
      outcomes.kept++;
      const { files } = again(ids.indexOf(id));
      if (JSON.stringify(files) !== JSON.stringify(before[index]!.files))
        stale.push(`${id}: ${path.join(".")}`);
    }
  }
  expect(stale).toEqual([]);
  expect(Math.min(outcomes.kept, outcomes.built)).toBeGreaterThan(500);
});

describe("the digest of the program", () => {
  const FILES: Readonly<Record<string, string>> = {
    "accounts/index.ts": "the map",
    "accounts/model/a.ts": "a",
    "aws/b.json": "b",
    "files/f.ts": "f",
    "guard/c.ts": "c",
    "stacks/kit/d.sh": "d",
    "node_modules/.package-lock.json": "e",
  };
  const digest = (env: NodeJS.ProcessEnv = {}) => programDigest(directory, env);
  beforeEach(() => {
    for (const [file, text] of Object.entries(FILES)) {
      mkdirSync(join(directory, file, ".."), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
  });

  it.each(Object.keys(FILES).filter((file) => file !== "accounts/index.ts"))("changes with %s", (file) => {
    const before = digest();
    writeFileSync(join(directory, file), "another");
    expect(digest()).not.toBe(before);
  });

  it("changes with a file that is added or renamed", () => {
    const digests = [digest()];
    writeFileSync(join(directory, "stacks", "x.ts"), "");
    digests.push(digest());
    cpSync(join(directory, "stacks", "x.ts"), join(directory, "stacks", "y.ts"));
    rmSync(join(directory, "stacks", "x.ts"));
    digests.push(digest());
    expect(new Set(digests).size).toBe(3);
  });

  it("changes with the context that cdktf reads from the environment", () => {
    expect(digest({ CDKTF_CONTEXT_JSON: "{}" })).not.toBe(digest());
  });

  it("is found where session-audit is installed as a package", () => {
    const project = join(directory, "node_modules", "session-audit");
    for (const folder of ["accounts", "aws", "files", "guard", "stacks"])
      cpSync(join(directory, folder), join(project, folder), { recursive: true });
    const before = programDigest(project, {});
    expect(programDigest(project, {})).toBe(before);
    writeFileSync(join(directory, "node_modules", ".package-lock.json"), "another");
    expect(programDigest(project, {})).not.toBe(before);
  });

  it("is never the same twice if nothing says which packages are installed", () => {
    rmSync(join(directory, "node_modules"), { recursive: true });
    expect(digest()).not.toBe(digest());
  });

  it("does not change with the map, whose parts the stacks note by themselves", () => {
    const before = digest();
    writeFileSync(join(directory, "accounts/index.ts"), "another map");
    expect(digest()).toBe(before);
  });
});

it("writes the same bytes in worker threads, and records the same", async () => {
  await synthesizeStacks(organization, out, { workers: 2 });
  expect(contentsOf(out)).toEqual(await cold(organization));
});

it("leaves whole files if two write the same directory at once", async () => {
  await Promise.all([synthesizeStacks(organization, out), synthesizeStacks(organization, out)]);
  expect(contentsOf(out)).toEqual(await cold(organization));
});

it("writes one stack with the bytes of a synthesis of all", async () => {
  const file = join("stacks", "session-payments-us-east-1", "cdk.tf.json");
  await synthesizeStacks(organization, out, { only: new Set(["session-payments-us-east-1"]) });
  expect(readdirSync(join(out, "stacks"))).toEqual(["session-payments-us-east-1"]);
  expect(contentsOf(out)[file]).toBe((await cold(organization))[file]);
});

it("refuses a stack that the organization does not have, and names those that it has", async () => {
  await expect(synthesizeStacks(organization, out, { only: new Set(["session-x"]) })).rejects.toThrow(
    /no stack session-x; there are .*session-payments-eu-central-1/,
  );
  expect(existsSync(out)).toBe(false);
});

describe.each([0, 2])("an interruption, with %d workers", (workers) => {
  it("leaves no directory that was not there", async () => {
    const { signal } = interruptedSoon();
    await expect(synthesizeStacks(organization, out, { workers, signal })).rejects.toThrow("interrupted");
    expect(existsSync(out)).toBe(false);
  });

  it("leaves every file as it was", async () => {
    await synthesizeStacks(organization, out);
    const before = contentsOf(out);
    const other = changed((map) => (map.organization.name = "another"));
    const { signal } = interruptedSoon();
    await expect(synthesizeStacks(other, out, { workers, signal })).rejects.toThrow("interrupted");
    expect(contentsOf(out)).toEqual(before);
  });

  /** Workers need more time to start than an interruption takes; without workers it comes before the first stack. */
  function interruptedSoon(): AbortController {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("interrupted"));
    if (workers === 0) abort();
    else setImmediate(abort);
    return controller;
  }
});

it("leaves nothing if a stack cannot be built", async () => {
  const broken = structuredClone(organization) as unknown as { targets: { settings: { logs: unknown } }[] };
  broken.targets[0]!.settings.logs = null;
  await expect(synthesizeStacks(broken as unknown as Organization, out)).rejects.toThrow();
  expect(existsSync(out)).toBe(false);
});

it("removes what a process has left that was killed", async () => {
  const left = join(out, ".partial-999999999-0");
  mkdirSync(left, { recursive: true });
  await synthesizeStacks(organization, out);
  expect(existsSync(left)).toBe(false);
});
