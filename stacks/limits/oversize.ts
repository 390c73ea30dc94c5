import { type Conflict, renderPath, type Path } from "../../accounts/reading/problems";
import { POLICY_LIMITS, type Policy } from "../policies/policy";
import { EVENT_PATTERN_LIMIT } from "../../aws/quotas";

/** What decides about which names and policies there are, and how long they become. */
export const MEASURED: readonly Path[] = [
  ...[["organization"], ["archive"], ["accounts", "*", "homeRegion"], ["accounts", "*", "regions"]],
  ...[["encryption"], ["transcripts"], ["logs"], ["access"], ["trail"], ["notifications"], ["guard"]],
  ...[["preferences", "encryptSessionData"], ["guardrails"]],
];

/** A problem, and how many times as large as its limit something is. */
export type Oversize = Conflict & { readonly times: number };

export function overLimit(
  what: string,
  kind: keyof typeof POLICY_LIMITS | "pattern",
  policy: Policy | object,
  path: readonly string[],
  remedy: string,
  given?: { readonly found: unknown },
): Oversize[] {
  const size = JSON.stringify(policy).length;
  const found = given ? given.found : `${size} characters`;
  const limit = kind === "pattern" ? EVENT_PATTERN_LIMIT : POLICY_LIMITS[kind];
  if (size <= limit) return [];
  const allowed = `what fits into ${what}: it would have ${size} characters, and AWS takes ${limit}`;
  return [
    {
      path: renderPath(path),
      found,
      allowed,
      remedy,
      at: path,
      because: MEASURED,
      times: size / limit,
    },
  ];
}
