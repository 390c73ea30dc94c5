import type { ArchiveSite, Organization, Target } from "../../accounts/model/organization";
import { describeValue, renderPath, type Conflict } from "../../accounts/reading/problems";
import { actionsIn, type ActionChannel, type PlacedAction } from "../events/actions";
import { placeOf } from "../names";

/** Characters of a role's name. */
const ROLE_NAME_LIMIT = 64;

/** Characters of all policies within a role, without white space. */
const ROLE_POLICY_LIMIT = 10_240;

/** Characters of an input transformer's template. */
const TEMPLATE_LIMIT = 8_192;

/** A problem, and how many times as large as its limit something is. */
type Oversize = Conflict & { readonly times: number };

/** What AWS would refuse about the names and sizes that actions lead to. */
export const actionLimits = (organization: Organization): Oversize[] => [
  ...organization.targets.flatMap((target) => [
    ...limitsIn(organization, target, "activity"),
    ...limitsIn(organization, target, "security"),
  ]),
  ...organization.archives.flatMap((site) => limitsIn(organization, site, "archive")),
];

function limitsIn(
  organization: Organization,
  where: Pick<Target | ArchiveSite, "account" | "region" | "settings">,
  channel: ActionChannel,
): Oversize[] {
  const path = actionsPath(organization, where, channel === "activity" ? "activity" : "security");
  return actionsIn(where.settings, placeOf(organization, where), channel).flatMap((action) => [
    ...roleName(organization, action),
    ...tooLong(path, action, "role's policy", JSON.stringify(action.role?.policy ?? ""), ROLE_POLICY_LIMIT),
    ...tooLong(path, action, "parameters", action.command?.template ?? "", TEMPLATE_LIMIT),
  ]);
}

function roleName({ name }: Organization, { role }: PlacedAction): Oversize[] {
  const over = (role?.name.length ?? 0) - ROLE_NAME_LIMIT;
  if (role === null || over <= 0) return [];
  return [
    {
      path: "organization.name",
      found: name,
      allowed: `at most ${name.length - over} characters here: the role ${describeValue(role.name)} of an action would have ${role.name.length}, and IAM takes ${ROLE_NAME_LIMIT}`,
      remedy: "shorten the organization's name",
      at: ["organization", "name"],
      because: [["notifications"], ["archive"], ["accounts", "*", "regions"]],
      times: role.name.length / ROLE_NAME_LIMIT,
    },
  ];
}

function tooLong(
  path: readonly string[],
  { arn }: PlacedAction,
  what: string,
  text: string,
  limit: number,
): Oversize[] {
  if (text.length <= limit) return [];
  return [
    {
      path: renderPath(path),
      found: `${text.length} characters`,
      allowed: `what fits into the ${what} for ${arn}: AWS takes ${limit} characters`,
      remedy: "name fewer nodes or shorter parameters",
      at: path,
      because: [["notifications"]],
      times: text.length / limit,
    },
  ];
}

/** Where actions were said. Levels merge by replacing lists, so accounts that share one have it from above. */
function actionsPath(
  { accounts }: Organization,
  { account, region, settings }: Pick<Target, "account" | "region" | "settings">,
  channel: "activity" | "security",
): string[] {
  const { actions } = settings.notifications[channel];
  const saying = accounts.filter((other) => other.settings.notifications[channel].actions === actions);
  const setting = ["notifications", channel, "actions"];
  if (saying.length > 1) return setting;
  return ["accounts", account.name, ...(saying.length === 0 ? ["regions", region] : []), ...setting];
}
