import type {
  AccountIdentity,
  Account,
  ArchiveSite,
  CentralSite,
  Organization,
  Pipeline,
  Replica,
  ReplicaSource,
  Target,
} from "../accounts/model/organization";
import type { TopicChoice } from "../accounts/model/choices";
import type { ChatUse } from "../accounts/model/chat";
import { dnsSuffix, type Partition } from "../aws/regions";
import { servicePrincipal, type ServiceName } from "../aws/service-principals";
import type { ChatChannel } from "../accounts/model/settings";

/**
 * This file computes every physical name and every ARN from the map. Nothing is read back from AWS, so a plan shows
 * whole policies. A name must not change: Terraform would replace each resource that has it, in every account.
 * No name contains that of an account: it may be as long as AWS allows, and the name of a bucket or a role could not hold
 * it. An account's id tells its resources apart where that is needed. The name of an account is part of the ids of its
 * stacks, of the keys of their states, and of descriptions.
 */

/** One account in one region of a named organization. Names and ARNs are computed from it. */
export interface Place {
  readonly organization: string;
  readonly account: Pick<AccountIdentity, "id" | "partition">;
  readonly region: string;
}

/**
 * The place of a target, an archive or a replica: its account and region, with the organization's name.
 * @example placeOf(organization, target)
 */
export const placeOf = (
  { name }: Pick<Organization, "name">,
  { account, region }: Pick<Target | ArchiveSite | Replica, "account" | "region">,
): Place => ({ organization: name, account, region });

/**
 * The place of the archive that holds the transcripts of a region.
 * @throws Error if the organization has no archive in that region
 */
export function archivePlace(organization: Organization, region: string): Place {
  const site = organization.archives.find((archive) => archive.region === region);
  if (!site) throw new Error(`no archive in ${region}`);
  return placeOf(organization, site);
}

/** The place of an account in its home region. */
export const homeOf = (organization: Pick<Organization, "name">, account: Account): Place =>
  placeOf(organization, { account, region: account.homeRegion });

export { PREFERENCES_DOCUMENT } from "../aws/session-manager";

const base = ({ organization }: Pick<Place, "organization">) => `session-audit-${organization}`;

/** The name that ids of stacks and descriptions of resources have: an account that is renamed keeps them. */
export const deployedName = ({ name, formerName }: Pick<Account, "name" | "formerName">): string =>
  formerName ?? name;

/**
 * Ids of the stacks. The state key of a stack contains its id, so a stack with another id starts with an empty state.
 * @example stackIds.session(target) // "session-payments-eu-central-1"
 */
export const stackIds = {
  archive: ({ region }: Pick<ArchiveSite, "region">) => `archive-${region}`,
  central: ({ region }: Pick<CentralSite, "region">) => `central-${region}`,
  account: (account: Pick<Account, "name" | "formerName">) => `account-${deployedName(account)}`,
  session: ({ account, region }: Pick<Target, "account" | "region">) =>
    `session-${deployedName(account)}-${region}`,
  chat: (account: Pick<Account, "name" | "formerName">) => `chat-${deployedName(account)}`,
  guardrails: () => "guardrails",
  pipeline: () => "pipeline",
  /** The id names the bucket that is replicated, which has one replica. */
  replica: ({ account, region }: Pick<ReplicaSource, "account" | "region">) =>
    `replica-${deployedName(account)}-${region}`,
};

/** Id of the stack that creates the topic for chat of a notification channel. */
export function stackOfChat({ kind, namedAfter }: Pick<ChatUse, "kind" | "namedAfter">): string {
  switch (kind) {
    case "target":
      return stackIds.session(namedAfter);
    case "archive":
    case "central":
      return stackIds.archive(namedAfter);
    case "all":
      return stackIds.central(namedAfter);
    case "replica":
      return stackIds.replica(namedAfter);
  }
}

