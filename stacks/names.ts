import type {
  AccountIdentity,
  Account,
  ArchiveSite,
  Organization,
  Replica,
  ReplicaSource,
  Target,
} from "../accounts/model/organization";
import type { TopicChoice } from "../accounts/model/choices";
import type { ChatUse } from "../accounts/model/chat";
import type { Partition } from "../aws/regions";
import { servicePrincipal, type ServiceName } from "../aws/service-principals";
import type { ChatChannel } from "../accounts/model/settings";

/**
 * Every physical name and ARN, computed from the map: nothing is read back from AWS, so policies stand
 * whole in a plan. Changing a name here replaces what bears it, in every account: don't.
 */

/** One account in one region, of a named organization: what a name is computed from. */
export interface Place {
  readonly organization: string;
  readonly account: Pick<AccountIdentity, "id" | "partition">;
  readonly region: string;
}

/** The place that a target, an archive site, or an account's home region stands for. */
export const placeOf = (
  { name }: Pick<Organization, "name">,
  { account, region }: Pick<Target | ArchiveSite | Replica, "account" | "region">,
): Place => ({ organization: name, account, region });

/** The archive that serves a region. @throws if the organization has none there */
export function archivePlace(organization: Organization, region: string): Place {
  const site = organization.archives.find((archive) => archive.region === region);
  if (!site) throw new Error(`no archive in ${region}`);
  return placeOf(organization, site);
}

export const homeOf = (organization: Pick<Organization, "name">, account: Account): Place =>
  placeOf(organization, { account, region: account.homeRegion });

export { PREFERENCES_DOCUMENT } from "../aws/session-manager";

const base = ({ organization }: Pick<Place, "organization">) => `session-audit-${organization}`;

export const stackIds = {
  archive: ({ region }: Pick<ArchiveSite, "region">) => `archive-${region}`,
  account: ({ name }: Pick<Account, "name">) => `account-${name}`,
  session: ({ account, region }: Pick<Target, "account" | "region">) => `session-${account.name}-${region}`,
  chat: ({ name }: Pick<Account, "name">) => `chat-${name}`,
  guardrails: () => "guardrails",
  /** Named after the source, of which there is one replica. */
  replica: ({ account, region }: Pick<ReplicaSource, "account" | "region">) =>
    `replica-${account.name}-${region}`,
};

/** The stack that creates the topic of a notification channel for chat. */
export function stackOfChat({ kind, namedAfter }: Pick<ChatUse, "kind" | "namedAfter">): string {
  switch (kind) {
    case "target":
      return stackIds.session(namedAfter);
    case "archive":
      return stackIds.archive(namedAfter);
    case "replica":
      return stackIds.replica(namedAfter);
  }
}

