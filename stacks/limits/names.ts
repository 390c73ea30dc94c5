import { centralChannels } from "../../accounts/model/central";
import type { Account, Organization, Target } from "../../accounts/model/organization";
import { describeValue } from "../../accounts/reading/problems";
import { ROLE_NAME_LIMIT, RULE_NAME_LIMIT } from "../../aws/quotas";
import { accountListenerOf } from "../events/account-listener";
import { channelNames, names, placeOf } from "../names";
import { measuredOnce, type Alike } from "./alike";
import { longName, type Oversize } from "./oversize";

/**
 * The names of the rules of notification channels, and of the role that forwards events of an account, that AWS would
 * refuse, because they are too long. The name of a bucket contains more than these names do, so they matter in a map that
 * creates no bucket.
 */
export const nameLimits = (organization: Organization, { ofTarget, ofAccount }: Alike): Oversize[] => [
  ...measuredOnce(organization.targets, ofTarget, (target) =>
    ofRules(organization, targetRules(organization, target)),
  ),
  ...ofRules(organization, centralRules(organization)),
  ...measuredOnce(organization.accounts, ofAccount, (account) => forwardingRole(organization, account)),
];

/** The rule of a target whose name is longest. */
const targetRules = (organization: Organization, target: Target): string[] =>
  target.settings.notifications.security.enabled
    ? [channelNames({ kind: "target", place: placeOf(organization, target) }).preferences]
    : [];

/**
 * The rule of a central place whose name is longest. The names of its other channels leave more room, or roles that forward
 * to them have longer ones. An archive creates a bucket, whose name is too long before those of its rules.
 */
function centralRules(organization: Organization): string[] {
  const { central } = organization;
  if (central === null || !centralChannels(organization).includes("security")) return [];
  return [channelNames({ kind: "all-security", place: placeOf(organization, central) }).tampering];
}

/** The problem of the longest of some names of rules. */
function ofRules(organization: Organization, rules: readonly string[]): Oversize[] {
  const longest = [...rules].sort((a, b) => b.length - a.length)[0] ?? "";
  return longName({
    organization: organization.name,
    what: `the rule ${describeValue(longest)}`,
    name: longest,
    limit: RULE_NAME_LIMIT,
    service: "EventBridge",
  });
}

/** The role that forwards events of an account's roles to the region of their security channel. */
function forwardingRole(organization: Organization, account: Account): Oversize[] {
  const from = accountListenerOf(organization, account)?.forwardedFrom ?? null;
  if (from === null) return [];
  const name = names.accountEventsRole(placeOf(organization, { account, region: from }));
  return longName({
    organization: organization.name,
    what: `the role ${describeValue(name)}, which forwards events of the account,`,
    name,
    limit: ROLE_NAME_LIMIT,
    service: "IAM",
    or: "set notifications.security.accountChanges: false",
  });
}
