import { TARGETS_PER_RULE } from "../../aws/quotas";
import { actionsOf } from "../model/actions";
import { centralSiteOf, centralSites } from "../model/central";
import { valueAt } from "../model/merge";
import type { Organization, Target } from "../model/merged";
import { once, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { conflictOf, problem } from "./conflict";
import { fault } from "./setting-fault";

const SECURITY = ["notifications", "security"];
const CENTRAL = [...SECURITY, "central"];

/** Settings of the central channel that contradict the rest of the map. */
export const centralProblems = (map: ParsedMap, organization: Organization): Conflict[] => [
  ...withoutChannel(map, organization),
  ...withoutRoom(map, organization),
];

/** The setting at a level of a map that has no central channel: it has no effect there. */
function withoutChannel(map: ParsedMap, organization: Organization): Conflict[] {
  if (centralSites(organization).length > 0 || organization.accounts.length === 0) return [];
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
  return levelsOf(organization)
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

const levelsOf = ({ accounts }: Organization): Path[] => [
  [],
  ...accounts.flatMap(({ name, targets }) => [
    ["accounts", name],
    ...targets.map(({ region }) => ["accounts", name, "regions", region]),
  ]),
];

/**
 * Actions that leave no target for the central bus. The rules over actions report a rule that has too many targets
 * without it.
 */
function withoutRoom(map: ParsedMap, organization: Organization): Conflict[] {
  const { targets, archives } = organization;
  const found = [
    ...targets.flatMap((target) => fullRules(target, organization, ["sessions", "tampering"])),
    ...archives.flatMap((site) => fullRules(site, organization, ["tampering"])),
  ].map(({ account, region, settings, surplus }) => conflictOf(map, account.name, region, settings, surplus));
  return once(found, ({ path }) => path);
}

type Channel = Pick<Target, "account" | "region" | "settings">;

function fullRules(
  channel: Channel,
  organization: Organization,
  rules: readonly ("sessions" | "tampering")[],
) {
  if (centralSiteOf(organization, channel) === null) return [];
  const chat = channel.settings.notifications.security.chat.length > 0;
  const most = TARGETS_PER_RULE - (chat ? 3 : 2);
  return rules.flatMap((rule) => {
    const actions = actionsOf(channel.settings, rule);
    if (actions.length !== most + 1) return [];
    const surplus = fault(
      actions.at(-1)!.at,
      `at most ${most} actions for the rule that reports ${rule}: a rule of EventBridge has at most ${TARGETS_PER_RULE} targets, and ${chat ? "the topic, the topic for chat" : "the topic"} and the central channel are ${chat ? "three" : "two"} of them`,
      "remove some, invoke one state machine or event bus that does the rest, or set notifications.security.central: false",
      "notifications.security.central",
      "notifications.security.chat",
    );
    return [{ ...channel, surplus }];
  });
}
