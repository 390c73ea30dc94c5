import { loadMap } from "../accounts/reading/load";
import type { Organization } from "../accounts/model/organization";
import { parse } from "../accounts/reading/parse";
import {
  MapError,
  once,
  reported,
  type Conflict,
  type Fault,
  type Problem,
} from "../accounts/reading/problems";
import { ruleProblems } from "../accounts/rules";
import { whereSet } from "../accounts/rules/where-set";
import { mayFollowFrom, withoutFaults } from "../accounts/reading/without-faults";
import type { ParsedMap } from "../accounts/schema";
import { mergeLevels } from "../accounts/model/levels";
import { resolve } from "../accounts/model/resolve";
import { findWarnings } from "../accounts/warnings";
import { limitProblems } from "./limits";

/**
 * Checks a map, and resolves it into the organization from which the stacks are made.
 * @param raw the map as it was loaded: any value
 * @param source name of the map in errors, usually its file
 * @throws MapError with every problem of the map
 * @example const organization = checkMap(map, "accounts/index.ts");
 */
export function checkMap(raw: unknown, source: string): Organization {
  const parsed = parse(raw);
  if (!parsed.map) throw new MapError(source, [...parsed.problems, ...conflictsBesides(raw, parsed.faults)]);
  const { organization, conflicts } = resolved(parsed.map);
  if (organization === null) throw new MapError(source, conflicts.map(reported));
  return organization;
}

type Resolved =
  | { readonly organization: Organization; readonly conflicts: readonly [] }
  | { readonly organization: null; readonly conflicts: readonly Conflict[] };

/** A map is resolved, and its names and policies are measured, only if it breaks no rule. */
function resolved(map: ParsedMap): Resolved {
  const merged = mergeLevels(map);
  const broken = ruleProblems(map, merged);
  if (broken.length > 0) return { organization: null, conflicts: broken };
  const organization = resolve({ ...merged, warnings: findWarnings(map, merged) });
  // Of a setting that several regions inherit, the problem of each is at the level that sets it: they are one problem.
  const oversized = once(
    limitProblems(organization).map((problem) => whereSet(map, problem)),
    ({ path, remedy }) => `${path}\n${remedy}`,
  );
  return oversized.length > 0
    ? { organization: null, conflicts: oversized }
    : { organization, conflicts: [] };
}

/** Conflicts in the valid rest of a map with faults. Conflicts that may follow from the faults are left out. */
function conflictsBesides(raw: unknown, faults: readonly Fault[]): Problem[] {
  const rest = withoutFaults(raw, faults);
  if (!rest) return [];
  const { conflicts } = resolved(rest.map);
  const followsFromFaults = mayFollowFrom(rest.changed);
  return conflicts.filter((conflict) => !followsFromFaults(conflict)).map(reported);
}

/**
 * Reads the map in a file, and checks it.
 * @param file absolute path of a .ts, .json or .yaml file
 * @throws UserError if the file cannot be read
 * @throws MapError with every problem of the map
 */
export const readOrganization = (file: string): Organization => checkMap(loadMap(file), file);
