import { partitionOf } from "../../aws/regions";
import type { Conflict, Path } from "../reading/problems";
import type { ParsedMap } from "../schema";
import { problem } from "./conflict";

/** Regions of an account that are listed twice, in another partition, or do not include the home region. */
export function regionProblems(map: ParsedMap): Conflict[] {
  const first = Object.values(map.accounts)[0]?.homeRegion;
  const partition = first && partitionOf(first);
  return Object.entries(map.accounts).flatMap(([name, account]) => {
    const path = ["accounts", name];
    const listed: { region: string; listedAt: Path }[] = Array.isArray(account.regions)
      ? account.regions.map((region, index) => ({ region, listedAt: [...path, "regions", index] }))
      : Object.keys(account.regions).map((region) => ({ region, listedAt: [...path, "regions", region] }));
    const twice = listed
      .filter(({ region }, index) => listed.findIndex((other) => other.region === region) < index)
      .map(({ listedAt }) => problem(map, listedAt, "each region once", "remove the repetition"));
    const others = Object.keys(account.otherRegions ?? {}).map((region) => ({
      region,
      listedAt: [...path, "otherRegions", region],
    }));
    const home = { region: account.homeRegion, listedAt: [...path, "homeRegion"] };
    const strays = [home, ...listed, ...others].filter(({ region }) => partitionOf(region) !== partition);
    // If the home region is in another partition, so are the other regions: one problem is enough.
    const foreign = strays
      .filter(
        ({ listedAt }) => listedAt.at(-1) === "homeRegion" || strays[0]?.listedAt.at(-1) !== "homeRegion",
      )
      .map(({ region, listedAt }) =>
        problem(
          map,
          listedAt,
          `a region of partition ${partition}, like the first account's home region`,
          "an organization is in one partition; describe the other organization in a map of its own",
          // Faults in other accounts may change which account is the first.
          [["accounts", "*", "homeRegion"]],
          region,
        ),
      );
    const homeless =
      listed.length > 0 && !listed.some(({ region }) => region === account.homeRegion)
        ? [
            problem(
              map,
              [...path, "homeRegion"],
              `one of this account's regions: ${listed.map(({ region }) => region).join(", ")}`,
              "add the home region to regions, or choose one that is listed",
              [[...path, "regions"]],
            ),
          ]
        : [];
    return [...twice, ...foreign, ...homeless];
  });
}
