import { mergedManifest, type Part } from "../../fleet/merge";
import type { Manifest, PlannedStack } from "../../fleet/plan-folder";
import { plannedStack, planManifest } from "./deploy/planned";

const stack = (id: string): PlannedStack => plannedStack(id, { result: "no changes" });

const part = (index: number, ids: string[], change: Partial<Manifest> = {}): Part => ({
  folder: `/parts/${index}`,
  manifest: planManifest({
    plannedAt: `2026-01-0${index}T00:00:00.000Z`,
    shard: { index, of: 2, all: ["one", "two", "three"] },
    stacks: ids.map(stack),
    ...change,
  }),
});

it("has the stacks of all parts in the order of deployment, and the time of the first part", () => {
  const merged = mergedManifest([part(2, ["two"]), part(1, ["three", "one"])]);
  expect(merged.stacks.map(({ id }) => id)).toEqual(["one", "two", "three"]);
  expect(merged).toMatchObject({ shard: null, plannedAt: "2026-01-01T00:00:00.000Z" });
});

it("has the warnings of all parts, in whatever order they are named", () => {
  const parts = [
    part(1, ["one", "three"], { warnings: ["a"] }),
    part(2, ["two"], { warnings: ["b", "a"] }),
  ] as const;
  expect(mergedManifest(parts).warnings).toEqual(["a", "b"]);
  expect(mergedManifest(parts.toReversed())).toEqual(mergedManifest(parts));
});

it.each<[string, Part[], RegExp]>([
  [
    "two parts have the same stack",
    [part(2, ["two", "one"]), part(1, ["one", "three"])],
    /\/parts\/1 and \/parts\/2 have both a plan of one/,
  ],
  ["there is no part", [], /no plan folders to merge/],
  ["a part is missing", [part(1, ["one", "three"])], /of 2 parts, these are missing: 2/],
  [
    "a part is there twice",
    [part(1, ["one"]), { ...part(1, ["one"]), folder: "/copy" }],
    /part 1 of 2 is there twice: \/parts\/1 and \/copy/,
  ],
  [
    "the commits differ",
    [part(1, ["one", "three"]), part(2, ["two"], { source: { commit: "def", dirty: false } })],
    /\/parts\/1 and \/parts\/2 are not parts of one plan: the commit differs[\s\S]*abc[\s\S]*def/,
  ],
  [
    "the versions of Terraform differ",
    [part(1, ["one", "three"]), part(2, ["two"], { terraform: { product: "Terraform", version: "1.12.0" } })],
    /the version of Terraform differs/,
  ],
  [
    "the numbers of parts differ",
    [
      part(1, ["one", "three"]),
      part(2, ["two"], { shard: { index: 2, of: 3, all: ["one", "two", "three"] } }),
    ],
    /the number of parts differs/,
  ],
  ["a stack has no plan", [part(1, ["one"]), part(2, ["two"])], /no part has a plan of three/],
  [
    "a folder is a whole plan",
    [part(1, ["one"], { shard: null }), part(2, ["two"])],
    /\/parts\/1 is a whole plan/,
  ],
])("refuses to merge when %s", (_, parts, message) => {
  expect(() => mergedManifest(parts)).toThrow(message);
});
