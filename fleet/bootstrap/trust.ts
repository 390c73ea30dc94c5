import { didYouMean } from "../../accounts/reading/problems";
import { ALL_REGIONS, partitionOf, type Partition } from "../../aws/regions";
import { UserError } from "../../processes/user-error";
import type { Policy } from "./policies";

/** The numbers that GitHub gives an owner and a repository once, and never to another one. */
interface RepositoryIds {
  readonly owner: string;
  readonly repository: string;
}

/** Where the pipeline runs, and which of its runs may assume which role. */
export type Pipeline =
  | {
      readonly kind: "github";
      /** `<owner>/<repository>` */
      readonly repository: string;
      /** Ids that subjects of the repository's tokens have beside its names. Absent: they have the names alone. */
      readonly ids?: RepositoryIds;
      /** Environments of the repository, whose rules approve a deployment. */
      readonly environments: readonly string[];
      /** The branch whose runs may plan, besides pull requests, and make reports. */
      readonly branch: string;
    }
  | {
      readonly kind: "gitlab";
      /** `<group>/<project>` */
      readonly project: string;
      /** Host name of the instance, such as `gitlab.com`. */
      readonly host: string;
      /** The protected branch whose runs may deploy and make reports. */
      readonly branch: string;
    }
  | {
      readonly kind: "codebuild";
      /** Region of the projects. */
      readonly region: string;
      /** Name of the project that plans. */
      readonly planProject: string;
      /** Name of the project that deploys. */
      readonly deployProject: string;
      /** Name of the project that makes reports. */
      readonly reportProject: string;
    };

/** A pipeline of GitHub Actions. */
type GithubPipeline = Extract<Pipeline, { readonly kind: "github" }>;

/** What a role of the pipeline is for. */
export type Purpose = "plan" | "deploy" | "report";

/** Where the role of a pipeline is. */
export interface PipelineAccount {
  /** 12 digits. */
  readonly accountId: string;
  readonly partition: Partition;
}

/** The identity provider of a pipeline that brings a token; null: it brings none. */
export function identityProvider(
  pipeline: Pipeline,
): { readonly host: string; readonly audience: string } | null {
  switch (pipeline.kind) {
    case "github":
      return { host: "token.actions.githubusercontent.com", audience: "sts.amazonaws.com" };
    case "gitlab":
      return { host: pipeline.host, audience: `https://${pipeline.host}` };
    case "codebuild":
      return null;
  }
}

/**
 * The version of GitLab since which a merge request pipeline of a fork, run in the parent project, has the path of the fork in
 * its subject. In older versions it has the path of the parent, so that a branch of a fork could have the subject of the
 * protected branch.
 * @see https://gitlab.com/gitlab-org/gitlab/-/issues/548165 what was fixed
 * @see https://gitlab.com/gitlab-org/gitlab/-/issues/561735 since which version its effect is reported
 */
export const MINIMUM_GITLAB = "18.2.2";

/**
 * The beginning of every subject of a repository's tokens. Repositories that were created, renamed or transferred after
 * 2026-07-15, and those that opted in, have ids in it, and all others have the names alone. A policy with ids admits only
 * subjects with these ids: whoever takes over the names of a repository gets other ids.
 * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens
 * @example githubSubject({ repository: "acme/audit", ids: { owner: "123", repository: "456" } }) // "repo:acme@123/audit@456"
 */
export function githubSubject({ repository, ids }: Pick<GithubPipeline, "repository" | "ids">): string {
  if (ids === undefined) return `repo:${repository}`;
  const [owner, name] = repository.split("/");
  return `repo:${owner}@${ids.owner}/${name}@${ids.repository}`;
}

/** `<owner>@<owner id>/<repository>@<repository id>`. GitHub has no names with `@`. */
const WITH_IDS = /^([\w.-]+)@([1-9]\d*)\/([\w.-]+)@([1-9]\d*)$/;

/**
 * The repository that `--github` names.
 * @param text `<owner>/<repository>`, or `<owner>@<owner id>/<repository>@<repository id>`
 * @throws UserError if the text has an `@` and not both ids
 */
