import { Construct } from "constructs";
import type { GuardConfiguration } from "../../guard/configuration";
import type { Settings } from "../../accounts/model/settings";
import { guardedSessions } from "../events/guard-patterns";
import { arns, guardNames } from "../names";
import { guardQueuePolicy, type GuardDuties } from "../policies/guard-policy";
import { DeadLetterQueue } from "../constructs/dead-letter-queue";
import { DeliveryAlarms, numbered } from "../constructs/delivery-alarms";
import { GuardAlarms } from "./guard-alarms";
import { GuardFunction } from "./guard-function";
import { GuardTable } from "./guard-table";
import { NotificationRule } from "../constructs/notification-rule";
import { ScheduleRule } from "./schedule-rule";

/** What a guard does, when, and with which key and role. */
export interface GuardProps {
  /** Duties of the guard, and the resources that they concern. */
  readonly duties: GuardDuties;
  /** The setting `guard` of the target. */
  readonly settings: Settings["guard"];
  /** Configuration that the guard's function reads from its environment. */
  readonly configuration: GuardConfiguration;
  /**
   * ARN of a customer managed key whose policy lets CloudWatch Logs and DynamoDB use it for the guard's log and table;
   * null: both encrypt with keys of their own.
   */
  readonly keyArn: string | null;
  /** ARN of the permissions boundary of the guard's role; null: the role has none. */
  readonly permissionsBoundaryArn: string | null;
  /** ARNs of the topics that the guard's alarms publish to. */
  readonly alarmTopics: readonly string[];
}

/**
 * The guard of a target. It ends sessions whose document is not allowed, and reports sessions that left none.
 * @example
 * new Guard(this, "Guard", {
 *   duties, settings: target.settings.guard, configuration: guardConfiguration(organization, target, duties),
 *   keyArn: key.arn, permissionsBoundaryArn: null, alarmTopics: [securityTopicArn],
 * });
 */
export class Guard extends Construct {
  constructor(scope: Construct, id: string, props: GuardProps) {
    super(scope, id);
    const { duties, settings, keyArn } = props;
    const { place } = duties;
    const names = guardNames(place);
    const rules = {
      ...(duties.endsSessions && { Sessions: names.sessions }),
      ...(duties.looks && { Schedule: names.schedule }),
    };
    const policy = guardQueuePolicy(place, Object.values(rules));
    const deadLetters = {
      arn: arns.queue(place, names.deadLetters),
      ready: new DeadLetterQueue(this, "DeadLetters", { name: names.deadLetters, policy }).ready,
    };
    const table = new GuardTable(this, "Table", { place, keyArn });
    const fn = new GuardFunction(this, "Function", {
      duties,
      configuration: props.configuration,
      keyArn,
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      reservedConcurrency: settings.reservedConcurrency,
      rules,
      deadLetters,
    });
    const target = { arn: fn.arn, ready: [...fn.ready, ...table.ready] };
    if (duties.endsSessions) {
      new NotificationRule(this, "Sessions", {
        name: names.sessions,
        description: "Sessions with documents that are not allowed",
        pattern: guardedSessions(settings.allowedDocuments, place),
        targets: [{ id: "Target", targetId: "function", roleArn: null, message: null, ...target }],
        deadLetters,
      });
    }
    if (settings.checkTranscriptsEveryMinutes !== null) {
      new ScheduleRule(this, "Schedule", {
        name: names.schedule,
        description: "Has the guard look for transcripts",
        everyMinutes: settings.checkTranscriptsEveryMinutes,
        target,
        deadLetters,
      });
    }
    const topicArns = props.alarmTopics;
    new DeliveryAlarms(this, "Alarms", {
      name: names.function,
      rules: numbered([rules.Sessions ?? null, rules.Schedule ?? null]),
      deadLetterQueue: names.deadLetters,
      topicArns,
    });
    new GuardAlarms(this, "GuardAlarms", {
      place,
      checksEveryMinutes: settings.checkTranscriptsEveryMinutes,
      topicArns,
      log: fn.log,
    });
  }
}
