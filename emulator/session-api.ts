import { jsonResponse, AwsError, type AwsResponse } from "./aws-error";
import type { AwsRequest } from "./aws-request";
import { describeSessions } from "./describe-sessions";
import type { Handler } from "./gateway";
import type { Identities } from "./identities";
import type { Caller } from "./session-permissions";
import { streamUrl, type SessionService } from "./session-service";
import type { Session, Sessions } from "./sessions";

type Operation = (caller: Caller, parameters: Record<string, never>) => Promise<AwsResponse>;

/** The Session Manager operations of the SSM API, which moto lacks. */
export function sessionApi(service: SessionService, sessions: Sessions, identities: Identities): Handler {
  const opened = ({ region, sessionId }: Session) =>
    jsonResponse({
      SessionId: sessionId,
      TokenValue: `emulated-token-of-${sessionId}`,
      StreamUrl: streamUrl(region, sessionId),
    });
  const operations: Readonly<Record<string, Operation>> = {
    StartSession: async (caller, parameters) => opened(await service.start(caller, parameters)),
    ResumeSession: async (caller, parameters) =>
      opened(await service.resume(caller, needed(parameters, "SessionId"))),
    TerminateSession: async (caller, parameters) => {
      const sessionId = needed(parameters, "SessionId");
      await service.terminate(caller, sessionId);
      return jsonResponse({ SessionId: sessionId });
    },
    DescribeSessions: async ({ identity, region }, parameters) =>
      jsonResponse(describeSessions(sessions.in(identity.accountId, region), parameters)),
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

function needed(parameters: Record<string, unknown>, name: string): string {
  const value = parameters[name];
  if (typeof value !== "string" || value === "")
    throw new AwsError("ValidationException", `${name} is needed`);
  return value;
}
