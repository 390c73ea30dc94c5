import type { EventBus } from "../events/event-bus";
import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import type { SsmRoom } from "../ssm";
import { sessionApi } from "./session-api";
import { SessionPermissions } from "./session-permissions";
import { SessionService } from "./session-service";
import { Sessions } from "./sessions";

/** Session Manager, which moto lacks. */
export interface SessionsRoom extends Room {
  readonly sessions: Sessions;
  readonly permissions: SessionPermissions;
  readonly service: SessionService;
}

/** @param bus receives the CloudTrail event of each call on a session */
export function sessionsRoom({ identities, authorizer }: Core, ssm: SsmRoom, bus: EventBus): SessionsRoom {
  const sessions = new Sessions();
  const permissions = new SessionPermissions(authorizer);
  const service = new SessionService(sessions, ssm.instances, permissions, bus, ssm.documentExists);
  return {
    handlers: [sessionApi(service, sessions, permissions, identities)],
    sessions,
    permissions,
    service,
  };
}
