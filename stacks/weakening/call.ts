/**
 * What a call changes. Patterns match the resources of the map; the statements of service control policies name the
 * same resources by the beginning of their names.
 */
export type ChangedResource =
  | "preferences"
  | "setting of Systems Manager"
  | "default host management"
  | "recording of remote desktops"
  | "session log group"
  | "logs of the whole account"
  | "key"
  | "alias of a key"
  | "key store"
  | "bucket"
  | "object in a bucket"
  | "trail"
  | "centralization rule"
  | "rule"
  | "targets of a rule"
  | "topic as a target"
  | "default event bus"
  | "central event bus"
  | "permission of an event bus"
  | "topic"
  | "subscription"
  | "queue"
  | "alarm"
  | "topic as an action"
  | "metric"
  | "metric of a filter"
  | "chat channel"
  | "chat authorization"
  | "guard's function"
  | "guard's event source"
  | "guard's table"
  | "item in the guard's table"
  | "guard's log group"
  | "document for hosts"
  | "association"
  | "endpoint"
  | "security group of endpoints"
  | "network of an endpoint"
  | "role of an instance"
  | "role"
  | "boundary of an instance's role"
  | "policy of IAM"
  | "instance profile"
  | "account"
  | "guardrails"
  | "identity provider"
  | "project of the pipeline"
  | "state machine of the pipeline";

/**
 * The rule of a security channel that reports a call. AWS sends the events of `account` to the global region of the
 * partition only.
 */
export type TellingRule =
  "preferences" | "tampering" | "channels" | "delivery" | "central" | "guard" | "hosts" | "account";

/** The Sid of a statement of a service control policy that refuses calls of the table. */
export type RefusingSid =
  | "KeepPreferences"
  | "KeepRemoteDesktopRecording"
  | "KeepHosts"
  | "KeepRoles"
  | "KeepInstanceBoundaries"
  | "KeepInstanceRoles"
  | "KeepAccessPolicies"
  | "KeepInstancePolicyAttached"
  | "StayInOrganization"
  | "KeepRegions"
  | "KeepTranscripts"
  | "KeepLocks"
  | "KeepSessionLogs"
  | "KeepKeys"
  | "KeepKeyAliases"
  | "KeepTrail"
  | "KeepNotifications"
  | "KeepTopicsFromRules"
  | "KeepChatAuthorizations"
  | "KeepMetrics"
  | "KeepFunctions"
  | "KeepEventSources"
  | "KeepFunctionsMemory"
  | "KeepPipeline"
  | "KeepExistingBuckets"
  | "KeepExistingLogGroups"
  | "KeepExistingKeys"
  | "KeepExistingTopics";

/** Operations that weaken the recording in one way: a row of the table. */
export interface WeakeningCalls {
  /** The service as the first part of CloudTrail's `eventSource`, such as `monitoring` for CloudWatch. */
  readonly service: string;
  /** Operations of its API. */
  readonly operations: readonly string[];
  readonly of: ChangedResource;
  /**
   * The parameters that name the resource in a CloudTrail record, each of which is enough. A dot leads into a
   * structure. Empty: the call names none, because it is about the whole account and region.
   */
  readonly namedBy: readonly string[];
  /** The rule that reports the call; null: none does, and `open` says why. */
  readonly told: TellingRule | null;
  /** The statements that refuse the call; empty: none does, and `open` says why. */
  readonly refused: readonly RefusingSid[];
  /** How the recording gets weaker. */
  readonly effect: string;
  /** Why the call is not reported, or not refused. Given if one of the two is missing. */
  readonly open?: string;
}
