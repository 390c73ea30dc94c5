import { visible } from "../../pages/visible";

/** Who has locked a state, as Terraform prints it. */
export interface LockHolder {
  readonly id: string;
  readonly who: string;
  readonly operation: string;
  /** ISO 8601. */
  readonly created: string;
}

/** The holder of a lock in the output of a Terraform that did not get the lock; undefined for another output. */
export function lockHolder(output: string): LockHolder | undefined {
  const text = output.replaceAll(/^[╷│╵] ?/gm, "");
  if (!text.includes("Error acquiring the state lock")) return undefined;
  const field = (name: string) => new RegExp(`^ *${name}: +(.*)$`, "m").exec(text)?.[1]?.trim() ?? "unknown";
  const created = field("Created");
  return {
    id: field("ID"),
    who: field("Who"),
    operation: field("Operation").replace(/^OperationType/, ""),
    // Go prints "2026-11-26 16:01:02.345678 +0000 UTC".
    created: created.replace(/^(\S+) (\d+:\d+:\d+)\S* \+0000 UTC$/, "$1T$2Z"),
  };
}

/**
 * What to say about a lock: the holder and the age. The lock is never broken, because the holder may still be applying.
 * Whoever may lock a state chooses every text of the lock, so the sentence shows each of its characters.
 * @see https://developer.hashicorp.com/terraform/language/state/locking
 */
export function describeLock({ id, who, operation, created }: LockHolder, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(created)) / 60_000);
  const age = Number.isNaN(minutes) ? `since ${created}` : `for ${minutes} min`;
  return visible(`the state is locked by ${who} (${operation}), ${age}; lock id ${id}`);
}
