import type { Organization } from "../../accounts/model/organization";
import { POLICY_LIMITS } from "../../aws/quotas";
import { UserError } from "../../processes/user-error";
import { BOOTSTRAP_ROLES, pipelineOf } from "../../stacks/names";
import {
  partitionIn,
  refuseReportsByPlans,
  roleName,
  assumersOf,
  assumeRolePolicy,
  type AccountPurpose,
  type AccountRoles,
} from "./account-roles";
import { distributePolicies } from "./distribute";
import { PLAN_PARAMETERS, planBucketPolicies, planBucketResources } from "./plan-bucket";
import { ACCOUNT, bootstrapPolicies, type Policy } from "./policies";
import { divided, NAME_LESS, refuseWhatIamRefuses } from "./policy-quotas";
import { refuseSharedStates, statePolicies } from "./state-access";
import { accountTrust, identityProvider, pipelineTrust, type Pipeline, type Purpose } from "./trust";

/** A CloudFormation template. */
export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, object>>;
  readonly Conditions?: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What templates are made from. */
export interface BootstrapProps {
  readonly organization: Organization;
  readonly pipeline: Pipeline;
  /** Id of the account in which the roles of the pipeline are. */
  readonly pipelineAccount: string;
}

/** The templates of an organization. */
export interface Bootstrap {
  /** For the account of the pipeline: its identity provider, a role for each purpose, and a bucket for plan folders. */
  readonly pipeline: Template;
  /** For every account: the roles that plan and deploy. */
  readonly accounts: Template;
}

/** The names of the pipeline's own roles. */
export const PIPELINE_ROLES: Readonly<Record<Purpose, string>> = BOOTSTRAP_ROLES;

/**
 * Makes the templates of the roles with which a pipeline rolls out an organization.
 * @throws UserError if the map does not name roles that the templates could make, or names more than IAM takes
 * @example bootstrap({ organization, pipeline: { kind: "github", … }, pipelineAccount: "111111111111" }).accounts
 */
export function bootstrap(props: BootstrapProps): Bootstrap {
  const { deployment } = props.organization;
  if (deployment.mode !== "assume-role" || deployment.planRole === undefined) {
    throw new UserError({
      what: "the map does not name the two roles that a pipeline needs in each account.",
      remedy:
        'Write deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" }.',
    });
  }
  const { role, planRole, externalId = null } = deployment;
  const byArn = [role, planRole].find((one) => one.startsWith("arn:"));
  if (byArn !== undefined) {
    throw new UserError({
      what: `deployment names a role by its ARN: ${byArn}.`,
      remedy: "Name it without account and partition, so that every account can have it.",
    });
  }
  refuseSharedStates(props.organization);
  refuseReportsByPlans(props.organization, props.pipelineAccount);
  const roles: AccountRoles = { plan: planRole, deploy: role, externalId };
  const templates = { pipeline: pipelineTemplate(props, roles), accounts: accountsTemplate(props, roles) };
  refuseWhatIamRefuses(templates.pipeline, NAME_LESS.pipeline);
  refuseWhatIamRefuses(templates.accounts, NAME_LESS.accounts);
  return templates;
}

function pipelineTemplate(
  { organization, pipeline, pipelineAccount }: BootstrapProps,
  roles: AccountRoles,
): Template {
  const account = { accountId: pipelineAccount, partition: partitionIn(organization) };
  const provider = identityProvider(pipeline);
  const role = (purpose: Purpose): Resource => ({
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: PIPELINE_ROLES[purpose],
      Description: `The pipeline of session-audit, to ${purpose}. It assumes the role in each account.`,
      AssumeRolePolicyDocument: pipelineTrust(pipeline, purpose, account),
      Policies: [
        { PolicyName: "accounts", PolicyDocument: assumeRolePolicy(organization, purpose, roles) },
        ...statePolicies(organization, purpose),
        ...planBucketPolicies(purpose, account),
        ...(purpose === "deploy" ? distributePolicies(organization, pipelineAccount) : []),
      ],
      MaxSessionDuration: 3600 * 12,
    },
  });
  return {
    ...head("Roles of the pipeline that rolls out session-audit."),
    Parameters: {
      ...PLAN_PARAMETERS,
      ...(provider && {
        IdentityProvider: {
          Type: "String",
          AllowedValues: ["create", "existing"],
          Default: "create",
          Description: `Whether to create the identity provider ${provider.host}. An account has each provider once.`,
        },
      }),
    },
    ...(provider && {
      Conditions: { CreatesProvider: { "Fn::Equals": [{ Ref: "IdentityProvider" }, "create"] } },
    }),
    Resources: {
      ...(provider && {
        Provider: {
          Type: "AWS::IAM::OIDCProvider",
          Condition: "CreatesProvider",
          Properties: { Url: `https://${provider.host}`, ClientIdList: [provider.audience] },
        },
      }),
      PlanRole: role("plan"),
      DeployRole: role("deploy"),
      ReportRole: role("report"),
      ...planBucketResources(account),
    },
  };
}

