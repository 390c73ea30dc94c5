import type { Look } from "../aws-errors";
import type { FoundRole, IamSummary, Line, TargetFacts } from "./model";
import type { WantedStack } from "./wanted";

/**
 * AWS's default quotas of what the stacks create in numbers that matter, for each account and region. Whether somebody has
 * raised them is not looked at.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const DEFAULT_QUOTAS = { trails: 5, documents: 500, rules: 300 } as const;

/** Something that has a quota: how much there is, and how much the stacks add. */
interface Need {
  readonly what: string;
  readonly used: number;
  readonly adds: number;
  readonly quota: number;
  /** Whether the quota is AWS's default, which somebody may have raised. */
  readonly isDefault: boolean;
}

const exceeds = ({ used, adds, quota }: Need): boolean => adds > 0 && used + adds > quota;

const lineOf = (need: Need): Line => ({
  subject: "quotas",
  verdict: "to-do",
  text:
    `${need.what}: there are ${need.used}, the stacks add ${need.adds}, and the quota is ${need.quota}` +
    `${need.isDefault ? " by default" : ""}.`,
  remedy: "Have the quota raised, or remove what nobody needs.",
});

/** Whether a target has room for what its stack creates. @param isDeployed the stack is there already */
export function targetQuotas(
  facts: Pick<TargetFacts, "ownTrails" | "documents" | "rules">,
  wanted: { readonly session: WantedStack; readonly account: WantedStack | null },
  isDeployed: boolean,
): Line[] {
  if (isDeployed) return [];
  const { session, account } = wanted;
  const entries: readonly (readonly [string, Look<number>, number, number])[] = [
    ["SSM documents", facts.documents, session.counts["aws_ssm_document"] ?? 0, DEFAULT_QUOTAS.documents],
    [
      "EventBridge rules",
      facts.rules,
      session.counts["aws_cloudwatch_event_rule"] ?? 0,
      DEFAULT_QUOTAS.rules,
    ],
    // The trail is in the account's stack, whose region is the home region.
    ["Trails", facts.ownTrails, account?.counts["aws_cloudtrail"] ?? 0, DEFAULT_QUOTAS.trails],
  ];
  return entries.flatMap(([what, look, adds, quota]) => {
    if (adds === 0) return [];
    if (!look.looked) return [notLooked(what, look.reason)];
    const need = { what, used: look.value, adds, quota, isDefault: true };
    return exceeds(need) ? [lineOf(need)] : [];
  });
}

const notLooked = (what: string, reason: string): Line => ({
  subject: "quotas",
  verdict: "not-looked-at",
  text: `${what} were not counted: ${reason}.`,
});

/** Whether IAM has room for the policies and roles of an account's stacks. @param isDeployed the stacks are there already */
export function iamQuotas(
  iam: Look<IamSummary>,
  roles: ReadonlyMap<string, Look<FoundRole>>,
  stacks: readonly WantedStack[],
  isDeployed: boolean,
): Line[] {
  const adding = (type: string) =>
    isDeployed ? 0 : stacks.reduce((sum, { counts }) => sum + (counts[type] ?? 0), 0);
  if (!iam.looked) return [notLooked("Roles and policies", iam.reason)];
  const { policies, roles: found, instanceProfiles, attachedPoliciesPerRole: quota } = iam.value;
  const needs: Need[] = [
    { what: "IAM roles", ...found, adds: adding("aws_iam_role"), isDefault: false },
    { what: "Managed policies", ...policies, adds: adding("aws_iam_policy"), isDefault: false },
    {
      what: "Instance profiles",
      ...instanceProfiles,
      isDefault: false,
      adds: adding("aws_iam_instance_profile"),
    },
    ...stacks.flatMap(({ attachments }) =>
      [...attachments].flatMap(([role, wanted]): Need[] => {
        const look = roles.get(role);
        if (!look?.looked || look.value.attached === null) return [];
        const { attached } = look.value;
        const adds = wanted.filter((name) => !attached.includes(name)).length;
        const what = `Managed policies of the role ${role}`;
        return [{ what, used: attached.length, adds, quota, isDefault: false }];
      }),
    ),
  ];
  return needs.filter(exceeds).map(lineOf);
}
