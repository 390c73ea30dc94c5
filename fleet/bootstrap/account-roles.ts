import type { Organization } from "../../accounts/model/organization";
import { UserError } from "../../processes/user-error";
import { BOOTSTRAP_ROLES, names } from "../../stacks/names";
import { globMatcher } from "../selection";
import type { Policy } from "./policies";
import type { Purpose } from "./trust";

/** What a role in each account is for. A report is made with the report role, which the stacks create. */
export type AccountPurpose = Exclude<Purpose, "report">;

/** The roles in each account, by their names with paths. */
export interface AccountRoles extends Readonly<Record<AccountPurpose, string>> {
  readonly externalId: string | null;
}

/** The partition of an organization. All accounts are in one. */
export const partitionIn = ({ accounts }: Organization) => accounts[0]!.partition;

/** The name of a role without its ARN, with its path. */
export const roleName = (role: string): string => role.replace(/^arn:[^/]*role\//, "");

/** Whether an account has a report role. */
const hasReporters = ({ settings }: Organization["accounts"][number]) => settings.access.reporters.length > 0;

/**
 * The roles of the pipeline that assume a role in each account. The role that deploys looks at a wave with the role that
 * plans if the wave has `doctor: true`, and a report reads with this role where the map has no reporters.
 */
export function assumersOf(organization: Organization, purpose: AccountPurpose): readonly Purpose[] {
  if (purpose === "deploy") return ["deploy"];
  return [
    "plan",
    ...(organization.rollout.some(({ doctor }) => doctor) ? (["deploy"] as const) : []),
    ...(organization.accounts.every(hasReporters) ? [] : (["report"] as const)),
  ];
}

/** The policy with which a role of the pipeline assumes the roles of its purpose, only in accounts of the organization. */
export function assumeRolePolicy(organization: Organization, purpose: Purpose, roles: AccountRoles): Policy {
  const partition = partitionIn(organization);
  const { rollout, guardrails, pipeline } = organization;
  const own = [guardrails?.managementAccount.role, pipeline?.account.role].flatMap((role) =>
    role ? [roleName(role)] : [],
  );
  const probing = rollout.flatMap(({ doctor, probeRole }) => (doctor && probeRole ? [probeRole] : []));
  const assumed = [
    ...(["plan", "deploy"] as const).flatMap((one) =>
      assumersOf(organization, one).includes(purpose) ? [roles[one]] : [],
    ),
    ...(purpose === "deploy" ? [...own, ...probing] : []),
    ...(purpose === "report" && organization.accounts.some(hasReporters)
      ? [names.report({ organization: organization.name })]
      : []),
  ];
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AssumeTheRoleInEachAccount",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: [...new Set(assumed)].map((name) => `arn:${partition}:iam::*:role/${name}`),
        ...(organization.id !== null && {
          Condition: { StringEquals: { "aws:ResourceOrgID": organization.id } },
        }),
      },
    ],
  };
}

/**
 * @throws UserError if the role that plans may make reports: with it, the code of any pull request could read the session
 * history of every account and publish findings
 */
export function refuseReportsByPlans(organization: Organization, pipelineAccount: string): void {
  const of = (purpose: Purpose) =>
    `arn:${partitionIn(organization)}:iam::${pipelineAccount}:role/${BOOTSTRAP_ROLES[purpose]}`;
  const found = organization.accounts.find(({ settings }) =>
    settings.access.reporters.some((reporter) => globMatcher(reporter)(of("plan"))),
  );
  if (found === undefined) return;
  throw new UserError({
    what: `access.reporters of the account ${found.name} admits ${of("plan")}. A pull request, whose code runs with this role, could read every session's history and publish on the security channel.`,
    remedy: `Name ${of("report")}, with which the branch alone makes reports.`,
  });
}
