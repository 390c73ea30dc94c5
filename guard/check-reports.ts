import type { GuardConfiguration } from "./configuration";
import type { Report } from "./messages";
import { NO_DETAILS } from "./start-event";

/**
 * The report that the check begins, and that sessions which started earlier are not checked.
 * @param isFirst whether the guard's table has no note of an earlier check; if not, the destinations have changed
 */
export function checkBeganReport(isFirst: boolean, now: Date, configuration: GuardConfiguration): Report {
  const why = isFirst
    ? "Its table has no note of an earlier check"
    : "The records of sessions have new destinations";
  return checkReport(configuration, now, {
    summary: "The guard looks for the records of sessions that start from now on",
    action: "CheckBegan",
    error: isFirst ? "NoEarlierCheck" : "DestinationsChanged",
    explanation: `${why}. The guard expects records of sessions that start after ${now.toISOString()}`,
  });
}

/** The report that the note of the last check is unsound, and that the guard checks older sessions once more. */
export const progressRefusedReport = (
  faults: readonly string[],
  now: Date,
  configuration: GuardConfiguration,
): Report =>
  checkReport(configuration, now, {
    summary: "Somebody other than the guard has written to its table, and it checks older sessions once more",
    action: "ProgressRefused",
    error: "ProgressUnsound",
    explanation: `In the guard's note of its last check, ${faults.join(", and ")}`,
  });

/** A report that is about the check and about no session. */
const checkReport = (
  { account, region, console }: GuardConfiguration,
  now: Date,
  { summary, action, error, explanation }: Pick<Report, "summary" | "action" | "error" | "explanation">,
): Report => ({
  summary: `${summary}, in account ${account}, ${region}`,
  action,
  who: "",
  ...NO_DETAILS,
  instance: "",
  document: "",
  session: "",
  error,
  explanation,
  when: now.toISOString(),
  from: "",
  account,
  region,
  event: "",
  console,
});
