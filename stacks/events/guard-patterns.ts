import { PREFERENCES_DOCUMENT, type guardNames } from "../names";
import { VIA_CLOUDTRAIL, byOthersThan } from "./security-patterns";

/** The guard, by name. Its rules, its queue and its alarms are watched like all others. */
export type WatchedGuard = Pick<ReturnType<typeof guardNames>, "function" | "table" | "logGroup">;

const on = (service: string, eventName: readonly unknown[], requestParameters: object) => ({
  eventSource: [`${service}.amazonaws.com`],
  eventName,
  requestParameters,
});

/** CloudTrail ends the names of Lambda's calls with the date of an API version. */
const FUNCTION_CALLS = [
  "UpdateFunction",
  "DeleteFunction",
  "PutFunction",
  "AddPermission",
  "RemovePermission",
];

/**
 * Changes to the guard, in a pattern of their own: that of tampering has little room left.
 * @param ignoredRoles ARNs of roles whose changes are expected, such as the pipeline's
 */
export const guardTampering = (
  { function: name, table, logGroup }: WatchedGuard,
  ignoredRoles: readonly string[],
) => ({
  source: ["aws.lambda", "aws.dynamodb", "aws.logs"],
  ...VIA_CLOUDTRAIL,
  detail: {
    ...byOthersThan(ignoredRoles),
    $or: [
      on(
        "lambda",
        FUNCTION_CALLS.map((prefix) => ({ prefix })),
        // By their names or their ARNs, with a version or not.
        { functionName: [{ suffix: name }, { wildcard: `*${name}:*` }] },
      ),
      on("dynamodb", ["PutResourcePolicy", "DeleteResourcePolicy"], { resourceArn: [{ suffix: table }] }),
      on("dynamodb", ["DeleteTable", "UpdateTable", "UpdateTimeToLive", "UpdateContinuousBackups"], {
        tableName: [{ suffix: table }],
      }),
      on(
        "logs",
        [
          ...["DeleteLogGroup", "DeleteLogStream", "PutRetentionPolicy", "DisassociateKmsKey"],
          ...["PutMetricFilter", "DeleteMetricFilter"],
        ],
        { logGroupName: [logGroup] },
      ),
    ],
  },
});

/**
 * What the guard is told of: sessions that were started with a document that is not allowed by its name. The guard
 * looks again, since a name may come as an ARN. A session with the preferences names no document.
 */
export const guardedSessions = (allowedDocuments: readonly string[]) => ({
  source: ["aws.ssm"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["ssm.amazonaws.com"],
    eventName: ["StartSession"],
    errorCode: [{ exists: false }],
    requestParameters: { documentName: [{ "anything-but": [PREFERENCES_DOCUMENT, ...allowedDocuments] }] },
  },
});