/**
 * Names of resources in AWS.
 * @example names.transcriptBucket(place) // "session-audit-acme-111111111111-eu-central-1"
 */
export const names = {
  /** Beginning of the names of rules, topics, queues, alarms, policies and roles. */
  prefix: (place: Pick<Place, "organization">) => `${base(place)}-`,
  keyAlias: (place: Pick<Place, "organization">) => `alias/${base(place)}`,
  archiveKeyAlias: (place: Place) => `alias/${base(place)}-archive`,
  centralKeyAlias: ({ kind, place }: CentralChannelOf) =>
    kind === "central" ? `alias/${base(place)}-central` : `alias/${channelNames({ kind, place }).topic}`,
  trailKeyAlias: (place: Place) => `alias/${base(place)}-trail`,
  /**
   * A bucket name is unique among all accounts of a partition, so it contains the account and the region.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  transcriptBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}`,
  accessLogBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-access`,
  /** The bucket of recordings of connections by Remote Desktop. The suffix is short, as that of `replicaBucket` is. */
  recordingBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-rdp`,
  recordingAccessLogBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-rdp-access`,
  /** Name of the CloudFormation stack with the preferences of these recordings. */
  remoteDesktop: (place: Pick<Place, "organization">) => `${base(place)}-remote-desktop`,
  trailBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-trail`,
  trailAccessLogBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-trail-access`,
  /**
   * Named after the bucket that it copies, in whatever account and region the replica is. The suffix is short, because
   * a bucket name has at most 63 characters, and `replicaAccessLogBucket` is longer still.
   */
  replicaBucket: (source: Place) => `${names.transcriptBucket(source)}-copy`,
  replicaAccessLogBucket: (source: Place) => `${names.transcriptBucket(source)}-copy-access`,
  replicaKeyAlias: (source: Place) => `alias/${names.replicaBucket(source)}`,
  /**
   * A role belongs to an account and not to a region, so the name contains the region of the bucket.
   * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
   */
  replicationRole: (source: Place) => `${base(source)}-replication-${source.region}`,
  /** Name of the replication-failed alarm, which is in the region of the source. */
  replicationFailed: (source: Place) => `${names.replicaBucket(source)}-failed`,
  logGroup: ({ organization }: Pick<Place, "organization">) => `/session-audit/${organization}/sessions`,
  /** Name of the subscription filter of session logs, of the role in which it sends, and of that role's policy. */
  subscription: (place: Place) => `${base(place)}-subscription`,
  trail: (place: Pick<Place, "organization">) => base(place),
  /** Name of the security group of a VPC's endpoints. */
  endpoints: (place: Place) => `${base(place)}-endpoints`,
  endpoint: (place: Place, service: string) => `${base(place)}-${service}`,
  agentUpdate: (place: Place) => `${base(place)}-agent-update`,
  /** Name of the document that installs what sessions on Linux need, and of the association that applies it. */
  linuxTools: (place: Place) => `${base(place)}-linux-tools`,
  instancePolicy: (place: Pick<Place, "organization">) => `${base(place)}-instance`,
  /** Name of the instance profile and of its role. */
  instanceProfile: (place: Place) => `${base(place)}-instance`,
  operatorPolicy: (place: Place) => `${base(place)}-operator`,
  reviewerPolicy: (place: Place) => `${base(place)}-reviewer`,
  /** Name of the role that makes reports, and of its policy. */
  report: (place: Pick<Place, "organization">) => `${base(place)}-report`,
  chatRole: (place: Place) => `${base(place)}-chat`,
  /**
   * Name of the role that EventBridge assumes to invoke an action. The role belongs to the account and its rules to a
   * region, so the name contains the region.
   * @param id 8 hexadecimal digits, a digest of the target of the action
   */
  actionRole: (place: Place, channel: ActionChannelName, id: string) =>
    `${base(place)}-${place.region}-${channel}-${id}`,
  /** Name of the event bus of a central channel. */
  centralBus: ({ kind, place }: CentralChannelOf) =>
    kind === "central" ? `${base(place)}-central` : channelNames({ kind, place }).topic,
  /**
   * Name of the role with which EventBridge forwards the events of a security channel to the central bus. The policy of
   * the bus knows such roles by the end of their names.
   */
  centralRole: ({ kind, place }: Pick<SecurityChannelOf, "kind" | "place">) =>
    kind === "replica"
      ? `${names.replicaBucket(place)}-central`
      : `${base(place)}-${place.region}${kind === "archive" ? "-archive" : ""}-central`,
  /**
   * Name of the role with which EventBridge forwards the events of an account's roles to the central bus.
   * @param place the account, and the region to which AWS sends these events
   */
  accountCentralRole: (place: Place) => `${base(place)}-${place.region}-account-central`,
  /** Name of the role with which EventBridge forwards the sessions of a target to the central bus of sessions. */
  centralActivityRole: (place: Place) => `${base(place)}-${place.region}-activity-central`,
  /** Matches the names of the roles that forward to a central channel, in every account and region. */
  centralRoles: ({ kind, place }: CentralChannelOf) =>
    kind === "all-activity" ? `${base(place)}-*-activity-central` : `${base(place)}-*-central`,
  /**
   * Name of the role with which EventBridge forwards the events of an account's roles to the region of their channel.
   * @param place the account, and the region to which AWS sends these events
   */
  accountEventsRole: (place: Place) => names.actionRole(place, "security", "account"),
  /** Name of the rule that forwards events of an account's roles to another region. */
  accountEvents: (place: Pick<Place, "organization">) => `${base(place)}-account-events`,
  accountEventDeadLetters: (place: Pick<Place, "organization">) =>
    `${base(place)}-account-events-dead-letters`,
  /** Name of the state machine that distributes work, of its queue, its key's alias and its roles. */
  pipeline: (place: Pick<Place, "organization">) => `${base(place)}-pipeline`,
  /** Name of a service control policy. @param suffix as in `Guardrail.nameSuffix` */
  guardrail: (place: Pick<Place, "organization">, suffix: string) => `${base(place)}-${suffix}`,
};

