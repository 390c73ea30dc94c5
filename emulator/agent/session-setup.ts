import { assumedRoleArn } from "../clients/partitions";
import type { AccountClients } from "../clients/account-clients";
import type { Authorizer } from "../iam/authorizer";
import type { BucketOwners } from "../s3/bucket-owners";
import type { CallLog } from "./call-log";
import type { Identities } from "../clients/identities";
import { isAwsDocument } from "../../aws/session-manager";
import type { Instances } from "../ssm/instances";
import type { LogSubscriptions } from "../logs/log-subscriptions";
import { NO_LOGGING, readPreferences, type SessionDocument } from "./preferences";
import type { Replicator } from "../s3/replicator";
import type { SessionPermissions } from "../sessions/session-permissions";
import { SessionRefused, SessionRun, type SessionRequest } from "./session-run";
import type { SessionService } from "../sessions/session-service";
import type { Session, Sessions } from "../sessions/sessions";
import { announcedOutput } from "./transcript-upload";

/** What a simulated session needs of the emulator. */
export interface SimulatorParts {
  readonly accounts: AccountClients;
  readonly identities: Identities;
  readonly authorizer: Authorizer;
  readonly permissions: SessionPermissions;
  readonly service: SessionService;
  readonly sessions: Sessions;
  readonly instances: Instances;
  readonly owners: BucketOwners;
  readonly replicator: Pick<Replicator, "replicate">;
  readonly subscriptions: LogSubscriptions;
}

/** Reads the session's document as deployed and gathers what the session runs with. */
export async function prepareSession(
  { accounts, identities, owners, subscriptions }: SimulatorParts,
  session: Session,
  { commands, instanceRoleName }: SessionRequest,
  log: CallLog,
): Promise<SessionRun> {
  const { accountId, region, target, documentName } = session;
  const document = await readDocument(accounts, session);
  const inputs = document?.inputs ?? NO_LOGGING;
  const run = new SessionRun({
    session,
    inputs,
    sessionType: document?.sessionType ?? (isTunnel(documentName) ? "Port" : "Standard_Stream"),
    commands,
    agentArn: assumedRoleArn(region, accountId, instanceRoleName, target),
    agent: accounts.as(await identities.assumeRole(accountId, instanceRoleName, target), region),
    accounts,
    subscriptions,
    log,
    bucketOwner: (await owners.of(inputs.s3BucketName)) ?? accountId,
  });
  if (inputs.s3BucketName === "" && inputs.cloudWatchLogGroupName === "") {
    const state = document === undefined ? "is not there or AWS's own" : "names neither bucket nor log group";
    run.warnings.push(`${documentName} ${state}: the session is not logged`);
  }
  session.output = announcedOutput(run);
  return run;
}

async function readDocument(
  accounts: AccountClients,
  session: Session,
): Promise<SessionDocument | undefined> {
  if (isAwsDocument(session.documentName)) return undefined;
  try {
    return await readPreferences(await accounts.in(session.accountId, session.region), session.documentName);
  } catch (error) {
    throw new SessionRefused(
      `The session document ${session.documentName} cannot be read: ${(error as Error).message}`,
    );
  }
}

/** Sessions that only carry a connection: the agent has no content to log. */
const isTunnel = (documentName: string): boolean => /SSH|PortForward/.test(documentName);
