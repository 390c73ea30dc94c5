import type { Organization, Target } from "../../accounts/model/organization";
import { describeValue, renderPath, type Path } from "../../accounts/reading/problems";
import { guardedSessions } from "../events/guard-patterns";
import { guardNames, placeOf } from "../names";
import type { Oversize } from "./oversize";

const ROLE_NAME_LIMIT = 64;

/** Characters of an EventBridge rule's pattern. */
const EVENT_PATTERN_LIMIT = 4_096;

/** What AWS would refuse about a target's guard. @param because what decides about it */
export function guardLimits(
  organization: Organization,
  target: Target,
  because: readonly Path[],
): readonly Oversize[] {
  const { guard } = target.settings;
  if (!guard.enabled) return [];
  const place = placeOf(organization, target);
  const { role } = guardNames(place);
  const over = role.length - ROLE_NAME_LIMIT;
  const pattern = JSON.stringify(guardedSessions(guard.allowedDocuments, place)).length;
  const documents = ["guard", "allowedDocuments"];
  return [
    ...(over > 0
      ? [
          {
            path: "organization.name",
            found: organization.name,
            allowed: `at most ${organization.name.length - over} characters here: the guard's role ${describeValue(role)} would have ${role.length}, and IAM takes ${ROLE_NAME_LIMIT}`,
            remedy: "shorten the organization's name",
            at: ["organization", "name"],
            because,
            times: role.length / ROLE_NAME_LIMIT,
          },
        ]
      : []),
    ...(pattern > EVENT_PATTERN_LIMIT
      ? [
          {
            path: renderPath(documents),
            found: `${guard.allowedDocuments.length} documents`,
            allowed: `what fits into the pattern of the guard's rule: it would have ${pattern} characters, and AWS takes ${EVENT_PATTERN_LIMIT}`,
            remedy: "allow fewer documents, or shorter names",
            at: documents,
            because,
            times: pattern / EVENT_PATTERN_LIMIT,
          },
        ]
      : []),
  ];
}
