import { readFileSync } from "node:fs";
import { PAGE_FILE, withTables, WRITE_PAGE } from "../../../stacks/weakening/page";

describe("docs/weakening-calls.md", () => {
  it(`has the current tables; if not, run: ${WRITE_PAGE}`, () => {
    const page = readFileSync(PAGE_FILE, "utf8");
    expect(withTables(page) === page).toBe(true);
  });

  it("is not written if the markers are missing", () => {
    expect(() => withTables("# Calls\n")).toThrow("has lost the markers");
  });
});
