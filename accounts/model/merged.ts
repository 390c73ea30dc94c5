import type * as model from "./organization";
import type { MergedSettings } from "./settings";

/**
 * An organization whose levels are merged and whose settings are still in the words of the map: what the rules judge.
 * `resolve` makes the organization of the stacks from one that breaks no rule.
 */
export type Organization = model.Organization<MergedSettings>;
export type Account = model.Account<MergedSettings>;
export type Target = model.Target<MergedSettings>;
export type ArchiveSite = model.ArchiveSite<MergedSettings>;
export type Replica = model.Replica<MergedSettings>;
export type ReplicaSource = model.ReplicaSource<MergedSettings>;
