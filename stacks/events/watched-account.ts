import { rolesOfInstances } from "../../accounts/model/access";
import {
  accountBehind,
  type Account,
  type AccountIdentity,
  type Organization,
} from "../../accounts/model/organization";
import { arnParts } from "../../aws/arn";
import { globalRegion } from "../../aws/regions";
import { names, stackIds } from "../names";
import { unique } from "../policies/policy";
import { readersOf } from "../policies/principals";
import type { WatchedAccount } from "./account-patterns";

/** The security channel that reports changes to an account's roles and to the account itself. */
export interface AccountListener {
  /** Id of the stack that has the channel. */
  readonly stackId: string;
  readonly region: string;
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
    ignoredRoles: settings.notifications.security.ignoredRoles,
    forwardedFrom: region === global ? null : global,
  };
}

/**
 * The roles of an account whose changes the channel of a stack reports.
 * @param stackId id of the stack
 * @returns null if another channel of the account reports them, or none does
 */
export function reportedAccountOf(
  organization: Organization,
  identity: Pick<AccountIdentity, "id">,
  stackId: string,
): WatchedAccount | null {
  const account = accountBehind(organization, identity);
  const listener = accountListenerOf(organization, account);
  return listener?.stackId === stackId ? watchedAccountOf(organization, account) : null;
}

/** The roles and policies of an account that record, read or deploy. Changes to them are reported. */
export function watchedAccountOf(organization: Organization, account: Account): WatchedAccount {
  const { access } = account.settings;
  const { deployment } = organization;
  const namePrefix = names.prefix({ organization: organization.name });
  const here = (arn: string) => arnParts(arn).accountId === account.id;
  const named = [
    ...rolesOfInstances(access),
    ...access.unmaskRoles,
    ...readersOf(organization).filter(here),
    // A role that the map gives by its ARN is a role of the only account.
    ...(deployment.mode === "assume-role" ? [deployment.role] : []),
  ];
  return {
    roles: unique(named.map(nameOf)).filter((name) => name !== "*" && !name.startsWith(namePrefix)),
    boundaryArn: access.permissionsBoundaryArn,
    namePrefix,
  };
}

/**
 * The name of a role, by its ARN or by its path and name: calls of IAM have no path. EventBridge refuses wildcards that
 * follow each other.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
const nameOf = (role: string) => role.split("/").at(-1)!.replace(/\*+/g, "*");
