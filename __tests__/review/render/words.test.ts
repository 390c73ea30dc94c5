import { FOREVER_DAYS, type StrengthRow } from "../../../review/model";
import {
  differences,
  list,
  plural,
  sameIn,
  sentencesOf,
  shownWords,
  strengthValue,
  verdict,
} from "../../../review/render/words";
import { change, group, known, reviewWith, stack, strength } from "../../fixtures/review/build";

describe("how many stacks have a change", () => {
  const of = (stacks: number, total: number, differing = 0) =>
    sameIn(
      group(
        change("a"),
        Array.from({ length: stacks }, (_, index) => `s${index}`),
        {
          of: total,
          differing: Array.from({ length: differing }, (_, index) => ({ stack: `d${index}`, how: "x" })),
        },
      ),
    );

  it.each([
    [1_996, 2_000, 4, "the same in 1,996 of 2,000 stacks; 4 differ"],
    [4, 5, 1, "the same in 4 of 5 stacks; 1 differs"],
    [2_000, 2_000, 0, "the same in all 2,000 stacks"],
    [2, 2, 0, "the same in both stacks"],
    [1, 1, 0, "in the only stack of its kind"],
    [1, 2_000, 0, "in 1 of 2,000 stacks"],
    [4, 2_000, 0, "the same in 4 of 2,000 stacks"],
  ])("%d of %d, %d of which differ: %s", (stacks, total, differing, expected) => {
    expect(of(stacks, total, differing)).toBe(expected);
  });

  it("differ in ways that are counted, the most frequent first", () => {
    const differing = [
      { stack: "a", how: "no change" },
      { stack: "b", how: "60" },
      { stack: "c", how: "60" },
    ];
    expect(differences(group(change("x"), ["s"], { differing }))).toEqual([
      { how: "60", stacks: ["b", "c"] },
      { how: "no change", stacks: ["a"] },
    ]);
  });
});

describe("the verdict", () => {
  const of = (other: Parameters<typeof strength>[1], result: "changes" | "failed" = "changes") =>
    verdict(reviewWith([stack("a", "r", { result })], { strength: strength(1, other) }));

  it.each([
    [
      "something weaker in two targets",
      { guard: { weaker: ["a", "b"] }, retention: { weaker: ["b"] } },
      "weaker",
      "Recording gets weaker in 2 targets",
    ],
    ["something stronger", { guard: { stronger: ["a"] } }, "stronger", "Recording gets stronger in 1 target"],
    [
      "something weaker and something stronger",
      { guard: { stronger: ["a"] }, retention: { weaker: ["a"] } },
      "weaker",
      "Recording gets weaker in 1 target",
    ],
    ["nothing", {}, "same", "Recording stays as strong as it is"],
    [
      "targets that cannot be judged",
      { guard: { unknown: ["a"] } },
      "unknown",
      "Nothing gets weaker that the plans show; 1 target cannot be judged",
    ],
  ] as const)("of %s", (_name, other, trend, text) => {
    expect(of(other as Parameters<typeof strength>[1])).toEqual({ trend, text });
  });

  it("of a stack without a plan is not that nothing changes", () => {
    expect(of({}, "failed")).toEqual({
      trend: "unknown",
      text: "1 stack could not be planned: nobody knows what changes there",
    });
  });
});

describe("a value of a quality", () => {
  const row = (other: Partial<StrengthRow>): StrengthRow => ({ ...strength(2_000)[0]!, ...other });
  it.each([
    ["guard", 1_999, "1,999 of 2,000"],
    ["retention", 731, "731 days"],
    ["retention", 1, "1 day"],
    ["retention", FOREVER_DAYS, "forever"],
    ["guard", null, "not known"],
  ] as const)("of %s: %p is %s", (quality, value, expected) => {
    expect(strengthValue(row({ quality }), value)).toBe(expected);
  });
});

describe("a value of an attribute", () => {
  it.each([
    [known("a\u202e\n"), '"a\\u202e\\n"', true],
    [known(7), "7", true],
    [known("7"), '"7"', true],
    [known({ a: [null] }), '{"a":[null]}', true],
    [known("known after apply"), '"known after apply"', true],
    [{ is: "unknown" } as const, "known after apply", false],
    [{ is: "sensitive" } as const, "sensitive, not shown", false],
    [{ is: "absent" } as const, "not set", false],
  ])("%j is %s", (shown, text, isValue) => {
    expect(shownWords(shown)).toEqual({ text, isValue });
  });
});

describe("sentences", () => {
  it("are a paragraph if they are short", () => {
    expect(sentencesOf("One. Two. Three.").isShort).toBe(true);
  });

  it("are a list whose first sentences are shown first, if they are long", () => {
    const long = `A${"a".repeat(499)}.`;
    expect(sentencesOf(`${long} ${long} arn:${long}`)).toEqual({
      isShort: false,
      lead: [long],
      more: [long, `arn:${long}`],
    });
  });

  it("have no line breaks, and nothing is lost", () => {
    const { lead, more } = sentencesOf("Error: x\n\n  on y.\nThen Z.");
    expect([...lead, ...more].join(" ")).toBe("Error: x ⏎ on y. ⏎ Then Z.");
  });
});

it.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b", "c"], "a, b and c"],
])("a list of %j is %j", (words, expected) => {
  expect(list(words)).toBe(expected);
});

it.each([
  [0, "0 stacks"],
  [1, "1 stack"],
  [2_000, "2,000 stacks"],
])("%d is %s", (count, expected) => {
  expect(plural(count, "stack")).toBe(expected);
});
