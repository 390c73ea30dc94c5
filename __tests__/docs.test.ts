import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { read, ROOT } from "./helpers/documents";

it("the security model explains every statement of every policy, and no other", () => {
  const files = [
    ...readdirSync(join(ROOT, "stacks", "policies"), { recursive: true }).map(
      (file) => `stacks/policies/${file}`,
    ),
    "stacks/constructs/instance-profile.ts",
  ];
  const sids = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...read(file).matchAll(
        /(?:Sid: |refuse(?:Header)?\(\s*|letThrough\(\s*|useOwn\(\s*|KeyStatements\(\s*|useKeysThroughS3\(\s*|allow\(\s*|useKeyFor\(\s*)"(\w+)"/g,
      ),
    ])
    .map((match) => match[1]!);
  const explained = [...read("docs/security.md").matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
  const derived = explained.filter((sid) => sid.endsWith("WithExistingKeys"));
  expect(new Set(explained.filter((sid) => !derived.includes(sid)))).toEqual(new Set(sids));
});

it("the security model has a heading for files of policies that exist", () => {
  const files = [...read("docs/security.md").matchAll(/^### .* \(`([^`]+)`\)$/gm)].map((match) => match[1]!);
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => !existsSync(join(ROOT, "stacks", "policies", file)))).toEqual([]);
});
