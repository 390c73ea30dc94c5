import { ENDS, type End } from "../../upkeep/ends";
import { supportTable, withTable } from "../../upkeep/page";
import { dueOn, isDay } from "../../upkeep/support";
import { run } from "../../upkeep/check-support";
import { read } from "../helpers/documents";
import { runProgram, spawnProgram } from "../helpers/run-program";

const RUNTIME = "Lambda runtime nodejs22.x, on which the guard runs";

/** Something that ends, with the days that matter. */
const ending = (ends: string | null, lookAgain?: string): End => ({
  what: "it",
  usedIn: ["package.json", "cdktf"],
  ends,
  means: "m.",
  source: "https://example.com",
  plan: "p.",
  ...(lookAgain !== undefined && { lookAgain }),
});

describe("something that ends", () => {
  it.each`
    what                                               | ends            | lookAgain       | today           | day             | isDue
    ${"is told 120 days before"}                       | ${"2027-04-30"} | ${undefined}    | ${"2026-12-31"} | ${"2027-04-30"} | ${true}
    ${"is not told 121 days before"}                   | ${"2027-04-30"} | ${undefined}    | ${"2026-12-30"} | ${"2027-04-30"} | ${false}
    ${"is told on its day"}                            | ${"2027-04-30"} | ${"2028-04-30"} | ${"2027-04-30"} | ${"2027-04-30"} | ${true}
    ${"is told after its day"}                         | ${"2027-04-30"} | ${undefined}    | ${"2029-01-01"} | ${"2027-04-30"} | ${true}
    ${"is told before its day, whatever is to follow"} | ${"2027-01-04"} | ${"2027-12-31"} | ${"2026-11-27"} | ${"2027-01-04"} | ${true}
    ${"rests after its day until somebody looks"}      | ${"2027-01-04"} | ${"2027-12-31"} | ${"2027-01-05"} | ${"2027-12-31"} | ${false}
    ${"is told again before somebody looks"}           | ${"2027-01-04"} | ${"2027-12-31"} | ${"2027-09-02"} | ${"2027-12-31"} | ${true}
    ${"without a day has one to look again"}           | ${null}         | ${"2027-12-31"} | ${"2027-01-05"} | ${"2027-12-31"} | ${false}
  `("$what", ({ ends, lookAgain, today, day, isDue }: Record<string, string> & { isDue: boolean }) => {
    expect(dueOn(today!, [ending(ends!, lookAgain)])).toMatchObject([{ day, isDue }]);
  });

  it("must have a day", () => {
    expect(() => dueOn("2027-01-01", [ending(null)])).toThrow("no day on which somebody looks again");
  });

  it("comes the earlier in the list the earlier it ends", () => {
    const all = dueOn("2026-01-01", [ending("2028-01-01"), ending("2027-01-01"), ending(null, "2027-06-01")]);
    expect(all.map(({ day }) => day)).toEqual(["2027-01-01", "2027-06-01", "2028-01-01"]);
  });
});

describe("the table", () => {
  it.each(ENDS)(
    "names $what as it is in use, with days and an https source",
    ({ usedIn, ends, lookAgain, source }) => {
      const [file, text] = usedIn;
      expect([file, read(file).includes(text)]).toEqual([file, true]);
      const days = [ends, lookAgain ?? null].filter((day) => day !== null);
      expect(days.length).toBeGreaterThan(0);
      expect(days.filter((day) => !isDay(day))).toEqual([]);
      expect(source).toMatch(/^https:\/\//);
    },
  );

  it("looks again only after the end", () => {
    expect(
      ENDS.filter(({ ends, lookAgain }) => ends !== null && lookAgain !== undefined && lookAgain <= ends),
    ).toEqual([]);
  });

  it("is the one of the page", () => {
    const page = read("docs/support.md");
    expect(withTable(page)).toBe(page);
    expect(supportTable()).toContain("2027-04-30");
  });

  it("cannot be written into a page without markers", () => {
    expect(() => withTable("# Support\n")).toThrow("markers");
  });
});

it.each`
  text            | verdict
  ${"2027-01-31"} | ${true}
  ${"2027-02-30"} | ${false}
  ${"2027-1-31"}  | ${false}
  ${"tomorrow"}   | ${false}
`("$text is a day: $verdict", ({ text, verdict }: { text: string; verdict: boolean }) => {
  expect(isDay(text)).toBe(verdict);
});

describe("check:support", () => {
  it("speaks about the guard's runtime 120 days before AWS ends it, with the source and what to do", async () => {
    const { status, stdout } = await runProgram(run, ["--date", "2026-12-31"], { env: { COLUMNS: "100" } });
    const words = stdout.replaceAll(/\s+/g, " ");
    expect(status).toBe(2);
    expect(words).toContain(`${RUNTIME}: ends in 120 days, on 2027-04-30`);
    expect(words).toContain("What to do: AWS provider 5.100.0 accepts no newer Node.js runtime.");
    expect(words).toContain("https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html");
  });

  it("does not speak about it a day earlier", async () => {
    const { stdout } = await runProgram(run, ["--date", "2026-12-30"]);
    expect(stdout).not.toContain(`${RUNTIME}: ends`);
  });

  it("exits with 0 where nothing is near, and names what comes next", async () => {
    const { status, stdout } = await runProgram(run, ["--date", "2025-01-01"], { env: { COLUMNS: "200" } });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^0 of \d+ end .* The next one is CDKTF 0\.21\.0, on 2025-12-10\.\n$/);
  });

  it("says of something that has ended when somebody looks again", async () => {
    const { stdout } = await runProgram(run, ["--date", "2027-04-01"], { env: { COLUMNS: "200" } });
    expect(stdout).toContain("CDKTF 0.21.0: has ended; look at it again in 29 days, on 2027-04-30");
    expect(stdout).toContain("AWS provider 5.100.0: may end; look at it again in 29 days, on 2027-04-30");
  });

  it.each([
    [["--date", "2027-02-30"], '--date "2027-02-30" is not a day.\n  allowed  a day like 2027-01-31\n'],
    [["--day"], "the command line is wrong: --day\n  allowed  --date YYYY-MM-DD, --help\n"],
  ])("refuses %j", async (argv, stderr) => {
    expect(await runProgram(run, argv)).toEqual({ status: 1, stdout: "", stderr });
  });

  it("runs as a program, for today", () => {
    const { status, stdout, stderr } = spawnProgram("upkeep/check-support.ts", []);
    expect([0, 2]).toContain(status);
    expect({ stderr, last: stdout.trimEnd().split("\n\n").at(-1) }).toEqual({
      stderr: "",
      last: expect.stringMatching(/within\s+120\s+days/) as string,
    });
  });
});
