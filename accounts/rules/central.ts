import { TARGETS_PER_RULE } from "../../aws/quotas";
import { actionsOf, type ActionTrigger } from "../model/actions";
import { centralActivityOf, centralSiteOf, centralSites } from "../model/central";
import { valueAt } from "../model/merge";
import type { Organization, Target } from "../model/merged";
import { once, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { conflictOf, problem } from "./conflict";
import { fault } from "./setting-fault";

const SECURITY = ["notifications", "security"];
const CENTRAL = [...SECURITY, "central"];

/** Settings of central channels that contradict the rest of the map. */
export const centralProblems = (map: ParsedMap, organization: Organization): Conflict[] => [
  ...withoutChannel(map, organization),
  ...withoutRoom(map, organization),
];

/** The setting at a level of a map that has no central channel for findings: it has no effect there. */
function withoutChannel(map: ParsedMap, organization: Organization): Conflict[] {
  if (organization.accounts.length === 0 || map.notifications?.central !== undefined) return [];
  if (centralSites(organization).length > 0) return [];
  const noArchive = map.archive === undefined;
  // A level that switches the security channel off is reported with the settings that have no effect.
  const wanted = (level: Path) =>
    valueAt(map, [...level, ...CENTRAL]) === true &&
    valueAt(map, [...level, ...SECURITY, "enabled"]) !== false;
  const because: Path[] = [
    ["archive"],
    ["accounts", "*", "notifications", "security"],
    ["accounts", "*", "regions"],
  ];
  return levelPaths(map)
    .filter(wanted)
    .map((level) =>
      problem(
        map,
        [...level, ...CENTRAL],
        noArchive
          ? "nothing, or false: the central channel is in the archive account, and the map has no archive"
          : "nothing, or false: the archive account has no central channel in any region with an archive",
        noArchive
          ? "remove it, or name an archive account"
          : "remove it, or set notifications.security.enabled and central to true for the archive account",
        because,
      ),
    );
}

/** The paths of all levels of a map: the organization, each account, and each region. */
export const levelPaths = ({ accounts }: ParsedMap): Path[] => [
  [],
  ...Object.entries(accounts).flatMap(([name, { regions, otherRegions = {} }]) => [
    ["accounts", name],
    ...(Array.isArray(regions) ? [] : Object.keys(regions)).map((region) => [
      "accounts",
      name,
      "regions",
      region,
    ]),
    ...Object.keys(otherRegions).map((region) => ["accounts", name, "otherRegions", region]),
  ]),
];

/**
 * Actions that leave no target for the central bus. The rules over actions report a rule that has too many targets
 * without it.
 */
function withoutRoom(map: ParsedMap, organization: Organization): Conflict[] {
  const { targets, archives } = organization;
  const found = [
    ...targets.flatMap((target) => [
      ...(centralActivityOf(organization, target) === null ? [] : fullRules(target, ["activity"])),
      ...(centralSiteOf(organization, target) === null ? [] : fullRules(target, ["sessions", "tampering"])),
    ]),
    ...archives.flatMap((site) =>
      centralSiteOf(organization, site) === null ? [] : fullRules(site, ["tampering"]),
    ),
  ].map(({ account, region, settings, surplus }) => conflictOf(map, account.name, region, settings, surplus));
  return once(found, ({ path }) => path);
}

type Channel = Pick<Target, "account" | "region" | "settings">;

function fullRules(channel: Channel, rules: readonly ActionTrigger[]) {
  const name = rules.includes("activity") ? "activity" : "security";
  const { topic, chat: chats } = channel.settings.notifications[name];
  // Without a topic, there is room for as many actions as beside a topic alone.
  if (topic === "none") return [];
  const chat = chats.length > 0;
  const most = TARGETS_PER_RULE - (chat ? 3 : 2);
  return rules.flatMap((rule) => {
    const actions = actionsOf(channel.settings, rule);
    if (actions.length !== most + 1) return [];
    const surplus = fault(
      actions.at(-1)!.at,
      `at most ${most} actions for the rule that reports ${rule}: a rule of EventBridge has at most ${TARGETS_PER_RULE} targets, and ${chat ? "the topic, the topic for chat" : "the topic"} and the central channel are ${chat ? "three" : "two"} of them`,
      `remove some, invoke one state machine or event bus that does the rest, or set notifications.${name}.central: false`,
      `notifications.${name}.central`,
      `notifications.${name}.chat`,
    );
    return [{ ...channel, surplus }];
  });
}
