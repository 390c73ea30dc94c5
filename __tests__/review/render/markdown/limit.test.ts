import { GITHUB_LIMIT, markdown, SMALLEST_LIMIT } from "../../../../review/render/markdown";
import { fit, type Section } from "../../../../review/render/markdown/fit";
import type { Review } from "../../../../review/model";
import { HOSTILE_VALUES } from "../../../fixtures/hostile-values";
import { change, finding, group } from "../../../fixtures/review/build";
import { EXAMPLE, fleet, hostile } from "../../../fixtures/reviews";
import { markdownNodes } from "../../../helpers/markdown-nodes";

const REST = "https://ci.example.com/builds/7/review.html";

const STACKS = 500;

/** A review with many findings, changes and failures of its own for each stack. */
function busy(size: number): Review {
  const { stacks, ...review } = fleet(STACKS);
  const ids = stacks.slice(0, size).map(({ id }) => id);
  return {
    ...review,
    stacks: stacks.map((one, index) =>
      index < size ? { ...one, result: "failed", failure: `│ Error: ${index}\n`.repeat(20) } : one,
    ),
    findings: ids.map((id, index) =>
      finding(index % 2 === 0 ? "critical" : "low", "rule", `Finding of ${id}`, {
        detail: "What it means. ".repeat(20),
        remedy: "What to do. ".repeat(20),
        at: `aws_kms_key.Key${index}`,
        stacks: [id],
      }),
    ),
    groups: ids.map((id) => group(change(`aws_kms_key.${id}`, { kind: "delete" }), [id])),
    notCovered: ids.map((id) => `The tags of ${id} are not covered.`),
  };
}

/** Limits from the smallest one to more than GitHub's, closer together where they are small. */
const LIMITS = Array.from(
  { length: 20 },
  (_, index) => SMALLEST_LIMIT + Math.floor((2 * index) ** 3.05) + index,
);

