import { LAMBDA_METRICS, PREFERENCES_DOCUMENT, type guardNames, type Place } from "../names";
import { alternativesOf, changes, suffix } from "./change-patterns";
import { byResourceIdentifier } from "./security-patterns";

/**
 * Names of the guard's function, table and log group, and the namespace of its metrics. Its rules, queue and alarms are among those that
 * tamperingFindings matches by prefix.
 */
export type WatchedGuard = Pick<
  ReturnType<typeof guardNames>,
  "function" | "table" | "logGroup" | "namespace"
>;

/**
 * Event pattern for changes to the guard. They have a rule of their own, because the pattern for tampering has
 * little room left below EventBridge's limit. Refused attempts match as well.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export function guardTampering(
  { function: name, table, logGroup, namespace }: WatchedGuard,
  ignoredRoles: readonly string[],
) {
  // Callers name a function by its name or its ARN, and may add an alias or a version.
  const byName = [suffix(name), { wildcard: `*${name}:*` }];
  return changes(
    alternativesOf("guard", {
      "guard's function": { functionName: byName, resourceArn: byName },
      "guard's event source": { functionName: byName },
      "guard's table": { tableName: [suffix(table)], resourceArn: [suffix(table)] },
      "metric of a filter": { "metricTransformations.metricNamespace": [namespace, LAMBDA_METRICS] },
      "guard's log group": {
        logGroupName: [logGroup],
        resourceIdentifier: byResourceIdentifier(logGroup),
      },
    }),
    ignoredRoles,
  );
}

/**
 * Event pattern of the sessions that invoke the guard: those started with a document whose name is not allowed. The
 * guard checks the document again, because a caller may name it by its ARN. A session with the preferences does not
 * match if the caller names no document. The pattern names the account, because an event that another account sends to
 * the bus keeps the account that it comes from.
 * @param allowedDocuments names of Session documents that are allowed in addition to the preferences
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
 */
export const guardedSessions = (
  allowedDocuments: readonly string[],
  { account, region }: Pick<Place, "account" | "region">,
) => ({
  source: ["aws.ssm"],
  account: [account.id],
  region: [region],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ssm.amazonaws.com"],
    eventName: ["StartSession"],
    errorCode: [{ exists: false }],
    requestParameters: { documentName: [{ "anything-but": [PREFERENCES_DOCUMENT, ...allowedDocuments] }] },
  },
});
