import { BUCKET_ACTIONS, KEY_ACTIONS, LOG_GROUP_ACTIONS, TOPIC_ACTIONS } from "./guardrail-actions";
import type { GuardrailScope } from "./guardrail-scope";
import { anywhere, exemptFrom, refuse } from "./guardrail-statement";
import { policy, unique, type Policy } from "./policy";

/** What the map names that somebody else made; null: it names nothing, or it is not to be protected. */
export function existingGuardrails(scope: GuardrailScope): Policy | null {
  const { partition, existing } = scope;
  const exempt = exemptFrom(scope);
  const made = policy(
    existing.buckets.length > 0 &&
      refuse("KeepExistingBuckets", exempt, {
        Action: BUCKET_ACTIONS,
        Resource: unique(
          existing.buckets.flatMap(({ bucket, prefix }) => [
            `arn:${partition}:s3:::${bucket}`,
            // What else is in the bucket is not ours to keep.
            `arn:${partition}:s3:::${bucket}/${prefix}/*`,
          ]),
        ),
      }),
    existing.logGroups.length > 0 &&
      refuse("KeepExistingLogGroups", exempt, {
        Action: LOG_GROUP_ACTIONS,
        Resource: existing.logGroups.flatMap((group) => [
          anywhere(scope, "logs", `log-group:${group}`),
          anywhere(scope, "logs", `log-group:${group}:*`),
        ]),
      }),
    existing.keyArns.length > 0 &&
      refuse("KeepExistingKeys", exempt, { Action: KEY_ACTIONS, Resource: existing.keyArns }),
    existing.topicArns.length > 0 &&
      refuse("KeepExistingTopics", exempt, { Action: TOPIC_ACTIONS, Resource: existing.topicArns }),
  );
  return made.Statement.length > 0 ? made : null;
}
