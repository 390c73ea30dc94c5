import { rolesOfInstances } from "../../accounts/model/access";
import {
  accountBehind,
  type Account,
  type AccountIdentity,
  type Organization,
} from "../../accounts/model/organization";
import { BOOTSTRAP_ROLE_PATTERN, names } from "../names";
import { unique } from "../policies/policy";
import { readersByAccount } from "../policies/principals";
import { accountListenerOf } from "./account-listener";
import type { WatchedAccount } from "./account-patterns";

/** The roles of an account whose changes a channel reports. */
export interface ReportedAccount extends WatchedAccount {
  /**
   * Whether the events come from the bus of another region. EventBridge does not forward such an event again.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
   */
  readonly forwarded: boolean;
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
): ReportedAccount | null {
  const account = accountBehind(organization, identity);
  const listener = accountListenerOf(organization, account);
  if (listener?.stackId !== stackId) return null;
  return { ...watchedAccountOf(organization, account), forwarded: listener.forwardedFrom !== null };
}

/** The roles and policies of an account that record, read or deploy. Changes to them are reported. */
export function watchedAccountOf(organization: Organization, account: Account): WatchedAccount {
  const { access } = account.settings;
  const { deployment } = organization;
  const namePrefix = names.prefix({ organization: organization.name });
  const named = [
    ...rolesOfInstances(access),
    ...access.unmaskRoles,
    ...(readersByAccount(organization).get(account.id) ?? []),
    // A role that the map gives by its ARN is a role of the only account. The map does not say in which account the roles of
    // the pipeline are, which assume this role.
    ...(deployment.mode === "assume-role" ? [deployment.role, BOOTSTRAP_ROLE_PATTERN] : []),
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
