import { clip, visible, visibleJson, messageLines } from "../../../review/render/visible";

describe("a visible text", () => {
  it.each([
    ["plain text, 漢字, é and 🔒", "plain text, 漢字, é and 🔒"],
    ["a\nb\rc\td", "a\\nb\\rc\\td"],
    ["a\u202eb", "a\\u202eb"],
    ["\u001b[31m", "\\u001b[31m"],
    ["a\u{e0041}", "a\\u{e0041}"],
    ["\ud800", "\\ud800"],
    ["a\u00a0b c", "a\\u00a0b c"],
    ["e\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\\u0301"],
  ])("%j is %j", (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it("is the same when it is made visible again", () => {
    expect(visible(visible("a\u202e\u0000"))).toBe(visible("a\u202e\u0000"));
  });
});

it("JSON keeps its values and its line breaks, and every character is visible", () => {
  const value = { a: "\u202e\u{e0041}\n\ud800", b: 1 };
  const text = visibleJson(JSON.stringify(value, null, 2));
  expect(text).toBe('{\n  "a": "\\u202e\\udb40\\udc41\\n\\ud800",\n  "b": 1\n}');
  expect(JSON.parse(text)).toEqual(value);
});

it("a message of Terraform has its lines, without colours, links and frame", () => {
  expect(
    messageLines(
      "╷\n│ \u001b[31mError\u001b[0m:\tx \r\n\u001b]8;;https://e.example\u0007y\u001b]8;;\u0007\u202e\n│\n╵",
    ),
  ).toEqual(["Error:  x", "y\\u202e", ""]);
});

describe("a clipped text", () => {
  it("is the same if it is short", () => {
    expect(clip("abc", 3)).toBe("abc");
  });

  it.each([1, 2, 5, 20, 40, 41, 60, 200, 999])("has at most %d characters", (limit) => {
    expect(clip("x".repeat(1_000), limit).length).toBeLessThanOrEqual(limit);
    expect(clip("🔒".repeat(1_000), limit).length).toBeLessThanOrEqual(limit);
  });

  it("has its beginning, its end and its length", () => {
    expect(clip(`${"a".repeat(999)}z`, 60)).toBe(`${"a".repeat(29)}… [1,000 characters] …${"a".repeat(8)}z`);
  });

  it.each([30, 31, 60, 61, 62, 63])("cuts no character in two at %d", (limit) => {
    expect(clip("🔒".repeat(1_000), limit)).not.toMatch(/\p{Cs}/u);
  });
});
