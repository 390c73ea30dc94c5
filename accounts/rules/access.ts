import { type AccountRule, repeated, fault, boundaryFault } from "./setting-fault";
import type { MergedAccountSettings } from "../model/settings";
import { arnParts } from "../../aws/arn";
import { actionsOf } from "../model/actions";
import { unmaskRolesOnce } from "./logs";
import type { Account, Organization } from "../model/merged";
import { once, type Conflict } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { conflictOf, problem } from "./conflict";
import { replicaOwners } from "./replication";

const attachedOnce: AccountRule = ({ settings: { access } }) =>
  repeated(access.attachToRoles, "access.attachToRoles", "role");

/** Each reporter is listed once, and is a role in the partition of the account. */
const reportersFit: AccountRule = ({ partition, settings: { access } }) => [
  ...repeated(access.reporters, "access.reporters", "role"),
  ...access.reporters.flatMap((reporter, index) =>
    arnParts(reporter).partition === partition
      ? []
      : fault(
          `access.reporters.${index}`,
          `a role in partition ${partition}`,
          "a role of another partition cannot assume a role of this partition",
        ),
  ),
];

/** IAM attaches a policy to a role once. Two attachments in Terraform would be one, which either of them removes. */
const hostManagementApart: AccountRule = ({ settings: { access } }) =>
  access.defaultHostManagementRole !== null && access.attachToRoles.includes(access.defaultHostManagementRole)
    ? [
        fault(
          "access.defaultHostManagementRole",
          "a role that access.attachToRoles does not list",
          "remove the role from attachToRoles, or leave defaultHostManagementRole out",
          "access.attachToRoles",
        ),
      ]
    : [];

/**
 * An account without regions has roles only for chat, replication, reports and actions of an archive. Without any of them, its
 * permissions boundary is not used. Chat and replication check the boundary themselves.
 */
const boundaryInAccount: AccountRule = (account) =>
  account.targets.length > 0 ||
  hasActionRoles(account.settings) ||
  account.settings.access.reporters.length > 0
    ? boundaryFault(account)
    : [];

const hasActionRoles = (settings: MergedAccountSettings) =>
  actionsOf(settings, "tampering").some(({ action }) => action.type !== "lambda");

/** Rules over the settings of what an account has only once, such as its IAM policies. */
const ACCOUNT_RULES: readonly AccountRule[] = [
  attachedOnce,
  reportersFit,
  hostManagementApart,
  boundaryInAccount,
  unmaskRolesOnce,
];

/** Faults in the IAM settings of accounts. */
export function accessProblems(map: ParsedMap, organization: Organization): Conflict[] {
  const { accounts } = organization;
  const owners = replicaOwners(organization);
  const broken = accounts
    .filter(({ partition }) => partition === accounts[0]?.partition)
    .flatMap((account) =>
      ACCOUNT_RULES.flatMap((rule) => rule(account)).map((fault) =>
        conflictOf(map, account.name, null, account.settings, fault),
      ),
    );
  const idle = accounts.filter(
    ({ name, targets }) => targets.length === 0 && (name === map.archive?.account || owners?.has(name)),
  );
  return [
    ...once(broken, ({ path }) => path),
    ...idle.flatMap((account) => sessionAccessWithoutSessions(map, account)),
  ];
}

/** IAM settings for sessions, set by an account without regions, which has no sessions. */
function sessionAccessWithoutSessions(map: ParsedMap, { name }: Account): Conflict[] {
  const access = map.accounts[name]?.access ?? {};
  const nothing = {
    attachToRoles: "[]",
    defaultHostManagementRole: "null",
    instanceProfile: "false",
    operatorPolicy: "false",
  };
  return (Object.keys(nothing) as (keyof typeof nothing)[])
    .filter((setting) => {
      const value = access[setting];
      return Array.isArray(value) ? value.length > 0 : Boolean(value);
    })
    .map((setting) =>
      problem(
        map,
        ["accounts", name, "access", setting],
        `${nothing[setting]}, or nothing: an account without regions has no sessions`,
        "remove it, or list the regions in use",
        [["accounts", name, "regions"]],
      ),
    );
}
