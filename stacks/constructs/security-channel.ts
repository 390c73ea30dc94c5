import type { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { sessionChat, tamperingChat } from "../events/chat-message";
import { hostFindings, type HostRecorders } from "../events/host-patterns";
import { securityNames, type Place } from "../names";
import { SECURITY_PATHS, sessionTemplate, tamperingTemplate } from "../events/security-message";
import { sessionFindings, tamperingFindings, type Recorders } from "../events/security-patterns";
import type { ChannelActions } from "./channel-actions";
import { NotificationChannel, type ChannelRule } from "./notification-channel";
import { guardTampering, type GuardRecorders } from "../events/guard-patterns";

export interface SecurityChannelProps {
  readonly place: Place;
  readonly settings: Settings["notifications"]["security"];
  /** ARN of a customer managed key that lets EventBridge and alarms publish; null: not encrypted. */
  readonly keyArn: string | null;
  /** What must not be changed unnoticed. */
  readonly recorders: Recorders;
  /** What hosts need to record; null: there are none here. */
  readonly hosts: HostRecorders | null;
  /** In an archive nobody opens sessions. */
  readonly of: "target" | "archive";
  readonly actions: ChannelActions;
  /**
   * The guard, whose changes are told too.
   * @default null there is none
   */
  readonly guard?: GuardRecorders | null;
  /** ARNs of topics that are told when findings do not arrive. */
  readonly alarmTopics: readonly string[];
}

/** Tells people when a session is refused or leaves no record, and when somebody changes what records. */
export class SecurityChannel extends NotificationChannel {
  constructor(scope: Construct, id: string, props: SecurityChannelProps) {
    const { place, settings, keyArn, recorders, actions, alarmTopics } = props;
    const names = securityNames(place, props.of);
    const sessions: ChannelRule = {
      id: "Sessions",
      name: names.sessions,
      description: "Session calls that were refused, and sessions that leave no transcript",
      pattern: sessionFindings(),
      message: { paths: SECURITY_PATHS, template: sessionTemplate(place) },
      chat: sessionChat(place),
      targets: actions.targetsOf(names.sessions),
    };
    const tampering: ChannelRule = {
      id: "Tampering",
      name: names.tampering,
      description: "Changes to what records sessions",
      pattern: tamperingFindings(place, recorders, settings.ignoredRoles),
      message: { paths: SECURITY_PATHS, template: tamperingTemplate(place) },
      chat: tamperingChat(place),
      targets: actions.targetsOf(names.tampering),
    };
    const hostPattern = props.hosts && hostFindings(props.hosts, settings.ignoredRoles);
    const hosts: ChannelRule | null = hostPattern
      ? {
          ...tampering,
          id: "Hosts",
          name: names.hosts,
          description: "Changes to what instances need to record sessions",
          pattern: hostPattern,
          targets: actions.targetsOf(names.hosts),
        }
      : null;
    const guard: ChannelRule | null = props.guard
      ? {
          ...tampering,
          id: "Guard",
          name: names.guard,
          description: "Changes to the guard",
          pattern: guardTampering(props.guard, settings.ignoredRoles),
          targets: actions.targetsOf(names.guard),
        }
      : null;
    super(scope, id, {
      place,
      name: names.topic,
      deadLetterQueue: names.deadLetters,
      keyArn,
      topic: settings.topic,
      subscribers: settings.subscribers,
      chat: settings.chat.length > 0,
      alarmTopics,
      rules: props.of === "target" ? [sessions, tampering, hosts, guard] : [tampering],
    });
  }
}
