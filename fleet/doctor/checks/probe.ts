import { fault, judged, ok, type Finding, type Seen } from "../model";

/** One call of a probe. */
export interface ProbeStep {
  /** Such as `s3:PutObject`. */
  readonly call: string;
  /** What AWS answered; null: the call was allowed. */
  readonly refused: string | null;
}

/** Whether the record of a probe is there; null: the preferences name no such place. */
export interface FoundProbe {
  readonly stream: Seen<boolean> | null;
  readonly transcript: Seen<boolean> | null;
  /** Where each should be. */
  readonly places: { readonly stream: string; readonly transcript: string };
}

/** Judges a probe: every call of the agent was allowed, and what it wrote is there. */
export function judgeProbe(
  id: string,
  role: string,
  steps: readonly ProbeStep[],
  { stream, transcript, places }: FoundProbe,
): Finding[] {
  const about = { check: "probe", subject: role } as const;
  if (steps.length === 0) return [ok(about, "the preferences name no place for records")];
  const refused = steps.flatMap(({ call, refused }) =>
    refused === null
      ? []
      : [
          fault(
            about,
            `${call}: ${refused}`,
            "Sessions on instances with this role are refused, or leave no record.",
            "Compare the policy of the role, the policy of the bucket and that of the key with the deployed ones.",
          ),
        ],
  );
  const missing = [
    ...found(about, stream, places.stream, steps),
    ...found(about, transcript, places.transcript, steps),
  ];
  if (refused.length + missing.length > 0) return [...refused, ...missing];
  return [ok(about, `${steps.length} calls were allowed, and the record of ${id} is there`)];
}

function found(
  about: { readonly check: "probe"; readonly subject: string },
  seen: Seen<boolean> | null,
  place: string,
  steps: readonly ProbeStep[],
): Finding[] {
  // What was refused is not there, which needs no second finding.
  if (seen === null || steps.some(({ refused }) => refused !== null)) return [];
  return judged(about, seen, (isThere) =>
    isThere
      ? []
      : [
          fault(
            about,
            `${place} is not there, although it was written`,
            "Something removes or diverts records.",
            "Look at CloudTrail for who deletes there.",
          ),
        ],
  );
}
