import { loadMap } from "../accounts/reading/load";
import type { Organization } from "../accounts/model/organization";
import { parse } from "../accounts/reading/parse";
import { MapError, reported, type Conflict, type Fault, type Problem } from "../accounts/reading/problems";
import { ruleProblems } from "../accounts/rules";
import { mayFollowFrom, withoutFaults } from "../accounts/reading/without-faults";
import type { ParsedMap } from "../accounts/schema";
import { mergeLevels } from "../accounts/model/levels";
import { resolve } from "../accounts/model/resolve";
import { limitProblems } from "./limits";

/**
 * Checks a map and resolves it into what the stacks are made from.
 * @param source what to call the map in errors: its file
 * @throws MapError with every problem at once
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

/** Settings are resolved, and names and policies composed, only from a map that breaks no rule. */
function resolved(map: ParsedMap): Resolved {
  const merged = mergeLevels(map);
  const broken = ruleProblems(map, merged);
  if (broken.length > 0) return { organization: null, conflicts: broken };
  const organization = resolve(merged);
  const oversized = limitProblems(organization);
  return oversized.length > 0
    ? { organization: null, conflicts: oversized }
    : { organization, conflicts: [] };
}

/** What else is wrong with a map whose shape is wrong, as far as the rest of it tells. */
function conflictsBesides(raw: unknown, faults: readonly Fault[]): Problem[] {
  const rest = withoutFaults(raw, faults);
  if (!rest) return [];
  const { conflicts } = resolved(rest.map);
  const followsFromFaults = mayFollowFrom(rest.changed);
  return conflicts.filter((conflict) => !followsFromFaults(conflict)).map(reported);
}

/**
 * Reads the map in a file.
 * @throws UserError if the file cannot be read, MapError with every problem if the map is wrong
 */
export const readOrganization = (file: string): Organization => checkMap(loadMap(file), file);
