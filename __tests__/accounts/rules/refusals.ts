import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

/** A change to the good map, and the one problem that it must lead to: its path, and a part of each of its texts. */
export type Case = readonly [title: string, changes: Changes, path: string, allowed: string, remedy: string];

/** An account with one fault, which is unrelated to faults in other accounts. */
const DEN = { id: "555555555555", homeRegion: "eu-central-1", regions: ["eu-central-1", "eu-central-1"] };

/** Tests that each change makes the good map a map with one problem. */
export function refusesAlone(what: string, cases: readonly Case[]): void {
  describe(`a map ${what}`, () => {
    it.each(cases)("is refused: %s", (_title, changes, path, allowed, remedy) => {
      expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
    });
  });
}

/** Tests the same as {@link refusesAlone}, and that the problem is also reported if another account has a fault. */
export function refuses(what: string, cases: readonly Case[]): void {
  refusesAlone(what, cases);
  describe("a map with a fault, and an unrelated fault in another account", () => {
    const withAccounts = cases.filter(([, changes]) => !("accounts" in changes));
    it.each(withAccounts)("reports both: %s", (_, changes, path) => {
      const found = problemsOf(mapWith({ ...changes, "accounts.den": DEN })).map((problem) => problem.path);
      expect(found.sort()).toEqual([path, "accounts.den.regions[1]"].sort());
    });
  });
}

/** Tests that the good map is still good after each change. */
export function accepts(cases: readonly (readonly [title: string, changes: Changes])[]): void {
  describe("a good map", () => {
    it.each(cases)("passes: %s", (_, changes) => {
      expect(problemsOf(mapWith(changes))).toEqual([]);
    });
  });
}
