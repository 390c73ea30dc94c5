import { centralSiteOf } from "../../accounts/model/central";
import type { ArchiveSite, Organization } from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { arns, channelNames, names, placeOf, type Place, type SecurityChannelOf } from "../names";
import { invocationPolicy } from "../policies/action-policy";
import type { Policy } from "../policies/policy";
import { ACTION_TARGETS } from "./action-targets";
import { forwardedAlarms } from "./central-patterns";

/** How a security channel sends its findings and alarms to the central channel. */
export interface Forwarding {
  /** ARN of the central bus. */
  readonly busArn: string;
  /** The role that EventBridge assumes to put events on the bus. */
  readonly role: { readonly name: string; readonly policy: Policy; readonly description: string };
  /** The rule that forwards alarms. */
  readonly alarms: { readonly name: string; readonly description: string; readonly pattern: object };
}

/** The account, region and settings of a security channel, and what it is the channel of. */
export interface ForwardingChannel extends SecurityChannelOf {
  /** Account and region of the rules. */
  readonly at: Pick<ArchiveSite, "account" | "region"> & { readonly settings: Settings };
  /** As in {@link forwardedAlarms}. */
  readonly ownsBucket: boolean;
}

/** The forwarding that the map has for a security channel; null: its findings go to no central channel. */
export function forwardingOf(organization: Organization, channel: ForwardingChannel): Forwarding | null {
  const site = centralSiteOf(organization, channel.at);
  if (site === null) return null;
  const rules: Place = placeOf(organization, channel.at);
  const central = placeOf(organization, site);
  const busArn = arns.eventBus(central, names.centralBus(central));
  return {
    busArn,
    role: {
      name: names.centralRole(channel),
      description: `EventBridge forwards findings and alarms to ${busArn}`,
      policy: invocationPolicy(rules, ACTION_TARGETS["event-bus"].invocation!, busArn, null),
    },
    alarms: {
      name: channelNames(channel).alarms,
      description: "Alarms, for the central channel",
      pattern: forwardedAlarms(channel, channel.ownsBucket),
    },
  };
}