export const names = {
  /** What the names of rules, topics, queues, alarms, policies and roles begin with. */
  prefix: (place: Pick<Place, "organization">) => `${base(place)}-`,
  keyAlias: (place: Pick<Place, "organization">) => `alias/${base(place)}`,
  archiveKeyAlias: (place: Place) => `alias/${base(place)}-archive`,
  trailKeyAlias: (place: Place) => `alias/${base(place)}-trail`,
  /** Bucket names are global: the account and region make them unique. */
  transcriptBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}`,
  accessLogBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-access`,
  trailBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-trail`,
  trailAccessLogBucket: (place: Place) => `${base(place)}-${place.account.id}-${place.region}-trail-access`,
  /** Named after its source, wherever it lies; "copy", since 63 characters must do, those of its access logs' bucket included. */
  replicaBucket: (source: Place) => `${names.transcriptBucket(source)}-copy`,
  replicaAccessLogBucket: (source: Place) => `${names.transcriptBucket(source)}-copy-access`,
  replicaKeyAlias: (source: Place) => `alias/${names.replicaBucket(source)}`,
  /** IAM is global: the region tells the roles of an account's buckets apart. */
  replicationRole: (source: Place) => `${base(source)}-replication-${source.region}`,
  /** Of the alarm in the source's region. */
  replicationFailed: (source: Place) => `${names.replicaBucket(source)}-failed`,
  logGroup: ({ organization }: Pick<Place, "organization">) => `/session-audit/${organization}/sessions`,
  /** Of the subscription filter of session logs, of the role in which it sends, and of that role's policy. */
  subscription: (place: Place) => `${base(place)}-subscription`,
  trail: (place: Pick<Place, "organization">) => base(place),
  /** Of the security group of a VPC's endpoints. */
  endpoints: (place: Place) => `${base(place)}-endpoints`,
  endpoint: (place: Place, service: string) => `${base(place)}-${service}`,
  agentUpdate: (place: Place) => `${base(place)}-agent-update`,
  /** Of the document and of the association that applies it. */
  linuxTools: (place: Place) => `${base(place)}-linux-tools`,
  instancePolicy: (place: Pick<Place, "organization">) => `${base(place)}-instance`,
  /** Of the instance profile and its role. */
  instanceProfile: (place: Place) => `${base(place)}-instance`,
  operatorPolicy: (place: Place) => `${base(place)}-operator`,
  reviewerPolicy: (place: Place) => `${base(place)}-reviewer`,
  chatRole: (place: Place) => `${base(place)}-chat`,
  /** IAM is the account's, EventBridge the region's: so the region is in the name. @param channel short name of a channel */
  actionRole: (place: Place, channel: "activity" | "security" | "archive", id: string) =>
    `${base(place)}-${place.region}-${channel}-${id}`,
  /** Of a service control policy. */
  guardrail: (place: Pick<Place, "organization">, suffix: string) => `${base(place)}-${suffix}`,
};

/** The activity channel of a target, or the security channel of a target, an archive or a replica. */
export type ChannelKind = "activity" | "target" | "archive" | "replica";

/** A target and an archive may share an account and region, and a replica shares them with both: topics differ. */
const CHANNEL_TOPICS: Readonly<Record<ChannelKind, (place: Place) => string>> = {
  activity: (place) => `${base(place)}-activity`,
  target: (place) => `${base(place)}-security`,
  archive: (place) => `${base(place)}-archive-security`,
  replica: (source) => names.replicaBucket(source),
};

/**
 * Names of a notification channel: its topic, its dead-letter queue and its rules, of which it has some.
 * @param place that of the channel; of a replica, that of the bucket which it copies
 * @example channelNames({ kind: "target", place }).tampering // "session-audit-acme-security-tampering"
 */
export function channelNames({ kind, place }: { readonly kind: ChannelKind; readonly place: Place }) {
  const topic = CHANNEL_TOPICS[kind](place);
  // The first rule of these channels is named like the topic.
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
  };
}

/** ARN of the topic of a channel: the one that is created under a name, or one that exists, by name or ARN. */
export function topicArn(place: Place, { topic }: { readonly topic: TopicChoice }, created: string) {
  const name = topic.kind === "created" ? created : topic.name;
  return name.startsWith("arn:") ? name : arns.topic(place, name);
}

/** Name of a channel's topic for chat, which takes messages of another format than the channel's own topic has. */
export const chatTopic = (topic: string) => `${topic}-chat`;

/** Name of a chat configuration, of which an account has one for each name, and one for each channel. */
export const chatConfigurationName = (place: Place, chat: ChatChannel) =>
  chat.platform === "slack"
    ? `${base(place)}-slack-${chat.workspaceId}-${chat.channelId}`
    : `${base(place)}-teams-${chat.teamId}`;

/** Names of the guard of a target. Roles are the account's, so that of each region has a name of its own. */
export function guardNames(place: Place) {
  const guard = `${base(place)}-guard`;
  return {
    function: guard,
    role: `${guard}-${place.region}`,
    table: guard,
    logGroup: `/session-audit/${place.organization}/guard`,
    deadLetters: `${guard}-dead-letters`,
    sessions: `${guard}-sessions`,
    schedule: `${guard}-schedule`,
    /** Of its metrics. */
    namespace: base(place),
  };
}

/** ARN of something in an account and region. */
export const arnIn = (service: string, { account, region }: Place, resource: string) =>
  `arn:${account.partition}:${service}:${region}:${account.id}:${resource}`;

export const arns = {
  bucket: ({ account: { partition } }: Pick<Place, "account">, bucket: string) =>
    `arn:${partition}:s3:::${bucket}`,
  /** What the ARNs of CloudWatch Logs begin with in an account and region. */
  logs: ({ account, region }: Place) => `arn:${account.partition}:logs:${region}:${account.id}`,
  logGroup: (place: Place, name: string) => arnIn("logs", place, `log-group:${name}`),
  topic: (place: Place, name: string) => arnIn("sns", place, name),
  queue: (place: Place, name: string) => arnIn("sqs", place, name),
  rule: (place: Place, name: string) => arnIn("events", place, `rule/${name}`),
  function: (place: Place, name: string) => arnIn("lambda", place, `function:${name}`),
  /** AWS's own documents belong to no account. */
  document: ({ account, region }: Place, name: string, owner: "account" | "AWS") =>
    `arn:${account.partition}:ssm:${region}:${owner === "AWS" ? "" : account.id}:document/${name}`,
  /** An instance, or another managed node (`mi-...`); `*` for all of a kind. */
  instance: (place: Place, id: string) => arnIn("ec2", place, `instance/${id}`),
  managedInstance: (place: Place, id: string) => arnIn("ssm", place, `managed-instance/${id}`),
  table: (place: Place, name: string) => arnIn("dynamodb", place, `table/${name}`),
  /** Every session of the account in the region. */
  sessions: (place: Place) => arnIn("ssm", place, "session/*"),
  trail: (place: Place) => arnIn("cloudtrail", place, `trail/${names.trail(place)}`),
  /** Every key of the account in the region: key ids are AWS's to make up, conditions narrow this. */
  keys: (place: Place) => arnIn("kms", place, "key/*"),
  serviceSetting: (place: Place, setting: string) => arnIn("ssm", place, `servicesetting${setting}`),
  role: ({ partition, id }: Pick<AccountIdentity, "partition" | "id">, role: string) =>
    `arn:${partition}:iam::${id}:role/${role}`,
  root: ({ partition, id }: Pick<AccountIdentity, "partition" | "id">) => `arn:${partition}:iam::${id}:root`,
  managedPolicy: (partition: Partition, name: string) => `arn:${partition}:iam::aws:policy/${name}`,
};

/** Where a target's transcripts lie: `<prefix>/<account>/<region>`, to which the agent adds the session id. */
export const transcriptPrefix = ({ account, region }: Place, prefix: string) =>
  `${prefix}/${account.id}/${region}`;

const DNS_SUFFIX: Readonly<Record<Partition, string>> = {
  aws: "amazonaws.com",
  "aws-us-gov": "amazonaws.com",
  "aws-cn": "amazonaws.com.cn",
};

/** `kms:ViaService` for a service in a region. */
export const viaService = (service: string, { account, region }: Place) =>
  `${service}.${region}.${DNS_SUFFIX[account.partition]}`;

export const s3Service = (place: Place) => viaService("s3", place);

/** The principal of a service in an account and region. */
export const principalOf = (service: ServiceName, { account, region }: Place) =>
  servicePrincipal(service, account.partition, region);

/**
 * The service that an endpoint leads to. In China some begin with `cn.`, such as those of EC2 and ECR and that of S3's
 * interface; those of Systems Manager, CloudWatch Logs, KMS and S3's gateway do not.
 */
export const endpointServiceName = ({ region }: Pick<Place, "region">, service: string) =>
  `com.amazonaws.${region}.${service}`;

const CONSOLE: Readonly<Record<Partition, string>> = {
  aws: "console.aws.amazon.com",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-cn": "console.amazonaws.cn",
};

/** The console's page of sessions in a region. */
export const consoleSessionsUrl = ({ account, region }: Place) =>
  `https://${region}.${CONSOLE[account.partition]}/systems-manager/session-manager/sessions?region=${region}`;
