import { jsonResponse, AwsError, type AwsResponse, type AwsRequest, type Handler } from "../gateway/protocol";
import type { Identities } from "../clients/identities";
import type { Caller, SessionPermissions } from "./session-permissions";
import { streamUrl, type SessionService } from "./session-service";
import { type Session, type Sessions, isOver } from "./sessions";

/**
 * The parameters of `DescribeSessions`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 */
export interface DescribeSessionsRequest {
  readonly State?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly Filters?: readonly { readonly key: string; readonly value: string }[];
}

type Filter = (session: Session, value: string) => boolean;

const FILTERS: Readonly<Record<string, Filter>> = {
  InvokedAfter: (session, value) => session.startDate >= new Date(value),
  InvokedBefore: (session, value) => session.startDate <= new Date(value),
  Target: (session, value) => session.target === value,
  Owner: (session, value) => session.owner === value,
  Status: (session, value) => session.status === value,
  SessionId: (session, value) => session.sessionId === value,
  AccessType: (_session, value) => value === "Standard",
};

/**
 * Answers `DescribeSessions` from the sessions of an account and region.
 * @throws AwsError `ValidationException`, `InvalidNextToken` or `InvalidFilterKey`
 */
export function describeSessions(sessions: readonly Session[], request: DescribeSessionsRequest): object {
  if (request.State !== "Active" && request.State !== "History") {
    throw new AwsError("ValidationException", "State is required: Active or History");
  }
  const max = request.MaxResults ?? 10;
  if (max < 1 || max > 200) throw new AwsError("ValidationException", "MaxResults must be from 1 to 200");
  const start = request.NextToken === undefined ? 0 : Number(request.NextToken);
  if (!Number.isInteger(start)) throw new AwsError("InvalidNextToken", "The NextToken is not valid");
  const found = sessions
    .filter((session) => isOver(session) === (request.State === "History"))
    .filter((session) =>
      (request.Filters ?? []).every((filter) => filterOf(filter.key)(session, filter.value)),
    );
  const next = start + max;
  return {
    Sessions: found.slice(start, next).map(asResponse),
    ...(next < found.length ? { NextToken: String(next) } : {}),
  };
}

function filterOf(key: string): Filter {
  const filter = FILTERS[key];
  if (filter === undefined) throw new AwsError("InvalidFilterKey", `There is no filter ${key}`);
  return filter;
}

const seconds = (date: Date): number => date.getTime() / 1000;

function asResponse(session: Session): object {
  return {
    SessionId: session.sessionId,
    Target: session.target,
    Status: session.status,
    StartDate: seconds(session.startDate),
    ...(session.endDate === undefined ? {} : { EndDate: seconds(session.endDate) }),
    DocumentName: session.documentName,
    Owner: session.owner,
    ...(session.reason === undefined ? {} : { Reason: session.reason }),
    Details: "",
    OutputUrl: {
      S3OutputUrl: session.output?.s3 ?? "",
      CloudWatchOutputUrl: session.output?.logStream ?? "",
    },
    AccessType: "Standard",
  };
}

type Operation = (caller: Caller, parameters: Record<string, never>) => Promise<AwsResponse>;

/** The Session Manager operations of the Systems Manager API, which moto lacks. */
export function sessionApi(
  service: SessionService,
  sessions: Sessions,
  permissions: SessionPermissions,
  identities: Identities,
): Handler {
  const opened = ({ region, sessionId }: Session) =>
    jsonResponse({
      SessionId: sessionId,
      TokenValue: `emulated-token-of-${sessionId}`,
      StreamUrl: streamUrl(region, sessionId),
    });
  const operations: Readonly<Record<string, Operation>> = {
    StartSession: async (caller, parameters) => opened(await service.start(caller, parameters)),
    ResumeSession: async (caller, parameters) =>
      opened(await service.resume(caller, required(parameters, "SessionId"))),
    TerminateSession: async (caller, parameters) => {
      const sessionId = required(parameters, "SessionId");
      await service.terminate(caller, sessionId);
      return jsonResponse({ SessionId: sessionId });
    },
    DescribeSessions: async (caller, parameters) => {
      await permissions.requireList(caller);
      return jsonResponse(
        describeSessions(sessions.in(caller.identity.accountId, caller.region), parameters),
      );
    },
  };
  return async (request: AwsRequest) => {
    const operation = operations[request.operation];
    if (request.service !== "ssm" || request.protocol !== "json" || operation === undefined) return undefined;
    const identity = await identities.of(request.accessKeyId, request.region);
    return operation(
      { identity, region: request.region },
      JSON.parse(request.body.toString("utf8")) as never,
    );
  };
}

function required(parameters: Record<string, unknown>, name: string): string {
  const value = parameters[name];
  if (typeof value !== "string" || value === "")
    throw new AwsError("ValidationException", `${name} is required`);
  return value;
}