/**
 * A channel that has the notifications of other accounts: the central channel beside an archive, which has findings only,
 * or one of the two channels of `notifications.central`.
 */
export type CentralKind = "central" | "all-activity" | "all-security";

/** A central channel, and its account and region. */
export interface CentralChannelOf {
  readonly kind: CentralKind;
  readonly place: Place;
}

/**
 * The activity channel of a target, the security channel of a target, an archive or a replica, or a central channel.
 * `watch` reports changes to the two channels of `notifications.central`, on the topics of both.
 */
export type ChannelKind = "activity" | "target" | "archive" | "replica" | "watch" | CentralKind;

/** A channel that invokes actions, as the names of their roles have it. */
type ActionChannelName = "activity" | "security" | "archive" | "all-activity" | "all-security";

/** The security channel of a target, an archive or a replica. */
export interface SecurityChannelOf {
  readonly kind: "target" | "archive" | "replica";
  /** Place of the channel; for a replica, the place of the bucket that it copies. */
  readonly place: Place;
}

/** A target, an archive and a replica may be in one account and region, so their topics have different names. */
const CHANNEL_TOPICS: Readonly<Record<ChannelKind, (place: Place) => string>> = {
  activity: (place) => `${base(place)}-activity`,
  target: (place) => `${base(place)}-security`,
  archive: (place) => `${base(place)}-archive-security`,
  central: (place) => `${base(place)}-central-security`,
  replica: (source) => names.replicaBucket(source),
  "all-activity": (place) => `${base(place)}-all-activity`,
  "all-security": (place) => `${base(place)}-all-security`,
  watch: (place) => `${base(place)}-all-watch`,
};

