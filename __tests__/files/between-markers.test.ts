import { betweenMarkers } from "../../files/between-markers";

const PART = { name: "table", command: "npm run write", text: "new" };
const BEGIN = "<!-- prettier-ignore-start -->\n<!-- table: written by npm run write -->";
const END = "<!-- table: end -->\n<!-- prettier-ignore-end -->";

it("replaces what is between the markers, and keeps the rest of the page", () => {
  const page = `# Page\n\n${BEGIN}\n\nold\n\n${END}\n\nThe end.\n`;
  expect(betweenMarkers(page, PART)).toBe(page.replace("old", "new"));
});

it.each([
  ["no markers", "# Page\n"],
  ["no end", BEGIN],
  ["its markers in the wrong order", `${END}\n${BEGIN}`],
  ["markers of another part", `${BEGIN}\n${END}`.replaceAll("table", "tables")],
])("refuses a page that has %s", (_what, page) => {
  expect(() => betweenMarkers(page, PART)).toThrow("The page has lost the markers of its table.");
});
