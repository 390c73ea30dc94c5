import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../upkeep/check-mutants";
import { ROOT } from "../../upkeep/maps";
import { AREAS, filesToMutate, percentOf, recordedScores, scoreOf, type Mutant } from "../../upkeep/mutants";
import { runProgram } from "../helpers/run-program";

const mutant = (status: Mutant["status"], line = 1): Mutant => ({
  mutatorName: "StringLiteral",
  status,
  location: { start: { line, column: 1 } },
});

it("counts an endless loop as noticed, and leaves out mutants that do not run", () => {
  const all = [
    mutant("Survived", 9),
    mutant("Killed"),
    mutant("Timeout"),
    mutant("NoCoverage", 3),
    mutant("RuntimeError"),
  ];
  expect(scoreOf(all)).toEqual({ killed: 2, of: 4, survivors: [all[3], all[0]] });
});

it.each([
  [8999, 10000, 89.9],
  [9, 10, 90],
  [0, 0, 100],
])("is %d of %d = %d percent, and never rounded up to a threshold", (killed, of, percent) => {
  expect(percentOf({ killed, of, survivors: [] })).toBe(percent);
});

it("gives a file the tests that import it", () => {
  const [{ tests, threshold }] = filesToMutate("stacks/policies/log-subscription.ts") as [
    ReturnType<typeof filesToMutate>[0],
  ];
  expect(tests).toContain("__tests__/stacks/policies/log-subscription.test.ts");
  expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([]);
  expect(threshold).toBe(90);
});

it("gives a file that no test imports the tests of the files that import it", () => {
  const [{ tests }] = filesToMutate("review/strength/qualities.ts") as [ReturnType<typeof filesToMutate>[0]];
  expect(tests).toContain("__tests__/review/strength.test.ts");
});

it("takes each file once, with the threshold of the innermost area", () => {
  const files = filesToMutate("stacks/policies").map(({ file }) => file);
  expect(new Set(files).size).toBe(files.length);
  expect(filesToMutate("accounts/rules")).toContainEqual(expect.objectContaining({ threshold: 85 }));
});

it.each(AREAS.map(({ folder }) => folder))("has files in the area %s", (folder) => {
  expect(filesToMutate(folder).length).toBeGreaterThan(0);
});

it("refuses a word that names no file", async () => {
  const { status, stderr } = await runProgram(run, ["stacks/nothing.ts"]);
  expect(status).toBe(1);
  expect(stderr).toContain("stacks/nothing.ts: no file of an area has this path.");
});

describe("docs/mutants.md", () => {
  it.each(recordedScores().map((one) => [one.file, one] as const))(
    "has a score of %s that its area asks for",
    (file, { killed, of }) => {
      const [{ threshold, tests }] = filesToMutate(file) as [ReturnType<typeof filesToMutate>[0]];
      expect(percentOf({ killed, of, survivors: [] })).toBeGreaterThanOrEqual(threshold);
      expect(tests).not.toEqual([]);
    },
  );
});
