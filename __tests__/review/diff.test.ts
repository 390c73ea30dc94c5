import { differences } from "../../review/diff";
import type { Json, Marks } from "../../review/plan-json";
import { NO_SECRETS } from "../../review/secrets";
import { pathText } from "../../review/values";

interface Given {
  readonly before: Json;
  readonly after: Json;
  readonly unknown?: Marks;
}
const found = ({ before, after, unknown = {} }: Given): string[] =>
  differences(
    { value: before, sensitive: false, unknown: false },
    { value: after, sensitive: false, unknown },
    NO_SECRETS,
  ).map(({ path, before: b, after: a }) => {
    const text = (shown: typeof b) => (shown.is === "known" ? JSON.stringify(shown.value) : shown.is);
    return `${pathText(path)}: ${text(b)} → ${text(a)}`;
  });

it.each<[string, Given, readonly string[]]>([
  ["a value", { before: { a: 1 }, after: { a: 2 } }, ["a: 1 → 2"]],
  ["values of keys in another order", { before: { a: 1, b: 2 }, after: { b: 2, a: 1 } }, []],
  ["a new value", { before: { a: null }, after: { a: "x" } }, ['a: absent → "x"']],
  ["a value that is gone", { before: { a: "x" }, after: {} }, ['a: "x" → absent']],
  ["null, and an empty list or object", { before: { a: null, b: [] }, after: { a: {}, b: null } }, []],
  ["a value of another type", { before: { a: "1" }, after: { a: 1 } }, ['a: "1" → 1']],
  [
    "a key of a map that is no plain name",
    { before: { tags: { "a b": "x" } }, after: { tags: { "a b": "y" } } },
    ['tags["a b"]: "x" → "y"'],
  ],
  [
    "a list of texts, as a whole",
    { before: { a: ["x", "y"] }, after: { a: ["x"] } },
    ['a: ["x","y"] → ["x"]'],
  ],
  [
    "an element of a list of objects",
    { before: { rule: [{ id: "a", days: 1 }] }, after: { rule: [{ id: "a", days: 2 }] } },
    ["rule[0].days: 1 → 2"],
  ],
  [
    "no element that only moves",
    {
      before: {
        rule: [
          { id: "a", n: 1 },
          { id: "b", n: 2 },
        ],
      },
      after: {
        rule: [
          { id: "b", n: 2 },
          { id: "a", n: 1 },
        ],
      },
    },
    [],
  ],
  [
    "an element by its identity, wherever it is",
    {
      before: {
        rule: [
          { id: "a", n: 1 },
          { id: "b", n: 2 },
        ],
      },
      after: {
        rule: [
          { id: "b", n: 3 },
          { id: "a", n: 1 },
        ],
      },
    },
    ["rule[0].n: 2 → 3"],
  ],
  [
    "an element that is added",
    {
      before: { rule: [{ id: "b", n: 1 }] },
      after: {
        rule: [
          { id: "a", n: 1 },
          { id: "b", n: 1 },
        ],
      },
    },
    ['rule[0].id: absent → "a"', "rule[0].n: absent → 1"],
  ],
  [
    "an element that is removed",
    {
      before: {
        rule: [
          { id: "a", n: 1 },
          { id: "b", n: 1 },
        ],
      },
      after: { rule: [{ id: "b", n: 1 }] },
    },
    ['rule[0].id: "a" → absent', "rule[0].n: 1 → absent"],
  ],
  [
    "a document that is spelled in another way",
    { before: { a: '{"x":1,"y":2}' }, after: { a: '{ "y": 2, "x": 1 }' } },
    [],
  ],
  [
    "a document with another value",
    { before: { a: '{"x":1}' }, after: { a: '{"x":2}' } },
    ['a: "{\\"x\\":1}" → "{\\"x\\":2}"'],
  ],
  ["a text that is no document", { before: { a: "{x" }, after: { a: "{y" } }, ['a: "{x" → "{y"']],
  [
    "a value that is not known yet",
    { before: { a: 1 }, after: {}, unknown: { a: true } },
    ["a: 1 → unknown"],
  ],
  [
    "a new value that is not known yet",
    { before: {}, after: {}, unknown: { a: true } },
    ["a: absent → unknown"],
  ],
  [
    "a part that is not known yet",
    { before: { a: { b: 1, c: 1 } }, after: { a: { c: 1 } }, unknown: { a: { b: true } } },
    ["a.b: 1 → unknown"],
  ],
  [
    "an element that is not known yet",
    { before: { a: ["x", "y"] }, after: { a: ["x", null] }, unknown: { a: [false, true] } },
    ['a[1]: "y" → unknown'],
  ],
  [
    "an object that is not known at all",
    { before: null, after: null, unknown: true },
    [": absent → unknown"],
  ],
])("finds %s", (_what, given, expected) => {
  expect(found(given)).toEqual(expected);
});
