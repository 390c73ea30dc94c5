import { readdirSync } from "node:fs";
import { join } from "node:path";
import { read, ROOT } from "./helpers/documents";

it("the security model explains every statement of every policy, and no other", () => {
  const files = [
    ...readdirSync(join(ROOT, "stacks", "policies")).map((file) => `stacks/policies/${file}`),
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