function accountsTemplate(
  { organization, pipelineAccount }: BootstrapProps,
  { plan, deploy, externalId }: AccountRoles,
): Template {
  const partition = partitionIn(organization);
  const policies = bootstrapPolicies(organization);
  const management = organization.guardrails?.managementAccount;
  const ofPipeline = organization.pipeline?.account;
  const ownOf = (account: { readonly role: string | null } | undefined): string | null =>
    account?.role && roleName(account.role) !== deploy ? roleName(account.role) : null;
  const [own, ownOfPipeline] = [ownOf(management), ownOf(ofPipeline)];
  /** The map may name one role for both stacks in one account, which has a role of a name once. */
  const shared = ownOfPipeline !== null && ownOfPipeline === own && ofPipeline?.id === management?.id;
  const trusts = (purpose: AccountPurpose) =>
    accountTrust(
      assumersOf(organization, purpose).map(
        (taker) => `arn:${partition}:iam::${pipelineAccount}:role/${PIPELINE_ROLES[taker]}`,
      ),
      { organizationId: organization.id, externalId, workers: workersOf(organization) },
    );
  const role = (name: string, purpose: AccountPurpose, more: object): Resource => ({
    Type: "AWS::IAM::Role",
    Properties: {
      ...named(name),
      Description: `session-audit assumes this role to ${purpose}.`,
      AssumeRolePolicyDocument: trusts(purpose),
      MaxSessionDuration: 3600,
      ...more,
    },
  });
  /** One policy, or several if one would be longer than IAM takes it. */
  const managed = (id: string, documents: readonly Policy[], Ref: string, more: Partial<Resource> = {}) =>
    documents.map((document, index): [string, Resource] => [
      index === 0 ? id : `${id}${index + 1}`,
      {
        Type: "AWS::IAM::ManagedPolicy",
        Properties: { PolicyDocument: withAccount(document), Roles: [{ Ref }] },
        ...more,
      },
    ]);
  const inline = (document: Policy) => ({
    Policies: [{ PolicyName: "deploy", PolicyDocument: withAccount(document) }],
  });
  const [base, ...overflow] = divided(policies.deploy, POLICY_LIMITS.role);
  const further = [
    ...managed("DeployMore", overflow, "DeployRole"),
    ...policies.further.flatMap(({ name, document }) =>
      managed(`Deploy${name[0]!.toUpperCase()}${name.slice(1)}`, divided(document), "DeployRole"),
    ),
  ];
  return {
    ...head("Roles with which session-audit plans and deploys, in every account."),
    ...((management || ofPipeline) && {
      Conditions: {
        ...(management && { IsManagement: isAccount(management.id) }),
        ...(ofPipeline && { IsPipeline: isAccount(ofPipeline.id) }),
      },
    }),
    Resources: {
      PlanRole: role(plan, "plan", {
        Policies: [{ PolicyName: "plan", PolicyDocument: withAccount(policies.plan) }],
      }),
      DeployRole: role(deploy, "deploy", inline(base!)),
      ...Object.fromEntries(further),
      ...(policies.guardrails && {
        ...(own !== null && {
          GuardrailsRole: {
            ...role(own, "deploy", shared ? inline(policies.pipelineBase) : {}),
            Condition: "IsManagement",
          },
        }),
        ...Object.fromEntries(
          managed(
            "Guardrails",
            divided(policies.guardrails),
            own === null ? "DeployRole" : "GuardrailsRole",
            { Condition: "IsManagement" },
          ),
        ),
      }),
      ...(policies.pipeline && {
        ...(ownOfPipeline !== null &&
          !shared && {
            PipelineRole: {
              ...role(ownOfPipeline, "deploy", inline(policies.pipelineBase)),
              Condition: "IsPipeline",
            },
          }),
        ...Object.fromEntries(
          managed(
            "DeployPipeline",
            divided(policies.pipeline),
            ownOfPipeline === null ? "DeployRole" : shared ? "GuardrailsRole" : "PipelineRole",
            { Condition: "IsPipeline" },
          ),
        ),
      }),
    },
  };
}

/** The role of the workers that the stack of `pipeline` starts; null: it starts none. */
function workersOf(organization: Organization): { accountArn: string; roleArn: string } | null {
  const { pipeline } = organization;
  if (!pipeline?.workers) return null;
  const ofAccount = `arn:${pipeline.account.partition}:iam::${pipeline.account.id}`;
  return {
    accountArn: `${ofAccount}:root`,
    roleArn: `${ofAccount}:role/${pipelineOf(organization, pipeline).workerRole}`,
  };
}

/** A condition of a template: it is deployed in this account. */
const isAccount = (id: string) => ({ "Fn::Equals": [{ Ref: "AWS::AccountId" }, id] });

const head = (Description: string) => ({ AWSTemplateFormatVersion: "2010-09-09" as const, Description });

function named(role: string): object {
  const RoleName = role.split("/").at(-1)!;
  const path = role.slice(0, role.length - RoleName.length);
  return { RoleName, ...(path !== "" && { Path: `/${path}` }) };
}

/** A value in which CloudFormation puts the account's id. Other `${…}`, such as policy variables, stay as they are. */
function withAccount(value: unknown): unknown {
  if (typeof value === "string") {
    if (!value.includes(ACCOUNT)) return value;
    const escaped = value.split(ACCOUNT).map((part) => part.replaceAll("${", "${!"));
    return { "Fn::Sub": escaped.join(ACCOUNT) };
  }
  if (Array.isArray(value)) return value.map(withAccount);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withAccount(one)]));
}
