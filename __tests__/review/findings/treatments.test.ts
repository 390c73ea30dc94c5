import { join, resolve } from "node:path";
import { TREATMENTS, treatmentOf } from "../../../review/findings/treatments";
import { importsOf, typescriptFiles } from "../../helpers/imports";
import { exampleWith, synthesize } from "../../helpers/synth";

const ROOT = resolve(__dirname, "..", "..", "..");
const PROVIDER = "@cdktf/provider-aws/lib/";

/** Every type of resource that some map can make the stacks declare, from the imports of the constructs. */
const declarable = [
  ...new Set(
    importsOf(
      ROOT,
      typescriptFiles(ROOT, ["stacks"]).map((file) => join(file)),
    )
      .filter(({ imported }) => imported.startsWith(PROVIDER))
      .map(({ imported }) => imported.slice(PROVIDER.length))
      .filter((name) => name !== "provider" && !name.startsWith("data-aws-"))
      .map((name) => `aws_${name.replaceAll("-", "_")}`),
  ),
].sort();

it.each(declarable)("the review knows what a change and the end of %s mean", (type) => {
  expect(TREATMENTS[type]).toBeDefined();
});

it("finds the types of all synthesized resources by the imports of the constructs", () => {
  const map = exampleWith((m) => (m.guard = { enabled: true }));
  const types = [...synthesize(map).values()].flatMap(({ json }) => Object.keys(json.resource ?? {}));
  expect([...new Set(types)].filter((type) => !declarable.includes(type))).toEqual([]);
});

it.each(Object.entries(TREATMENTS))("%s has words for people", (_type, treatment) => {
  const { noun, nouns, changed, destroyed, replaced } = treatment;
  for (const text of [noun, nouns]) expect(text).not.toMatch(/aws_|_|^$/);
  for (const text of [changed, destroyed.lost, destroyed.remedy, replaced?.lost ?? "X."])
    expect(text).toMatch(/^[A-Z].*\.$/);
});

it("says of a type that it does not know that it knows nothing", () => {
  expect(treatmentOf("aws_unheard_of").destroyed.lost).toMatch(/knows nothing/);
});
