import { transformInput, valueAt } from "../../../emulator/patterns/input-transformer";

const event = {
  detail: { user: 'a "b" \\ c', count: 3, list: [{ id: "x" }, 2], nothing: null, long: "a\nb" },
  "ingestion-time": "t",
};
const by = { ruleArn: "arn:rule", ruleName: "rule", ingestionTime: "2026-01-01T00:00:00Z" };
const PATHS = {
  user: "$.detail.user",
  count: "$.detail.count",
  list: "$.detail.list",
  first: "$.detail.list[0].id",
  nothing: "$.detail.nothing",
  absent: "$.detail.absent.too",
  long: "$.detail.long",
};
const transform = (InputTemplate: string) =>
  transformInput({ InputPathsMap: PATHS, InputTemplate }, event, by);

describe("an input template", () => {
  it.each`
    what                                 | template                                                   | output
    ${"a text as JSON"}                  | ${'{"a": <user>}'}                                         | ${{ a: 'a "b" \\ c' }}
    ${"a text inside a text"}            | ${'{"a": "by <user>!"}'}                                   | ${{ a: 'by a "b" \\ c!' }}
    ${"a line break inside a text"}      | ${'{"a": "<long>"}'}                                       | ${{ a: "a\nb" }}
    ${"a number as JSON"}                | ${'{"a": <count>}'}                                        | ${{ a: 3 }}
    ${"a number inside a text"}          | ${'{"a": "<count>"}'}                                      | ${{ a: "3" }}
    ${"a list as JSON"}                  | ${'{"a": <list>}'}                                         | ${{ a: [{ id: "x" }, 2] }}
    ${"a list inside a text"}            | ${'{"a": "<list>"}'}                                       | ${{ a: '[{"id":"x"},2]' }}
    ${"a path with an index"}            | ${'{"a": <first>}'}                                        | ${{ a: "x" }}
    ${"null as JSON"}                    | ${'{"a": <nothing>}'}                                      | ${{ a: null }}
    ${"an absent path inside a text"}    | ${'{"a": "-<absent>-"}'}                                   | ${{ a: "--" }}
    ${"after an escaped quotation mark"} | ${'{"a": "\\"<first>\\""}'}                                | ${{ a: '"x"' }}
    ${"the rule"}                        | ${'{"a": "<aws.events.rule-name> <aws.events.rule-arn>"}'} | ${{ a: "rule arn:rule" }}
    ${"the time"}                        | ${'{"a": <aws.events.event.ingestion-time>}'}              | ${{ a: "2026-01-01T00:00:00Z" }}
    ${"the whole event"}                 | ${'{"a": <aws.events.event.json>}'}                        | ${{ a: { detail: event.detail } }}
    ${"no placeholder"}                  | ${'{"a": "1 < 2 > 0"}'}                                    | ${{ a: "1 < 2 > 0" }}
  `("inserts $what", ({ template, output }) => {
    expect(JSON.parse(transform(template))).toEqual(output);
  });

  it("may be a text with its quotation marks, which stay", () => {
    expect(transform('"Session by <first>"')).toBe('"Session by x"');
  });

  it("may be several lines of text", () => {
    expect(transform('"Session by <first>"\n"Count <count>"')).toBe('"Session by x"\n"Count 3"');
  });

  it.each`
    mistake                     | template             | text
    ${"an absent path as JSON"} | ${'{"a": <absent>}'} | ${"neither JSON"}
    ${"a bare text"}            | ${"by <count> men"}  | ${"neither JSON"}
    ${"an unknown placeholder"} | ${'{"a": <other>}'}  | ${"<other>"}
  `("fails with $mistake", ({ template, text }) => {
    expect(() => transform(template)).toThrow(text);
  });
});

describe("a JSON path", () => {
  it("returns the whole event for $", () => expect(valueAt("$", event)).toBe(event));
  it("accepts names in brackets", () => expect(valueAt("$['detail']['count']", event)).toBe(3));
  it("accepts names with a hyphen", () => expect(valueAt("$.ingestion-time", event)).toBe("t"));
  it("returns nothing for a member of a string", () =>
    expect(valueAt("$.detail.user.length", event)).toBeUndefined());
  it("returns nothing for inherited properties", () =>
    expect(valueAt("$.constructor", event)).toBeUndefined());
  it("is refused without $", () => expect(() => valueAt("detail.count", event)).toThrow("Invalid JSON path"));
});
