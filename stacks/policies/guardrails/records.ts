import { BOOTSTRAP_ROLE_PATTERN, names } from "../../names";
import { policy, type Policy, unique } from "../policy";
import type { GuardrailScope } from "./scope";
import { anyIam, anywhere, exemptFrom, keep, refuse } from "./statements";

/**
 * Refuses changes to what records depend on: buckets and log groups that hold them, keys that encrypt them, the trail,
 * and roles that record and read.
 */
export function recordGuardrails(scope: GuardrailScope): Policy {
  const { organization, partition } = scope;
  const exempt = exemptFrom(scope);
  const prefix = names.prefix(scope);
  const alias = names.keyAlias(scope);
  // The pattern matches the buckets and every object in them.
  const buckets = [`arn:${partition}:s3:::${prefix}*`];
  return policy(
    keep("KeepTranscripts", exempt, { Resource: buckets }),
    // S3 writes the locks of replicas in the replication role.
    keep("KeepLocks", [...exempt, anyIam(scope, `role/${prefix}replication-*`)], { Resource: buckets }),
    keep("KeepSessionLogs", exempt, {
      Resource: [anywhere(scope, "logs", `log-group:/session-audit/${organization}/*`)],
    }),
    keep("KeepKeys", exempt, {
      Resource: [anywhere(scope, "kms", "key/*")],
      // AWS makes up the ids of keys, so keys are identified by their aliases.
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": [alias, `${alias}-*`] } },
    }),
    keep("KeepKeyAliases", exempt, {
      Resource: [anywhere(scope, "kms", alias), anywhere(scope, "kms", `${alias}-*`)],
    }),
    keep("KeepTrail", exempt, { Resource: [anywhere(scope, "cloudtrail", `trail/${names.trail(scope)}`)] }),
    // Whoever can create a role with an exempt name, or change the trust of an exempt role, becomes exempt. The same is
    // true of roles that read records, and of the pipeline's role that assumes the deploying role in every account.
    keep("KeepRoles", exempt, {
      Resource: unique([
        anyIam(scope, `role/${prefix}*`),
        anyIam(scope, `instance-profile/${prefix}*`),
        anyIam(scope, `role/${BOOTSTRAP_ROLE_PATTERN}`),
        ...exempt,
        ...scope.otherAccessRoles,
        ...scope.readers,
      ]),
    }),
    exempt.length > 0 &&
      refuse("KeepExemptRolesFromServices", exempt, {
        // A build or an instance that has an exempt role would be exempt, whoever started it.
        Action: ["iam:PassRole"],
        Resource: unique(exempt),
      }),
    scope.otherAccessRoles.length > 0 &&
      refuse("KeepOtherAccessRolesFromServices", [...exempt, ...scope.otherAccessRoles], {
        // Roles of this kind may give themselves to a maintenance window or an automation.
        Action: ["iam:PassRole"],
        Resource: unique(scope.otherAccessRoles),
      }),
    keep("KeepAccessPolicies", exempt, { Resource: [anyIam(scope, `policy/${prefix}*`)] }),
  );
}
