import type { Construct } from "constructs";
import type { Settings } from "../../accounts/model/settings";
import { tamperingChat } from "../events/chat-message";
import { replicaSecurityNames, type Place } from "../names";
import { SECURITY_PATHS, tamperingTemplate } from "../events/security-message";
import { tamperingFindings, type Recorders } from "../events/security-patterns";
import { NotificationChannel } from "./notification-channel";

export interface ReplicaSecurityChannelProps {
  /** Of the owner of the replica. */
  readonly place: Place;
  readonly source: Place;
  readonly settings: Settings["notifications"]["security"];
  /** ARN of a customer managed key that lets EventBridge and alarms publish; null: not encrypted. */
  readonly keyArn: string | null;
  readonly recorders: Recorders;
  /** ARNs of topics that are told when findings do not arrive. */
  readonly alarmTopics: readonly string[];
}

/** Tells people when somebody changes a replica: it lies where no target's or archive's channel looks. */
export class ReplicaSecurityChannel extends NotificationChannel {
  constructor(scope: Construct, id: string, props: ReplicaSecurityChannelProps) {
    const { place, source, settings, keyArn, recorders, alarmTopics } = props;
    const { topic, deadLetters } = replicaSecurityNames(source);
    super(scope, id, {
      place,
      name: topic,
      deadLetterQueue: deadLetters,
      keyArn,
      topic: settings.topic,
      subscribers: settings.subscribers,
      chat: settings.chat.length > 0,
      alarmTopics,
      rules: [
        {
          id: "Tampering",
          name: topic,
          description: "Changes to the second copy of transcripts",
          pattern: tamperingFindings(place, recorders, settings.ignoredRoles),
          message: { paths: SECURITY_PATHS, template: tamperingTemplate(place) },
          chat: tamperingChat(place),
          targets: [],
        },
      ],
    });
  }
}
