import { type AccountRule, repeated, fault, boundaryFault } from "./setting-fault";
import type { MergedAccountSettings } from "../model/settings";
import { actionsOf } from "../model/actions";
import { unmaskRolesOnce } from "./logs";

const attachedOnce: AccountRule = ({ settings: { access } }) =>
  repeated(access.attachToRoles, "access.attachToRoles", "role");

/** A role takes a policy once: two attachments would take turns at removing it. */
const hostManagementApart: AccountRule = ({ settings: { access } }) =>
  access.defaultHostManagementRole !== null && access.attachToRoles.includes(access.defaultHostManagementRole)
    ? [
        fault(
          "access.defaultHostManagementRole",
          "a role that access.attachToRoles does not name already",
          "take the role out of attachToRoles, or leave defaultHostManagementRole out",
          "access.attachToRoles",
        ),
      ]
    : [];

/** An account without regions has no role that a boundary would bind, unless for chat, replication or an archive's actions. */
const boundaryInAccount: AccountRule = (account) =>
  account.targets.length > 0 || hasActionRoles(account.settings) ? boundaryFault(account) : [];

const hasActionRoles = (settings: MergedAccountSettings) =>
  actionsOf(settings, "tampering").some(({ action }) => action.type !== "lambda");

/** Rules over what an account has once. */
export const ACCOUNT_RULES: readonly AccountRule[] = [
  attachedOnce,
  hostManagementApart,
  boundaryInAccount,
  unmaskRolesOnce,
];
