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

/** The parts of the emulator that a simulated session uses. */
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

/**
 * Reads the document of the session as deployed and prepares the run.
 * @throws {@link SessionRefused} when the agent cannot read the document
 */
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
    bucketOwner: await owners.of(inputs.s3BucketName),
  });
  if (inputs.s3BucketName === "" && inputs.cloudWatchLogGroupName === "") {
    const state =
      document === undefined ? "does not exist or belongs to AWS" : "names neither a bucket nor a log group";
    run.warnings.push(`${documentName} ${state}: the session is not recorded`);
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

/**
 * Whether the sessions of a document of AWS only tunnel a connection. The agent cannot record their content.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-logging.html
 */
const isTunnel = (documentName: string): boolean => /SSH|PortForward/.test(documentName);
