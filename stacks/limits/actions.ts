import { centralChannels } from "../../accounts/model/central";
import type { ArchiveSite, Organization, Target } from "../../accounts/model/organization";
import { describeValue } from "../../accounts/reading/problems";
import { INPUT_TEMPLATE_LIMIT, POLICY_LIMITS, ROLE_NAME_LIMIT } from "../../aws/quotas";
import { actionsIn, type ActionChannel } from "../events/actions";
import { placeOf } from "../names";
import { measuredOnce, type Alike } from "./alike";
import { listPath } from "./list-path";
import { longName, overLimit, type Oversize } from "./oversize";

/** The names, policies and input templates of actions that AWS would refuse, because they are too long. */
export const actionLimits = (organization: Organization, { ofTarget }: Alike): Oversize[] => [
  ...measuredOnce(organization.targets, ofTarget, (target) => [
    ...limitsIn(organization, target, "activity"),
    ...limitsIn(organization, target, "security"),
  ]),
  ...organization.archives.flatMap((site) => limitsIn(organization, site, "archive")),
  ...centralChannels(organization).flatMap((channel) =>
    limitsIn(organization, organization.central!, `all-${channel}`),
  ),
];

function limitsIn(
  organization: Organization,
  where: Pick<Target | ArchiveSite, "account" | "region" | "settings">,
  channel: ActionChannel,
): Oversize[] {
  const inMap = {
    path: () =>
      listPath(organization, where, [
        "notifications",
        channel === "activity" || channel === "all-activity" ? "activity" : "security",
        "actions",
      ]),
    remedy: "name fewer nodes or shorter parameters",
    because: [["notifications"]],
  };
  return actionsIn(where.settings, placeOf(organization, where), channel, true).flatMap(
    ({ arn, role, command }) => [
      ...(role === null
        ? []
        : [
            ...longName({
              organization: organization.name,
              what: `the role ${describeValue(role.name)} of an action`,
              name: role.name,
              limit: ROLE_NAME_LIMIT,
              service: "IAM",
              because: [["notifications"], ["archive"], ["accounts", "*", "regions"]],
            }),
            ...overLimit({
              ...inMap,
              what: `the role's policy for ${arn}`,
              document: role.policy,
              limit: POLICY_LIMITS.role,
            }),
          ]),
      ...overLimit({
        ...inMap,
        what: `the parameters for ${arn}`,
        document: command?.template ?? "",
        limit: INPUT_TEMPLATE_LIMIT,
      }),
    ],
  );
}
