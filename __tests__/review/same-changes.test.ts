import type { PlanJson, PlanResourceChange } from "../../review/plan-json";
import { notReviewed } from "../../review/same-changes";

type Update = Partial<Omit<PlanResourceChange, "change">> & Partial<PlanResourceChange["change"]>;
const update = ({ address = "aws_a.b", previous_address, ...change }: Update = {}): PlanResourceChange => ({
  address,
  mode: "managed",
  type: "aws_a",
  name: "b",
  ...(previous_address !== undefined && { previous_address }),
  change: { actions: ["update"], before: { days: 365 }, after: { days: 7 }, ...change },
});
const plan = (...resource_changes: PlanResourceChange[]): PlanJson => ({
  format_version: "1.2",
  resource_changes,
});

it.each<[string, PlanResourceChange, PlanResourceChange]>([
  ["the order of keys", update({ after: { a: 1, b: 2 } }), update({ after: { b: 2, a: 1 } })],
  [
    "the spelling of JSON in a string",
    update({ after: { policy: '{"a":1,"b":[2]}' } }),
    update({ after: { policy: '{ "b": [2],\n "a": 1 }' } }),
  ],
])("takes plans for the same that differ in %s", (_, one, other) => {
  expect(notReviewed(plan(one), plan(other))).toEqual([]);
});

it.each<[string, Update]>([
  ["the value after", { after: { days: 6 } }],
  ["the value before", { before: { days: 30 } }],
  ["a value that is not known yet", { after: {}, after_unknown: { days: true } }],
  ["a sensitive value", { after: { days: 8 }, after_sensitive: { days: true } }],
  ["the action", { actions: ["delete", "create"] }],
  ["the order of a replacement", { actions: ["create", "delete"] }],
  ["the address", { address: "aws_a.c" }],
  ["a former address", { previous_address: "aws_a.z" }],
  ["an import", { importing: { id: "x" } }],
  ["a string of JSON in place of its value", { after: { days: "[7]" } }],
])("names the object of a plan that differs in %s", (_, change) => {
  const changed = update(change);
  expect(notReviewed(plan(changed), plan(update(), update({ after: { days: [7] } })))).toEqual([
    changed.address,
  ]);
});

it("accepts a plan that does less: an apply that failed half-way has done the rest", () => {
  const both = plan(update(), update({ address: "aws_a.c" }));
  expect(notReviewed(plan(update()), both)).toEqual([]);
  expect(notReviewed(both, plan(update()))).toEqual(["aws_a.c"]);
});

it("ignores what Terraform only reads, or leaves as it is", () => {
  const quiet = plan(update({ actions: ["no-op"] }), { ...update({ actions: ["read"] }), mode: "data" });
  expect(notReviewed(quiet, plan())).toEqual([]);
});

it("counts a move without another change, and a changed output", () => {
  const moved = plan(update({ actions: ["no-op"], previous_address: "aws_a.z" }));
  expect(notReviewed(moved, plan())).toEqual(["aws_a.b"]);
  const output: PlanJson = {
    format_version: "1.2",
    output_changes: { bucket: { actions: ["update"], before: "a", after: "b" } },
  };
  expect(notReviewed(output, plan())).toEqual(["output.bucket"]);
});
