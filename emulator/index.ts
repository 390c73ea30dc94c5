import { DescribeDocumentCommand } from "@aws-sdk/client-ssm";
import { Accounts, ADMIN_ROLE } from "./clients/accounts";
import { SessionSimulator } from "./agent/agent";
import { associations } from "./ssm/associations";
import {
  Authorizer,
  type Authorization,
  type AuthorizationRequest,
  type Organization,
} from "./iam/authorizer";
import { Alarms, type SoundedAlarm } from "./sns/alarms";
import { BucketOwners } from "./s3/bucket-owners";
import { BucketPolicies } from "./s3/bucket-policies";
import { BucketReplications } from "./s3/bucket-replications";
import { CallRecorder } from "./events/call-recorder";
import { chatApi } from "./chat/chat-api";
import { ChatChannels, type ChatPost } from "./chat/chat-channels";
import { ChatService, type ChatClient } from "./chat/chat-service";
import { CHAT_ENDPOINT, ChatTopics } from "./chat/chat-topics";
import { childEnvironment } from "./child-environment";
import type { AwsCredentialIdentity } from "./clients/clients";
import { cloudControl } from "./cloud-control";
import type { CloudTrailEvent } from "./events/cloudtrail-event";
import { DeadLetters } from "./events/dead-letters";
import type { Delivery, SubscriptionDelivery } from "./sns/delivery";
import { absentIf } from "./iam/deployed-policies";
import { EventBus } from "./events/event-bus";
import { Faults, type Fault } from "./gateway/faults";
import { FunctionRunner, type FunctionRun } from "./lambda/function-runner";
import { Functions } from "./lambda/functions";
import { startGateway } from "./gateway/gateway";
import type { LogDelivery } from "./logs/log-subscriptions";
import { Identities } from "./clients/identities";
import { Instances, type Instance, isAwsDocument } from "./ssm/instances";
import { JudgedCallers } from "./lambda/judged-callers";
import type { ManagementCall } from "./events/management-calls";
import { startMoto, type MotoCommand } from "./gateway/moto";
import { organizationsApi } from "./organizations/organizations-api";
import { Pipelines } from "./events/pipelines";
import { RememberedSettings } from "./logs/remembered-settings";
import { RunCommand } from "./events/run-command";
import { ServiceControlPolicies } from "./organizations/service-control-policies";
import { Replicator, type ReplicationOutcome } from "./s3/replicator";
import { serviceSettings } from "./ssm/service-settings";
import { sessionLogs } from "./logs";
import { sessionApi } from "./sessions/session-api";
import type { SessionRecord, SessionRequest } from "./agent/session-run";
import { SessionPermissions } from "./sessions/session-permissions";
import { SessionService } from "./sessions/session-service";
import { Sessions } from "./sessions/sessions";
import { Subscriptions } from "./sns/subscriptions";
import { TargetInvoker } from "./events/target-invoker";
import { TargetPermissions } from "./events/target-permissions";
import { trailArnsToNames } from "./events/trails";

export type {
  Authorization,
  AuthorizationRequest,
  AwsCredentialIdentity,
  CloudTrailEvent,
  Delivery,
  FunctionRun,
  Instance,
};
export type { SessionRecord, SessionRequest };
export { providerOverride } from "./child-environment";

/** How to start the embedded AWS. */
export interface EmulatorOptions {
  readonly moto: MotoCommand;
  /**
   * Whether an organization trail records API calls, in every account or in those that it says (the map's
   * `trail: existing`). Others deliver CloudTrail events to EventBridge only with a logging trail of their own.
   */
  readonly organizationTrail: boolean | ((accountId: string) => boolean);
  /** For `aws:PrincipalOrgID` and its like. Absent: requests carry no organization. */
  readonly organization?: Organization;
  /**
   * Whether calls through the gateway that change something become CloudTrail events, as session operations always
   * do: all of them, or those that it says. Rules on tampering need it; deployments then make events, too.
   * @default false
   */
  readonly recordManagementCalls?: boolean | ((call: ManagementCall) => boolean);
  readonly log?: (line: string) => void;
  /** Aborts the start; an emulator that has started is for `stop`. */
  readonly signal?: AbortSignal;
}

