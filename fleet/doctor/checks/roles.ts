import { DEPLOY_AGAIN, fault, judged, ok, type Finding, type Seen } from "../model";

/**
 * Judges whether a policy that a stack attaches to a role is attached.
 * @param seen ARNs of the policies of the role; null: there is no such role
 */
export function judgeAttachment(
  { role, policyArn }: { readonly role: string; readonly policyArn: string },
  seen: Seen<readonly string[] | null>,
): Finding[] {
  const about = { check: "roles", subject: role } as const;
  return judged(about, seen, (attached) => {
    if (attached === null)
      return [
        fault(
          about,
          "there is no such role",
          "Nothing can assume it.",
          "Create it, or take it out of the map.",
        ),
      ];
    if (attached.includes(policyArn)) return [ok(about, `has ${policyArn}`)];
    const why = "What the role is for is refused: instances with it cannot record sessions.";
    return [fault(about, `lacks ${policyArn}`, why, DEPLOY_AGAIN)];
  });
}
