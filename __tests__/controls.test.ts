import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { declarableTypes } from "./helpers/declarable-types";
import { tablesOf } from "./helpers/markdown-tables";
import { testTitles } from "./helpers/test-titles";
import { RULES } from "./static-checks/every-rule";

const ROOT = resolve(__dirname, "..");

/** The controls that must have a row, by the standard's prefix of their numbers. */
const ASKED: Readonly<Record<string, string>> = {
  "CIS ": "1.15 1.17 2.1.1 2.1.2 2.1.4 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4.1 4.5 4.7 4.8 4.16",
  "AC-": "6(9) 12 17 17(1) 17(2)",
  "AU-": "2 3 3(3) 5 6 6(4) 9 9(2) 9(3) 9(4) 11 12 14",
  "SC-": "7 8 12 13 28",
  "SI-": "4(5) 4(7)",
  "PCI 8.": "2.8",
  "PCI 10.": "2.1 2.1.1 2.1.2 2.1.3 2.1.4 2.1.5 2.1.6 2.1.7 2.2 3.1 3.2 3.3 3.4 4.1 5.1 6.1 7.2 7.3",
  "CloudTrail.": "1 2 3 4 5 6 7",
  "CloudWatch.": "15 16 17",
  "Config.": "1",
  "DynamoDB.": "1 2 4 6",
  "EC2.": "18 57",
  "IAM.": "1 21",
  "KMS.": "1 4 5",
  "Lambda.": "1 2 3 7",
  "S3.": "2 3 5 6 7 8 9 11 12 13 14 15 17 20 22 23",
  "SNS.": "1 4",
  "SQS.": "1 3",
  "SSM.": "1 3 4 7",
};

const text = readFileSync(join(ROOT, "docs", "controls.md"), "utf8");
const tables = tablesOf(text);
/** Files by the names that links use for them. */
const FILES = new Map(
  [...text.matchAll(/^\[([\w-]+)\]: \.\.\/(\S+)$/gm)].map(([, name, file]) => [name!, file!]),
);
const notMet = tables.get("Not met")!;
const met = [...tables].filter(([heading]) => heading !== "Not met").flatMap(([, rows]) => rows);
const ROWS = met.map(([requirement, , , by, provenBy]) => ({
  requirement: requirement!,
  by: by!,
  provenBy: provenBy!,
}));
const LINK = /\[`([^`]+)`\]\[([\w-]+)\]/g;
const names = (cell: string) => [...cell.replace(LINK, "").matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
/** Tests that a cell names, as "file: title". */
const tests = (cell: string) =>
  [...cell.matchAll(LINK)].map(([, title, file]) => `${FILES.get(file!)}: ${title}`);
const TESTS = new Set(
  [...FILES.values()]
    .filter((file) => existsSync(join(ROOT, file)))
    .flatMap((file) => testTitles(join(ROOT, file)).map((title) => `${file}: ${title}`)),
);
/** Another test holds that one of the checked maps deploys each of them. */
const DEPLOYED = new Set(declarableTypes());

describe("each control", () => {
  it("has one row", () => {
    const all = ROWS.map(({ requirement }) => requirement);
    expect(all.filter((one, index) => all.indexOf(one) < index)).toEqual([]);
    expect(all.length).toBeGreaterThan(70);
  });

  it.each(ROWS.map((row) => [row.requirement, row] as const))(
    "%s is met by resources that are deployed",
    (_requirement, { by }) => {
      expect(names(by).length).toBeGreaterThan(0);
      expect(names(by).filter((type) => !DEPLOYED.has(type))).toEqual([]);
    },
  );

  it.each(ROWS.map((row) => [row.requirement, row] as const))(
    "%s is proven by tests that exist",
    (_requirement, { provenBy }) => {
      const checks = names(provenBy);
      expect(tests(provenBy).length + checks.length).toBeGreaterThan(0);
      expect(tests(provenBy).filter((test) => !TESTS.has(test))).toEqual([]);
      expect(checks.filter((check) => !RULES.some(({ id }) => id === check))).toEqual([]);
    },
  );
});

it.each(
  Object.entries(ASKED).flatMap(([name, numbers]) => numbers.split(" ").map((number) => name + number)),
)("%s has a row, met or not", (requirement) => {
  const listed = [...ROWS.map((row) => row.requirement), ...notMet.flatMap(([cell]) => cell!.split(", "))];
  expect(listed).toContain(requirement);
});

it("a static check that proves a control of Security Hub is the same check under another name", () => {
  for (const { requirement, provenBy } of ROWS.filter(({ requirement: id }) => /^[A-Z]\w+\.\d+$/.test(id))) {
    const alike = RULES.filter(({ id, also = [] }) => id === requirement || also.includes(requirement));
    for (const check of names(provenBy))
      expect([requirement, alike.map(({ id }) => id)]).toEqual([requirement, [check]]);
  }
});