/** The embedded AWS: moto behind a gateway that adds what moto lacks. Everything is on the loopback interface. */
export interface Emulator {
  /** `http://127.0.0.1:<port>` of the gateway. */
  readonly endpoint: string;
  /** Process id of moto, which leads its process group. */
  readonly motoPid: number;
  /** For child processes (Terraform, AWS CLIs); path-style S3 needs `providerOverride` besides. */
  readonly childEnv: NodeJS.ProcessEnv;
  /** What became of every CloudTrail event at every target, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** What became of every message at every chat channel, oldest first. */
  readonly chatPosts: readonly ChatPost[];
  /** What subscription filters have sent on, as it arrives, oldest first. */
  readonly logDeliveries: readonly LogDelivery[];
  /** What became of every transcript that was to be replicated, oldest first. */
  readonly replications: readonly ReplicationOutcome[];
  /** Credentials of a role in an account, through `sts:AssumeRole`; by default a role that may do everything. */
  credentials(accountId: string, roleName?: string, sessionName?: string): Promise<AwsCredentialIdentity>;
  /** Judges a call by the policies deployed at this moment. */
  authorize(request: AuthorizationRequest): Promise<Authorization>;
  /** Delivers a CloudTrail record to the default event bus of an account and region. */
  putCloudTrailEvent(accountId: string, region: string, event: CloudTrailEvent): Promise<readonly Delivery[]>;
  /** Waits until the events of all management calls so far have been delivered. */
  settled(): Promise<void>;
  /** Authorises a Slack workspace or a Teams team for an account, as somebody does in the console. */
  authoriseChat(accountId: string, client: ChatClient): void;
  /** Tells a topic of an alarm that goes off. @throws when CloudWatch may not publish there */
  soundAlarm(alarm: SoundedAlarm): Promise<readonly SubscriptionDelivery[]>;
  /** Connects the agent of a node: sessions can be started on it. */
  registerInstance(instance: Instance): void;
  /** Runs a session from the operator's first call to the last line of its record, with the policies as deployed. */
  runSession(request: SessionRequest): Promise<SessionRecord>;
  /** Every invocation of a function that was deployed here, oldest first. */
  readonly functionRuns: readonly FunctionRun[];
  /** Invokes a function once, and tells what became of it. */
  invokeFunction(accountId: string, region: string, name: string, event: unknown): Promise<FunctionRun>;
  /** Has the next calls of an operation fail, as throttling does. */
  failNext(fault: Fault): void;
  /** Fires a rule that has a schedule, whose time does not come by itself. */
  fireSchedule(accountId: string, region: string, rule: string): Promise<readonly Delivery[]>;
  /** Stops the gateway and moto and leaves no process behind. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded AWS.
 * @throws when moto does not start, with its last output
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { log, signal, organizationTrail, recordManagementCalls = false } = options;
  const moto = await startMoto(options.moto, { log, signal });
  const identities = new Identities(moto.endpoint);
  const accounts = new Accounts(moto.endpoint, identities);
  const bucketPolicies = new BucketPolicies();
  const serviceControl = new ServiceControlPolicies(options.organization);
  const authorizer = new Authorizer(accounts, bucketPolicies, options.organization, serviceControl);
  const chatChannels = new ChatChannels();
  const owners = new BucketOwners(identities);
  const subscriptions = new Subscriptions(accounts, authorizer, {
    [CHAT_ENDPOINT]: (topicArn, message) => chatChannels.post(topicArn, message),
  });
  const functions = new Functions(identities);
  const callers = new JudgedCallers(accounts, authorizer, owners, subscriptions);
  const runner = new FunctionRunner(accounts, identities, authorizer, callers);
  const instances = new Instances();
  const pipelines = new Pipelines(accounts, identities);
  const targetPermissions = new TargetPermissions(authorizer);
  const bus = new EventBus(
    accounts,
    new TargetInvoker(accounts, authorizer, targetPermissions, subscriptions, {
      commands: new RunCommand(accounts, instances, targetPermissions),
      functions,
      pipelines,
      runner,
    }),
    new DeadLetters(accounts, authorizer),
    typeof organizationTrail === "function" ? organizationTrail : () => organizationTrail,
  );
  const sessions = new Sessions();
  const documentExists = async (accountId: string, region: string, name: string) => {
    if (isAwsDocument(name)) return true;
    const { ssm } = await accounts.in(accountId, region);
    return (
      (await absentIf("InvalidDocument", () => ssm.send(new DescribeDocumentCommand({ Name: name })))) !==
      undefined
    );
  };
  const permissions = new SessionPermissions(authorizer);
  const service = new SessionService(sessions, instances, permissions, bus, documentExists);
  const replications = new BucketReplications();
  const replicator = new Replicator(accounts, authorizer, owners, replications);
  const isRecorded =
    typeof recordManagementCalls === "function" ? recordManagementCalls : () => recordManagementCalls;
  const recorder = new CallRecorder(identities, bus, isRecorded, log);
  const remembered = new RememberedSettings(identities);
  const logs = sessionLogs({ accounts, identities, authorizer, recorder, remembered });
  const simulator = new SessionSimulator({
    accounts,
    identities,
    authorizer,
    permissions,
    service,
    sessions,
    instances,
    owners,
    replicator,
    subscriptions: logs.subscriptions,
  });
  const chat = new ChatService(
    chatChannels,
    new ChatTopics(accounts, identities, recorder),
    async (roleArn) => (await authorizer.role(roleArn)) !== undefined,
  );
  const alarms = new Alarms(accounts, authorizer, subscriptions);
  const faults = new Faults();
  const gateway = await startGateway(moto, {
    handlers: [
      faults.handle,
      owners.watch,
      callers.handle,
      bucketPolicies.answer,
      replications.answer,
      sessionApi(service, sessions, identities),
      serviceSettings(identities),
      chatApi(chat, identities, recorder),
      organizationsApi(serviceControl, options.organization, identities),
      pipelines.answer,
      associations(identities, documentExists),
      ...logs.handlers,
      cloudControl(identities, accounts, owners),
    ],
    rewrites: [trailArnsToNames, bucketPolicies.keep, replications.keep],
    amend: async (request) =>
      (await remembered.amend(request)) ?? (await functions.amend(request)) ?? logs.amend(request),
    observe: recordManagementCalls === false ? undefined : recorder.observe,
    log,
  });
  runner.serveAt(gateway.endpoint);
  log?.(`embedded AWS at ${gateway.endpoint}`);
  return {
    endpoint: gateway.endpoint,
    motoPid: moto.pid,
    childEnv: childEnvironment(gateway.endpoint),
    deliveries: bus.deliveries,
    chatPosts: chatChannels.posts,
    replications: replicator.outcomes,
    logDeliveries: logs.subscriptions.deliveries,
    credentials: (accountId, roleName = ADMIN_ROLE, sessionName) =>
      identities.assumeRole(accountId, roleName, sessionName),
    authorize: (request) => authorizer.authorize(request),
    putCloudTrailEvent: (accountId, region, event) => bus.put(accountId, region, event),
    settled: () => recorder.settled(),
    authoriseChat: (accountId, client) => chat.authorise(accountId, client),
    soundAlarm: (alarm) => alarms.sound(alarm),
    registerInstance: (instance) => instances.register(instance),
    runSession: (request) => simulator.run(request),
    functionRuns: runner.runs,
    invokeFunction: (accountId, region, name, event) => {
      const fn = functions.find(accountId, region, name);
      if (fn === undefined) throw new Error(`there is no function ${name}`);
      return runner.invoke(fn, event);
    },
    failNext: (fault) => faults.add(fault),
    fireSchedule: (accountId, region, rule) => bus.fire(accountId, region, rule),
    stop: async () => {
      runner.stop();
      await gateway.close();
      await recorder.settled();
      await moto.stop();
    },
  };
}
