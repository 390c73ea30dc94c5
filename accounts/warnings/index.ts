import { valueAt } from "../model/merge";
import type { Organization } from "../model/merged";
import type { AcceptedWarning, Warning, Warnings } from "../model/warnings";
import { EXAMPLES, renderPath } from "../reading/problems";
import { saidAt } from "../rules/conflict";
import type { ParsedMap } from "../schema";
import { WARNING_IDS } from "../schema/accept";
import { organizationDoubts, type Doubtful } from "./organization";
import { accountDoubts, bucketDoubts, targetDoubts, type Doubt } from "./settings";

/**
 * The parts of a map that are probably not what its author means: one warning of each kind, with the number of other
 * places that have it too.
 * @param organization the merged map, which breaks no rule
 */
export function findWarnings(map: ParsedMap, organization: Organization): readonly Warning[] {
  const { accounts, targets, archives, waves } = organization;
  const placed = (account: string, region: string | null, settings: object, doubts: readonly Doubt[]) =>
    doubts.map(({ setting, because, ...doubt }): Doubtful => ({
      ...doubt,
      at: saidAt(map, account, region, setting, because),
      found: valueAt(settings, setting),
    }));
  const found = [
    ...targets.flatMap((target) =>
      placed(target.account.name, target.region, target.settings, [
        ...targetDoubts(target, waves.indexOf(target.wave)),
        ...(target.usesArchive ? [] : bucketDoubts(target)),
      ]),
    ),
    ...archives.flatMap((site) => placed(site.account.name, site.region, site.settings, bucketDoubts(site))),
    ...accounts.flatMap((account) => placed(account.name, null, account.settings, accountDoubts(account))),
    ...organizationDoubts(map, organization),
  ];
  return WARNING_IDS.flatMap((id) => folded(found.filter(({ warning }) => warning === id)));
}

/** The first of some warnings of one kind, with the number of other places. A place that many targets inherit is one. */
function folded(found: readonly Doubtful[]): Warning[] {
  const [first] = found;
  if (first === undefined) return [];
  const { at, ...warning } = first;
  const [path = renderPath(at), ...others] = new Set(found.map((one) => renderPath(one.at)));
  return [{ ...warning, path, others: others.length, examples: others.slice(0, EXAMPLES) }];
}

/**
 * The warnings of an organization on a day: those that are open, and those that the map accepts.
 * @param now a time of that day; days are in UTC
 * @example warningsOn(organization, new Date()).open
 */
export function warningsOn(
  { warnings, accept }: Pick<Organization, "warnings" | "accept">,
  now: Date,
): Warnings {
  const today = now.toISOString().slice(0, 10);
  const inForce = accept.filter(({ until }) => today <= until);
  const open = warnings.filter(({ warning }) => !inForce.some((one) => one.warning === warning));
  const accepted = inForce.flatMap(({ warning, because, until }): AcceptedWarning[] =>
    warnings.filter((one) => one.warning === warning).map((one) => ({ ...one, because, until })),
  );
  const vain = accept.flatMap(({ warning, until }, index): Warning[] => {
    const at = renderPath(["accept", index]);
    if (!warnings.some((one) => one.warning === warning))
      return [
        {
          warning: "acceptance-without-warning",
          path: at,
          found: warning,
          why: "The map does not lead to this warning. If it does one day, nobody will see it.",
          remedy: "remove the acceptance",
          others: 0,
          examples: [],
        },
      ];
    if (today <= until) return [];
    return [
      {
        warning: "acceptance-over",
        path: `${at}.until`,
        found: until,
        why: `The warning ${warning} was accepted until this day.`,
        remedy: "correct what the warning is about, or accept it until another day",
        others: 0,
        examples: [],
      },
    ];
  });
  return { open: [...open, ...vain], accepted };
}
