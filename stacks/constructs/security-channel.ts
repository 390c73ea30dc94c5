import type { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { centralTampering, type WatchedCentral } from "../events/central-patterns";
import { sessionChat, tamperingChat } from "../events/chat-message";
import { accountFindings } from "../events/account-patterns";
import { guardTampering, type WatchedGuard } from "../events/guard-patterns";
import { hostFindings, type WatchedHosts } from "../events/host-patterns";
import { SECURITY_PATHS, sessionTemplate, tamperingTemplate } from "../events/security-message";
import {
  channelFindings,
  deliveryFindings,
  preferenceFindings,
  sessionFindings,
  tamperingFindings,
  type WatchedResources,
} from "../events/security-patterns";
import type { ReportedAccount } from "../events/watched-account";
import { channelNames, type Place } from "../names";
import type { ChannelForwarding } from "./central-forwarding";
import type { ChannelActions } from "./channel-actions";
import { NotificationChannel, type ChannelRule } from "./notification-channel";

/** What every security channel needs. */
interface CommonProps {
  /** Account and region that the channel watches. */
  readonly place: Place;
  /** The setting `notifications.security` of the target, the archive or the replica. */
  readonly settings: Settings["notifications"]["security"];
  /**
   * ARN of the customer managed key that encrypts the topic, and whose policy lets EventBridge and alarms publish;
   * null: the topic is not encrypted.
   */
  readonly keyArn: string | null;
  /** The resources whose changes are reported. */
  readonly watched: WatchedResources;
  /**
   * The roles of the account whose changes are reported, and with them changes to the account itself; null: another
   * channel of the account reports them, or none does.
   */
  readonly account: ReportedAccount | null;
  /** ARNs of the topics that the alarms about undelivered findings publish to. */
  readonly alarmTopics: readonly string[];
  /** The central bus, to which findings and alarms go as well; null: they do not. */
  readonly forwarding: ChannelForwarding | null;
}

/** The channel of a target, where people open sessions. */
interface TargetProps {
  readonly kind: "target";
  /** The actions of the channel, with their roles and permissions. */
  readonly actions: ChannelActions;
  /** What instances need to record sessions. */
  readonly hosts: WatchedHosts;
  /** ARNs of the roles that publish summaries of reports on the topic. */
  readonly reporters: readonly string[];
  /** Names of the guard's function, table and log group; null: the target has no guard. */
  readonly guard: WatchedGuard | null;
}

/** The channel of an archive, where nobody opens sessions. */
interface ArchiveProps {
  readonly kind: "archive";
  /** The actions of the channel, with their roles and permissions. */
  readonly actions: ChannelActions;
  /** The central channel beside the archive, which this channel watches; null: there is no such channel. */
  readonly central: WatchedCentral | null;
}

/** The channel of a replica, which no other channel watches. It invokes no actions. */
interface ReplicaProps {
  readonly kind: "replica";
  /** Account and region of the source bucket, after which the channel is named. */
  readonly source: Place;
}

/** What a security channel watches and who is notified. `kind` decides which rules it has. */
export type SecurityChannelProps = CommonProps & (TargetProps | ArchiveProps | ReplicaProps);

/**
 * Reports changes to what records sessions. The channel of a target also reports session calls that are refused, and
 * sessions that leave no transcript.
 * @example
 * new SecurityChannel(this, "Security", {
 *   kind: "archive", place, settings, keyArn: key.arn, watched, actions, alarmTopics: [topicArn], central: null,
 *   forwarding: null,
 * });
 */
export class SecurityChannel extends NotificationChannel {
  constructor(scope: Construct, id: string, props: SecurityChannelProps) {
    const { place, settings, keyArn, alarmTopics, forwarding } = props;
    const names = channelNames({
      kind: props.kind,
      place: props.kind === "replica" ? props.source : place,
    });
    super(scope, id, {
      place,
      name: names.topic,
      deadLetterQueue: names.deadLetters,
      keyArn,
      topic: settings.topic,
      subscribers: settings.subscribers,
      chat: settings.chat.length > 0,
      alarmTopics,
      forwarding,
      ...(props.kind === "target" && { reporters: props.reporters }),
      rules: rulesOf(props, names),
    });
  }
}

type Names = ReturnType<typeof channelNames>;

/** The rules of a channel. Null keeps the number of a rule that is switched off: see `NotificationChannelProps`. */
function rulesOf(props: SecurityChannelProps, names: Names): readonly (ChannelRule | null)[] {
  switch (props.kind) {
    case "target":
      return [
        sessionsRule(props, names),
        tamperingRule(props, names, "Changes to what records sessions"),
        hostsRule(props, names),
        guardRule(props, names),
        preferencesRule(props, names),
        channelsRule(props, names),
        deliveryRule(props, names),
        accountRule(props, names),
      ];
    case "archive":
      return [
        tamperingRule(props, names, "Changes to what records sessions"),
        channelsRule(props, names),
        ...centralRule(props, names),
        deliveryRule(props, names),
        accountRule(props, names),
      ];
    case "replica":
      return [
        tamperingRule(props, names, "Changes to the second copy of transcripts"),
        channelsRule(props, names),
        deliveryRule(props, names),
        accountRule(props, names),
      ];
  }
}

const sessionsRule = ({ place, actions }: CommonProps & TargetProps, names: Names): ChannelRule => ({
  id: "Sessions",
  name: names.sessions,
  description: "Session calls that were refused, and sessions that leave no transcript",
  pattern: sessionFindings(),
  message: { paths: SECURITY_PATHS, template: sessionTemplate(place) },
  chat: sessionChat(place),
  targets: actions.targetsOf(names.sessions),
});

const tamperingRule = (props: SecurityChannelProps, names: Names, description: string): ChannelRule =>
  changeRule(props, {
    id: "Tampering",
    name: names.tampering,
    description,
    pattern: tamperingFindings(props.watched, props.settings.ignoredRoles),
  });

function preferencesRule(props: CommonProps & TargetProps, names: Names): ChannelRule | null {
  const pattern = preferenceFindings(props.watched, props.settings.ignoredRoles);
  if (pattern === null) return null;
  const description = "Changes to the preferences and the log group of sessions";
  return changeRule(props, { id: "Preferences", name: names.preferences, description, pattern });
}

const channelsRule = (props: SecurityChannelProps, names: Names): ChannelRule =>
  changeRule(props, {
    id: "Channels",
    name: names.channels,
    description: "Changes to what reports sessions and findings",
    pattern: channelFindings(props.place, props.watched, props.settings.ignoredRoles),
  });

const deliveryRule = (props: SecurityChannelProps, names: Names): ChannelRule =>
  changeRule(props, {
    id: "Delivery",
    name: names.delivery,
    description: "Changes to what carries events, lines and messages",
    pattern: deliveryFindings(props.place, props.watched, props.settings.ignoredRoles),
  });

function accountRule(props: SecurityChannelProps, names: Names): ChannelRule | null {
  if (props.account === null) return null;
  const rule = changeRule(props, {
    id: "Account",
    name: names.account,
    description: "Changes to roles that record or read, and to the account",
    pattern: accountFindings(props.account, props.settings.ignoredRoles),
  });
  return { ...rule, forwards: !props.account.forwarded };
}

function hostsRule(props: CommonProps & TargetProps, names: Names): ChannelRule | null {
  const pattern = hostFindings(props.hosts, props.settings.ignoredRoles);
  if (pattern === null) return null;
  const description = "Changes to what instances need to record sessions";
  return changeRule(props, { id: "Hosts", name: names.hosts, description, pattern });
}

function guardRule(props: CommonProps & TargetProps, names: Names): ChannelRule | null {
  if (props.guard === null) return null;
  const pattern = guardTampering(props.guard, props.settings.ignoredRoles);
  return changeRule(props, { id: "Guard", name: names.guard, description: "Changes to the guard", pattern });
}

/** The rule that reports changes to the central channel; none if there is no such channel. */
function centralRule(props: CommonProps & ArchiveProps, names: Names): ChannelRule[] {
  if (props.central === null) return [];
  const pattern = centralTampering([props.central], props.settings.ignoredRoles);
  const description = "Changes to the bus and the key of the central channel";
  const rule = changeRule(props, { id: "Central", name: names.central, description, pattern });
  return [{ ...rule, alarmSuffix: "Central" }];
}

/** A rule that reports changes. All of them have the same message, whatever the pattern. */
const changeRule = (
  props: SecurityChannelProps,
  rule: Pick<ChannelRule, "id" | "name" | "description" | "pattern">,
): ChannelRule => ({
  ...rule,
  message: { paths: SECURITY_PATHS, template: tamperingTemplate(props.place) },
  chat: tamperingChat(props.place),
  targets: props.kind === "replica" ? [] : props.actions.targetsOf(rule.name),
});
