import type { Organization, Target } from "../../accounts/model/organization";
import { describeValue } from "../../accounts/reading/problems";
import { EVENT_PATTERN_LIMIT, ROLE_NAME_LIMIT } from "../../aws/quotas";
import { guardedSessions } from "../events/guard-patterns";
import { guardNames, placeOf } from "../names";
import { longName, overLimit, type Oversize } from "./oversize";

/** The names and event patterns of a target's guard that AWS would refuse, because they are too long. */
export function guardLimits(organization: Organization, target: Target): readonly Oversize[] {
  const { guard } = target.settings;
  if (!guard.enabled) return [];
  const place = placeOf(organization, target);
  const { role } = guardNames(place);
  return [
    ...longName({
      organization: organization.name,
      what: `the guard's role ${describeValue(role)}`,
      name: role,
      limit: ROLE_NAME_LIMIT,
      service: "IAM",
    }),
    ...overLimit({
      what: "the pattern of the guard's rule",
      document: guardedSessions(guard.allowedDocuments, place),
      limit: EVENT_PATTERN_LIMIT,
      path: ["guard", "allowedDocuments"],
      found: `${guard.allowedDocuments.length} documents`,
      remedy: "allow fewer documents, or shorter names",
    }),
  ];
}
