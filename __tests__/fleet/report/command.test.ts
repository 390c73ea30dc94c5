import { run } from "../../../fleet/cli";
import { runProgram } from "../../helpers/run-program";

const report = (...argv: string[]) => runProgram(run, ["report", ...argv]);

it.each([
  [["--days", "x"], "1 to 90"],
  [["--time-zone", "Mars/Olympus"], "IANA"],
  [["--working-hours", "always"], "Mon-Fri 08-18"],
  [["--trail", "acme-trail"], "s3://<bucket>"],
  [["--parallel", "0"], "1 to 100"],
  [["--limit", "0"], "1 to 10000"],
  [["--access-type", "None"], "Standard, JustInTime"],
  [["--csv", "--json"], "cannot be used with"],
  [["--account", "nope"], "unknown"],
])("says what is wrong with %j and exits with 1, before it calls AWS", async (argv, words) => {
  const { status, stdout, stderr } = await report(...argv);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(words);
});

it("has examples and its exit codes in its help", async () => {
  const { status, stdout } = await report("--help");
  expect(status).toBe(0);
  for (const part of ["Examples:", "Exit codes:", "  3    ", "  4    ", "3 wins over 4"]) {
    expect(stdout).toContain(part);
  }
});
