import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Partition } from "../../aws/regions";
import { dnsSuffix } from "../../aws/regions";
import { servicePrincipal } from "../../aws/service-principals";
import type { Organization } from "../../accounts/model/organization";
import type { Settings } from "../../accounts/model/settings";
import { CODE } from "../options";

/** A policy document whose texts may contain `${AWS::AccountId}`. */
export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly [element: string]: unknown;
}

/** CloudFormation's name for the account that a stack is in. */
export const ACCOUNT = "${AWS::AccountId}";

/** A policy that the roles that deploy have beside the first one, because the map uses certain settings. */
export interface FurtherPolicy {
  /** Ends the name of the file in `docs`. */
  readonly name: "existing" | "guard" | "hosts" | "logs" | "rdp";
  readonly document: Policy;
}

/** The policies of `docs`, with what a map says in place of their placeholders. */
export interface BootstrapPolicies {
  /** Inline: it is longer than a managed policy may be. */
  readonly deploy: Policy;
  readonly further: readonly FurtherPolicy[];
  readonly plan: Policy;
  /** For the role that deploys in the management account; null: the map has no guardrails. */
  readonly guardrails: Policy | null;
  /** For the role that deploys in the account of the map's `pipeline`; null: the map has no `pipeline`. */
  readonly pipeline: Policy | null;
  /** What the stack of the pipeline needs of `deploy`, for a role that deploys this stack alone. */
  readonly pipelineBase: Policy;
}

/**
 * The statements of `deployment-role.json` for what the stack of the pipeline has in common with others: a key, a bucket,
 * queues, roles and log groups. A copy of the whole policy would make the template longer than CloudFormation takes it.
 */
const BASE_OF_PIPELINE: ReadonlySet<unknown> = new Set([
  ...["ManageInstanceProfile", "SeeAttachments", "CreateKeys", "ManageKeys"],
  ...["ManageBuckets", "ManageDeadLetterQueues", "FindLogGroups"],
]);

type Needs = Readonly<Record<FurtherPolicy["name"], (organization: Organization) => boolean>>;

/** Everything of an organization that has settings of a target's kind. */
const settingsOf = ({ targets, archives, replicas, central }: Organization): readonly Settings[] =>
  [...targets, ...archives, ...replicas, ...(central === null ? [] : [central])].map(
    ({ settings }) => settings,
  );

/** Which settings of a map need a further policy. README.md has the same table for people. */
const NEEDS: Needs = {
  existing: (organization) =>
    settingsOf(organization).some(
      ({ encryption, transcripts, logs, notifications }) =>
        encryption.mode === "existing" ||
        [
          transcripts.bucket,
          transcripts.accessLogs,
          logs.group,
          notifications.activity.topic,
          notifications.security.topic,
        ].some(({ kind }) => kind === "existing"),
    ),
  guard: ({ targets }) => targets.some(({ settings }) => settings.guard.enabled),
  hosts: ({ accounts, targets }) =>
    accounts.some(({ settings }) => settings.access.defaultHostManagementRole !== null) ||
    targets.some(({ settings }) => settings.prerequisites.maintain.length > 0 || settings.network.length > 0),
  logs: ({ targets }) =>
    targets.some(
      ({ settings: { logs } }) => logs.masking.enabled || logs.subscription.destinationArn !== null,
    ),
  // With `keep`, the stack deletes the preferences and leaves the recordings in place. It needs the policy for that as well.
  rdp: ({ targets }) => targets.some(({ settings }) => settings.remoteDesktop.recordings !== "none"),
};

/** The policies of the roles that plan and deploy. They are the same in every account. */
export function bootstrapPolicies(organization: Organization): BootstrapPolicies {
  const { partition } = organization.accounts[0]!;
  const read = (file: string) => ofPartition(filled(file, organization), partition);
  const names = Object.keys(NEEDS) as FurtherPolicy["name"][];
  const base = read("deployment-role.json");
  return {
    deploy: withInstanceRoles(base, organization, partition),
    further: names
      .filter((name) => NEEDS[name](organization))
      .map((name) => ({
        name,
        document: withLogGroups(
          withHostRole(read(`deployment-role-${name}.json`), organization, partition),
          organization,
          partition,
        ),
      })),
    plan: read("plan-role.json"),
    guardrails:
      organization.guardrails === null
        ? null
        : withUnits(read("guardrails-role.json"), organization.guardrails, partition),
    pipeline: organization.pipeline === null ? null : read("deployment-role-pipeline.json"),
    pipelineBase: { ...base, Statement: base.Statement.filter(({ Sid }) => BASE_OF_PIPELINE.has(Sid)) },
  };
}

