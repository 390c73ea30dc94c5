import {
  accountBehind,
  regionLevelOf,
  type Account,
  type Organization,
  type Target,
} from "../../accounts/model/organization";
import { renderPath, type Path } from "../../accounts/reading/problems";
import { EVENT_PATTERN_LIMIT, WILDCARDS_PER_FIELD } from "../../aws/quotas";
import { accountListenerOf } from "../events/account-listener";
import { forwardedFindings, type WatchedAccount } from "../events/account-patterns";
import { matcherOf } from "../events/change-patterns";
import {
  channelFindings,
  deliveryFindings,
  preferenceFindings,
  tamperingFindings,
} from "../events/security-patterns";
import { watchedAccountOf } from "../events/watched-account";
import { watchedResourcesOf } from "../events/watched-resources";
import { placeOf } from "../names";
import { measuredOnce, type Alike } from "./alike";
import { MEASURED, overLimit, type Oversize } from "./oversize";

/** This id is as long as ids that AWS creates. */
const ANY_KEY_ID = "mrk-0123456789abcdef0123456789abcdef";

const IGNORED_ROLES: Path = ["notifications", "security", "ignoredRoles"];
const IGNORE_FEWER = "ignore fewer roles, or roles with shorter paths";

/** The event patterns about tampering that AWS would refuse, because they are too long. */
export const patternLimits = (organization: Organization, { ofTarget, ofAccount }: Alike): Oversize[] => [
  ...measuredOnce(organization.targets, ofTarget, (target) => securityPatterns(organization, target)),
  ...measuredOnce(organization.accounts, ofAccount, (account) => accountPattern(organization, account)),
];

/** The patterns of an archive and of a replica are part of those of a target: they watch less. */
function securityPatterns(organization: Organization, target: Target): Oversize[] {
  const { security } = target.settings.notifications;
  if (!security.enabled) return [];
  const { ignoredRoles } = security;
  const place = placeOf(organization, target);
  const watched = watchedResourcesOf(organization, target, ANY_KEY_ID);
  return Object.entries({
    tampering: tamperingFindings(watched, ignoredRoles),
    preferences: preferenceFindings(watched, ignoredRoles) ?? {},
    channels: channelFindings(place, watched, ignoredRoles),
    delivery: deliveryFindings(place, watched, ignoredRoles),
  }).flatMap(([rule, document]) =>
    overLimit({
      what: `the pattern of the rule for ${rule}`,
      document,
      limit: EVENT_PATTERN_LIMIT,
      ...longestIn(organization, target, JSON.stringify(document)),
    }),
  );
}

/** A setting whose value is part of a pattern. */
interface Part {
  readonly setting: Path;
  /** The texts of the value, as the pattern contains them. */
  readonly texts: readonly string[];
  readonly remedy: string;
}

/** The settings of a target that may make a pattern too long. */
function partsOf({ settings }: Target): Part[] {
  const { logs, notifications, transcripts } = settings;
  const topics = (["activity", "security"] as const).flatMap((channel): Part[] => {
    const { topic } = notifications[channel];
    return topic.kind === "existing"
      ? [
          {
            setting: ["notifications", channel, "topic", "existing"],
            texts: [topic.name],
            remedy: "use a topic with a shorter name",
          },
        ]
      : [];
  });
  return [
    {
      setting: IGNORED_ROLES,
      texts: notifications.security.ignoredRoles,
      remedy: IGNORE_FEWER,
    },
    ...(logs.group.kind === "existing"
      ? [
          {
            setting: ["logs", "group", "existing"],
            texts: [logs.group.name],
            remedy: "use a log group with a shorter name: the pattern has it several times",
          },
        ]
      : []),
    ...topics,
    ...(transcripts.bucket.kind === "existing"
      ? [
          {
            setting: ["transcripts", "bucket", "existing"],
            texts: [transcripts.bucket.name],
            remedy: "use a bucket with a shorter name",
          },
        ]
      : []),
  ];
}

/** The setting that takes the most room in a pattern, and its remedy. The organization's name if no setting takes any. */
function longestIn(organization: Organization, target: Target, pattern: string) {
  const sized = partsOf(target).map((part) => ({
    ...part,
    size: part.texts.reduce((sum, text) => sum + text.length * (pattern.split(text).length - 1), 0),
  }));
  const [longest] = sized.sort((a, b) => b.size - a.size);
  // The innermost level: `whereSet` looks for the level that sets the setting.
  const inRegion = regionLevelOf(accountBehind(organization, target.account), target.region);
  return longest === undefined || longest.size === 0
    ? { path: ["organization", "name"], found: organization.name, remedy: "shorten the organization's name" }
    : { path: [...inRegion, ...longest.setting], remedy: longest.remedy };
}

/**
 * The pattern that forwards events of an account's roles. The pattern that reports them is a part of it.
 */
function accountPattern(organization: Organization, account: Account): Oversize[] {
  const listener = accountListenerOf(organization, account);
  if (listener === null) return [];
  const watched = watchedAccountOf(organization, account);
  const document = forwardedFindings(watched, listener.ignoredRoles);
  const at: Path = ["accounts", account.name];
  const complex = tooComplex(watched, at);
  if (complex.length > 0) return complex;
  const byIgnoredRoles = JSON.stringify(forwardedFindings(watched, [])).length <= EVENT_PATTERN_LIMIT;
  return overLimit({
    what: "the pattern of the rule for the account's roles",
    document,
    limit: EVENT_PATTERN_LIMIT,
    ...(byIgnoredRoles
      ? { path: [...regionLevelOf(account, listener.region), ...IGNORED_ROLES], remedy: IGNORE_FEWER }
      : {
          path: at,
          remedy:
            "name fewer roles in access.attachToRoles, access.unmaskRoles and transcripts.readers, or patterns with *; or set notifications.security.accountChanges: false",
        }),
  });
}

/**
 * The problem of role names with so many wildcards that EventBridge would call the pattern too complex. The other fields of
 * the pattern have a single wildcard at most.
 */
function tooComplex({ roles }: WatchedAccount, at: Path): Oversize[] {
  const wildcards = roles.filter((role) => {
    const matcher = matcherOf(role);
    return typeof matcher === "object" && "wildcard" in matcher;
  });
  const asterisks = wildcards.join("").split("*").length - 1;
  const times = Math.max(
    wildcards.length / WILDCARDS_PER_FIELD.values,
    asterisks / WILDCARDS_PER_FIELD.asterisks,
  );
  if (times <= 1) return [];
  return [
    {
      path: renderPath(at),
      found: wildcards,
      allowed: `at most ${WILDCARDS_PER_FIELD.values} patterns with * in the middle of a role's name, or at both of its ends, and ${WILDCARDS_PER_FIELD.asterisks} * in all of them: EventBridge refuses the rule for the account's roles as too complex`,
      remedy:
        "in access.unmaskRoles and transcripts.readers, name roles, or write patterns with a single * at the beginning or the end of the name; or set notifications.security.accountChanges: false",
      at,
      because: MEASURED,
      times,
    },
  ];
}
