import { arnParts } from "../../aws/arn";
import { partitionOf } from "../../aws/regions";
import { centralActivityOf, centralChannels, centralSiteOf } from "../model/central";
import { chatKey } from "../model/chat";
import { valueAt } from "../model/merge";
import type { CentralSite, Organization, Target } from "../model/merged";
import { didYouMean, once, renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { actionRules, actionsOnce, findingsOnce } from "./actions";
import { levelPaths } from "./central";
import { chatInPartition, chatOnce } from "./chat";
import { conflictOf, problem } from "./conflict";
import { subscribersInAccount, subscribersOnce, topicInPlace } from "./notifications";
import { fault, type SettingFault, type SettingPath, type SettingRule } from "./setting-fault";

const CHANNELS = ["activity", "security"] as const;
type Channel = (typeof CHANNELS)[number];

const CENTRAL: Path = ["notifications", "central"];

/** What contradicts `notifications.central`, or has no effect with or without it. */
export function centralPlaceProblems(map: ParsedMap, organization: Organization): Conflict[] {
  if (organization.accounts.length === 0) return [];
  const found = [
    ...unknownAccount(map),
    ...otherPartition(map),
    ...withoutChannels(map, organization),
    ...settingsOfPlace(map, organization),
    ...activityWithoutPlace(map),
    ...withoutTopic(map, organization),
    ...heardTwice(map, organization),
    ...settingsOfIdleAccount(map, organization),
    ...keyOfPlace(map, organization),
  ];
  return once(found, ({ path, allowed }) => `${path}\n${allowed}`);
}

function unknownAccount(map: ParsedMap): Conflict[] {
  const name = map.notifications?.central?.account;
  const known = Object.keys(map.accounts);
  if (name === undefined || known.includes(name)) return [];
  const meant = didYouMean(name, known);
  return [
    problem(
      map,
      [...CENTRAL, "account"],
      `the name of an account in this map: ${known.join(", ")}`,
      meant ? `did you mean ${JSON.stringify(meant)}?` : "describe the account under accounts",
      // An account that is left out because of a fault may be the one, under a misspelt name.
      [["accounts", "*", "homeRegion"]],
    ),
  ];
}

/** EventBridge sends no events to another partition. */
function otherPartition(map: ParsedMap): Conflict[] {
  const region = map.notifications?.central?.region;
  const home = Object.values(map.accounts)[0]?.homeRegion;
  const partition = home && partitionOf(home);
  if (region === undefined || partition === undefined || partitionOf(region) === partition) return [];
  return [
    problem(
      map,
      [...CENTRAL, "region"],
      `a region of partition ${partition}, like the first account's home region: EventBridge sends no events to another partition`,
      "name a region of the same partition",
      [["accounts", "*", "homeRegion"]],
    ),
  ];
}

function withoutChannels(map: ParsedMap, organization: Organization): Conflict[] {
  if (organization.central === null || centralChannels(organization).length > 0) return [];
  const because = CHANNELS.map((channel) => ["notifications", channel, "enabled"]);
  return [
    problem(
      map,
      CENTRAL,
      "nothing while both channels are off for the organization: there would be no central topic",
      "remove it, or set notifications.activity.enabled or notifications.security.enabled to true for the organization",
      because,
    ),
  ];
}

/** EventBridge does not forward an event again that another bus has forwarded. */
const noBusAgain =
  (channel: Channel): SettingRule =>
  ({ settings: { notifications } }) =>
    notifications[channel].actions.flatMap(({ type }, index) =>
      type === "event-bus"
        ? fault(
            `notifications.${channel}.actions.${index}`,
            "no event bus beside notifications.central: EventBridge does not forward an event again that came from another account or region",
            `name the bus in notifications.${channel}.actions of an account or region, whose rules then send there as well`,
            "notifications.central",
          )
        : [],
    );

/** The rules over what the organization's level says about a central channel. */
const RULES: Readonly<Record<Channel, readonly SettingRule[]>> = {
  activity: [...rulesOf("activity"), ...actionRules("activity")],
  security: [...rulesOf("security"), findingsOnce, ...actionRules("sessions"), ...actionRules("tampering")],
};

function rulesOf(channel: Channel): readonly SettingRule[] {
  return [
    subscribersOnce(channel),
    subscribersInAccount(channel),
    topicInPlace(channel),
    neededTopic(channel),
    chatOnce(channel),
    chatInPartition(channel),
    actionsOnce(channel),
    noBusAgain(channel),
  ];
}

/** The central topics are what the place is for. */
function neededTopic(channel: Channel): SettingRule {
  return ({ settings: { notifications } }) =>
    notifications[channel].topic === "none" &&
    fault(
      `notifications.${channel}.topic`,
      '"create" or an existing topic: what is set for the organization is the topic of notifications.central',
      "remove it, or set it for the accounts and regions that must have no topic",
      "notifications.central",
    );
}

/** The organization's level is that of the central channels, so the faults are at that level. */
function settingsOfPlace(map: ParsedMap, organization: Organization): Conflict[] {
  const { central } = organization;
  if (central === null) return [];
  const place: Target = { ...central, wave: "", usesArchive: false };
  return centralChannels(organization).flatMap((channel) =>
    RULES[channel].flatMap((rule) =>
      [rule(place) || []].flat().map((one) => atOrganization(map, central, one)),
    ),
  );
}

const atOrganization = (
  map: ParsedMap,
  { settings }: CentralSite,
  { setting, because, allowed, remedy }: SettingFault,
): Conflict =>
  problem(
    map,
    setting,
    allowed,
    remedy,
    [CENTRAL, ...because.map((path) => [...path])],
    valueAt(settings, setting),
  );

/** The setting has no effect in a map that names no place of central topics. */
function activityWithoutPlace(map: ParsedMap): Conflict[] {
  if (map.notifications?.central !== undefined) return [];
  const levels = levelPaths(map).map((level) => [...level, "notifications", "activity", "central"]);
  return levels
    .filter((path) => valueAt(map, path) === true)
    .map((path) =>
      problem(
        map,
        path,
        "nothing, or false: the map has no notifications.central, and the archive account's central channel has findings only",
        "remove it, or name the account and region of the central topics in notifications.central",
        [CENTRAL],
      ),
    );
}

type Site = Pick<Target, "account" | "region" | "settings">;

/** The channels of all accounts, each with whether it sends to a place that `notifications.central` names. */
function channelsOf(organization: Organization): { site: Site; channel: Channel; isCentral: boolean }[] {
  const { targets, archives, replicas, central } = organization;
  const security = (site: Site) => ({
    site,
    channel: "security" as const,
    isCentral: central !== null && centralSiteOf(organization, site) !== null,
  });
  return [
    ...targets.flatMap((site) => [
      { site, channel: "activity" as const, isCentral: centralActivityOf(organization, site) !== null },
      security(site),
    ]),
    ...archives.map(security),
    ...replicas.map(security),
  ];
}

const conflictAt = (map: ParsedMap, { account, region, settings }: Site, one: SettingFault) =>
  conflictOf(map, account.name, region, settings, one);

/** A channel without a topic reports to the central topic alone, so there must be one. */
const withoutTopic = (map: ParsedMap, organization: Organization): Conflict[] =>
  channelsOf(organization).flatMap(({ site, channel, isCentral }) => {
    const { enabled, topic } = site.settings.notifications[channel];
    // An unknown account of the central topics is a problem of its own.
    const isUnknown = organization.central === null && map.notifications?.central !== undefined;
    if (!enabled || topic !== "none" || isCentral || isUnknown) return [];
    return [
      conflictAt(
        map,
        site,
        fault(
          `notifications.${channel}.topic`,
          `"create" or an existing topic: what ${site.account.name} reports here goes to no topic of notifications.central`,
          `leave it out, name notifications.central, or set notifications.${channel}.enabled: false`,
          "notifications.central",
          `notifications.${channel}.central`,
        ),
      ),
    ];
  });

/** Who hears the central topic hears of every account, and would get everything of an account twice. */
function heardTwice(map: ParsedMap, organization: Organization): Conflict[] {
  const { central } = organization;
  if (central === null) return [];
  return channelsOf(organization)
    .filter(({ isCentral }) => isCentral)
    .flatMap(({ site, channel }) => {
      const [own, all] = [site, central].map(({ settings }) => settings.notifications[channel]);
      return [
        ...repeatedIn(
          own!.subscribers,
          all!.subscribers,
          ({ protocol, endpoint }) => `${protocol} ${endpoint}`,
        ).map((index): SettingPath => ["notifications", channel, "subscribers", index]),
        ...repeatedIn(own!.chat, all!.chat, chatKey).map((index): SettingPath => [
          "notifications",
          channel,
          "chat",
          index,
        ]),
      ].map((setting) =>
        conflictAt(
          map,
          site,
          fault(
            setting.join("."),
            `a receiver that ${renderPath(["notifications", channel])} does not name for the organization: those hear of ${site.account.name} from the central topic already, and would hear everything twice`,
            "remove it here",
            "notifications.central",
          ),
        ),
      );
    });
}

const repeatedIn = <T>(own: readonly T[], all: readonly T[], identity: (one: T) => string): number[] => {
  const known = new Set(all.map(identity));
  return own.flatMap((one, index) => (known.has(identity(one)) ? index : []));
};

/** Guards encrypt what they publish on the central topic, with keys of the account of the topic alone. */
function keyOfPlace(map: ParsedMap, organization: Organization): Conflict[] {
  const { central, targets } = organization;
  const keyArn = central?.settings.encryption.keyArn ?? null;
  const isOwn = keyArn === null || arnParts(keyArn).accountId === central?.account.id;
  const isTold = targets.some(
    (target) => target.settings.guard.enabled && centralSiteOf(organization, target) !== null,
  );
  if (central === null || isOwn || !isTold) return [];
  const { id, name } = central.account;
  return [
    conflictAt(
      map,
      central,
      fault(
        "encryption.keyArn",
        `a key of account ${id} (${name}) while guards publish on the central topic: they may use no key of another account`,
        "name a key of this account",
        "guard.enabled",
        "notifications.central",
      ),
    ),
  ];
}

/** The account of the central topics takes their receivers from the organization's level, as every account does. */
function settingsOfIdleAccount(map: ParsedMap, organization: Organization): Conflict[] {
  const { central } = organization;
  if (central === null) return [];
  const { name } = central.account;
  const hasChannel = channelsOf(organization).some(({ site }) => site.account.name === name);
  const path = ["accounts", name, "notifications"];
  if (hasChannel || valueAt(map, path) === undefined) return [];
  return [
    problem(
      map,
      path,
      "nothing: the account has the central topics and no channel of its own, and the central topics follow what is set for the organization",
      "move it to notifications, at the top of the map",
      [CENTRAL, ["archive"], ["accounts", name, "regions"]],
    ),
  ];
}
