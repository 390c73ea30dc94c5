import { SessionSimulator, type SessionRecord, type SessionRequest } from "./agent";
import { chatRoom, type ChatClient, type ChatPost } from "./chat";
import { ChatChannels } from "./chat/chat-channels";
import { childEnvironment } from "./child-environment";
import { AccountClients, ADMIN_ROLE } from "./clients/account-clients";
import type { AwsCredentialIdentity } from "./clients/clients";
import { Identities } from "./clients/identities";
import { SettingsCache } from "./clients/settings-cache";
import { cloudControlRoom } from "./cloud-control";
import { codebuildRoom } from "./codebuild";
import { eventsRoom, type AlarmNotification, type CloudTrailEvent, type ManagementCall } from "./events";
import { AwsError, type AwsRequest, type Room } from "./gateway/protocol";
import { Faults, type Disturbance, type Fault } from "./gateway/faults";
import { startGateway } from "./gateway/gateway";
import { startMoto, type MotoCommand } from "./gateway/moto";
import {
  Authorizer,
  type Authorization,
  type AuthorizationRequest,
  type Organization,
} from "./iam/authorizer";
import { assumeRole } from "./iam/assume-role";
import { passRole } from "./iam/pass-role";
import { refuseLongPolicies } from "./iam/policy-quotas";
import { personMayAssume } from "./iam/role-trust";
import { lambdaRoom, type FunctionRun } from "./lambda";
import { kmsRoom } from "./kms";
import { logsRoom, type LogDelivery } from "./logs";
import { Metrics } from "./metrics";
import { organizationsRoom } from "./organizations";
import type { OrganizationDirectory } from "./organizations/directory";
import { ServiceControlPolicies } from "./organizations/service-control-policies";
import { queuesRoom } from "./queues";
import { regionsOf } from "./regions";
import { remoteDesktopRoom, type ConnectionRecording } from "./remote-desktop";
import { rolesRoom, type Judgment } from "./roles";
import { s3Room, type ReplicationOutcome } from "./s3";
import { BucketPolicies } from "./s3/bucket-policies";
import { sessionsRoom } from "./sessions";
import { snsRoom, type Delivery, type SoundedAlarm, type SubscriptionDelivery } from "./sns";
import { ssmRoom, type Instance } from "./ssm";
import { executeStateMachines, statesRoom } from "./states";

export type { ConnectionRecording, Delivery, Judgment, SessionRecord, SessionRequest };

/** How to start the embedded AWS. */
export interface EmulatorOptions {
  readonly moto: MotoCommand;
  /**
   * Whether an organization trail records API calls: in every account, or in the accounts that the function accepts
   * (`trail: existing` in the map). In other accounts, calls reach EventBridge only through a logging trail of the
   * account itself.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
   */
  readonly organizationTrail: boolean | ((accountId: string) => boolean);
  /** Sets `aws:PrincipalOrgID` and its relatives. @default no request carries an organization */
  readonly organization?: Organization;
  /** The accounts and units that AWS Organizations lists. @default moto's own organization */
  readonly organizationDirectory?: OrganizationDirectory;
  /**
   * Whether calls through the gateway that change something become CloudTrail events: all calls, or the calls that the
   * function accepts. Calls on sessions always do. Rules on tampering need it. Deployments then cause events, too.
   * @default false
   */
  readonly recordManagementCalls?: boolean | ((call: ManagementCall) => boolean);
  /** Called for each request that the gateway receives, with its service and its operation. */
  readonly onCall?: (call: Pick<AwsRequest, "service" | "operation">) => void;
  /**
   * Names of roles, without paths, in every account: each call of their sessions is judged by all policies that apply to
   * it, and refused if they do not allow it. A role that does not exist is allowed nothing.
   * @default none, so that calls of people and of Terraform pass
   */
  readonly judgedRoles?: readonly string[];
  /**
   * Whether the states of a state machine are executed. Moto 5.2.1 then executes one state machine at a time in an account
   * and region, and refuses the executions that rules of EventBridge start. Without it, an execution starts and does nothing.
   * @default false
   */
  readonly executesStateMachines?: boolean;
  /** Receives what moto and the gateway write, line by line. */
  readonly log?: (line: string) => void;
  /** Aborts the start. Once the emulator has started, call `stop` instead. */
  readonly signal?: AbortSignal;
}

