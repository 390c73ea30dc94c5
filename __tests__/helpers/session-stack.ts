import type { AccountsMap } from "../../accounts/schema";
import { exampleWith, synthesizeOne, type StackView } from "./synth";

/** A change to the example map. */
export type Change = (map: AccountsMap) => void;

/** The stack of the target `payments` in us-east-1, of the example map with a change. */
export const sessionStack = (change?: Change): StackView =>
  synthesizeOne("session-payments-us-east-1", change && exampleWith(change));

/** Removes the archive from a map, so that each target has a bucket of its own. */
export const dropArchive: Change = (map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
};

/**
 * Gives `payments` an existing log group. The retention that the example sets for us-east-1 is removed, because it
 * would have no effect.
 */
export const nameLogGroup: Change = (map) => {
  map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
  map.accounts["payments"]!.logs = { group: { existing: "/their/group" } };
};
