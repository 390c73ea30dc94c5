import { markdown } from "../../../../review/render/markdown";
import { code, codeInHtml, fenced, text, textInHtml } from "../../../../review/render/markdown/escape";
import { HOSTILE_VALUES } from "../../../fixtures/hostile-values";
import { EXAMPLE, hostile } from "../../../fixtures/reviews";
import { markdownNodes, readableText } from "../../../helpers/markdown-nodes";

/** The tags that the renderer itself writes. They have no attributes but `open`. */
const OUR_TAGS = /<\/?(?:details|summary|code|b)>|<details open>/g;
const HTML = ["html_block", "html_inline"];
const NODES = [
  ...["document", "heading", "paragraph", "text", "strong", "emph", "code", "code_block", "list", "item"],
  "block_quote",
  "linebreak",
  ...HTML,
];

/** What GitHub, GitLab or Bitbucket make active in the text of a rendered comment. */
const ACTIVE_IN_TEXT: readonly (readonly [string, RegExp])[] = [
  ["a mention", /(?<![a-z0-9])@[a-z0-9]/i],
  ["an e-mail address", /[a-z0-9.+_-]@[a-z0-9]/i],
  ["a reference", /#\d|\bgh-\d|!\d|\^alert#|[~%]\w/i],
  ["a link", /:\/\/|www\.|mailto:|xmpp:/i],
  ["an emoji", /:[\w+-]+:/],
  ["a formula", /\$/],
  ["a commit", /\b[0-9a-f]{40}\b/],
  ["an inline diff", /[[{][+-]|[+-][\]}]/],
];

/** Characters that a reader cannot see. The renderer itself writes only the zero-width space, behind an @. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\u200b)\p{Cf}|(?<!@)\u200b|(?! )\p{Zs}/u;

const TABLE_ROW = /^\|.*\|$/;
const cells = (row: string): number => row.replace(/\\./g, "").split("|").length - 2;

describe.each(HOSTILE_VALUES)("$name in every text of a review", ({ value }) => {
  const comment = markdown(hostile(value), { limit: 1_000_000 });
  const nodes = markdownNodes(comment);

  it("becomes no link, image or other structure", () => {
    expect([...new Set(nodes.map(({ type }) => type))].filter((type) => !NODES.includes(type))).toEqual([]);
    expect(nodes.filter(({ type }) => type === "heading").map(({ type }) => type)).toHaveLength(
      markdownNodes(markdown(hostile("mark"))).filter(({ type }) => type === "heading").length,
    );
  });

  it("becomes no HTML", () => {
    const html = nodes.filter(({ type }) => HTML.includes(type)).map(({ text: source }) => source);
    expect(
      html.map((source) => source.replace(OUR_TAGS, "")).filter((source) => source.includes("<")),
    ).toEqual([]);
  });

  it("closes each <details> that is open", () => {
    const tags = nodes
      .filter(({ type }) => type === "html_block")
      .flatMap(({ text: source }) => source.match(/<\/?details/g) ?? []);
    expect(tags.filter((tag) => tag === "<details").length).toBe(3);
    expect(tags.filter((tag) => tag === "</details").length).toBe(3);
  });

  it("becomes nothing that a site makes active outside of code", () => {
    const texts = nodes.filter(({ type }) => type === "text").map((node) => node.text);
    const found = ACTIVE_IN_TEXT.flatMap(([name, active]) =>
      texts.filter((one) => active.test(one)).map((one) => `${name}: ${one}`),
    );
    expect(found).toEqual([]);
  });

  it("has no link that GitHub finds in the source of the comment", () => {
    const source = comment.replace(/(`+)(?!`)[\s\S]+?(?<!`)\1(?!`)/g, "");
    expect(source).not.toMatch(/:\/\/|www\.|[a-z0-9.+_-]@[a-z0-9]/i);
  });

  it("mentions nobody in a reply by e-mail, which has the comment as plain text", () => {
    expect(comment).not.toMatch(/(?<![A-Za-z0-9])@[A-Za-z0-9]/);
  });

  it("begins no line that a bot would take for a command, and ends no table", () => {
    const lines = comment.split("\n");
    expect(lines.filter((line) => /^\s*[/@]/.test(line))).toEqual([]);
    const rows = lines.filter((line) => line.startsWith("|"));
    expect(rows.filter((row) => !TABLE_ROW.test(row) || ![5, 10].includes(cells(row)))).toEqual([]);
  });

  it("shows every character", () => {
    expect(readableText(comment)).not.toMatch(UNSEEN);
  });

  it("is there to be read", () => {
    expect(readableText(comment)).toMatch(/mark/);
  });
});

describe("the checks of hostile values", () => {
  it.each([
    ["a link", "[mark](https://evil.example)", "link"],
    ["an image", "![mark](https://evil.example)", "image"],
    ["HTML", "mark <b>x</b>", "html_inline"],
  ])("see %s in Markdown without escapes", (_name, source, type) => {
    expect(markdownNodes(source).map((node) => node.type)).toContain(type);
  });

  it("see every kind of active text without escapes", () => {
    const all = HOSTILE_VALUES.map(({ value }) => value).join("\n");
    expect(ACTIVE_IN_TEXT.filter(([, active]) => !active.test(all))).toEqual([]);
  });

  it("leave the example as it is", () => {
    expect(readableText(markdown(EXAMPLE))).toContain("arn:aws:iam::666666666666:role/contractor");
  });
});

describe("a text", () => {
  it.each([
    ["plain words, with punctuation.", "plain words, with punctuation."],
    ["a | b", "a &#124; b"],
    ["<b>", "&#60;b&#62;"],
    ["**x**", "&#42;&#42;x&#42;&#42;"],
    ["- x", "&#45; x"],
    ["12. x", "12&#46; x"],
    ["/approve", "&#47;approve"],
    ["a\n\n b\n", "a ⏎ b"],
    ["tell @octocat", "tell `@\u200boctocat`"],
    ["mail security@example.com", "mail `security@example.com`"],
    ["see #1", "see `#1`"],
    ["arn:aws:iam::1:role/x", "`arn:aws:iam::1:role/x`"],
    ["a\u202eb", "a&#92;u202eb"],
  ])("%j is %j", (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  it("is the same in HTML, but for code", () => {
    expect(textInHtml("a | b of @octocat in aws_kms_key.Key")).toBe(
      "a &#124; b of <code>&#64;\u200boctocat</code> in <code>aws_kms_key.Key</code>",
    );
  });
});

describe("code", () => {
  it.each([
    ["x", "`x`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["", '`""`'],
    ["  ", '`"  "`'],
    [" a ", "`  a  `"],
    ["a\\", "`a\\`"],
  ])("%j is %j", (value, expected) => {
    expect(code(value)).toBe(expected);
  });

  it.each(HOSTILE_VALUES.filter(({ value }) => value.length < 200))(
    "is one code span: $name",
    ({ value }) => {
      const nodes = markdownNodes(`x ${code(value)} y`);
      expect(nodes.map(({ type }) => type)).toEqual(["document", "paragraph", "text", "code", "text"]);
    },
  );

  it("is cut in the middle if it is long, and says how long it is", () => {
    expect(code("a".repeat(400) + "z", 60)).toMatch(/^`a+… \[401 characters\] …a+z`$/);
  });

  it("has no pipe and no dot after www in HTML", () => {
    expect(codeInHtml("a|b www.x aws_kms_key.Key")).toBe("<code>a&#124;b www&#46;x aws_kms_key.Key</code>");
  });
});

describe("a fence", () => {
  it.each(HOSTILE_VALUES)("is one block: $name", ({ value }) => {
    const nodes = markdownNodes(fenced(value));
    expect(nodes.map(({ type }) => type)).toEqual(["document", "code_block"]);
  });

  it("has a bar before each line, and Terraform's own bars once", () => {
    expect(fenced("╷\n│ Error: x\n│   y\n╵\n/merge")).toBe("```text\n│ Error: x\n│   y\n│ /merge\n```\n");
  });

  it("says how many lines it leaves out", () => {
    expect(fenced("a\nb\nc\nd", 2)).toBe("```text\n│ a\n│ b\n│ … 2 more lines\n```\n");
  });
});
