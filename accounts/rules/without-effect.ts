import { SSM_USER } from "../../aws/session-manager";
import { destinationKind, type DestinationKind } from "../model/log-destination";
import type { MergedSettings } from "../model/settings";
import type { SettingsConsumer } from "./levels";

/** Settings that have an effect only while another setting has a certain value. */
export interface DependentSettings {
  readonly settings: readonly string[];
  /** The setting that decides whether they have an effect. */
  readonly dependsOn: string;
  /** Which consumers of settings this is about. Default: all. */
  readonly concerns?: (consumer: SettingsConsumer) => boolean;
  /** Whether they have an effect. */
  readonly works: (settings: MergedSettings) => boolean;
  /** When they have an effect, in words: "nothing unless ...". */
  readonly unless: string;
}

/** All settings that depend on another setting, with that setting. */
export const DEPENDENTS: readonly DependentSettings[] = [
  {
    settings: [
      "transcripts.readers",
      "transcripts.organizationReaders",
      "transcripts.objectLock",
      "transcripts.lifecycle",
      "transcripts.accessLogs",
      "transcripts.accessLogsExpireAfterDays",
      "transcripts.accessLogsLifecycle",
    ],
    dependsOn: "transcripts.bucket",
    // The bucket of recordings follows them as well.
    works: ({ transcripts, remoteDesktop }) =>
      transcripts.bucket === "create" || remoteDesktop.recordings === "create",
    unless: 'transcripts.bucket is "create"',
  },
  {
    settings: ["transcripts.replication"],
    dependsOn: "transcripts.bucket",
    works: ({ transcripts }) => transcripts.bucket === "create",
    unless: 'transcripts.bucket is "create"',
  },
  {
    settings: ["transcripts.accessLogsExpireAfterDays", "transcripts.accessLogsLifecycle"],
    dependsOn: "transcripts.accessLogs",
    // A member that sets something of the archive's bucket is reported by the rules over the archive.
    concerns: ({ usesArchive }) => !usesArchive,
    // Without a bucket, the entry for transcripts.bucket reports it.
    works: ({ transcripts }) => transcripts.bucket !== "create" || transcripts.accessLogs === "create",
    unless: 'transcripts.accessLogs is "create"',
  },
  {
    settings: ["transcripts.lifecycle.minimumTransitionBytes"],
    dependsOn: "transcripts.lifecycle",
    concerns: ({ usesArchive }) => !usesArchive,
    works: ({ transcripts: { bucket, lifecycle } }) =>
      bucket !== "create" ||
      moves(lifecycle) ||
      lifecycle.noncurrentGlacierInstantRetrievalAfterDays !== null ||
      lifecycle.noncurrentGlacierAfterDays !== null ||
      lifecycle.noncurrentDeepArchiveAfterDays !== null,
    unless: "transcripts.lifecycle moves something to colder storage",
  },
  {
    settings: ["transcripts.accessLogsLifecycle.minimumTransitionBytes"],
    dependsOn: "transcripts.accessLogsLifecycle",
    concerns: ({ usesArchive }) => !usesArchive,
    // Without a bucket for access logs, the entry for transcripts.accessLogs reports it.
    works: ({ transcripts: { bucket, accessLogs, accessLogsLifecycle } }) =>
      bucket !== "create" || accessLogs !== "create" || moves(accessLogsLifecycle),
    unless: "transcripts.accessLogsLifecycle moves something to colder storage",
  },
  {
    settings: ["logs.retentionDays", "logs.class"],
    dependsOn: "logs.group",
    works: ({ logs }) => logs.group === "create",
    unless: 'logs.group is "create"',
  },
  {
    settings: ["logs.subscription", "logs.masking"],
    dependsOn: "logs.group",
    works: ({ logs }) => logs.group !== "none",
    unless: 'logs.group is "create" or an existing log group',
  },
  {
    settings: ["filterPattern", "distribution", "admittedBy"].map(
      (setting) => `logs.subscription.${setting}`,
    ),
    dependsOn: "logs.subscription.destinationArn",
    // Without a log group, the entry for logs.group reports it.
    works: ({ logs }) => logs.group === "none" || logs.subscription.destinationArn !== null,
    unless: "logs.subscription.destinationArn is set",
  },
  {
    settings: ["logs.subscription.distribution"],
    dependsOn: "logs.subscription.destinationArn",
    works: ({ logs }) => !sendsTo(logs, ["deliverystream", "function"]),
    unless: "logs.subscription.destinationArn is a destination or a Kinesis stream",
  },
  {
    settings: ["logs.subscription.admittedBy"],
    dependsOn: "logs.subscription.destinationArn",
    works: ({ logs }) => !sendsTo(logs, ["stream", "deliverystream", "function"]),
    unless: "logs.subscription.destinationArn is a destination",
  },
  {
    settings: ["identifiers", "custom", "findingsLogGroup"].map((setting) => `logs.masking.${setting}`),
    dependsOn: "logs.masking.enabled",
    works: ({ logs }) => logs.group === "none" || logs.masking.enabled,
    unless: "logs.masking.enabled is true",
  },
  {
    settings: ["access.unmaskRoles"],
    dependsOn: "logs.masking.enabled",
    works: ({ logs }) => logs.group !== "none" && logs.masking.enabled,
    unless: "logs.masking.enabled is true",
  },
  {
    settings: ["preferences.runAs.byTagOnly", "preferences.runAs.ssmUserExists"],
    dependsOn: "preferences.runAs.enabled",
    works: ({ preferences }) => preferences.runAs.enabled,
    unless: "preferences.runAs.enabled is true",
  },
  {
    settings: ["preferences.runAs.ssmUserExists"],
    dependsOn: "preferences.runAs.defaultUser",
    // If Run As is off, the entry for preferences.runAs.enabled reports it.
    concerns: ({ settings: { preferences } }) => preferences.runAs.enabled,
    works: ({ preferences }) => preferences.runAs.defaultUser === SSM_USER,
    unless: "preferences.runAs.defaultUser is ssm-user",
  },
  {
    settings: ["encryption.deletionWindowDays", "encryption.rotationPeriodDays"],
    dependsOn: "encryption.mode",
    works: ({ encryption }) => encryption.mode === "customer-managed",
    unless: 'encryption.mode is "customer-managed"',
  },
  {
    settings: [
      ...["terminate", "allowedDocuments", "checkTranscriptsEveryMinutes", "gracePeriodMinutes"],
      "reservedConcurrency",
    ].map((setting) => `guard.${setting}`),
    dependsOn: "guard.enabled",
    works: ({ guard }) => guard.enabled,
    unless: "guard.enabled is true",
  },
  {
    settings: ["guard.allowedDocuments"],
    dependsOn: "guard.terminate",
    // If the guard is off, the entry for guard.enabled reports it.
    concerns: ({ settings: { guard } }) => guard.enabled,
    works: ({ guard }) => guard.terminate,
    unless: "guard.terminate is true",
  },
  {
    settings: ["guard.gracePeriodMinutes"],
    dependsOn: "guard.checkTranscriptsEveryMinutes",
    concerns: ({ settings: { guard } }) => guard.enabled,
    works: ({ guard }) => guard.checkTranscriptsEveryMinutes !== null,
    unless: "guard.checkTranscriptsEveryMinutes is a number",
  },
  ...(["activity", "security"] as const).map((channel): DependentSettings => ({
    settings: [`notifications.${channel}.chat`],
    dependsOn: `notifications.${channel}.enabled`,
    works: ({ notifications }) => notifications[channel].enabled,
    unless: `notifications.${channel}.enabled is true`,
  })),
  {
    settings: ["notifications.activity.central"],
    dependsOn: "notifications.activity.enabled",
    works: ({ notifications }) => notifications.activity.enabled,
    unless: "notifications.activity.enabled is true",
  },
  {
    settings: ["notifications.security.central", "notifications.security.accountChanges"],
    dependsOn: "notifications.security.enabled",
    works: ({ notifications }) => notifications.security.enabled,
    unless: "notifications.security.enabled is true",
  },
  ...(["activity", "security"] as const).map((channel): DependentSettings => ({
    settings: [`notifications.${channel}.subscribers`],
    dependsOn: `notifications.${channel}.topic`,
    works: ({ notifications }) => notifications[channel].topic === "create",
    unless: `notifications.${channel}.topic is "create": the owner of an existing topic manages its subscribers`,
  })),
  {
    settings: [
      ...["schedule", "applyOnlyAtCronInterval", "targets", "maxConcurrency", "maxErrors"],
      "complianceSeverity",
    ].map((setting) => `prerequisites.${setting}`),
    dependsOn: "prerequisites.maintain",
    works: ({ prerequisites }) => prerequisites.maintain.length > 0,
    unless: "prerequisites.maintain is not empty",
  },
];

/** Whether objects move to colder storage. */
const moves = (lifecycle: MergedSettings["transcripts"]["accessLogsLifecycle"]): boolean =>
  lifecycle.glacierInstantRetrievalAfterDays !== null ||
  lifecycle.glacierAfterDays !== null ||
  lifecycle.deepArchiveAfterDays !== null;

function sendsTo({ subscription }: MergedSettings["logs"], kinds: readonly DestinationKind[]): boolean {
  const { destinationArn } = subscription;
  return destinationArn !== null && kinds.includes(destinationKind(destinationArn));
}
