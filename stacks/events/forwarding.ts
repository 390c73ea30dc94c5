import { centralActivityOf, centralSiteOf } from "../../accounts/model/central";
import type {
  Account,
  ArchiveSite,
  CentralSite,
  Organization,
  Target,
} from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import {
  arns,
  channelNames,
  names,
  placeOf,
  type CentralKind,
  type Place,
  type SecurityChannelOf,
} from "../names";
import { invocationPolicy } from "../policies/action-policy";
import type { Policy } from "../policies/policy";
import { ACTION_TARGETS } from "./action-targets";
import { forwardedActivityAlarms, forwardedAlarms } from "./central-patterns";
import { accountListenerOf } from "./account-listener";

/** The role in which EventBridge puts events on the central bus. */
export interface ForwardingRole {
  readonly name: string;
  readonly policy: Policy;
  readonly description: string;
}

/** How the events of an account's roles get to the central bus from the region to which AWS sends them. */
export interface AccountForwarding {
  /** ARN of the central bus. */
  readonly busArn: string;
  readonly role: ForwardingRole;
}

/** How a channel sends what it reports, and its alarms, to a central channel. */
export interface Forwarding {
  /** ARN of the central bus. */
  readonly busArn: string;
  /** The role that EventBridge assumes to put events on the bus. */
  readonly role: ForwardingRole;
  /** The rule that forwards alarms; null: the rule of another channel forwards them. */
  readonly alarms: { readonly name: string; readonly description: string; readonly pattern: object } | null;
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
  return {
    ...toCentralBus(organization, site, {
      rules: placeOf(organization, channel.at),
      name: names.centralRole(channel),
      what: "findings and alarms",
    }),
    alarms: {
      name: channelNames(channel).alarms,
      description: "Alarms, for the central channel",
      pattern: forwardedAlarms(channel, channel.ownsBucket),
    },
  };
}

/**
 * The forwarding that the map has for the activity channel of a target; null: its sessions go to no central channel. The
 * target's security channel forwards the alarms of both, if it forwards.
 */
export function activityForwardingOf(organization: Organization, target: Target): Forwarding | null {
  const site = centralActivityOf(organization, target);
  if (site === null) return null;
  const place = placeOf(organization, target);
  const name = names.centralActivityRole(place);
  const alarms = {
    name: channelNames({ kind: "activity", place }).alarms,
    description: "Alarms, for the central channel",
    pattern: forwardedActivityAlarms(place),
  };
  return {
    ...toCentralBus(organization, site, { rules: place, name, what: "sessions", channel: "activity" }),
    alarms: centralSiteOf(organization, target) === null ? alarms : null,
  };
}

/** The kind of the central channel that has what a channel of some account reports. */
export const centralKind = (
  { central }: Pick<Organization, "central">,
  channel: "activity" | "security",
): CentralKind => (central === null ? "central" : `all-${channel}`);

/**
 * The forwarding of the events of an account's roles to the central bus, from the region to which AWS sends them. They
 * need one of their own: EventBridge does not forward an event again that the bus of another region has got.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
 * @returns null if the rules of the account's security channel forward them, or nothing does
 */
export function accountForwardingOf(organization: Organization, account: Account): AccountForwarding | null {
  const listener = accountListenerOf(organization, account);
  if (listener === null || listener.forwardedFrom === null) return null;
  const site = centralSiteOf(organization, listener);
  if (site === null) return null;
  const rules = placeOf(organization, { account, region: listener.forwardedFrom });
  const name = names.accountCentralRole(rules);
  return toCentralBus(organization, site, { rules, name, what: "events of roles and of the account" });
}

/** The central bus at a place, and the role of rules that send something there. */
function toCentralBus(
  organization: Organization,
  site: ArchiveSite | CentralSite,
  {
    rules,
    name,
    what,
    channel = "security",
  }: {
    readonly rules: Place;
    readonly name: string;
    readonly what: string;
    readonly channel?: "activity" | "security";
  },
): AccountForwarding {
  const place = placeOf(organization, site);
  const busArn = arns.eventBus(place, names.centralBus({ kind: centralKind(organization, channel), place }));
  const { invocation } = ACTION_TARGETS["event-bus"];
  return {
    busArn,
    role: {
      name,
      description: `EventBridge forwards ${what} to ${busArn}`,
      policy: invocationPolicy(rules, invocation!, busArn, null),
    },
  };
}
