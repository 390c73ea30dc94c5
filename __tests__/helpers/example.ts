import exampleMap from "../fixtures/example-map";
import type { AccountsMap } from "../../accounts/schema";

/**
 * A copy of the example map with a change.
 * @example exampleWith((map) => delete map.archive)
 */
export const exampleWith = (change: (map: AccountsMap) => void): AccountsMap => {
  const map = structuredClone(exampleMap);
  change(map);
  return map;
};
