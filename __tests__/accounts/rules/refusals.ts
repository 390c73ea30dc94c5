import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

/** A change to the good map, and the one problem that it must lead to: where, what is allowed, what to do. */
export type Case = readonly [title: string, changes: Changes, path: string, allowed: string, remedy: string];

/** An account whose one fault has nothing to do with those of other accounts. */
const DEN = { id: "555555555555", homeRegion: "eu-central-1", regions: ["eu-central-1", "eu-central-1"] };

/** Every change is refused for one problem, on an otherwise good map. */
export function refusesAlone(what: string, cases: readonly Case[]): void {
  describe(`a map ${what}`, () => {
    it.each(cases)("is refused: %s", (_title, changes, path, allowed, remedy) => {
      expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
    });
  });
}

/** Every change is refused for one problem, and is still reported where another account has a fault as well. */
export function refuses(what: string, cases: readonly Case[]): void {
  refusesAlone(what, cases);
  describe("a map with a fault, and another in an account that has nothing to do with it", () => {
    const withAccounts = cases.filter(([, changes]) => !("accounts" in changes));
    it.each(withAccounts)("has both reported: %s", (_, changes, path) => {
      const found = problemsOf(mapWith({ ...changes, "accounts.den": DEN })).map((problem) => problem.path);
      expect(found.sort()).toEqual([path, "accounts.den.regions[1]"].sort());
    });
  });
}

/** No change makes the good map a bad one. */
export function accepts(cases: readonly (readonly [title: string, changes: Changes])[]): void {
  describe("a good map", () => {
    it.each(cases)("passes: %s", (_, changes) => {
      expect(problemsOf(mapWith(changes))).toEqual([]);
    });
  });
}
