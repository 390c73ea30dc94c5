import type { AccountSettings } from "./settings";

/** Names of the existing roles that get the instance policy, so that instances with them can record. */
export const rolesOfInstances = ({
  attachToRoles,
  defaultHostManagementRole,
}: Pick<AccountSettings["access"], "attachToRoles" | "defaultHostManagementRole">): string[] =>
  defaultHostManagementRole === null ? [...attachToRoles] : [...attachToRoles, defaultHostManagementRole];
