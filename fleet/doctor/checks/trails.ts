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
}

const NO_EVENTS = "Without a trail that logs, EventBridge gets no calls: nobody is notified of anything.";

/** Judges a trail that a stack declares. */
export function judgeTrail(name: string, seen: Seen<readonly TrailState[]>): Finding[] {
  const about = { check: "trail", subject: name } as const;
  return judged(about, seen, (trails) => {
    const trail = trails.find((one) => one.name === name);
    if (trail === undefined) return [fault(about, "there is no such trail", NO_EVENTS, DEPLOY_AGAIN)];
    return judged(about, trail.status, ({ logging, stopped, problem }) => {
      if (!logging) {
        const since = stopped === null ? "" : ` since ${stopped.toISOString()}`;
        return [
          fault(about, `does not log${since}`, NO_EVENTS, `aws cloudtrail start-logging --name ${name}`),
        ];
      }
      if (problem === null) return [ok(about, "logs")];
      const why = "Events reach EventBridge all the same, and the files of the trail are lost.";
      return [
        fault(about, `cannot deliver: ${problem}`, why, "Look at the policy and the key of its bucket."),
      ];
    });
  });
}

/** Judges whether any trail covers the region of a stack whose rules need calls. */
export function judgeCoverage(region: string, seen: Seen<readonly TrailState[]>): Finding[] {
  const about = { check: "trail", subject: `any trail for ${region}` } as const;
  return judged(about, seen, (trails) => {
    const logging = trails.filter(({ status }) => "seen" in status && status.seen.logging);
    if (logging.length > 0) return [ok(about, logging.map(({ name }) => name).join(", "))];
    const unknown = trails.find(({ status }) => "unseen" in status);
    if (unknown !== undefined) return judged({ ...about, subject: unknown.name }, unknown.status, () => []);
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
