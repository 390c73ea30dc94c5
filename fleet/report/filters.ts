import type { SessionRow } from "../../report/model";
import type { SelectorOptions } from "../options";

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

/**
 * What chose the targets and the sessions of a report, as its header says it.
 * @example chosenBy([], { account: ["payments"] }, { owner: "alice" }) // { account: "payments", owner: "alice" }
 */
export function chosenBy(
  stacks: readonly string[],
  { wave = [], account = [], region = [], kind = [] }: SelectorOptions,
  filters: Filters,
): Record<string, string> {
  const selectors = Object.entries({ stack: stacks, wave, account, region, kind });
  return Object.fromEntries([
    ...selectors.flatMap(([name, values]) => (values.length > 0 ? [[name, values.join(", ")]] : [])),
    ...Object.entries(filters).filter(([, value]) => value !== undefined),
  ]) as Record<string, string>;
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
