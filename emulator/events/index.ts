import type { Room } from "../gateway/protocol";
import type { Core } from "../iam/core";
import type { FunctionRunner } from "../lambda/function-runner";
import type { Functions } from "../lambda/functions";
import type { Metrics } from "../metrics";
import type { Alarms } from "../sns/alarms";
import type { Subscriptions } from "../sns/subscriptions";
import type { Instances } from "../ssm/instances";
import { AlarmStates } from "./alarm-states";
import { replacedBusPolicies } from "./bus-policies";
import { CallRecorder } from "./call-recorder";
import { DeadLetters } from "./dead-letters";
import { EventBus } from "./event-bus";
import { EventHistory, lookupEvents } from "./event-history";
import type { ManagementCall } from "./management-calls";
import { organizationTrail } from "./organization-trail";
import { Pipelines } from "./pipelines";
import { refuseInvalidPatterns } from "./rule-patterns";
import { RunCommand } from "./run-command";
import { TargetInvoker } from "./target-invoker";
import { TargetPermissions } from "./target-permissions";
import { trailDestinations, type Owners } from "./trail-destinations";
import { TrailFiles } from "./trail-files";
import { trailArnsToNames } from "./trails";

export type { AlarmNotification } from "./alarm-states";
export type { CloudTrailEvent } from "./cloudtrail-event";
export type { ManagementCall } from "./management-calls";

/** What CloudTrail records, and the parts of other rooms to which EventBridge delivers. */
export interface EventsOptions {
  readonly organizationTrail: boolean | ((accountId: string) => boolean);
  readonly recordManagementCalls: boolean | ((call: ManagementCall) => boolean);
  readonly instances: Instances;
  readonly subscriptions: Subscriptions;
  readonly alarms: Alarms;
  readonly functions: Functions;
  readonly runner: FunctionRunner;
  /** Counts what rules match. */
  readonly metrics: Metrics;
  /** The owners of the buckets to which trails write. */
  readonly owners: Owners;
  readonly log?: ((line: string) => void) | undefined;
}

/** CloudTrail and EventBridge beyond moto: calls become events, trails write files, and rules deliver them to their targets. */
export interface EventsRoom extends Room {
  readonly bus: EventBus;
  readonly recorder: CallRecorder;
  readonly alarmStates: AlarmStates;
}

/** Connects the recorder of calls to the event buses, and the buses to their targets in other rooms. */
export function eventsRoom(core: Core, options: EventsOptions): EventsRoom {
  const { accounts, identities, authorizer } = core;
  const permissions = new TargetPermissions(authorizer);
  const pipelines = new Pipelines(accounts, identities);
  const invoker = new TargetInvoker(accounts, authorizer, permissions, options.subscriptions, {
    commands: new RunCommand(accounts, options.instances, permissions),
    functions: options.functions,
    pipelines,
    runner: options.runner,
  });
  const deadLetters = new DeadLetters(accounts, authorizer);
  const files: TrailFiles = new TrailFiles(core, options.owners, () => recorder.settled(), options.log);
  const history = new EventHistory(files.add);
  const bus = new EventBus(
    accounts,
    invoker,
    deadLetters,
    asPredicate(options.organizationTrail),
    history,
    options.metrics,
  );
  const recorder = new CallRecorder(
    ...([identities, bus, history, asPredicate(options.recordManagementCalls), options.log] as const),
  );
  return {
    observers: [recorder.observe, files.observe],
    handlers: [
      files.answer,
      trailDestinations(core, options.owners),
      organizationTrail(core, asPredicate(options.organizationTrail)),
      pipelines.answer,
      replacedBusPolicies(accounts, identities),
      refuseInvalidPatterns,
      lookupEvents(history, identities, () => recorder.settled()),
    ],
    rewrites: [trailArnsToNames],
    bus,
    recorder,
    alarmStates: new AlarmStates(accounts, bus, options.alarms),
  };
}

function asPredicate<T>(option: boolean | ((value: T) => boolean)): (value: T) => boolean {
  return typeof option === "function" ? option : () => option;
}
