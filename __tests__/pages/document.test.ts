import type { Asset } from "../../pages/assets";
import { page } from "../../pages/document";
import { h, write } from "../../pages/tree";

const ASSET: Asset = { text: "x", source: "'sha256-x'" };
const html = (change: Partial<Parameters<typeof page>[0]> = {}): string =>
  page({ title: "t", style: ASSET, script: ASSET, body: "<p>b</p>", data: {}, ...change });

it("a page escapes its title, and shows every character of it", () => {
  expect(html({ title: "</title><b>\u202e" })).toContain("<title>&#60;/title&#62;&#60;b&#62;\\u202e</title>");
});

it("a page has its values as JSON that ends no element", () => {
  const value = { a: "</script><!--&\u2028" };
  const written = /id="data">(.*?)<\/script>/.exec(html({ data: { data: value } }))![1]!;
  expect(written).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(written)).toEqual(value);
});

it("a tree writes what only one page has with that page's own writer", () => {
  expect(write(h<{ own: string }>("p", {}, "a ", { own: "b" }), ({ own }) => `[${own}]`)).toBe(
    "<p>a [b]</p>",
  );
});

it("a tree of a drawing has its attributes as they are", () => {
  const drawing = h("svg", { viewBox: "0 0 1 1", role: "img" }, h("title", {}, "<x>"));
  expect(write(drawing, String)).toBe('<svg viewBox="0 0 1 1" role="img"><title>&#60;x&#62;</title></svg>');
});
