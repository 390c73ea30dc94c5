import {
  paginateDescribeSessions,
  type Session,
  type SessionFilter,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { documentOf } from "../../guard/documents";
import type { HistorySession } from "../../report/evidence";
import type { Filters } from "./filters";

const inSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");

/** The filters take whole seconds, and AWS does not say whether a session at the given second is in. */
const SECOND_MS = 1000;

/**
 * The sessions of an account and region, those that are open and those that have ended, page by page. `DescribeSessions`
 * lists the sessions that ended within the last 30 days.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 * @throws what AWS answered
 */
export async function* sessionHistory(
  ssm: SSMClient,
  filters: Filters,
  period: { readonly since: Date; readonly until: Date },
): AsyncGenerator<HistorySession> {
  const Filters = filtersOf(filters, period);
  // Open sessions come first: a session that ends in between is then in both lists, and in none otherwise.
  for (const State of ["Active", "History"] as const) {
    const pages = paginateDescribeSessions({ client: ssm, pageSize: 200 }, { State, Filters });
    for await (const { Sessions = [] } of pages) yield* Sessions.flatMap(sessionOf);
  }
}

/** The one session with an id, whenever it started; null: the history has none. */
export async function sessionById(ssm: SSMClient, id: string): Promise<HistorySession | null> {
  const Filters: SessionFilter[] = [{ key: "SessionId", value: id }];
  for (const State of ["Active", "History"] as const) {
    for await (const { Sessions = [] } of paginateDescribeSessions({ client: ssm }, { State, Filters })) {
      const found = Sessions.flatMap(sessionOf).find((session) => session.id === id);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** The filters that AWS applies. It takes six at most, and an id leaves no need for others. */
function filtersOf(
  { session, owner, instance, status, accessType }: Filters,
  { since, until }: { readonly since: Date; readonly until: Date },
): SessionFilter[] {
  if (session !== undefined) return [{ key: "SessionId", value: session }];
  return [
    { key: "InvokedAfter", value: inSeconds(new Date(since.getTime() - SECOND_MS)) },
    { key: "InvokedBefore", value: inSeconds(new Date(until.getTime() + SECOND_MS)) },
    // AWS compares the whole ARN of the owner; a name is looked for in what it lists.
    ...(owner?.startsWith("arn:") ? [{ key: "Owner" as const, value: owner }] : []),
    ...(instance !== undefined ? [{ key: "Target" as const, value: instance }] : []),
    ...(status !== undefined ? [{ key: "Status" as const, value: status }] : []),
    ...(accessType !== undefined ? [{ key: "AccessType" as const, value: accessType }] : []),
  ];
}

function sessionOf(entry: Session): readonly HistorySession[] {
  const { SessionId, StartDate, EndDate, Status, DocumentName, Target, Owner, Reason, AccessType } = entry;
  if (SessionId === undefined || StartDate === undefined) return [];
  return [
    {
      id: SessionId,
      status: Status ?? "",
      document: documentOf(DocumentName) ?? null,
      instance: Target ?? "",
      owner: Owner ?? "",
      reason: Reason || null,
      accessType: AccessType ?? null,
      start: StartDate,
      end: EndDate ?? null,
    },
  ];
}