/**
 * Names of a notification channel: its topic, its dead-letter queue and its rules. A channel has only some of these
 * rules.
 * @param place place of the channel; for a replica, the place of the bucket that it copies
 * @example channelNames({ kind: "target", place }).tampering // "session-audit-acme-security-tampering"
 */
export function channelNames({ kind, place }: { readonly kind: ChannelKind; readonly place: Place }) {
  const topic = CHANNEL_TOPICS[kind](place);
  // The first rule of these channels has the name of the topic.
  const rule = (name: string) => (kind === "activity" || kind === "replica" ? topic : `${topic}-${name}`);
  return {
    topic,
    deadLetters: `${topic}-dead-letters`,
    activity: rule("activity"),
    sessions: rule("sessions"),
    tampering: rule("tampering"),
    hosts: rule("hosts"),
    guard: rule("guard"),
    preferences: rule("preferences"),
    // The name of a rule has at most 64 characters, and that of the bucket of a replica may have 63.
    channels: kind === "replica" ? `${names.transcriptBucket(place)}-rules` : rule("channels"),
    alarms: kind === "replica" ? `${names.transcriptBucket(place)}-alarms` : `${topic}-alarms`,
    central: rule("central"),
    delivery: kind === "replica" ? `${names.transcriptBucket(place)}-delivery` : rule("delivery"),
    account: kind === "replica" ? `${names.transcriptBucket(place)}-account` : rule("account"),
  };
}

/**
 * ARN of a channel's topic. The map gives an existing topic by its name or its ARN.
 * @param created name of the topic if the stacks create it
 * @returns null if the channel has no topic
 */
export function topicArn(
  place: Place,
  { topic }: { readonly topic: TopicChoice },
  created: string,
): string | null {
  if (topic.kind === "none") return null;
  const name = topic.kind === "created" ? created : topic.name;
  return name.startsWith("arn:") ? name : arns.topic(place, name);
}

/** Name of a channel's topic for chat. Chat needs a topic of its own, because its messages have another format. */
export const chatTopic = (topic: string) => `${topic}-chat`;

/**
 * Name of a chat configuration. It contains what identifies the configuration: for Slack the workspace and the channel,
 * for Teams the team, by which the AWS provider finds it.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/chatbot/teams_channel_configuration.go
 */
export const chatConfigurationName = (place: Place, chat: ChatChannel) =>
  chat.platform === "slack"
    ? `${base(place)}-slack-${chat.workspaceId}-${chat.channelId}`
    : `${base(place)}-teams-${chat.teamId}`;

/** Beginning of the names of the guards' roles. */
export const guardRolePrefix = (place: Pick<Place, "organization">) => `${base(place)}-guard-`;

/**
 * Names of the roles that `session-audit bootstrap` makes in the account of the pipeline. They assume roles in every account:
 * the second one assumes the deploying role, which guardrails exempt.
 */
export const BOOTSTRAP_ROLES = {
  plan: "session-audit-pipeline-plan",
  deploy: "session-audit-pipeline-deploy",
  report: "session-audit-pipeline-report",
} as const;

/** Matches the names of {@link BOOTSTRAP_ROLES}. */
export const BOOTSTRAP_ROLE_PATTERN = "session-audit-pipeline-*";

/** Namespace of the guards' metrics in CloudWatch. */
export const guardMetrics = (place: Pick<Place, "organization">) => base(place);

/**
 * Namespace of the metrics that Lambda publishes about functions.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const LAMBDA_METRICS = "AWS/Lambda";

/**
 * Names of the resources of a target's guard. Only the name of the role contains the region, because a role belongs to
 * an account and not to a region.
 */
export function guardNames(place: Place) {
  const guard = `${base(place)}-guard`;
  return {
    function: guard,
    role: `${guardRolePrefix(place)}${place.region}`,
    table: guard,
    logGroup: `/session-audit/${place.organization}/guard`,
    deadLetters: `${guard}-dead-letters`,
    sessions: `${guard}-sessions`,
    schedule: `${guard}-schedule`,
    /** Namespace of the guard's metrics in CloudWatch. */
    namespace: guardMetrics(place),
  };
}

