/**
 * What the package gives to other projects: the map and its checks, the stacks, the constructs, and the program behind
 * `main.ts`. Everything else in the package may change with any version.
 * @example
 * // main.ts of a repository that has nothing but a map
 * import { run, start } from "session-audit";
 *
 * void start(run);
 */
export type { AccountsMap } from "./accounts/schema";
export type {
  Account,
  AccountIdentity,
  ArchiveSite,
  CentralSite,
  Organization,
  Replica,
  Target,
} from "./accounts/model/organization";
export type { AccountSettings, Settings } from "./accounts/model/settings";
export { MapError } from "./accounts/reading/problems";
export { loadMap, mapFile } from "./accounts/reading/load";
export { UserError } from "./processes/user-error";
export { start, type Io, type Program } from "./processes/program";

export { run } from "./stacks/program";
export { checkMap, readOrganization } from "./stacks/read-organization";
export { declaredStacks, type DeclaredStack, type StackKind } from "./stacks/stack-graph";
export { addStacks } from "./stacks/synth";
export { synthesizeStacks, type SynthesisOptions, type Synthesized } from "./stacks/synthesize";

export { AccountStack, type AccountStackProps } from "./stacks/account-stack";
export { ArchiveStack, type ArchiveStackProps } from "./stacks/archive-stack";
export { CentralStack, type CentralStackProps } from "./stacks/central-stack";
export { ChatStack, type ChatStackProps } from "./stacks/chat-stack";
export { GuardrailsStack, type GuardrailsStackProps } from "./stacks/guardrails-stack";
export { PipelineStack, type PipelineStackProps } from "./stacks/pipeline-stack";
export { ReplicaStack, type ReplicaStackProps } from "./stacks/replica-stack";
export { SessionStack, type SessionStackProps } from "./stacks/session-stack";

// Node.js finds the names for `import { … }` in an ES module only where each is written out.
export { AccessLogBucket, type AccessLogBucketProps } from "./stacks/constructs/access-log-bucket";
export { AccessPolicy, type AccessPolicyProps } from "./stacks/constructs/access-policy";
export { AccountEvents, type AccountEventsProps } from "./stacks/constructs/account-events";
export {
  FunctionPermission,
  ActionRole,
  type FunctionPermissionProps,
  type ActionRoleProps,
} from "./stacks/constructs/action-role";
export { ActivityChannel, type ActivityChannelProps } from "./stacks/constructs/activity-channel";
export { BucketReplication, type BucketReplicationProps } from "./stacks/constructs/bucket-replication";
export { CentralBus, type CentralBusProps } from "./stacks/constructs/central-bus";
export { CentralChannel, type CentralChannelProps } from "./stacks/constructs/central-channel";
export {
  CentralForwarding,
  type ChannelForwarding,
  type CentralForwardingProps,
} from "./stacks/constructs/central-forwarding";
export { CentralWatch, type CentralWatchProps } from "./stacks/constructs/central-watch";
export { ChannelActions, type ChannelActionsProps } from "./stacks/constructs/channel-actions";
export {
  ChatRole,
  ChatChannel,
  type ChatRoleProps,
  type ChatChannelProps,
} from "./stacks/constructs/chat-channel";
export { DeadLetterQueue, type DeadLetterQueueProps } from "./stacks/constructs/dead-letter-queue";
export {
  DeliveryAlarms,
  type WatchedRule,
  type DeliveryAlarmsProps,
} from "./stacks/constructs/delivery-alarms";
export {
  declareKey,
  EncryptionKey,
  type DeclaredKey,
  type EncryptionKeyProps,
} from "./stacks/constructs/encryption-key";
export {
  InstanceAssociation,
  InstancePrerequisites,
  type InstanceAssociationProps,
  type InstancePrerequisitesProps,
} from "./stacks/constructs/instance-prerequisites";
export { InstanceProfile, type InstanceProfileProps } from "./stacks/constructs/instance-profile";
export {
  NotificationChannel,
  type ChannelRule,
  type NotificationChannelProps,
} from "./stacks/constructs/notification-channel";
export {
  NotificationRule,
  type RuleTarget,
  type NotificationRuleProps,
  type CustomBus,
} from "./stacks/constructs/notification-rule";
export { NotificationTopic, type NotificationTopicProps } from "./stacks/constructs/notification-topic";
export { PublicSharingBlock } from "./stacks/constructs/public-sharing-block";
export { PipelineBucket, type PipelineBucketProps } from "./stacks/constructs/pipeline-bucket";
export { RecordBucket, type RecordBucketProps } from "./stacks/constructs/record-bucket";
export {
  RemoteDesktopRecording,
  type RemoteDesktopRecordingProps,
} from "./stacks/constructs/remote-desktop-recording";
export { ReplicaBucket, type ReplicaBucketProps } from "./stacks/constructs/replica-bucket";
export { ReportRole, type ReportRoleProps } from "./stacks/constructs/report-role";
export { SecurityChannel, type SecurityChannelProps } from "./stacks/constructs/security-channel";
export {
  ServiceControlPolicy,
  type ServiceControlPolicyProps,
} from "./stacks/constructs/service-control-policy";
export {
  LogSubscriptionFilter,
  LogMasking,
  SessionLogGroup,
  type LogSubscriptionFilterProps,
  type LogMaskingProps,
  type SessionLogGroupProps,
} from "./stacks/constructs/session-log-group";
export { SessionNetwork, type SessionNetworkProps } from "./stacks/constructs/session-network";
export { SessionPreferences, type SessionPreferencesProps } from "./stacks/constructs/session-preferences";
export { SessionTrail, type SessionTrailProps } from "./stacks/constructs/session-trail";
export { SubscriptionRole, type SubscriptionRoleProps } from "./stacks/constructs/subscription-role";
export { TranscriptBucket, type TranscriptBucketProps } from "./stacks/constructs/transcript-bucket";
export { Guard, type GuardProps } from "./stacks/guard/guard";

// What the props of constructs are made from.
export { names, placeOf, type Place } from "./stacks/names";
export { destinationsOf, type Destinations } from "./stacks/policies/destinations";
export { keyUsesOf, sessionKeyPolicy, type SessionKeyUses } from "./stacks/policies/key-policy";
export { policy, type Policy, type Statement } from "./stacks/policies/policy";
