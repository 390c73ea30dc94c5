import { DEPLOY_AGAIN, fault, judged, ok, warning, type Finding, type Seen } from "../model";

/** A KMS key. */
export interface KeyState {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, … */
  readonly state: string;
}

/** When a key was last used. */
export interface KeyUsage {
  /** null: not since KMS keeps this record. */
  readonly last: Date | null;
  /** Since when KMS keeps this record. */
  readonly since: Date | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days without use after which a key is named: a month of sessions leaves traces. */
const UNUSED_DAYS = 30;

/** Judges a key. @param name its alias or its ARN */
export function judgeKey(name: string, seen: Seen<KeyState | null>): Finding[] {
  const about = { check: "key", subject: name } as const;
  return judged(about, seen, (key) => {
    if (key === null)
      return [fault(about, "there is no such key", "What it encrypts cannot be written.", DEPLOY_AGAIN)];
    if (key.state === "Enabled") return [ok(about, `enabled (${key.arn})`)];
    return [
      fault(
        about,
        key.state,
        "What it encrypts can be neither written nor read: sessions are refused, or leave no record.",
        key.state === "PendingDeletion"
          ? `aws kms cancel-key-deletion --key-id ${key.arn}, then aws kms enable-key.`
          : `aws kms enable-key --key-id ${key.arn}`,
      ),
    ];
  });
}

/** Judges when a key was last used. An archive that nobody writes to may have no use for its key. */
export function judgeKeyUsage(name: string, seen: Seen<KeyUsage>, now: Date): Finding[] {
  const about = { check: "key", subject: `${name}, last use` } as const;
  return judged(about, seen, ({ last, since }) => {
    if (last !== null && now.getTime() - last.getTime() < UNUSED_DAYS * DAY_MS)
      return [ok(about, `used at ${last.toISOString()}`)];
    // KMS cannot have seen a month of use of a key that it watches for a shorter time.
    if (last === null && (since === null || now.getTime() - since.getTime() < UNUSED_DAYS * DAY_MS))
      return [ok(about, `not used since ${since?.toISOString() ?? "its creation"}`)];
    return [
      warning(
        about,
        last === null ? `not used since ${since!.toISOString()}` : `last used at ${last.toISOString()}`,
        `Nothing was encrypted with it for ${UNUSED_DAYS} days: either nothing was recorded, or it was recorded with another key.`,
        "Compare with session-audit report.",
      ),
    ];
  });
}