/**
 * ARN of a regional resource.
 * @param service as ARNs name it, like `sqs`
 * @param resource the last part of the ARN
 * @example arnIn("states", place, "stateMachine:on-session")
 */
export const arnIn = (service: string, { account, region }: Place, resource: string) =>
  `arn:${account.partition}:${service}:${region}:${account.id}:${resource}`;

/**
 * Names and ARNs of what distributes work to workers.
 * @example pipelineOf(organization, organization.pipeline!).bucket // "session-audit-acme-111111111111-eu-central-1-pipeline"
 */
export function pipelineOf(
  organization: Pick<Organization, "name">,
  { account, region }: Pick<Pipeline, "account" | "region">,
) {
  const place = placeOf(organization, { account, region });
  const name = names.pipeline(place);
  return {
    place,
    name,
    bucket: `${base(place)}-${account.id}-${region}-pipeline`,
    keyAlias: `alias/${name}`,
    deadLetters: `${name}-dead-letters`,
    queueArn: arns.queue(place, name),
    queueUrl: `https://sqs.${region}.${dnsSuffix(account.partition)}/${account.id}/${name}`,
    stateMachineArn: arnIn("states", place, `stateMachine:${name}`),
    /** A role belongs to an account and not to a region. */
    role: `${name}-${region}`,
    workerRole: `${name}-${region}-worker`,
    /** The prefix keeps CloudWatch Logs from adding to its resource policy, whose size is limited. */
    logGroup: `/aws/vendedlogs/states/${name}`,
    workerProject: `${name}-worker`,
    workerLogGroup: `/aws/codebuild/${name}-worker`,
  };
}

/**
 * ARNs of resources, by their names.
 * @example arns.topic(place, "session-audit-acme-activity")
 */
export const arns = {
  bucket: ({ account: { partition } }: Pick<Place, "account">, bucket: string) =>
    `arn:${partition}:s3:::${bucket}`,
  /** Beginning of the ARNs of CloudWatch Logs in an account and region. */
  logs: ({ account, region }: Place) => `arn:${account.partition}:logs:${region}:${account.id}`,
  logGroup: (place: Place, name: string) => arnIn("logs", place, `log-group:${name}`),
  topic: (place: Place, name: string) => arnIn("sns", place, name),
  queue: (place: Place, name: string) => arnIn("sqs", place, name),
  /** @param bus name of a custom event bus; null: the default bus */
  rule: (place: Place, name: string, bus: string | null = null) =>
    arnIn("events", place, `rule/${bus === null ? "" : `${bus}/`}${name}`),
  alarm: (place: Place, name: string) => arnIn("cloudwatch", place, `alarm:${name}`),
  eventBus: (place: Place, name: string) => arnIn("events", place, `event-bus/${name}`),
  function: (place: Place, name: string) => arnIn("lambda", place, `function:${name}`),
  /** ARN of an SSM document. The ARN of a document that AWS owns contains no account id. */
  document: ({ account, region }: Place, name: string, owner: "account" | "AWS") =>
    `arn:${account.partition}:ssm:${region}:${owner === "AWS" ? "" : account.id}:document/${name}`,
  /** ARN of an EC2 instance (`i-...`). The id `*` matches every instance. */
  instance: (place: Place, id: string) => arnIn("ec2", place, `instance/${id}`),
  /** ARN of a managed node outside of EC2 (`mi-...`). The id `*` matches every one. */
  managedInstance: (place: Place, id: string) => arnIn("ssm", place, `managed-instance/${id}`),
  table: (place: Place, name: string) => arnIn("dynamodb", place, `table/${name}`),
  /** Matches every session of the account in the region. */
  sessions: (place: Place) => arnIn("ssm", place, "session/*"),
  trail: (place: Place) => arnIn("cloudtrail", place, `trail/${names.trail(place)}`),
  /** Matches every key of the account in the region. AWS chooses key ids, so conditions narrow the statement. */
  keys: (place: Place) => arnIn("kms", place, "key/*"),
  serviceSetting: (place: Place, setting: string) => arnIn("ssm", place, `servicesetting${setting}`),
  role: ({ partition, id }: Pick<AccountIdentity, "partition" | "id">, role: string) =>
    `arn:${partition}:iam::${id}:role/${role}`,
  root: ({ partition, id }: Pick<AccountIdentity, "partition" | "id">) => `arn:${partition}:iam::${id}:root`,
  managedPolicy: (partition: Partition, name: string) => `arn:${partition}:iam::aws:policy/${name}`,
};

