import { deepFreeze, merge, valueAt } from "../../../accounts/model/merge";

describe("merge", () => {
  it.each<[string, unknown, unknown, unknown]>([
    ["an object adds to another, key by key", { a: 1, b: 2 }, { b: 3, c: 4 }, { a: 1, b: 3, c: 4 }],
    ["so does an object in an object", { a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    ["a list replaces a list", { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ["an empty list replaces a list", { a: [1] }, { a: [] }, { a: [] }],
    ["a value replaces a value", { a: 1 }, { a: 2 }, { a: 2 }],
    ["false replaces true", { a: true }, { a: false }, { a: false }],
    ["null replaces a value", { a: 1 }, { a: null }, { a: null }],
    ["a word replaces an object", { a: { existing: "b" } }, { a: "create" }, { a: "create" }],
    ["an object replaces a word", { a: "create" }, { a: { existing: "b" } }, { a: { existing: "b" } }],
    ["undefined says nothing", { a: 1 }, { a: undefined }, { a: 1 }],
    ["nothing says nothing", { a: 1 }, undefined, { a: 1 }],
    ["a key that every object has is one like any other", {}, { constructor: 1 }, { constructor: 1 }],
  ])("%s", (_, under, over, merged) => {
    expect(merge(under, over)).toEqual(merged);
  });

  it("changes neither of the two", () => {
    const under = deepFreeze({ a: { b: 1 }, c: [1] });
    const over = deepFreeze({ a: { d: 2 }, c: [2] });
    expect(merge(under, over)).toEqual({ a: { b: 1, d: 2 }, c: [2] });
  });

  // Small trees, all of them: two keys, each absent, a value, a list or an object.
  const leaves = [undefined, 1, "x", [1], { p: 1 }, { q: 2 }, { p: [2], q: { r: 3 } }];
  const trees = leaves.flatMap((a) =>
    leaves.map((b) => ({ ...(a !== undefined && { a }), ...(b !== undefined && { b }) })),
  );

  it("changes nothing when a level is merged over itself", () => {
    for (const tree of trees) expect(merge(tree, tree)).toEqual(tree);
  });

  it("has {} as its neutral element, over and under", () => {
    for (const tree of trees) {
      expect(merge(tree, {})).toEqual(tree);
      expect(merge({}, tree)).toEqual(tree);
    }
  });

  it("has the value of the upper level at each of its leaves", () => {
    for (const under of trees) {
      for (const over of trees) {
        expect(merge<unknown>(under, over)).toMatchObject(over);
      }
    }
  });
});

describe("deepFreeze", () => {
  it("freezes objects in lists in objects", () => {
    const frozen = deepFreeze({ list: [{ leaf: { value: 1 } }] });
    expect(Object.isFrozen(frozen.list[0]!.leaf)).toBe(true);
  });

  it("ends for an object that contains itself", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(Object.isFrozen(deepFreeze(circle))).toBe(true);
  });
});

describe("valueAt", () => {
  const map = { accounts: { payments: { regions: ["eu-central-1"] } }, trail: null };

  it.each<[string, PropertyKey[], unknown]>([
    ["the root", [], map],
    ["an element of a list", ["accounts", "payments", "regions", 0], "eu-central-1"],
    ["a null", ["trail"], null],
    ["nothing below a null", ["trail", "x"], undefined],
    ["nothing below a string", ["accounts", "payments", "regions", 0, "length"], undefined],
    ["nothing where the path leads nowhere", ["accounts", "sandbox", "regions"], undefined],
  ])("finds %s", (_, path, value) => {
    expect(valueAt(map, path)).toEqual(value);
  });
});
