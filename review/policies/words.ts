import type { Reach, ValuesOf } from "../model";
import { actionWords } from "./action-words";
import { whenWords } from "./condition-words";
import { listed } from "./lists";

/**
 * What a policy is attached to, because the same statement means something else there.
 *
 * - `identity`: to users, groups and roles, and allows them something.
 * - `trust`: to a role, and says who may assume it.
 * - `resource`: to a key, bucket, topic, queue, bus, log group or function, and says who may use it.
 * - `endpoint`: to a VPC endpoint, and limits what passes through it.
 * - `scp`: to accounts, and limits what may be allowed there.
 */
export type PolicyKind = "identity" | "trust" | "resource" | "endpoint" | "scp";

/** What a person reads about one reach. */
export interface Told {
  readonly reach: Reach;
  /** Conditions on the other side of the change, if they are all that differs. */
  readonly conditionsElsewhere: Reach["conditions"] | null;
  /** Whether nobody knows what the statement says, so that the reach is every request. */
  readonly isUnreadable: boolean;
}

/** Who, in words that begin or continue a sentence. */
function whoWords(principals: ValuesOf | null, kind: PolicyKind, all: "everybody" | "anybody"): string {
  if (principals === null) {
    return kind === "scp" ? "principals in the accounts of this policy" : "principals with this policy";
  }
  const words = listed(principals.values.map((principal) => principalWords(principal, all)));
  return principals.allBut ? `${all} but ${words}` : words;
}

function principalWords(principal: string, all: "everybody" | "anybody"): string {
  if (principal === "*") return all;
  if (principal === "AWS *") return `${all} (AWS: *)`;
  if (/^\d{12}$/.test(principal)) return `account ${principal}`;
  const [, type, id] = /^(Service|Federated|CanonicalUser) (.*)$/s.exec(principal) ?? [];
  if (type === "Service") return `the service ${id}`;
  if (type === "Federated") return `identities of ${id}`;
  return type === "CanonicalUser" ? `the canonical user ${id}` : principal;
}

const sentence = (parts: readonly string[], end = "."): string => {
  const text = parts.filter((part) => part !== "").join(" ") + end;
  // The case of an ARN is part of it.
  return /^(arn:|\d)/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
};

/** The conditions, or that there is none. */
const condition = (conditions: Reach["conditions"]): string => whenWords(conditions) || "without a condition";

const UNTOLD = ", but the text does not tell: read this as wider.";

/** What is gained, in one sentence. */
export function gainWords({ reach, conditionsElsewhere: elsewhere }: Told, kind: PolicyKind): string {
  const what = actionWords(reach.actions, reach.resources);
  const through = kind === "endpoint" ? "through this endpoint" : "";
  const end = reach.certain ? "." : UNTOLD;
  if (reach.effect === "Allow") {
    const can = `${reach.certain ? "can now" : "may now be able to"}${kind === "scp" ? " be allowed to" : ""}`;
    const who = whoWords(reach.principals, kind, "everybody");
    if (elsewhere === null) return sentence([who, can, what, through, whenWords(reach.conditions)], end);
    const before = `; before only ${condition(elsewhere)}`;
    return sentence([who, can, what, through, condition(reach.conditions)], `${before}${end}`);
  }
  const who = whoWords(reach.principals, kind, "anybody");
  if (elsewhere === null) {
    const stops = reach.certain ? "this policy no longer forbids" : "this policy may no longer forbid";
    return sentence([stops, who, "to", what, through, whenWords(reach.conditions)], end);
  }
  const now = ["only", condition(elsewhere), "now"];
  return sentence(
    ["this policy forbids", who, "to", what, through, ...now],
    `; before ${condition(reach.conditions)}${end}`,
  );
}

/** What is lost, in one sentence. */
export function lossWords({ reach, conditionsElsewhere: elsewhere }: Told, kind: PolicyKind): string {
  const what = actionWords(reach.actions, reach.resources);
  const through = kind === "endpoint" ? "through this endpoint" : "";
  const allowed = kind === "scp" ? "be allowed to" : "";
  const who = whoWords(reach.principals, kind, "everybody");
  if (reach.effect === "Deny") {
    const stops = reach.certain ? "this policy now forbids" : "this policy may now forbid";
    if (elsewhere === null) return sentence([stops, who, "to", what, through, whenWords(reach.conditions)]);
    return sentence(
      [stops, who, "to", what, through, condition(reach.conditions)],
      `; before only ${condition(elsewhere)}.`,
    );
  }
  if (elsewhere === null) {
    const by = through === "" ? "by this policy" : through;
    const cannot = reach.certain ? "can no longer" : "may no longer be able to";
    return sentence([who, cannot, allowed, what, by, whenWords(reach.conditions)]);
  }
  const now = ["only", condition(elsewhere), "now"];
  return sentence([who, "can", allowed, what, through, ...now], `; before ${condition(reach.conditions)}.`);
}