export function githubRepository(text: string): Pick<GithubPipeline, "repository" | "ids"> {
  if (!text.includes("@")) return { repository: text };
  const found = WITH_IDS.exec(text);
  if (found === null) {
    throw new UserError({
      what: `--github ${JSON.stringify(text)}: an @ stands before the id of the owner and before the id of the repository, and this text has not both ids.`,
      allowed:
        "<owner>/<repository>, or <owner>@<owner id>/<repository>@<repository id>, whose ids are digits and no wildcards",
      remedy:
        "Write both ids or none, as the subjects of the repository have them: gh api repos/<owner>/<repository>/actions/oidc/customization/sub --jq .sub_claim_prefix",
    });
  }
  const [, owner, ownerId, name, id] = found as unknown as readonly [string, string, string, string, string];
  return { repository: `${owner}/${name}`, ids: { owner: ownerId, repository: id } };
}

/**
 * The subjects of a pipeline's tokens that may assume a role. A pull request runs its author's code, so it
 * may assume only the role that plans.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
function subjects(pipeline: Exclude<Pipeline, { kind: "codebuild" }>, purpose: Purpose): string[] {
  if (pipeline.kind === "gitlab") {
    const ref = purpose === "plan" ? "*" : pipeline.branch;
    return [`project_path:${pipeline.project}:ref_type:branch:ref:${ref}`];
  }
  const of = (what: string) => `${githubSubject(pipeline)}:${what}`;
  const branch = of(`ref:refs/heads/${pipeline.branch}`);
  switch (purpose) {
    case "plan":
      return [of("pull_request"), branch];
    case "deploy":
      return pipeline.environments.map((environment) => of(`environment:${environment}`));
    case "report":
      return [branch];
  }
}

/** The trust policy of a role of the pipeline: it admits the runs of one repository, and no others. */
export function pipelineTrust(
  pipeline: Pipeline,
  purpose: Purpose,
  { accountId, partition }: PipelineAccount,
): Policy {
  const base = { Effect: "Allow", Sid: "PipelineTakesThisRole" };
  if (pipeline.kind === "codebuild") {
    const project = pipeline[`${purpose}Project`];
    return policy({
      ...base,
      Principal: { Service: "codebuild.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnEquals: {
          "aws:SourceArn": `arn:${partition}:codebuild:${pipeline.region}:${accountId}:project/${project}`,
        },
      },
    });
  }
  const { host, audience } = identityProvider(pipeline)!;
  const found = subjects(pipeline, purpose);
  const operator = found.some((subject) => subject.includes("*")) ? "StringLike" : "StringEquals";
  const bySubject = { [`${host}:sub`]: found };
  const byAudience = { [`${host}:aud`]: audience };
  return policy({
    ...base,
    Principal: { Federated: `arn:${partition}:iam::${accountId}:oidc-provider/${host}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition:
      operator === "StringEquals"
        ? { StringEquals: { ...byAudience, ...bySubject } }
        : { StringEquals: byAudience, StringLike: bySubject },
  });
}

/**
 * The trust policy of a role in each account: it admits roles of the pipeline, and the role of the pipeline stack's workers
 * if the map has such workers.
 * @param roleArns ARNs of the roles of the pipeline
 */
export function accountTrust(
  roleArns: readonly string[],
  {
    organizationId,
    externalId,
    workers,
  }: {
    readonly organizationId: string | null;
    readonly externalId: string | null;
    /** The role of the workers; null: the map has none. */
    readonly workers: { readonly accountArn: string; readonly roleArn: string } | null;
  },
): Policy {
  const equals = {
    ...(organizationId !== null && { "aws:PrincipalOrgID": organizationId }),
    ...(externalId !== null && { "sts:ExternalId": externalId }),
  };
  const always = Object.keys(equals).length > 0 && { StringEquals: equals };
  return policy(
    {
      Sid: "PipelineTakesThisRole",
      Effect: "Allow",
      Principal: { AWS: roleArns.length === 1 ? roleArns[0] : roleArns },
      Action: "sts:AssumeRole",
      ...(always && { Condition: always }),
    },
    ...(workers === null
      ? []
      : [
          {
            Sid: "WorkersTakeThisRole",
            Effect: "Allow",
            // Not the role itself: IAM refuses a principal that does not exist, and the stack makes the role later.
            Principal: { AWS: workers.accountArn },
            Action: "sts:AssumeRole",
            Condition: { ...always, ArnEquals: { "aws:PrincipalArn": workers.roleArn } },
          },
        ]),
  );
}

const policy = (...Statement: Policy["Statement"]): Policy => ({ Version: "2012-10-17", Statement });

/** A path of a repository: two names or more, without characters that a condition would read as wildcards. */
const REPOSITORY = /^[\w.-]+(?:\/[\w.-]+)+$/;
const NAME = /^[\w./-]{1,255}$/;

const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z]$/;

/**
 * @param partition of the organization
 * @param isRegion whether a text is a region that this program or the map knows
 * @throws UserError if a name of a pipeline could admit more than one repository, branch, environment or region, or if no
 * run could ever have it
 */
export function refuseUnsafe(
  pipeline: Pipeline,
  { partition, isRegion }: { readonly partition: Partition; readonly isRegion: (text: string) => boolean },
): void {
  if (pipeline.kind === "codebuild") {
    refuseRegion(pipeline.region, partition, isRegion);
    return;
  }
  const named: readonly (readonly [string, string, RegExp])[] =
    pipeline.kind === "github"
      ? [
          ["--github", pipeline.repository, /^[\w.-]+\/[\w.-]+$/],
          ["--branch", pipeline.branch, NAME],
          ...pipeline.environments.map((name) => ["--environment", name, NAME] as const),
        ]
      : [
          ["--gitlab", pipeline.project, REPOSITORY],
          ["--gitlab-host", pipeline.host, HOST],
          ["--branch", pipeline.branch, NAME],
        ];
  const wrong = named.find(([, value, pattern]) => !pattern.test(value));
  if (wrong !== undefined) {
    throw new UserError({
      what: `${wrong[0]} ${JSON.stringify(wrong[1])}: no name of one ${wrong[0].slice(2)}.`,
      allowed: "letters, digits and -_./ (a repository: <owner>/<name>)",
      remedy: "Write the name as the pipeline's host shows it, without wildcards.",
    });
  }
  for (const [option, value] of named) refuseAddress(option, value, pipeline);
}

/** Names that are parts of an address. No token has such a subject, so that nobody could assume the role. */
function refuseAddress(option: string, value: string, pipeline: Pipeline): void {
  const host = pipeline.kind === "gitlab" ? pipeline.host : "";
  const meant =
    option === "--branch"
      ? value.replace(/^refs\/heads\//, "")
      : option === "--github" || option === "--gitlab"
        ? value.replace(/\.git$/, "").slice(value.startsWith(`${host}/`) ? host.length + 1 : 0)
        : value;
  if (meant === value) return;
  const written = (name: string) =>
    JSON.stringify(
      option === "--github" && pipeline.kind === "github"
        ? githubSubject({ ...pipeline, repository: name }).slice("repo:".length)
        : name,
    );
  throw new UserError({
    what: `${option} ${written(value)}: a token of the pipeline names it in another way, and nobody could assume the roles.`,
    remedy: `Write ${written(meant)}.`,
  });
}

/** A region becomes part of an ARN in a condition, which reads wildcards. */
function refuseRegion(region: string, partition: Partition, isRegion: (text: string) => boolean): void {
  const what = `--codebuild ${JSON.stringify(region)}: `;
  if (!isRegion(region)) {
    const meant = didYouMean(region, ALL_REGIONS);
    throw new UserError({
      what: `${what}no AWS region.`,
      allowed: "a region that this program knows, or that newRegions of the map lists, like eu-central-1",
      remedy:
        meant === undefined
          ? "Write the code of the region in which the projects are."
          : `Did you mean ${JSON.stringify(meant)}?`,
    });
  }
  if (partitionOf(region) === partition) return;
  throw new UserError({
    what: `${what}a region of another partition.`,
    allowed: `a region of partition ${partition}, like the accounts of the map`,
    remedy: "Write the code of the region in which the projects are.",
  });
}
