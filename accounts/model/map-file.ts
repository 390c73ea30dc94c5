/**
 * The environment variable that names the file of another map than `accounts/index.ts`.
 *
 * @example SESSION_AUDIT_ACCOUNTS=maps/production.yaml npm run synth
 */
export const MAP_VARIABLE = "SESSION_AUDIT_ACCOUNTS";

/** The path of the map from the root of the project, unless the variable names another one. */
export const DEFAULT_MAP = "accounts/index.ts";
