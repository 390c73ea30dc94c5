import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { valueAt } from "../../accounts/model/merge";
import type { Organization } from "../../accounts/model/organization";
import type { Problem } from "../../accounts/reading/problems";
import { declaredStacks } from "../../stacks/stack-graph";
import { checkMap } from "../../stacks/read-organization";
import type { AccountsMap } from "../../accounts/schema";
import { synthesizeStacks } from "../../stacks/synthesize";
import { prepareTerraform } from "../../toolchain";
import { problemOf } from "../../upkeep/check-validate";
import { ROOT } from "../../upkeep/maps";
import { holds } from "../helpers/property";
import { validatePatterns } from "../helpers/rule-patterns";
import { synthesize } from "../helpers/synth";
import { BASES, changed, validChange, without, wrongChange, type Change } from "./arbitrary-maps";
import { problemsOf } from "./rules/problems-of";

/** Accepted maps, and one by one the changes that leave them accepted. */
const accepted: fc.Arbitrary<AccountsMap> = fc
  .constantFrom(...BASES)
  .chain((base) =>
    fc.array(validChange(base), { minLength: 4, maxLength: 12 }).map((changes) => [base, changes] as const),
  )
  .map(([base, changes]) =>
    changes.reduce<AccountsMap>((map, change) => {
      const next = changed(map, change) as AccountsMap;
      return problemsOf(next).length === 0 ? next : map;
    }, base),
  );

/** Texts that are in a configuration only by mistake. */
const MISTAKES = /undefined|\[object Object\]|\bNaN\b|TfToken|Infinity/;

/** What Terraform says against the stacks of a map. */
async function invalidStacks(organization: Organization): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "session-audit-valid-"));
  try {
    const toolchain = await prepareTerraform({
      cacheDir: join(ROOT, ".cache"),
      log: () => {},
      env: process.env,
    });
    const { built } = await synthesizeStacks(organization, folder, { cache: false, workers: 0 });
    const problems: string[] = [];
    for (const id of built) {
      const problem = await problemOf(join(folder, "stacks", id), toolchain, {});
      if (problem !== null) problems.push(`${id}: ${problem}`);
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it("every map that is accepted makes every stack that it declares, EventBridge accepts the patterns, and with FC_VALIDATE=1 Terraform all", () =>
  holds(
    6,
    fc.asyncProperty(accepted, async (map) => {
      const stacks = synthesize(map);
      const organization = checkMap(map, "map");
      const declared = declaredStacks(organization).map(({ id }) => id);
      if (process.env["FC_VALIDATE"] === "1") expect(await invalidStacks(organization)).toEqual([]);
      expect([...stacks.keys()].sort()).toEqual(declared.sort());
      for (const stack of stacks.values()) {
        expect(JSON.stringify(stack.json)).not.toMatch(MISTAKES);
        expect(() => validatePatterns(stack)).not.toThrow();
      }
    }),
  ));

/** A path as steps, from its rendered form. */
function stepsOf(path: string): (string | number)[] {
  if (path === "(the whole map)") return [];
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? (JSON.parse(quoted) as string) : name!,
  );
}

/** The value at the beginning of a text; undefined: the text begins with no value, or only shows its form. */
function literalIn(text: string): { readonly value: unknown } | undefined {
  const [scalar] = /^(?:true|false|null|-?\d+(?:\.\d+)?)(?=[,; ]|$)/.exec(text) ?? [];
  if (scalar !== undefined) return { value: JSON.parse(scalar) as unknown };
  if (!/^["[{]/.test(text)) return undefined;
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (isQuoted && character === "\\") index++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && "[{".includes(character)) depth++;
    else if (!isQuoted && "]}".includes(character)) depth--;
    if (depth > 0 || isQuoted) continue;
    const literal = text.slice(0, index + 1);
    return /<[^>]*>|…|\.\.\./.test(literal) ? undefined : { value: parseYaml(literal) as unknown };
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The map after the remedy of one of its problems; undefined: the remedy is no value that can be put in. */
function remedied(map: unknown, { path, found, remedy, allowed }: Problem): unknown {
  const steps = stepsOf(path);
  const [above, last] = [steps.slice(0, -1), steps.at(-1)];
  if (last === undefined || remedy.endsWith("which is set already?")) return undefined;
  const isUnknownKey = allowed.startsWith("no key ");
  // The problem of a key has the key as what was found.
  const isKey = !isUnknownKey && found === last && valueAt(map, steps) !== found;
  const [, asked] = /^did you mean (".*")\?$/.exec(remedy) ?? [];
  const [, key, keyed] = /^write ([a-zA-Z]+): (.*)$/.exec(remedy) ?? [];
  const [, named] = /^write (?:[\w'.]+(?: [\w'.,]+)+: )?(.*)$/.exec(remedy) ?? [];
  const literal = literalIn(asked ?? keyed ?? named ?? "");
  if (literal === undefined) return undefined;
  const { value } = literal;
  if (isKey || (isUnknownKey && asked !== undefined)) {
    const moved = changed(map, { path: [...above, value as string], value: valueAt(map, steps) });
    return without(moved, steps);
  }
  if (key !== undefined && steps.includes(key))
    return changed(map, { path: steps.slice(0, steps.indexOf(key) + 1), value });
  if (key === undefined) return isUnknownKey ? undefined : changed(map, { path: steps, value });
  if (isUnknownKey) {
    const before = valueAt(map, [...above, key]);
    const both = isObject(before) && isObject(value) ? { ...before, ...value } : value;
    return without(changed(map, { path: [...above, key], value: both }), steps);
  }
  return changed(map, {
    path: isObject(valueAt(map, steps)) ? [...steps, key] : [...above, key],
    value,
  });
}

/** How many remedies were tried, so that the property cannot pass because it tries none. */
let tried = 0;

/** Maps with one to three changes, of which most are wrong. */
const doubtful = fc.constantFrom(...BASES).chain((base) =>
  fc
    .array(
      fc.oneof({ weight: 3, arbitrary: wrongChange(base) }, { weight: 1, arbitrary: validChange(base) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((changes): unknown => changes.reduce<unknown>((map, change: Change) => changed(map, change), base)),
);

it("every problem whose remedy is a value is gone once the value is put in", async () => {
  await holds(
    200,
    fc.property(doubtful, (map) => {
      for (const problem of problemsOf(map)) {
        const better = remedied(map, problem);
        if (better === undefined) continue;
        tried++;
        const left = problemsOf(better).filter(
          ({ path, allowed }) => path === problem.path && allowed === problem.allowed,
        );
        expect({ problem, left }).toEqual({ problem, left: [] });
      }
    }),
  );
  expect(tried).toBeGreaterThan(20);
});

it("every problem says where it is, what is allowed and what to do", () =>
  holds(
    100,
    fc.property(doubtful, (map) => {
      for (const { path, allowed, remedy } of problemsOf(map)) {
        expect([path, allowed, remedy]).not.toContain("");
        expect(`${path} ${allowed} ${remedy}`).not.toMatch(/undefined|\[object Object\]/);
      }
    }),
  ));
