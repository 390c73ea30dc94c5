import { loadMap } from "../accounts/load";
import type { Organization } from "../accounts/organization";
import { parse } from "../accounts/parse";
import { MapError } from "../accounts/problems";
import { ruleProblems } from "../accounts/rules";
import { resolve } from "../accounts/targets";
import { limitProblems } from "./checks/map-limits";

/**
 * Checks a map and resolves it into what the stacks are made from.
 * @param source what to call the map in errors: its file
 * @throws MapError with every problem at once
 */
export function checkMap(raw: unknown, source: string): Organization {
  const parsed = parse(raw);
  if (!parsed.map) throw new MapError(source, parsed.problems);
  const organization = resolve(parsed.map);
  const problems = ruleProblems(parsed.map, organization);
  // Names and policies are composed only from a map that makes sense.
  const all = problems.length > 0 ? problems : limitProblems(organization);
  if (all.length > 0) throw new MapError(source, all);
  return organization;
}

/**
 * Reads the map in a file.
 * @throws MapFileError if it cannot be read, MapError if what it says is wrong
 */
export const readOrganization = (file: string): Organization => checkMap(loadMap(file), file);
