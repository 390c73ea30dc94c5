import { compareDocuments, parseJsonString } from "../../review/documents";
import type { Json } from "../../review/plan-json";

/** Each field that changes, as one line. */
const lines = (before: Json, after: Json): readonly string[] | null =>
  compareDocuments(before, after)?.fields.map(({ path, before: was, after: is }) => {
    const text = (shown: typeof was) => (shown.is === "known" ? JSON.stringify(shown.value) : shown.is);
    return `${path}: ${text(was)} → ${text(is)}`;
  }) ?? null;

describe("documents compare field by field", () => {
  it.each`
    what                                   | before                                     | after                                      | fields
    ${"the same"}                          | ${{ a: 1 }}                                | ${{ a: 1 }}                                | ${null}
    ${"another order of keys"}             | ${{ a: 1, b: { c: 2, d: 3 } }}             | ${{ b: { d: 3, c: 2 }, a: 1 }}             | ${null}
    ${"a field"}                           | ${{ inputs: { idle: "20", x: 1 } }}        | ${{ inputs: { idle: "60", x: 1 } }}        | ${['inputs.idle: "20" → "60"']}
    ${"a field that is added"}             | ${{ a: 1 }}                                | ${{ a: 1, b: null }}                       | ${["b: absent → null"]}
    ${"a field that is removed"}           | ${{ a: 1, b: { c: 2 } }}                   | ${{ a: 1 }}                                | ${['b: {"c":2} → absent']}
    ${"null and absent"}                   | ${{ a: null }}                             | ${{}}                                      | ${["a: null → absent"]}
    ${"another type"}                      | ${{ a: "1" }}                              | ${{ a: 1 }}                                | ${['a: "1" → 1']}
    ${"a list of texts is one field"}      | ${{ source: ["aws.ssm", "aws.s3"] }}       | ${{ source: ["aws.ssm"] }}                 | ${['source: ["aws.ssm","aws.s3"] → ["aws.ssm"]']}
    ${"the order of a list"}               | ${{ a: [1, 2] }}                           | ${{ a: [2, 1] }}                           | ${["a: [1,2] → [2,1]"]}
    ${"an object that is added to a list"} | ${{ w: [{ x: 1 }, { x: 2 }] }}             | ${{ w: [{ x: 0 }, { x: 1 }, { x: 2 }] }}   | ${['w[0]: absent → {"x":0}']}
    ${"an object that leaves a list"}      | ${{ w: [{ x: 0 }, { x: 1 }, { x: 2 }] }}   | ${{ w: [{ x: 0 }, { x: 2 }] }}             | ${['w[1]: {"x":1} → absent']}
    ${"an object of a list that changes"}  | ${{ w: [{ x: 1, y: 1 }, { x: 2, y: 2 }] }} | ${{ w: [{ x: 1, y: 1 }, { x: 2, y: 3 }] }} | ${["w[1].y: 2 → 3"]}
    ${"the key order of an object in one"} | ${{ w: [{ x: 1, y: 1 }] }}                 | ${{ w: [{ y: 1, x: 1 }] }}                 | ${null}
    ${"one changes and one is added"}      | ${{ w: [{ x: 1 }, { x: 2 }] }}             | ${{ w: [{ x: 9 }, { x: 2 }, { x: 3 }] }}   | ${["w[0].x: 1 → 9", 'w[2]: absent → {"x":3}']}
    ${"lists of different lengths"}        | ${{ w: [{ x: 1 }] }}                       | ${{ w: [{ x: 2 }, { x: 3 }] }}             | ${["w[0].x: 1 → 2", 'w[1]: absent → {"x":3}']}
    ${"a key that is no plain name"}       | ${{ "a.b": { "c d": 1 } }}                 | ${{ "a.b": { "c d": 2 } }}                 | ${['["a.b"]["c d"]: 1 → 2']}
    ${"a key of every object"}             | ${{}}                                      | ${{ toString: 1 }}                         | ${["toString: absent → 1"]}
    ${"a document that is new"}            | ${null}                                    | ${{ a: 1, b: { c: 2 } }}                   | ${["a: absent → 1", 'b: absent → {"c":2}']}
    ${"a document that is gone"}           | ${[{ a: 1 }]}                              | ${null}                                    | ${['[0]: {"a":1} → absent']}
    ${"documents of two types"}            | ${{ a: 1 }}                                | ${[1]}                                     | ${[': {"a":1} → [1]']}
  `("$what", ({ before, after, fields }) => {
    expect(lines(before as Json, after as Json)).toEqual(fields);
  });

  it("very long lists of objects, by position", () => {
    const list = (from: number) => Array.from({ length: 600 }, (_, index) => ({ x: from + index }));
    expect(lines(list(0), list(1))).toHaveLength(600);
    expect(lines(list(0), [...list(0), { x: 1 }])).toEqual(['[600]: absent → {"x":1}']);
  });
});

describe("a text holds a JSON document if it is an object or a list", () => {
  it.each`
    text         | document
    ${'{"a":1}'} | ${{ a: 1 }}
    ${" [1]\n"}  | ${[1]}
    ${"{a}"}     | ${undefined}
    ${"[1"}      | ${undefined}
    ${"12"}      | ${undefined}
    ${'"{}"'}    | ${undefined}
    ${"null"}    | ${undefined}
    ${""}        | ${undefined}
  `("$text: $document", ({ text, document }) => {
    expect(parseJsonString(text as string)).toEqual(document);
  });
});