const filled = (file: string, { name }: Organization): Policy =>
  JSON.parse(
    readFileSync(join(CODE, "docs", file), "utf8")
      .replaceAll("<organization>", name)
      .replaceAll("<account>", ACCOUNT),
  ) as Policy;

/** A value with each text changed. */
function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change)).flat();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)]));
}

/** A policy that is written for the partition `aws`, in another partition. */
function ofPartition(policy: Policy, partition: Partition): Policy {
  const suffixes = [...new Set(["amazonaws.com", dnsSuffix(partition)])];
  return mapTexts(policy, (text) => {
    if (text === "ec2.amazonaws.com") return servicePrincipal("ec2", partition);
    // A region stands in the names of kms:ViaService. The AWS European Sovereign Cloud has names with either suffix.
    if (/^[a-z-]+\.\*\.amazonaws\.com$/.test(text) && partition !== "aws" && partition !== "aws-us-gov") {
      const own = partition === "aws-cn" ? [dnsSuffix(partition)] : suffixes;
      return own.map((suffix) => text.replace("amazonaws.com", suffix));
    }
    return text.replaceAll("arn:aws:", `arn:${partition}:`);
  }) as Policy;
}

const withResources = (policy: Policy, sid: string, resources: readonly string[]): Policy => ({
  ...policy,
  Statement: policy.Statement.flatMap((statement) => {
    if (statement.Sid !== sid) return [statement];
    return resources.length === 0 ? [] : [{ ...statement, Resource: resources }];
  }),
});

const withMoreResources = (policy: Policy, sid: string, resources: readonly string[]): Policy => ({
  ...policy,
  Statement: policy.Statement.map((statement) =>
    statement.Sid === sid
      ? { ...statement, Resource: [...[statement["Resource"]].flat(), ...resources] }
      : statement,
  ),
});

/** ARNs of roles with whatever path. The map names roles without their paths, and their ARNs have them. */
const withEveryPath = (roles: readonly string[], partition: Partition): string[] =>
  [...new Set(roles)]
    .sort()
    .flatMap((role) => ["", "*/"].map((path) => `arn:${partition}:iam::${ACCOUNT}:role/${path}${role}`));

/** Names the roles to which the stacks attach the instance policy: the operator chose their names. */
function withInstanceRoles(policy: Policy, { accounts }: Organization, partition: Partition): Policy {
  const roles = accounts.flatMap(({ settings }) => settings.access.attachToRoles);
  return withResources(policy, "AttachToInstanceRoles", withEveryPath(roles, partition));
}

/**
 * Names the roles of Default Host Management Configuration. AWS's console creates one with the path `/service-role/`, and
 * an account may use a role of its own, which has any path.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
 */
function withHostRole(policy: Policy, { accounts }: Organization, partition: Partition): Policy {
  const roles = accounts.flatMap(({ settings }) => settings.access.defaultHostManagementRole ?? []);
  return withResources(policy, "AttachToDefaultHostManagementRole", withEveryPath(roles, partition));
}

/**
 * Adds the existing log groups of the map to those that session-audit creates. The stacks mask and forward existing groups
 * as well. All of them are named, because a plan that ends the masking of a group needs the same permission.
 */
function withLogGroups(policy: Policy, { targets }: Organization, partition: Partition): Policy {
  const named = targets.flatMap(({ settings: { logs } }) =>
    logs.group.kind === "existing" ? [logs.group.name] : [],
  );
  // Some actions take the ARN of a log group with `:*` at its end, and others without it.
  const arns = [...new Set(named)]
    .sort()
    .flatMap((name) => ["", ":*"].map((end) => `arn:${partition}:logs:*:${ACCOUNT}:log-group:${name}${end}`));
  return withMoreResources(policy, "SendAndMaskSessionLogs", arns);
}

/** Names the units, the root and the accounts to which the stack attaches service control policies. */
function withUnits(
  policy: Policy,
  { organizationalUnits }: NonNullable<Organization["guardrails"]>,
  partition: Partition,
): Policy {
  const kindOf = (id: string) => (id.startsWith("ou-") ? "ou" : id.startsWith("r-") ? "root" : "account");
  const arns = organizationalUnits.map(
    (id) => `arn:${partition}:organizations::${ACCOUNT}:${kindOf(id)}/*/${id}`,
  );
  return withResources(policy, "AttachToUnits", arns);
}
