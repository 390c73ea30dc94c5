import type { SessionRow } from "../../report/model";

/** Which sessions a report is about. A filter that is left out lets every session pass. */
export interface Filters {
  readonly session?: string;
  /** ARN of the principal, or the name of a person as the report shows it. */
  readonly owner?: string;
  readonly instance?: string;
  readonly status?: string;
  /** Name or ARN of the document; the name of the preferences document for sessions without another. */
  readonly document?: string;
  readonly accessType?: string;
}

/** Whether only some of the sessions of a period are wanted. Then a record without a session proves nothing. */
export const isNarrow = ({ owner, instance, status, document, accessType }: Filters): boolean =>
  [owner, instance, status, document, accessType].some((filter) => filter !== undefined);

/** Whether a row passes all filters. @param preferences name of the preferences document */
export function passes(row: SessionRow, filters: Filters, preferences: string): boolean {
  const { session, owner, instance, status, document, accessType } = filters;
  const is = (filter: string | undefined, ...values: readonly (string | null | undefined)[]) =>
    filter === undefined || values.includes(filter);
  return (
    is(session, row.id) &&
    is(owner, row.owner, row.person?.name, row.person?.sessionName) &&
    is(instance, row.instance) &&
    is(status, row.status) &&
    is(document, row.document ?? preferences) &&
    is(accessType, row.accessType)
  );
}
