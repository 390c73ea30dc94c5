import {
  escapeHtml,
  h,
  positions,
  rangesOf,
  toHtml,
  type Attributes,
  type Tag,
} from "../../../../review/render/html/tree";

const STACKS = ["a", "b", "c", "d", "e", "f", "g"];

describe("a tree as HTML", () => {
  it("is its elements with their attributes and texts", () => {
    expect(toHtml(h("p", { class: "x", id: "y" }, "In ", h("code", {}, "z")), STACKS)).toBe(
      '<p class="x" id="y">In <code>z</code></p>',
    );
  });

  it("escapes texts and attributes", () => {
    expect(toHtml(h("p", { class: `"'><b>` }, `</p>&"'\``), STACKS)).toBe(
      '<p class="&#34;&#39;&#62;&#60;b&#62;">&#60;/p&#62;&#38;&#34;&#39;&#96;</p>',
    );
  });

  it("shows every character of a text", () => {
    expect(toHtml(h("p", {}, "a\u202eb\n"), STACKS)).toBe("<p>a\\u202eb\\n</p>");
  });

  it("has a sample of a list of stacks, and how many more there are", () => {
    expect(
      toHtml(
        {
          stacks: [
            [0, 1],
            [3, 6],
          ],
        },
        STACKS,
      ),
    ).toBe(
      `<ul class="stacks">${["a", "b", "d", "e", "f"].map((id) => `<li><code>${id}</code></li>`).join("")}<li class="more">and 1 more</li></ul>`,
    );
  });

  it("has places with their objects and sentences", () => {
    expect(
      toHtml(
        {
          places: [
            [0, "x.y", null],
            [1, null, "Own"],
          ],
        },
        STACKS,
      ),
    ).toBe(
      '<ul class="stacks"><li><code>a</code> <code class="address">x.y</code></li><li><code>b</code> <span class="own">Own</span></li></ul>',
    );
  });

  it.each([
    ["another element", h("script" as Tag, {}, "x"), "<script> is no element of the page"],
    ["another attribute", h("p", { onclick: "x" } as Attributes), "onclick is no attribute of the page"],
    [
      "a link that leaves the page",
      h("a", { href: "https://evil.example" }),
      "https://evil.example leaves the page",
    ],
    ["a link with a script", h("a", { href: "javascript:alert(1)" }), "javascript:alert(1) leaves the page"],
  ])("is refused with %s", (_name, tree, message) => {
    expect(() => toHtml(tree, STACKS)).toThrow(message);
  });
});

it("an escaped text has no character that is HTML", () => {
  expect(escapeHtml(`a&b<c>d"e'f\`g=h`)).toBe("a&#38;b&#60;c&#62;d&#34;e&#39;f&#96;g&#61;h");
});

describe("ranges", () => {
  it.each([
    [[], []],
    [[3], [[3, 3]]],
    [[2, 0, 1, 1], [[0, 2]]],
    [
      [9, 0, 1, 7],
      [
        [0, 1],
        [7, 7],
        [9, 9],
      ],
    ],
  ])("of %j are %j", (indexes, ranges) => {
    expect(rangesOf(indexes)).toEqual(ranges);
  });

  it("are the positions that they are made of", () => {
    const indexes = [0, 1, 2, 5, 7, 8];
    expect(positions(rangesOf(indexes))).toEqual(indexes);
  });
});
