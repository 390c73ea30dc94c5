import { DEPLOY_AGAIN, fault, judged, ok, warning, type Finding, type Seen } from "../model";

/** An alarm. */
export interface AlarmState {
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly since: Date | null;
  /** CloudWatch's own words. */
  readonly reason: string;
  /** Whether its actions are enabled. */
  readonly acts: boolean;
  /** ARNs of what it tells. */
  readonly actions: readonly string[];
}

/** How an alarm should be. */
export interface WantedAlarm {
  readonly name: string;
  /** ARNs of what it tells. */
  readonly actions: readonly string[];
}

/** Milliseconds in which a new alarm has looked at its metric: CloudWatch evaluates it every minute. */
const SETTLED_MS = 60 * 60 * 1000;

/** Judges an alarm: it exists, has the actions that it should have, has data, and is not in the ALARM state. */
export function judgeAlarm(
  { name, actions }: WantedAlarm,
  seen: Seen<ReadonlyMap<string, AlarmState>>,
  now: Date,
): Finding[] {
  const about = { check: "alarm", subject: name } as const;
  return judged(about, seen, (alarms) => {
    const alarm = alarms.get(name);
    if (alarm === undefined)
      return [fault(about, "there is no such alarm", "Nobody is notified.", DEPLOY_AGAIN)];
    const findings: Finding[] = [];
    if (!alarm.acts) {
      const remedy = `aws cloudwatch enable-alarm-actions --alarm-names ${name}`;
      findings.push(fault(about, "its actions are disabled", "Nobody is notified.", remedy));
    }
    const missing = actions.filter((arn) => !alarm.actions.includes(arn));
    if (missing.length > 0) {
      const found = `lacks the ${missing.length === 1 ? "action" : "actions"} ${missing.join(", ")}`;
      findings.push(fault(about, found, "The subscribers there are not notified.", DEPLOY_AGAIN));
    }
    if (alarm.state === "ALARM") {
      const since = alarm.since === null ? "" : ` since ${alarm.since.toISOString()}`;
      const why = alarm.reason || "CloudWatch gives no reason.";
      findings.push(
        fault(
          about,
          `is in the ALARM state${since}`,
          why,
          "The description of the alarm says what has happened.",
        ),
      );
    }
    const age = alarm.since === null ? Infinity : now.getTime() - alarm.since.getTime();
    if (alarm.state === "INSUFFICIENT_DATA" && age > SETTLED_MS) {
      const why = "It has looked at its metric and found nothing that it could judge.";
      findings.push(warning(about, "has no data", why, "Look at the metric in CloudWatch."));
    }
    return findings.length > 0 ? findings : [ok(about, alarm.state)];
  });
}
