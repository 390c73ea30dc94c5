import { readFileSync } from "node:fs";
import { join } from "node:path";
import { typescriptFiles } from "./helpers/imports";
import { ROOT } from "./helpers/documents";

const INDEX = readFileSync(join(ROOT, "index.ts"), "utf8");
const exported = (name: string) => new RegExp(`\\b${name}\\b`).test(INDEX);

/** The declarations of some kinds that files export, by name, each with what stands before it. */
const declarations = (files: readonly string[], kinds: string) =>
  files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return [...text.matchAll(new RegExp(`^export (?:abstract )?(?:${kinds}) (\\w+)`, "gm"))].map(
      ({ 1: name, index }) => ({ name: name!, before: text.slice(0, index).trimEnd() }),
    );
  });

const CONSTRUCTS = typescriptFiles(ROOT, ["stacks/constructs"]);
const STACKS = typescriptFiles(ROOT, ["stacks"]).filter((file) => /^stacks\/[\w-]+-stack\.ts$/.test(file));

it("the package exports every stack and construct, and the types of their props", () => {
  const classes = declarations([...CONSTRUCTS, ...STACKS], "class");
  const props = declarations([...CONSTRUCTS, ...STACKS], "interface|type");
  expect(classes.length).toBeGreaterThan(40);
  expect([...classes, ...props].map(({ name }) => name).filter((name) => !exported(name))).toEqual([]);
});

it("everything exported from a file of constructs or stacks is documented, and so is each of its props", () => {
  const undocumented = declarations([...CONSTRUCTS, ...STACKS], "class|interface|type").filter(
    ({ before }) => !before.endsWith("*/"),
  );
  expect(undocumented.map(({ name }) => name)).toEqual([]);
  const props = [...CONSTRUCTS, ...STACKS].flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return [...text.matchAll(/^export interface (\w+Props)[^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(
      ([, name, body]) =>
        [...body!.matchAll(/(.*)\n {2}readonly (\w+)\??:/g)]
          .filter(([, line]) => !line!.trim().endsWith("*/"))
          .map(([, , prop]) => `${name!}.${prop!}`),
    );
  });
  // These say by their names and types what they are.
  const plain = /^\w+StackProps\.|\.(place|organization)$/;
  expect(props.filter((prop) => !plain.test(prop))).toEqual([]);
});
