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

/** Every try of the table, as `--record` has written it. */
const tries = readFileSync(join(__dirname, "tries.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map(
    (line) => JSON.parse(line) as { readonly kind: string; readonly command: string; readonly how: string },
  );

it("docs/reliability.md counts the tries that were recorded", () => {
  const counted = KINDS.map(({ name, what }) => {
    const own = tries.filter(({ kind }) => kind === name);
    const hows = ["finished", "resumed", "unlocked", "planned-again"];
    return [what, own.length, ...hows.map((how) => own.filter((one) => one.how === how).length)];
  });
  expect(rows.map(([what, , ...counts]) => [what, ...counts.slice(0, -1).map(Number)])).toEqual(counted);
});

it("docs/reliability.md has what was tried of every kind of fault, and nothing that was wrong", () => {
  expect(rows.map(([what, commands]) => [what, commands])).toEqual(
    KINDS.map(({ what, commands }) => [what, commands.join(", ")]),
  );
  for (const [what, commands, count, ...counts] of rows) {
    const [finished, resumed, unlocked, plannedAgain, wrong] = counts.map(Number);
    expect([what, finished! + resumed! + unlocked! + plannedAgain!, wrong]).toEqual([what, Number(count), 0]);
    expect(Number(count)).toBeGreaterThanOrEqual(commands!.split(", ").length);
  }
});
