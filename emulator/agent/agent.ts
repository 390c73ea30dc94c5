import { assumedRoleArn, partitionOf } from "../clients/partitions";
import { AwsError } from "../gateway/protocol";
import { personMayAssume } from "../iam/role-trust";
import { CallLog, CallDenied } from "./call-log";
import { requireCredentials } from "./instance-role";
import { instanceArn } from "../ssm/instances";
import { streamTranscript, uploadToLogGroup } from "./log-stream";
import { SessionRefused, type SessionRecord, type SessionRun, type SessionRequest } from "./session-run";
import { sessionArn, type Caller } from "../sessions/session-permissions";
import { prepareSession, type SimulatorParts } from "./session-setup";
import { shellUser } from "./run-as";
import { isOver } from "../sessions/sessions";
import { startChecks, kmsHandshake } from "./start-checks";
import { uploadTranscript } from "./transcript-upload";

/** The record of a session that was ended by somebody else before anything was typed. */
function endedFromOutside(run: SessionRun): SessionRecord {
  run.warnings.push("The session was ended from outside");
  return run.record(true);
}

/** Simulates the operator's client and the SSM Agent of a node, call by call, with the policies as deployed. */
export class SessionSimulator {
  constructor(private readonly parts: SimulatorParts) {}

  /** Runs a whole session. A session that is refused is an outcome and not an error. */
  async run(request: SessionRequest): Promise<SessionRecord> {
    const { service, sessions } = this.parts;
    const log = new CallLog(this.parts.authorizer);
    await this.connectAgent(log, request);
    const { accountId, region, instanceId: Target, documentName: DocumentName, reason: Reason } = request;
    const operator = await this.operator(request);
    let run: SessionRun | undefined;
    try {
      await this.requireTrust(log, request);
      const session = await log.watch("ssm:StartSession", instanceArn(accountId, region, Target), () =>
        service.start(operator, { Target, DocumentName, Reason }, request.startDate),
      );
      run = await prepareSession(this.parts, session, request, log);
      if (isOver(session)) return endedFromOutside(run);
      await this.open(run, operator);
    } catch (error) {
      if (![AwsError, SessionRefused, CallDenied].some((kind) => error instanceof kind)) throw error;
      const refusal =
        error instanceof AwsError ? `${error.code}: ${error.message}` : (error as Error).message;
      if (run === undefined)
        return { sessionId: "", started: false, refusal, calls: log.calls, warnings: [] };
      sessions.end(run.setting.session, new Date(), "Failed");
      return run.record(false, refusal);
    }
    if (isOver(run.setting.session)) return endedFromOutside(run);
    await streamTranscript(run);
    await this.finish(run, operator, request);
    return run.record(true);
  }

  private async finish(run: SessionRun, operator: Caller, request: SessionRequest): Promise<void> {
    const { service, sessions } = this.parts;
    const { session, log } = run.setting;
    const call = (action: "Resume" | "Terminate", make: () => Promise<unknown>) =>
      log
        .watch(`ssm:${action}Session`, sessionArn(operator, session.sessionId), make)
        .catch((error: Error) => {
          run.warnings.push(`${action}Session: ${error.message}`);
        });
    if (request.resume === true) await call("Resume", () => service.resume(operator, session.sessionId));
    if (request.disconnect === true) {
      run.warnings.push("The instance stopped: nothing is uploaded at the end");
    } else {
      if (request.terminate !== false)
        await call("Terminate", () => service.terminate(operator, session.sessionId, request.endDate));
      await uploadToLogGroup(run);
      await uploadTranscript(run);
      if (run.transcriptKey !== undefined) {
        await this.parts.replicator.replicate(
          run.setting.inputs.s3BucketName,
          run.transcriptKey,
          session.region,
        );
      }
    }
    sessions.end(session, request.endDate);
  }

  /** Connects the agent, if the role of its node allows that. No session can start on a node that is not connected. */
  private async connectAgent(log: CallLog, request: SessionRequest): Promise<void> {
    const { accountId, region, instanceId } = request;
    const principal = assumedRoleArn(region, accountId, request.instanceRoleName, instanceId);
    const resource = instanceArn(accountId, region, instanceId);
    try {
      await requireCredentials(log, principal);
      await log.require({ principal, accountId, action: "ssm:UpdateInstanceInformation", resource });
      for (const action of ["ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel"]) {
        await log.require({ principal, accountId, action, resource: "*" });
      }
      this.parts.instances.register(request);
    } catch (error) {
      if (!(error instanceof CallDenied)) throw error;
      this.parts.instances.disconnect(request);
    }
  }

  /** Opens the data channel from both ends, and runs the checks that the agent makes before the session starts. */
  private async open(run: SessionRun, operator: Caller): Promise<void> {
    const { session, log } = run.setting;
    const action = "ssmmessages:OpenDataChannel";
    await log.watch(action, sessionArn(operator, session.sessionId), () =>
      this.parts.permissions.requireOnSession(operator, action, session),
    );
    await run.agentRequires("ssmmessages:CreateDataChannel", "*");
    await run.agentRequires("ssmmessages:OpenDataChannel", "*");
    await kmsHandshake(run);
    await startChecks(run);
    if (run.setting.sessionType !== "Port") run.user = await shellUser(run, this.parts.instances);
  }

  /** Requires that the operator may assume the role. */
  private async requireTrust(log: CallLog, request: SessionRequest): Promise<void> {
    const { accountId, region, operatorRoleName, operatorSessionName } = request;
    const [person, role] = [`user/${operatorSessionName}`, `role/${operatorRoleName}`].map(
      (name) => `arn:${partitionOf(region)}:iam::${accountId}:${name}`,
    ) as [string, string];
    const { allowed, reason } = await personMayAssume(log.authorizer, person, role);
    if (allowed) return;
    log.calls.push({ call: "sts:AssumeRole", resource: role, allowed, reason });
    throw new CallDenied("sts:AssumeRole", reason);
  }

  private async operator(request: SessionRequest): Promise<Caller> {
    const { accountId, operatorRoleName, operatorSessionName, region } = request;
    const { identities } = this.parts;
    const { accessKeyId } = await identities.assumeRole(accountId, operatorRoleName, operatorSessionName);
    return { identity: await identities.of(accessKeyId, region), region };
  }
}
