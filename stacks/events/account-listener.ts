import type { Account, Organization } from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { globalRegion } from "../../aws/regions";
import { stackIds } from "../names";

/** The security channel that reports changes to an account's roles and to the account itself. */
export interface AccountListener {
  /** Id of the stack that has the channel. */
  readonly stackId: string;
  readonly region: string;
  readonly settings: Settings;
  /** ARNs of roles whose changes are not reported. */
  readonly ignoredRoles: readonly string[];
  /** The region from which the events must be forwarded; null: AWS sends them to the region of the channel. */
  readonly forwardedFrom: string | null;
}

/**
 * The channel that reports changes to an account's roles and to the account itself. A channel in the global region
 * receives the events. Otherwise they are forwarded to the channel of the home region, or to the first one. A target
 * comes before an archive, and an archive before a replica.
 * @returns null if no channel of the account is on and reports such changes
 */
export function accountListenerOf(
  { archives, replicas }: Pick<Organization, "archives" | "replicas">,
  account: Account,
): AccountListener | null {
  const isOwn = ({ account: owner }: { readonly account: { readonly id: string } }) =>
    owner.id === account.id;
  const listeners = [
    ...account.targets.map((target) => ({ ...target, stackId: stackIds.session(target) })),
    ...archives.filter(isOwn).map((site) => ({ ...site, stackId: stackIds.archive(site) })),
    ...replicas.filter(isOwn).map((replica) => ({ ...replica, stackId: stackIds.replica(replica.source) })),
  ].filter(({ settings: { notifications } }) => {
    const { enabled, accountChanges } = notifications.security;
    return enabled && accountChanges;
  });
  const global = globalRegion(account.partition);
  const inRegion = (wanted: string) => listeners.find(({ region }) => region === wanted);
  const listener = inRegion(global) ?? inRegion(account.homeRegion) ?? listeners[0];
  if (listener === undefined) return null;
  const { stackId, region, settings } = listener;
  return {
    stackId,
    region,
    settings,
    ignoredRoles: settings.notifications.security.ignoredRoles,
    forwardedFrom: region === global ? null : global,
  };
}
