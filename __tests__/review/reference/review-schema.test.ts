import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Review } from "../../../review/model";
import { reviewJsonSchemaText, SCHEMA_FILE, WRITE_SCHEMA } from "../../../review/reference/json-schema";
import { reviewSchema } from "../../../review/reference/review-schema";
import { json } from "../../../review/render/json";
import { reviewOf } from "../../../review/review";
import { recorded } from "../../fixtures/plans/trim";
import { EMPTY, EXAMPLE, hostile, NO_STACKS } from "../../fixtures/reviews";

const ORIGIN = { commit: "0123abc", dirty: false, plannedAt: "2026-01-01T00:00:00.000Z" };
const SCENARIOS = readdirSync(join(__dirname, "..", "..", "fixtures", "plans"))
  .filter((file) => file.endsWith(".json.br"))
  .map((file) => file.replace(".json.br", ""));

/** What the schema says against a review as it is printed; empty if it fits. */
const problemsOf = (review: Review): string[] => {
  const parsed = reviewSchema.safeParse(JSON.parse(json(review)));
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

it("is published as the command writes it", () => {
  expect({ run: WRITE_SCHEMA, text: readFileSync(SCHEMA_FILE, "utf8") }).toEqual({
    run: WRITE_SCHEMA,
    text: reviewJsonSchemaText(),
  });
});

it.each(SCENARIOS)("fits a review of the recorded plans %s", (scenario) => {
  expect(problemsOf(reviewOf(recorded(scenario), ORIGIN))).toEqual([]);
});

it.each([
  ["empty", EMPTY],
  ["without stacks", NO_STACKS],
  ["of an organization", EXAMPLE],
  ["with hostile values", hostile("</script>")],
])("fits a review %s", (_, review) => {
  expect(problemsOf(review)).toEqual([]);
});

it.each<[string, unknown]>([
  ["a severity that is none", { findings: [{ ...EXAMPLE.findings[0]!, severity: "bad" }] }],
  ["a number of stacks below zero", { totals: { ...EXAMPLE.totals, create: -1 } }],
  ["a part that no review has", { more: 1 }],
  ["another version", { version: 2 }],
])("refuses a review with %s", (_, change) => {
  expect(problemsOf({ ...EXAMPLE, ...(change as object) })).not.toEqual([]);
});