/** What is broken in a comment: fences, tables and details that do not end. */
function broken(comment: string): string[] {
  const nodes = markdownNodes(comment);
  const html = nodes
    .filter(({ type }) => type === "html_block")
    .map(({ text }) => text)
    .join("\n");
  const count = (pattern: RegExp) => html.match(pattern)?.length ?? 0;
  const rows = comment.split("\n").filter((line) => line.startsWith("|"));
  return [
    ...(count(/<details/g) === count(/<\/details>/g) ? [] : ["details"]),
    ...(count(/<summary>/g) === count(/<\/summary>/g) ? [] : ["summary"]),
    ...((comment.match(/^`{3,}/gm) ?? []).length % 2 === 0 ? [] : ["fence"]),
    ...rows.filter((row) => !row.endsWith("|")),
    ...rows.filter((row, index) => /^\|[-:|]+\|$/.test(row) && !/^\|/.test(rows[index + 1] ?? "")),
  ];
}

const REVIEWS: readonly (readonly [name: string, review: Review])[] = [
  ["the example", EXAMPLE],
  [`${STACKS} stacks`, fleet(STACKS)],
  [`${STACKS} stacks of which many change in their own way`, busy(100)],
  ...HOSTILE_VALUES.filter((_, index) => index % 12 === 0).map(
    ({ name, value }) => [name, hostile(value)] as const,
  ),
];

describe.each(REVIEWS)("a comment on %s", (_name, review) => {
  const comments = LIMITS.map((limit) => ({ limit, comment: markdown(review, { limit, rest: REST }) }));

  it("never exceeds its limit", () => {
    expect(comments.filter(({ limit, comment }) => comment.length > limit)).toEqual([]);
  });

  it("has no table, fence or details that is cut in the middle", () => {
    expect(
      comments.flatMap(({ limit, comment }) => broken(comment).map((part) => ({ limit, part }))),
    ).toEqual([]);
  });

  it("says that it is cut and where the rest is, if anything is missing", () => {
    const whole = markdown(review, { limit: 10_000_000, rest: REST });
    const notice = (comment: string) => comment.includes("**Cut to ") && comment.includes(`<${REST}>`);
    expect(comments.filter(({ comment }) => notice(comment) !== (comment !== whole))).toEqual([]);
    expect(comments.some(({ comment }) => notice(comment))).toBe(true);
  });
});

describe("a comment that is cut", () => {
  const comment = markdown(busy(300), { limit: GITHUB_LIMIT, rest: REST });

  it("says so above everything else", () => {
    expect(comment.split("\n")[4]).toBe(
      `> **Cut to 65,536 characters.** The worst is shown first. The whole review is at <${REST}>.`,
    );
  });

  it("keeps the worst findings, and says how many are not shown", () => {
    const findings = comment.split("### Findings\n")[1]!.split("\n### ")[0]!;
    const severities = [...findings.matchAll(/^\*\*(Critical|Low)/gm)].map(([, severity]) => severity);
    expect(severities.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => "Critical"));
    expect(findings).toMatch(/\n_\d+ more not shown.*_\n$/);
    expect(severities.length + Number(/_(\d+) more not shown/.exec(findings)![1])).toBe(300);
  });

  it("shows something of each part", () => {
    expect([...comment.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      ...["Recording, before → after", "What changes", "Findings", "Changes"],
      ...["Not planned", "Not covered"],
    ]);
  });

  it("uses what it may use", () => {
    expect(comment.length).toBeGreaterThan(GITHUB_LIMIT - 2_000);
  });

  it("names what it shows nothing of", () => {
    expect(markdown(busy(300), { limit: 1_000 })).toMatch(
      /Nothing is shown of .*300 changes, 300 failed stacks and .*\.\n/,
    );
  });
});

describe("where the rest is", () => {
  const cut = (rest: string) => markdown(EXAMPLE, { limit: 2_000, rest });

  it.each([
    ["a URL", "https://ci.example.com/7?a=b", "<https://ci.example.com/7?a=b>"],
    [
      "a URL that would end its link",
      "https://ci.example.com/7>[x](y)<z z",
      "<https://ci.example.com/7%3E[x](y)%3Cz%20z>",
    ],
    ["a path", "plans/review.html", "`plans/review.html`"],
    ["another scheme", "javascript:alert(1)", "`javascript:alert(1)`"],
    ["a path with backticks", "a`b", "``a`b``"],
  ])("is named: %s", (_name, rest, expected) => {
    expect(cut(rest)).toContain(`The whole review is at ${expected}.`);
  });

  it("is left out rather than more of the review, if it is longer than the comment", () => {
    const comment = cut(`https://ci.example.com/${"x".repeat(3_000)}`);
    expect(comment).toContain("**Cut to 2,000 characters.**");
    expect(comment.length).toBeLessThanOrEqual(2_000);
  });
});

it.each([0, -1, 999, 1_000.5, Number.NaN, Number.POSITIVE_INFINITY])("a limit of %d is refused", (limit) => {
  expect(() => markdown(EXAMPLE, { limit })).toThrow(/too short|at least 1,000 characters/);
});

describe("a document that does not fit", () => {
  const section = (name: string, share: number, ...blocks: string[][]): Section => ({
    name,
    open: `# ${name}\n`,
    blocks: blocks.map((forms) => ({ forms })),
    share,
  });

  it("has the shorter form of a block", () => {
    const { text, isCut } = fit([section("a", 1, ["x".repeat(500), "short\n"])], 100);
    expect(text).toBe("# a\nshort\n\n_1 shortened._\n");
    expect(isCut).toBe(true);
  });

  it("has the first blocks of a section, and none behind a block that does not fit", () => {
    const { text } = fit([section("a", 1, ["1\n"], ["x".repeat(500)], ["3\n"])], 100);
    expect(text).toBe("# a\n1\n\n_2 more not shown._\n");
  });

  it("gives each section its share before a former section gets more", () => {
    const many = Array.from({ length: 100 }, () => ["0123456789\n"]);
    const { text } = fit([section("a", 0.5, ...many), section("b", 0.5, ["last\n"])], 400);
    expect(text).toContain("last\n");
  });

  it("gives what is left to the first sections", () => {
    const many = Array.from({ length: 20 }, () => ["0123456789\n"]);
    const { text, isCut } = fit([section("a", 0.1, ...many), section("b", 0.1, ["last\n"])], 400);
    expect([text.match(/0123456789/g)!.length, isCut]).toEqual([20, false]);
  });

  it("names the sections that it does not show at all", () => {
    expect(fit([section("a", 1, ["x".repeat(500)])], 100)).toEqual({
      text: "",
      isCut: true,
      missing: [{ name: "a", blocks: 1 }],
    });
  });
});
