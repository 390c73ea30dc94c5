import { policy, type Policy, unique } from "../policy";
import { pipelineStatements } from "./pipeline";
import type { GuardrailScope } from "./scope";
import { anywhere, exemptFrom, keep, withAnyPath } from "./statements";

/**
 * Refuses changes to what only some maps have: existing resources that records depend on (buckets, log groups, keys, topics
 * and roles of instances that the map names and does not create), and a pipeline. The other policies have no room for the
 * statements of a pipeline. null: the map has none of these, or does not protect what exists.
 */
export function existingGuardrails(scope: GuardrailScope): Policy | null {
  const { partition, existing, instanceRoles } = scope;
  const exempt = exemptFrom(scope);
  const made = policy(
    existing.buckets.length > 0 &&
      keep("KeepExistingBuckets", exempt, {
        Resource: unique(
          existing.buckets.flatMap(({ bucket, prefix }) => [
            `arn:${partition}:s3:::${bucket}`,
            // Other objects in an existing bucket stay under its owner's control.
            `arn:${partition}:s3:::${bucket}/${prefix}/*`,
          ]),
        ),
      }),
    existing.logGroups.length > 0 &&
      keep("KeepExistingLogGroups", exempt, {
        Resource: existing.logGroups.flatMap((group) => [
          anywhere(scope, "logs", `log-group:${group}`),
          anywhere(scope, "logs", `log-group:${group}:*`),
        ]),
      }),
    existing.keyArns.length > 0 && keep("KeepExistingKeys", exempt, { Resource: existing.keyArns }),
    existing.topicArns.length > 0 && keep("KeepExistingTopics", exempt, { Resource: existing.topicArns }),
    instanceRoles.kept.length > 0 &&
      keep("KeepInstanceRoles", exempt, { Resource: withAnyPath(scope, instanceRoles.kept) }),
    ...pipelineStatements(scope),
  );
  return made.Statement.length > 0 ? made : null;
}
