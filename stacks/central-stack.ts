import type { Construct } from "constructs";
import { centralChannels } from "../accounts/model/central";
import { accountBehind, type CentralSite, type Organization } from "../accounts/model/organization";
import { CentralChannel } from "./constructs/central-channel";
import { CentralWatch } from "./constructs/central-watch";
import { ChannelActions } from "./constructs/channel-actions";
import { allTopicsOf, centralWatchedResourcesOf, existingTopics } from "./events/watched-resources";
import { examined, examineTopics } from "./existing/examine";
import { BaseStack } from "./kit/base-stack";
import { arns, names, placeOf, stackIds, topicArn, channelNames, type Place } from "./names";
import { tellingGuards } from "./policies/guard-policy";
import { requiredTopicStatements } from "./policies/notification-policy";
import { membersOf } from "./policies/principals";

/** What the stack of `notifications.central` is made from. */
export interface CentralStackProps {
  readonly organization: Organization;
  readonly central: CentralSite;
}

type Channel = "activity" | "security";

/** Construct ids. */
const IDS = { activity: "Activity", security: "Security" } as const;

/**
 * The stack of `notifications.central`: a topic, a bus and a key for the sessions of all accounts, another of each for
 * their findings, and what reports changes to these.
 * @example new CentralStack(app, { organization, central: organization.central! })
 */
export class CentralStack extends BaseStack {
  constructor(scope: Construct, { organization, central }: CentralStackProps) {
    const { account, region, settings } = central;
    super(scope, stackIds.central(central), { organization, account, region, tags: settings.tags });
    const place = placeOf(organization, central);
    const alarmTopics = allTopicsOf(organization, central, place);
    const channels = centralChannels(organization).map((channel) =>
      this.channel(organization, central, place, channel),
    );
    new CentralWatch(this, "Watch", {
      place,
      channels: channels.map(({ watched }) => watched),
      topics: channels.map(({ topics }) => topics),
      watched: centralWatchedResourcesOf(organization, central),
      ignoredRoles: settings.notifications.security.ignoredRoles,
      alarmTopics,
    });
    this.output(
      "required_topic_statements",
      requiredTopicStatements(place, existingTopics(place, alarmTopics)),
    );
    examineTopics(this, examined(place, account), settings.notifications);
  }

  private channel(
    organization: Organization,
    { account, settings }: CentralSite,
    place: Place,
    channel: Channel,
  ): CentralChannel {
    const kind = `all-${channel}` as const;
    const notifications = settings.notifications[channel];
    const { permissionsBoundaryArn, reporters } = accountBehind(organization, account).settings.access;
    const actions = new ChannelActions(this, `${IDS[channel]}Actions`, {
      place,
      settings,
      channel: kind,
      reportsAccount: false,
      permissionsBoundaryArn,
    });
    this.output(`${channel}_topic_arn`, topicArn(place, notifications, channelNames({ kind, place }).topic));
    this.output(`${channel}_event_bus_arn`, arns.eventBus(place, names.centralBus({ kind, place })));
    return new CentralChannel(this, IDS[channel], {
      kind,
      place,
      settings,
      notifications,
      actions,
      members: membersOf(organization),
      guards: channel === "security" ? tellingGuards(organization) : null,
      // Summaries of reports go to the topic for findings.
      reporters: channel === "security" ? reporters : [],
      organization: organization.name,
      // Each channel reports the failures of the other one, because a failed channel cannot report itself.
      alarmTopics: allTopicsOf(organization, organization.central!, place),
    });
  }
}
