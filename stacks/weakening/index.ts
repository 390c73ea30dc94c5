import { ON_ACCOUNT } from "./account";
import type { RefusingSid, TellingRule, WeakeningCalls } from "./call";
import { ON_CHANNELS } from "./channels";
import { ON_GUARD } from "./guard";
import { ON_HOSTS } from "./hosts";
import { ON_PIPELINE } from "./pipeline";
import { ON_PREFERENCES } from "./preferences";
import { ON_RECORDS } from "./records";
import { SHORT_ACTIONS, SHORT_EVENTS, shortened } from "./short";
import { actionsOf, eventsOf } from "./spellings";

export type { ChangedResource, RefusingSid, TellingRule, WeakeningCalls } from "./call";
export { actionsOf, eventsOf } from "./spellings";

/**
 * Every call that can weaken the recording. The patterns of the security channel and the service control policies are
 * made from this table, and so is docs/weakening-calls.md. Calls of the same services that it does not have are in
 * `left-out.ts`, each with the reason.
 */
export const WEAKENING_CALLS: readonly WeakeningCalls[] = [
  ...ON_PREFERENCES,
  ...ON_RECORDS,
  ...ON_CHANNELS,
  ...ON_GUARD,
  ...ON_HOSTS,
  ...ON_ACCOUNT,
  ...ON_PIPELINE,
];

/**
 * Names of the calls in CloudTrail records, where a wildcard of {@link SHORT_EVENTS} replaces the names that it matches.
 * @example eventNamesOf("logs", ["PutRetentionPolicy", "DeleteRetentionPolicy"]) // ["*RetentionPolicy"]
 */
export function eventNamesOf(service: string, operations: readonly string[]): readonly string[] {
  // Every stack of a map asks for the same few combinations.
  const combination = `${service}:${operations.join()}`;
  const names =
    eventNames.get(combination) ??
    shortened(
      operations.flatMap((operation) => eventsOf(service, operation)),
      SHORT_EVENTS[service] ?? [],
      1,
    );
  eventNames.set(combination, names);
  return names;
}

const eventNames = new Map<string, readonly string[]>();

/**
 * The actions that a statement refuses, sorted, where a wildcard of {@link SHORT_ACTIONS} replaces the actions that it
 * matches.
 * @example refusedBy("KeepKeyAliases") // ["kms:DeleteAlias", "kms:UpdateAlias"]
 */
export const refusedBy = (sid: RefusingSid): string[] =>
  shortened(
    WEAKENING_CALLS.filter(({ refused }) => refused.includes(sid)).flatMap(({ service, operations }) =>
      operations.flatMap((operation) => actionsOf(service, operation)),
    ),
    SHORT_ACTIONS,
    // A wildcard in place of one action would refuse others with it.
    2,
  ).sort();

/** The calls that a rule reports. */
export const toldBy = (rule: TellingRule): WeakeningCalls[] =>
  WEAKENING_CALLS.filter(({ told }) => told === rule);
