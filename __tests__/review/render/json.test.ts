import { json } from "../../../review/render/json";
import type { Review } from "../../../review/model";
import { HOSTILE_VALUES } from "../../fixtures/hostile-values";
import { EXAMPLE, hostile } from "../../fixtures/reviews";

/** The same value with the keys of every object in the opposite order. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
};

describe("a review as JSON", () => {
  it("is the review", () => {
    expect(JSON.parse(json(EXAMPLE))).toEqual(JSON.parse(JSON.stringify(EXAMPLE)));
  });

  it("is the same text whatever the order of the keys", () => {
    expect(json(turned(EXAMPLE) as Review)).toBe(json(EXAMPLE));
  });

  it("ends with a line break", () => {
    expect(json(EXAMPLE)).toMatch(/\n}\n$/);
  });

  it.each(HOSTILE_VALUES)("keeps $name, and shows every character of it", ({ value }) => {
    const text = json(hostile(value));
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(hostile(value))));
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});