/**
 * Key prefix of a target's transcripts: `<prefix>/<account>/<region>`. SSM Agent appends `/<session id>.log`.
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/s3util/s3util.go
 */
export const transcriptPrefix = ({ account, region }: Place, prefix: string) =>
  `${prefix}/${account.id}/${region}`;

/**
 * The suffixes of service names in `kms:ViaService`. AWS documents `amazonaws.com` only. The European Sovereign Cloud has
 * two candidates: the suffix of its hosts, and that of its service principals. Both are AWS's own, so policies name both.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
const viaSuffixes = (partition: Partition): readonly string[] =>
  partition === "aws-eusc" ? [dnsSuffix(partition), "amazonaws.com"] : [dnsSuffix(partition)];

/** Values of the condition key `kms:ViaService` for a service in a region: a text, or a list if there are two. */
export function viaService(service: string, { account, region }: Place): string | string[] {
  const [first, ...others] = viaSuffixes(account.partition).map((suffix) => `${service}.${region}.${suffix}`);
  return others.length === 0 ? first! : [first!, ...others];
}

/**
 * Values of `kms:EncryptionContext:aws:s3:arn` when S3 uses the key of the states: the bucket if it uses a Bucket Key, and
 * else the object. Terraform encrypts the lock of a state with the same key.
 * @param bucket ARN of the bucket
 * @param states ARNs of the states, in which `*` may stand
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export const encryptedStates = (bucket: string, states: string): readonly string[] => [
  bucket,
  states,
  `${states}.tflock`,
];

/** Values of the condition key `kms:ViaService` for S3 in a region. */
export const s3Service = (place: Place) => viaService("s3", place);

/** The service principal of an AWS service that works in an account and region. */
export const principalOf = (service: ServiceName, { account, region }: Place) =>
  servicePrincipal(service, account.partition, region);

/**
 * Name of the service that a VPC endpoint leads to. In China, the names of some services begin with `cn.`, such as EC2,
 * ECR and the interface endpoint of S3, and in the European Sovereign Cloud those of ECR and API Gateway begin with `eu.`.
 * Systems Manager, CloudWatch Logs, KMS and the gateway endpoint of S3 have the same names as elsewhere.
 * @param service last part of the name, like `ssmmessages`
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts
 */
export const endpointServiceName = ({ region }: Pick<Place, "region">, service: string) =>
  `com.amazonaws.${region}.${service}`;

/** @see https://github.com/ByteNess/aws-vault/pull/285 for the console of the European Sovereign Cloud */
const CONSOLE: Readonly<Record<Partition, string>> = {
  aws: "console.aws.amazon.com",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-eusc": "console.amazonaws-eusc.eu",
};

/** URL of the console's list of sessions in a region. */
export const consoleSessionsUrl = ({ account, region }: Place) =>
  `https://${region}.${CONSOLE[account.partition]}/systems-manager/session-manager/sessions?region=${region}`;

/** URL of the console's list of alarms in a region. */
export const consoleAlarmsUrl = ({ account, region }: Place) =>
  `https://${region}.${CONSOLE[account.partition]}/cloudwatch/home?region=${region}#alarmsV2:`;
