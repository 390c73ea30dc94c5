import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchorsOf, DOCUMENTS, localLinksOf, read, ROOT } from "./helpers/documents";

const LINKS = DOCUMENTS.flatMap((document) =>
  localLinksOf(read(document)).map((target): [document: string, target: string] => [document, target]),
);

/** The file or folder that a link names, as a path from the root of the project. */
const fileOf = (document: string, target: string): string => {
  const path = target.split("#")[0]!;
  return path === "" ? document : normalize(join(dirname(document), path));
};

it.each(LINKS)("%s links to a file that exists: %s", (document, target) => {
  expect(existsSync(join(ROOT, fileOf(document, target)))).toBe(true);
});

it.each(LINKS.filter(([, target]) => target.includes("#")))(
  "%s links to a heading that exists: %s",
  (document, target) => {
    expect(anchorsOf(read(fileOf(document, target)))).toContain(target.split("#")[1]);
  },
);

/** Files and folders of this project that a page names in code style, such as `stacks/names.ts`. */
const NAMED = DOCUMENTS.flatMap((document) =>
  [...read(document).matchAll(/`([\w-]+\/(?:[\w./-]*(?:\/|\.\w+))?)`/g)]
    .map(([, path]): [document: string, path: string] => [document, path!])
    .filter(([, path]) => existsSync(join(ROOT, path.split("/")[0]!))),
);

it.each(NAMED)("%s names a file or folder that exists: %s", (_document, path) => {
  expect(existsSync(join(ROOT, path))).toBe(true);
});

it("the links of every kind of page are seen", () => {
  const pages = new Set(LINKS.map(([document]) => document));
  for (const page of ["README.md", "CONTRIBUTING.md", "docs/map.md", "docs/controls.md"])
    expect(pages).toContain(page);
  expect([...pages].some((page) => page.startsWith("docs/decisions/"))).toBe(true);
  expect(LINKS.some(([, target]) => target.endsWith(".svg"))).toBe(true);
  expect(NAMED.some(([document]) => document === "CONTRIBUTING.md")).toBe(true);
});

describe("a link", () => {
  const PAGE =
    '# A page: its *words*\n\n[a](b.md#c-d) ![e](f.svg) [g](https://h.example)\n\n```md\n# No heading\n[no](link.md)\n```\n\n[i]: ../j.ts\n<img src="k.png">\n';

  it("is found inline, as an image and as a definition, outside of code", () => {
    expect(localLinksOf(PAGE)).toEqual(["b.md#c-d", "f.svg", "../j.ts", "k.png"]);
  });

  it("names a heading by its words", () => {
    expect(anchorsOf(PAGE)).toEqual(["a-page-its-words"]);
    expect(anchorsOf("## Key of a target (`key-policy.ts`)\n")).toEqual(["key-of-a-target-key-policyts"]);
  });
});

it("every page in docs can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached)
    for (const target of page.endsWith(".md") ? localLinksOf(read(page)) : []) {
      const file = fileOf(page, target);
      const index = statSync(join(ROOT, file)).isDirectory()
        ? DOCUMENTS.filter((d) => dirname(d) === file)
        : [];
      for (const found of [file, ...index]) reached.add(found);
    }
  expect(DOCUMENTS.filter((document) => !reached.has(document))).toEqual([]);
});
