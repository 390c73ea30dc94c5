import { renderPath, type Conflict, type Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { BY_REGION } from "../schema/account";
import { MOST_TAGS } from "../schema/tags";
import { problem } from "./conflict";
import { fault, type SettingRule } from "./setting-fault";

/** At most 45 tags per target, counting those inherited from the organization and the account. */
export const fewTags: SettingRule = ({ settings }) =>
  Object.keys(settings.tags).length > MOST_TAGS &&
  fault(
    "tags",
    `at most ${MOST_TAGS} tags, including those inherited from the organization and the account`,
    "remove some tags",
  );

/** A tag of the map: its key, and the path of the tags that have it. */
interface Tag {
  readonly key: string;
  readonly at: Path;
}

function tagsAt(level: Path, tags: object | undefined): Tag[] {
  const at = [...level, "tags"];
  return Object.keys(tags ?? {}).map((key) => ({ key, at }));
}

/**
 * Keys of tags that differ in case alone, in one level or in two levels whose tags are merged. IAM takes them for one key,
 * and refuses every role that has both.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating
 */
export function tagProblems(map: ParsedMap): Conflict[] {
  const ofMap = tagsAt([], map.tags);
  return [
    ...alike(map, ofMap, []),
    ...Object.entries(map.accounts).flatMap(([name, account]) => {
      const ofAccount = tagsAt(["accounts", name], account.tags);
      const ofRegions = BY_REGION.flatMap((key) =>
        Object.entries(Array.isArray(account[key]) ? {} : (account[key] ?? {})).map(([region, settings]) =>
          tagsAt(["accounts", name, key, region], settings.tags),
        ),
      );
      return [
        ...alike(map, ofAccount, ofMap),
        ...ofRegions.flatMap((ofRegion) => alike(map, ofRegion, [...ofMap, ...ofAccount])),
      ];
    }),
  ];
}

/** A problem for each tag of a level whose key is in another case in the level, or in a level above it. */
const alike = (map: ParsedMap, level: readonly Tag[], above: readonly Tag[]): Conflict[] =>
  level.flatMap(({ key, at }, index) => {
    const other = [...above, ...level.slice(0, index)].find(
      (one) => one.key !== key && one.key.toLowerCase() === key.toLowerCase(),
    );
    if (other === undefined) return [];
    const path = [...other.at, other.key];
    const there = renderPath(path);
    return problem(
      map,
      [...at, key],
      `keys that differ in more than case: ${there} is the same key for IAM, which refuses roles with both`,
      other.at === at
        ? "keep one of the two"
        : `spell it ${JSON.stringify(other.key)}, so that this value replaces the one of ${there}, or choose another key`,
      [path],
      key,
    );
  });
