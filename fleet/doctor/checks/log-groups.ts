import { DEPLOY_AGAIN, fault, judged, ok, warning, type Finding, type Seen } from "../model";
import type { KeyState } from "./keys";

/** A log group. */
export interface LogGroupState {
  /** ARN of its customer managed key; null: it has none. */
  readonly keyArn: string | null;
  /** Days for which it keeps events; null: forever. */
  readonly days: number | null;
}

/** How a log group should be. */
export interface WantedLogGroup {
  readonly name: string;
  /**
   * The key: its alias or ARN with what was read of it; `any`: some key of a customer, because the agent refuses sessions
   * without one; null: none.
   */
  readonly key: { readonly name: string; readonly seen: Seen<KeyState | null> } | "any" | null;
  /** Days; null: forever; undefined: the map does not say. */
  readonly days?: number | null;
}

const kept = (days: number | null) => (days === null ? "keeps events forever" : `keeps events ${days} days`);

/** Judges a log group: it exists, is encrypted with the key, and keeps events as long as the map says. */
export function judgeLogGroup(wanted: WantedLogGroup, seen: Seen<LogGroupState | null>): Finding[] {
  const about = { check: "log group", subject: wanted.name } as const;
  return judged(about, seen, (group) => {
    if (group === null) {
      const why = "What should be written there is lost, or sessions are refused.";
      return [fault(about, "there is no such log group", why, DEPLOY_AGAIN)];
    }
    const findings = [...keyFindings(wanted, group), ...retentionFindings(wanted, group)];
    const key = group.keyArn === null ? "no key of its own" : `encrypted with ${group.keyArn}`;
    return findings.length > 0 ? findings : [ok(about, `${key}, ${kept(group.days)}`)];
  });
}

function keyFindings({ name, key }: WantedLogGroup, { keyArn }: LogGroupState): Finding[] {
  const about = { check: "log group", subject: name } as const;
  if (key === null) return [];
  if (keyArn === null) {
    const why =
      "The SSM Agent refuses sessions if the preferences require encryption; other lines are not encrypted with the key.";
    return [fault(about, "is not encrypted with a key", why, DEPLOY_AGAIN)];
  }
  // What is not known of the key is a finding about the key.
  if (key === "any" || !("seen" in key.seen) || key.seen.seen === null || key.seen.seen.arn === keyArn)
    return [];
  const why = "Whoever has that key decides who reads the group.";
  return [fault(about, `is encrypted with ${keyArn} instead of ${key.name}`, why, DEPLOY_AGAIN)];
}

function retentionFindings({ name, days: wanted }: WantedLogGroup, { days }: LogGroupState): Finding[] {
  const about = { check: "log group", subject: name } as const;
  if (wanted === undefined || wanted === days) return [];
  const found = `${kept(days)} instead of ${wanted === null ? "forever" : wanted}`;
  return wanted === null || (days !== null && days < wanted)
    ? [fault(about, found, "Older events are deleted.", DEPLOY_AGAIN)]
    : [warning(about, found, "Events cost longer than the map says.", DEPLOY_AGAIN)];
}
