import { Construct } from "constructs";
import type { GuardConfiguration } from "../../guard/configuration";
import type { Settings } from "../../accounts/model/settings";
import { guardedSessions } from "../events/guard-patterns";
import { arns, guardNames } from "../names";
import { guardQueuePolicy, type GuardDuties } from "../policies/guard-policy";
import { DeadLetterQueue } from "../constructs/dead-letter-queue";
import { DeliveryAlarms } from "../constructs/delivery-alarms";
import { GuardAlarms } from "./guard-alarms";
import { GuardFunction } from "./guard-function";
import { GuardTable } from "./guard-table";
import { NotificationRule } from "../constructs/notification-rule";
import { ScheduleRule } from "./schedule-rule";

export interface GuardProps {
  readonly duties: GuardDuties;
  readonly settings: Settings["guard"];
  readonly configuration: GuardConfiguration;
  /** ARN of a customer managed key that lets the guard's log and table use it; null: AWS's own. */
  readonly keyArn: string | null;
  /** ARN of the permissions boundary of its role; null: none. */
  readonly permissionsBoundaryArn: string | null;
  /** ARNs of topics that are told when it fails. */
  readonly alarmTopics: readonly string[];
}

/** Ends sessions that leave no record, and tells of those that left none. */
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
      rules: [rules.Sessions ?? null, rules.Schedule ?? null],
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
