import { reportLineSchema } from "../../report/reference/report-schema";
import { cell, csvHeader, csvLine } from "../../report/render/csv";
import { jsonLine } from "../../report/render/json";
import { text } from "../../report/render/text";
import { MEANINGS, VERDICTS } from "../../report/verdicts";
import { HOSTILE_VALUES } from "../fixtures/hostile-values";
import { coverage, hostileRow, reportOf, ROWS } from "./reports";

const plain = { columns: 80, styled: (_: string, value: string) => value };
const shown = (report: Parameters<typeof text>[0]) => text(report, plain).split("\n");

/** The cells of a line of CSV. */
function cellsOf(line: string): string[] {
  const cells = line.replace(/\r\n$/, "").match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g);
  return (cells ?? []).map((one) => one.replace(/^"|"$/g, "").replaceAll('""', '"'));
}

/** Beginnings and characters that do something in a spreadsheet or a terminal. */
const BEGINNINGS = [
  "=",
  "+",
  "-",
  "@",
  "\t=",
  "\r=",
  " =",
  "\u00a0=",
  "\uff1d",
  "\u202e=",
  "\u200b=",
  '"=',
  ";=",
  "\u001b[31m",
];
const VALUES = [
  ...HOSTILE_VALUES.map(({ value }) => value),
  ...BEGINNINGS.flatMap((begin) => HOSTILE_VALUES.slice(0, 40).map(({ value }) => begin + value)),
];

describe("characters that nobody sees", () => {
  /** A control of C0, one of C1, and a bidirectional override. */
  const [UNSEEN, SEEN] = ["\u001b[2J\u009b2J\u202e", "\\u001b[2J\\u009b2J\\u202e"];
  const { header, ...rest } = reportOf(ROWS);

  it.each<[string, Parameters<typeof text>[0]]>([
    ["the organization", { header: { ...header, organization: UNSEEN }, ...rest }],
    ["the name of a filter", { header: { ...header, filters: { [UNSEEN]: "x" } }, ...rest }],
    ["a filter", { header: { ...header, filters: { owner: UNSEEN } }, ...rest }],
    ["the time zone", { header: { ...header, timeZone: UNSEEN }, ...rest }],
    [
      "the account of a target",
      reportOf([], { targets: [{ ...coverage({ trail: "x" }), account: UNSEEN }] }),
    ],
    ["the region of a target", reportOf([], { targets: [{ ...coverage({ trail: "x" }), region: UNSEEN }] })],
    ["what AWS refuses", reportOf([], { targets: [coverage({ trail: UNSEEN })] })],
  ])("are escaped in %s", (_where, report) => {
    const all = text(report, plain);
    expect(all).toContain(SEEN);
    expect(all).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

it("tries more than 500 hostile values", () => {
  expect(new Set(VALUES).size).toBeGreaterThan(500);
});

it("shows every hostile value in a terminal as text, within the width", () => {
  for (const value of VALUES) {
    const targets = [coverage({ history: value })];
    const report = reportOf([hostileRow(value)], { targets, mapWarnings: [value] });
    const lines = shown({ ...report, header: { ...report.header, filters: { owner: value } } });

    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
    expect(lines.join("")).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
    );
  }
});

it("writes no hostile value into CSV as a formula, a line or a column", () => {
  const columns = cellsOf(csvHeader()).length;
  for (const value of VALUES) {
    const line = csvLine(hostileRow(value));
    const cells = cellsOf(line);
    expect(cells).toHaveLength(columns);
    expect(cells.filter((one) => /^\s*[=+\-@\uff1d]/.test(one))).toEqual([]);

    expect(line.replace(/\r\n$/, "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
});

it("writes every hostile value into JSON so that a program reads it back, on one line", () => {
  for (const value of VALUES) {
    const line = jsonLine(hostileRow(value));
    expect(line.split("\n")).toHaveLength(2);
    expect(JSON.parse(line)).toEqual(hostileRow(value));

    expect(line.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
});

it.each`
  value              | written
  ${"alice"}         | ${'"alice"'}
  ${"=1+1"}          | ${`"'=1+1"`}
  ${"-rm"}           | ${`"'-rm"`}
  ${" @SUM(A1)"}     | ${`"' @SUM(A1)"`}
  ${'say "hi", bob'} | ${'"say ""hi"", bob"'}
  ${"a\nb"}          | ${'"a\\nb"'}
  ${-5}              | ${"-5"}
  ${false}           | ${'"false"'}
  ${null}            | ${""}
`("writes $value into a cell as $written", ({ value, written }) => {
  expect(cell(value as string)).toBe(written);
});

it("fits 80 columns, and puts the worst first", () => {
  const lines = shown(reportOf(ROWS));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const headings = lines.flatMap((line) => {
    const kind = VERDICTS.find((one) => MEANINGS[one].title.toLowerCase() === line.toLowerCase());
    return kind === undefined ? [] : [kind];
  });
  expect(headings).toEqual(["unrecorded", "record-only", "in-part", "port-forwarding", "recorded"]);
});

it("says on top what is not covered, once for all witnesses that AWS refused in the same words", () => {
  const targets = [coverage({ history: "AccessDenied: no", trail: "AccessDenied: no" })];
  const lines = shown(reportOf([], { targets }));
  expect(lines.slice(1, 4)).toEqual([
    "NOT COVERED: 1 of 1 target. What is missing there is not clean, but unknown.",
    "  payments eu-west-1",
    "    session history, CloudTrail: AccessDenied: no",
  ]);
});

it("says that everything is covered where it is, and what an option left out", () => {
  const left = coverage();
  const trail = { status: "left-out", reason: "--no-trail" } as const;
  const lines = shown(reportOf(ROWS, { targets: [{ ...left, witnesses: { ...left.witnesses, trail } }] }));
  expect(lines.slice(1, 3)).toEqual([
    "Covered: 1 target, every witness read to its end.",
    "Not read: CloudTrail left out.",
  ]);
});

it("lists what is doubtful about the map below the coverage, and nothing where nothing is", () => {
  const words = "accounts.shop (unheard-findings): Nobody hears a finding. What to do: name a subscriber.";
  const lines = shown(reportOf(ROWS, { mapWarnings: [words] }));
  const at = lines.indexOf("Warnings about the map");
  expect(lines[at - 2]).toMatch(/^Covered: 1 target/);
  expect(
    lines
      .slice(at + 1, lines.indexOf("", at))
      .map((line) => line.trim())
      .join(" "),
  ).toBe(words);
  expect(shown(reportOf(ROWS))).not.toContain("Warnings about the map");
});

it("says how many sessions the table leaves out", () => {
  expect(shown(reportOf(ROWS, { limit: 1 })).at(-2)).toBe("3 sessions more: --csv and --json have all.");
});

it.each([...ROWS, coverage(), coverage({ trail: "denied" }), reportOf(ROWS).header, reportOf(ROWS).summary])(
  "a line of type $type fits the published schema",
  (line) => {
    expect(reportLineSchema.safeParse(JSON.parse(jsonLine(line))).error?.issues).toBeUndefined();
  },
);
