import { DEPLOY_AGAIN, fault, judged, ok, type Finding, type Seen } from "../model";

/** A trail that covers a region. */
export interface TrailState {
  readonly name: string;
  readonly status: Seen<{
    readonly logging: boolean;
    readonly stopped: Date | null;
    /** Why CloudTrail could not deliver last; null: it could. */
    readonly problem: string | null;
  }>;
  /** Whether it records management events that write. */
  readonly recordsWrites: Seen<boolean>;
}

const NO_EVENTS = "Without a trail that logs, EventBridge gets no calls: nobody is notified of anything.";
const NO_WRITES = "records no management events that write";
const NO_CALLS =
  "EventBridge gets the calls that a trail records, so nobody is notified of a session or of a change.";

/** @see https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/put-event-selectors.html */
const selectWrites = (name: string) =>
  `aws cloudtrail put-event-selectors --trail-name ${name}, with management events of ReadWriteType All or WriteOnly`;

/** Judges a trail that a stack declares. */
export function judgeTrail(name: string, seen: Seen<readonly TrailState[]>): Finding[] {
  const about = { check: "trail", subject: name } as const;
  return judged(about, seen, (trails) => {
    const trail = trails.find((one) => one.name === name);
    if (trail === undefined) return [fault(about, "there is no such trail", NO_EVENTS, DEPLOY_AGAIN)];
    const { status, recordsWrites } = trail;
    return judged(about, status, ({ logging, stopped, problem }) => {
      if (!logging) {
        const since = stopped === null ? "" : ` since ${stopped.toISOString()}`;
        return [
          fault(about, `does not log${since}`, NO_EVENTS, `aws cloudtrail start-logging --name ${name}`),
        ];
      }
      const findings = judged(about, recordsWrites, (writes) =>
        writes ? [] : [fault(about, NO_WRITES, NO_CALLS, selectWrites(name))],
      );
      if (problem !== null) {
        const why = "The files of the trail are lost. EventBridge gets the events that it records.";
        const remedy = "Look at the policy and the key of its bucket.";
        findings.push(fault(about, `cannot deliver: ${problem}`, why, remedy));
      }
      return findings.length > 0 ? findings : [ok(about, "logs")];
    });
  });
}

/** Judges whether any trail covers the region of a stack whose rules need calls. */
export function judgeCoverage(region: string, seen: Seen<readonly TrailState[]>): Finding[] {
  const about = { check: "trail", subject: `any trail for ${region}` } as const;
  return judged(about, seen, (trails) => {
    const logging = trails.filter(({ status }) => "seen" in status && status.seen.logging);
    const working = logging.filter(({ recordsWrites }) => "seen" in recordsWrites && recordsWrites.seen);
    if (working.length > 0) return [ok(about, working.map(({ name }) => name).join(", "))];
    // Any of them may be the one that works.
    const unknown = [
      ...trails.map(({ name, status }) => ({ name, what: status })),
      ...logging.map(({ name, recordsWrites }) => ({ name, what: recordsWrites })),
    ].find(({ what }) => "unseen" in what);
    if (unknown !== undefined)
      return judged<unknown>({ ...about, subject: unknown.name }, unknown.what, () => []);
    if (logging.length > 0) {
      const names = logging.map(({ name }) => name).join(", ");
      return [fault(about, `${names}: ${NO_WRITES}`, NO_CALLS, selectWrites("<trail>"))];
    }
    return [
      trails.length === 0
        ? fault(
            about,
            "there is no trail",
            NO_EVENTS,
            "trail: create in the map, or a trail of the organization.",
          )
        : fault(
            about,
            `${trails.map(({ name }) => name).join(", ")}: none logs`,
            NO_EVENTS,
            "aws cloudtrail start-logging --name <trail>",
          ),
    ];
  });
}
