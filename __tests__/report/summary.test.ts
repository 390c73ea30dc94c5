import { summaryText } from "../../report/render/summary";
import { HOSTILE_VALUES } from "../fixtures/hostile-values";
import { coverage, hostileRow, reportOf, ROWS } from "./reports";

it("has the counts, the worst sessions, what is not covered, and where the report was kept", () => {
  const report = reportOf(ROWS, {
    targets: [coverage(), { ...coverage({ history: "denied" }), region: "us-east-1" }],
  });
  const { subject, message } = summaryText(report, "s3://acme/chain/000001.json");
  expect(subject).toMatch(/^Sessions of acme: \d+ to look at, 1 targets not covered$/);
  expect(message).toContain("NOT COVERED: 1 of 2 targets.");
  expect(message).toContain("  payments us-east-1");
  expect(message).toMatch(/^ +\d+ {2}Not recorded$/m);
  expect(message).toContain("To look at:\n  Not recorded: ");
  expect(message).toContain("Kept at s3://acme/chain/000001.json");
});

it("shows hostile values as text, in lines that nobody can add to", () => {
  const lines = summaryText(reportOf([hostileRow("plain")]), null).message.split("\n").length;
  for (const { value } of HOSTILE_VALUES) {
    const { subject, message } = summaryText(reportOf([hostileRow(value)]), null);
    expect(message.split("\n")).toHaveLength(lines);
    expect(message).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  }
});

it("lists ten of many sessions and counts the others", () => {
  const rows = Array.from({ length: 25 }, (_, index) => ({ ...ROWS[1]!, id: `s${index}` }));
  const { message } = summaryText(reportOf(rows), null);
  expect(message.match(/^ {2}Not recorded: /gm)).toHaveLength(10);
  expect(message).toContain("  and 15 more sessions");
});
