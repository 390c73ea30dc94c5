import type * as model from "./organization";
import type { MergedSettings } from "./settings";

/**
 * An organization whose levels are merged, and whose settings have the form of the map. The rules judge it. If it
 * breaks no rule, `resolve` makes the organization of the stacks from it. The types below are its parts.
 */
export type Organization = model.Organization<MergedSettings>;
export type Account = model.Account<MergedSettings>;
export type Target = model.Target<MergedSettings>;
export type ArchiveSite = model.ArchiveSite<MergedSettings>;
export type CentralSite = model.CentralSite<MergedSettings>;
export type Replica = model.Replica<MergedSettings>;
export type ReplicaSource = model.ReplicaSource<MergedSettings>;
