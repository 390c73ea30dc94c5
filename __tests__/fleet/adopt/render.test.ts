import { adoptionHtml } from "../../../fleet/adopt/render/html";
import { adoptionText } from "../../../fleet/adopt/render/text";
import { ADOPTION, REGION } from "../../fixtures/adoption";

const rowOf = (name: string) => {
  const row = adoptionText(ADOPTION)
    .split("\n")
    .find((line) => line.startsWith(`${name} `));
  return row?.split(/ {2,}/);
};

it.each([
  ["one", ["foreign", "3, default 2", "1 field changes: 1 weaker", "1 to do, 1 note"]],
  ["two", ["not looked at", "1 not looked at"]],
  ["four", ["none", "nothing in the way"]],
])("shows the target %s in a row", (name, cells) => {
  expect(rowOf(name)).toEqual([name, REGION, ...cells]);
});

it("says what is in the way, the most urgent first, and the same once", () => {
  const text = adoptionText(ADOPTION);
  expect(text.indexOf("to do: versions")).toBeLessThan(text.indexOf("note: owner"));
  expect(text).toContain(`two ${REGION}, three ${REGION}\n  not looked at: preferences: AccessDenied: no.\n`);
  expect(text).not.toContain("The region is enabled");
  expect(text.trimEnd().split("\n").at(-1)).toBe("Found in 4 targets: 1 to do, 2 not looked at, 1 note.");
});

it("shows every character of AWS's texts", () => {
  expect(adoptionText(ADOPTION)).not.toContain("\u202e");
  expect(adoptionText(ADOPTION)).toContain("\\u202e");
});

it("makes a page that loads nothing and runs nothing", () => {
  const page = adoptionHtml(ADOPTION);
  expect(page).toContain("script-src &#39;none&#39;".replaceAll("&#39;", "'"));
  expect(page).not.toMatch(/<script|\u202e|https?:/);
  expect(page).toContain("&#60;script&#62;alert(1)");
  expect(page).toContain("WEAKER");
  expect(page).toContain("Worse.");
});