/** The embedded AWS: moto behind a gateway that adds what moto lacks. All of it listens on the loopback interface only. */
export interface Emulator {
  /** `http://127.0.0.1:<port>` of the gateway. */
  readonly endpoint: string;
  /** Process id of moto, which leads its process group. */
  readonly motoPid: number;
  /** Environment for child processes such as Terraform. They also need path-style S3 (`rehearsalOverride`). */
  readonly childEnv: NodeJS.ProcessEnv;
  /** The outcome of every event at every target of a rule, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** The outcome of every message at every chat channel, oldest first. */
  readonly chatPosts: readonly ChatPost[];
  /** What subscription filters forwarded from log groups, oldest first. */
  readonly logDeliveries: readonly LogDelivery[];
  /** The outcome of every transcript that a replication rule selected, oldest first. */
  readonly replications: readonly ReplicationOutcome[];
  /** Every invocation of a deployed function, oldest first. */
  readonly functionRuns: readonly FunctionRun[];
  /** The verdicts on the calls of `judgedRoles`, oldest first. */
  readonly judgments: readonly Judgment[];
  /**
   * Credentials of a role, as which a person of its account calls.
   * @param roleName defaults to an administrator
   * @throws AwsError `AccessDenied` when the trust policy of the role admits no person of the account
   */
  credentials(accountId: string, roleName?: string, sessionName?: string): Promise<AwsCredentialIdentity>;
  /** Judges a call by the policies that are deployed at this moment. */
  authorize(request: AuthorizationRequest): Promise<Authorization>;
  /** Delivers a CloudTrail record to the default event bus of an account and region. */
  putCloudTrailEvent(accountId: string, region: string, event: CloudTrailEvent): Promise<readonly Delivery[]>;
  /** Resolves when the events of all management calls so far are delivered. */
  settled(): Promise<void>;
  /** Authorises a Slack workspace or a Microsoft Teams team for an account. On AWS, a person does so in the console. */
  authoriseChat(accountId: string, client: ChatClient): void;
  /**
   * Disables a region in an account. On AWS, an administrator does so in the settings of the account.
   * @throws AwsError `ValidationException` for a region that nobody can disable
   */
  disableRegion(accountId: string, region: string): void;
  /** Publishes an alarm's notification to its topic. @throws AwsError when the topic or its key refuses CloudWatch */
  soundAlarm(alarm: SoundedAlarm): Promise<readonly SubscriptionDelivery[]>;
  /**
   * Changes the state of a deployed alarm to ALARM: EventBridge gets an event, and the topics of its actions a notification.
   * @throws Error when there is no such alarm
   */
  breachAlarm(accountId: string, region: string, alarmName: string): Promise<readonly AlarmNotification[]>;
  /** Confirms a subscription by email, as a person does by the link in the message. Others need no confirmation here. */
  confirmSubscription(topicArn: string, endpoint: string): void;
  /** Connects the agent of a node, so that sessions can start on it. */
  registerInstance(instance: Instance): void;
  /** Runs a session from the operator's first call to the last line of its record, with the policies as deployed. */
  runSession(request: SessionRequest): Promise<SessionRecord>;
  /**
   * Ends a connection by Remote Desktop, so that Systems Manager writes its recording with the policies as deployed.
   * @returns null if the account records no connections in the region
   */
  endConnection(accountId: string, region: string): Promise<ConnectionRecording | null>;
  /** Invokes a function once, without the retries of Lambda. @throws Error when there is no such function */
  invokeFunction(accountId: string, region: string, name: string, event: unknown): Promise<FunctionRun>;
  /** Makes the next calls of an operation fail, as they do when AWS throttles. */
  failNext(fault: Fault): void;
  /** Throttles, delays, refuses or cuts calls through the gateway from now on. @param disturbance null: no longer */
  disturb(disturbance: Disturbance | null): void;
  /** Fires a rule that has a schedule. Schedules do not fire by themselves. @throws Error when there is no such rule */
  fireSchedule(accountId: string, region: string, rule: string): Promise<readonly Delivery[]>;
  /** Stops the gateway and moto and leaves no process behind. A second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded AWS.
 * @throws Error with moto's last output when moto does not start
 * @example
 * const { moto } = await prepareToolchain({ cacheDir: ".cache", log: console.error });
 * const emulator = await startEmulator({ moto, organizationTrail: true, organization: { id: "o-a1b2c3d4e5" } });
 * try {
 *   const credentials = await emulator.credentials("111111111111");
 *   const ssm = new SSMClient({ endpoint: emulator.endpoint, region: "eu-central-1", credentials });
 *   await ssm.send(new DescribeSessionsCommand({ State: "History" }));
 * } finally {
 *   await emulator.stop();
 * }
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { log, signal, organization, organizationTrail, recordManagementCalls = false } = options;
  const { judgedRoles = [], onCall, executesStateMachines = false } = options;
  const moto = await startMoto(options.moto, { log, signal });
  if (executesStateMachines) await executeStateMachines(moto.endpoint);

  const identities = new Identities(moto.endpoint);
  const settings = new SettingsCache();
  const accounts = new AccountClients(moto.endpoint, identities, settings);
  const bucketPolicies = new BucketPolicies();
  const controlPolicies = new ServiceControlPolicies(organization);
  const kms = kmsRoom({ accounts, identities });
  const authorizer = new Authorizer(
    ...([
      accounts,
      bucketPolicies,
      organization,
      controlPolicies,
      (use: AuthorizationRequest) => kms.note(use),
    ] as const),
  );
  const core = { accounts, identities, authorizer };

  const faults = new Faults();
  const channels = new ChatChannels();
  const ssm = ssmRoom(core);
  const s3 = s3Room(core, bucketPolicies);
  const sns = snsRoom(core, channels.endpoints);
  const { subscriptions, alarms } = sns;
  const metrics = new Metrics(accounts);
  const lambda = lambdaRoom(core, { owners: s3.owners, subscriptions, metrics });
  const { functions, runner } = lambda;
  const events = eventsRoom(core, {
    organizationTrail,
    recordManagementCalls,
    log,
    instances: ssm.instances,
    subscriptions,
    alarms,
    functions,
    runner,
    owners: s3.owners,
    metrics,
  });
  const { bus, recorder } = events;
  const logs = logsRoom(core, recorder);
  const chat = chatRoom(core, channels, recorder);
  const sessions = sessionsRoom(core, ssm, bus);
  const regions = regionsOf(identities);
  const roles = rolesRoom(core, judgedRoles, {
    ownerOf: (bucket) => s3.owners.of(bucket),
    organizationId: organization?.id,
  });
  const remoteDesktop = remoteDesktopRoom(core, s3.owners);
  const simulator = new SessionSimulator({
    ...core,
    ...sessions,
    instances: ssm.instances,
    owners: s3.owners,
    replicator: s3.replicator,
    subscriptions: logs.subscriptions,
  });

  // The order matters for the first rooms only: all others answer different calls. `faults` comes first, so that a call
  // fails no matter which room would answer it. In a region that is not enabled, nobody is known, and nothing is judged.
  // `roles` and `lambda` come before every room that answers, so that a call is judged before it takes effect.
  const rooms = [
    faults,
    regions.refusals,
    { handlers: [assumeRole(core), passRole(core)] },
    roles,
    { handlers: [refuseLongPolicies] },
    lambda,
    s3,
    sessions,
    ssm,
    sns,
    kms,
    chat,
    regions.answers,
    organizationsRoom(core, controlPolicies, organization, options.organizationDirectory),
    events,
    logs,
    cloudControlRoom(core, s3.owners),
    remoteDesktop,
    statesRoom(core, { executes: executesStateMachines }),
    queuesRoom,
    codebuildRoom(core),
  ];
  const told: Room = { observers: onCall ? [(call) => (onCall(call), () => undefined)] : [] };
  const gateway = await startGateway(moto, [settings.room, told, ...rooms], log);
  runner.serveAt(gateway.endpoint);
  log?.(`embedded AWS at ${gateway.endpoint}`);

  return {
    endpoint: gateway.endpoint,
    motoPid: moto.pid,
    childEnv: childEnvironment(gateway.endpoint),
    deliveries: bus.deliveries,
    chatPosts: channels.posts,
    logDeliveries: logs.subscriptions.deliveries,
    replications: s3.replicator.outcomes,
    functionRuns: runner.runs,
    judgments: roles.judgments,
    credentials: async (accountId, roleName = ADMIN_ROLE, sessionName = roleName) => {
      const person = `arn:aws:iam::${accountId}:user/${sessionName}`;
      const role = `arn:aws:iam::${accountId}:role/${roleName}`;
      const { allowed, reason } = await personMayAssume(authorizer, person, role);
      if (!allowed) throw new AwsError("AccessDenied", reason, 403);
      return identities.assumeRole(accountId, roleName, sessionName);
    },
    authorize: (request) => authorizer.authorize(request),
    putCloudTrailEvent: (accountId, region, event) => bus.put(accountId, region, event),
    settled: () => recorder.settled(),
    authoriseChat: (accountId, client) => chat.service.authorise(accountId, client),
    disableRegion: (accountId, region) => regions.disable(accountId, region),
    soundAlarm: (alarm) => alarms.sound(alarm),
    breachAlarm: (accountId, region, name) => events.alarmStates.breach(accountId, region, name),
    confirmSubscription: (topicArn, endpoint) => sns.confirmations.confirm(topicArn, endpoint),
    registerInstance: (instance) => ssm.instances.register(instance),
    runSession: (request) => simulator.run(request),
    endConnection: (accountId, region) => remoteDesktop.endConnection(accountId, region),
    invokeFunction: (accountId, region, name, event) => lambda.invoke(accountId, region, name, event),
    failNext: (fault) => faults.add(fault),
    disturb: (disturbance) => faults.disturb(disturbance),
    fireSchedule: (accountId, region, rule) => bus.fire(accountId, region, rule),
    stop: async () => {
      runner.stop();
      await gateway.close();
      await recorder.settled();
      await moto.stop();
    },
  };
}
