import type { SessionRow } from "./model";

/**
 * The identity of a row. Equal ids in two accounts or regions are two sessions.
 * @example rowKey({ accountId: "222222222222", region: "eu-central-1", id: "alice-0a1b2c" })
 */
export const rowKey = ({ accountId, region, id }: Pick<SessionRow, "accountId" | "region" | "id">): string =>
  `${accountId} ${region} ${id}`;
