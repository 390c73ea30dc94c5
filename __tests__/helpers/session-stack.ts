import type { AccountsMap } from "../../accounts/schema";
import { exampleWith, synthesizeOne, type StackView } from "./synth";

/** A change of the example map. */
export type Change = (map: AccountsMap) => void;

/** The session stack of `payments` in us-east-1, of the example map with a change. */
export const sessionStack = (change?: Change): StackView =>
  synthesizeOne("session-payments-us-east-1", change && exampleWith(change));

/** Takes the archive out of a map: each target then has a bucket of its own. */
export const dropArchive: Change = (map) => {
  delete map.archive;
  delete map.accounts["log-archive"];
};

/**
 * Gives `payments` a log group that exists. The region us-east-1 loses its own retention, which would have no effect.
 */
export const nameLogGroup: Change = (map) => {
  map.accounts["payments"]!.regions = ["eu-central-1", "us-east-1"];
  map.accounts["payments"]!.logs = { group: { existing: "/their/group" } };
};
