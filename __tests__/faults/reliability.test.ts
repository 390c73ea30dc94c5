import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "./kinds";

const page = readFileSync(join(__dirname, "..", "..", "docs", "reliability.md"), "utf8");
const rows = page
  .slice(page.indexOf("<!-- tries -->"), page.indexOf("<!-- /tries -->"))
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

it("docs/reliability.md has what was tried of every kind of fault, and nothing that was wrong", () => {
  expect(rows.map(([what, commands]) => [what, commands])).toEqual(
    KINDS.map(({ what, commands }) => [what, commands.join(", ")]),
  );
  for (const [what, commands, tries, ...counts] of rows) {
    const [finished, resumed, unlocked, plannedAgain, wrong] = counts.map(Number);
    expect([what, finished! + resumed! + unlocked! + plannedAgain!, wrong]).toEqual([what, Number(tries), 0]);
    expect(Number(tries)).toBeGreaterThanOrEqual(commands!.split(", ").length);
  }
});
