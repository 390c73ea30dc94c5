import { arnParts } from "../aws/arn";
import type { Person } from "./model";

/** What CloudTrail adds to the ARN of a person. */
export interface PersonDetails {
  readonly sourceIdentity: string | null;
  readonly identityCenterUser: string | null;
}

/**
 * The person behind the principal that started a session.
 * @param owner ARN of a role session, a user or the root user
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 * @example personOf("arn:aws:sts::444444444444:assumed-role/operator/alice", none).name // "alice"
 */
export function personOf(owner: string, { sourceIdentity, identityCenterUser }: PersonDetails): Person {
  const [kind, ...path] = arnParts(owner).resource.split("/");
  const isRole = kind === "assumed-role" && path.length >= 2;
  const sessionName = isRole ? path.at(-1)! : null;
  return {
    name: sourceIdentity ?? sessionName ?? path.at(-1) ?? owner,
    role: isRole ? path.slice(0, -1).join("/") : null,
    sessionName,
    sourceIdentity,
    identityCenterUser,
  };
}
