import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { TEMPLATE_BODY_LIMIT } from "../../aws/quotas";
import { replaceFile } from "../../files/replace-file";
import { loadFile, mapFile } from "../../accounts/reading/load";
import { knownRegions } from "../../accounts/reading/regions";
import type { Organization } from "../../accounts/model/organization";
import { quoted } from "../../processes/shell";
import { UserError } from "../../processes/user-error";
import { readOrganization } from "../../stacks/read-organization";
import { EXIT, newCommand, type Context } from "../command";
import { bootstrap, PIPELINE_ROLES } from "../bootstrap/templates";
import {
  githubRepository,
  githubSubject,
  MINIMUM_GITLAB,
  refuseUnsafe,
  type Pipeline,
} from "../bootstrap/trust";
import { collect, PROJECT } from "../options";

const EXAMPLES = `
Examples:
  For GitHub Actions, with an environment for each wave of the map:
    npx session-audit bootstrap --pipeline-account 111111111111 --github acme/session-audit
  For a repository whose tokens have ids in their subjects, as those have that were created after 2026-07-15:
    npx session-audit bootstrap --pipeline-account 111111111111 --github acme@123456/session-audit@456789
  For a project of GitLab, whose protected branch deploys:
    npx session-audit bootstrap --pipeline-account 111111111111 --gitlab acme/platform/session-audit
  For CodeBuild projects in the account of the pipeline:
    npx session-audit bootstrap --pipeline-account 111111111111 --codebuild eu-central-1

Ids of a repository of GitHub:
  The subjects of its tokens have ids if it was created, renamed or transferred after 2026-07-15, or opted in. This prints
  what they begin with, which is repo: and the value of --github:
    gh api repos/<owner>/<repository>/actions/oidc/customization/sub --jq .sub_claim_prefix
  This prints the id of the owner and the id of the repository:
    gh api repos/<owner>/<repository> --jq '.owner.id, .id'
  With ids, only subjects with these ids are admitted, and without them, only subjects without ids.
  https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims

Exit codes:
  0   the templates were written
  1   the map or an option is wrong`;

interface BootstrapOptions {
  readonly pipelineAccount: string;
  readonly github?: string;
  readonly gitlab?: string;
  readonly gitlabHost: string;
  readonly codebuild?: string;
  readonly environment?: string[];
  readonly branch: string;
  readonly out: string;
}

/** `session-audit bootstrap`: templates of the roles that a pipeline needs. */
export const bootstrapCommand = (context: Context): Command =>
  newCommand("bootstrap", context)
    .description(
      "Writes two CloudFormation templates from the map: pipeline.template.json, for the account of the pipeline, with " +
        "a role to plan, a role to deploy and a role to report, and accounts.template.json, for every account, with the " +
        "two roles that these take. docs/bootstrap.md says how to roll them out. Nothing is deployed.",
    )
    .requiredOption(
      "--pipeline-account <id>",
      "the account with the pipeline's own roles: its id or its name in the map",
    )
    .option(
      "--github <owner/repository>",
      "the repository whose GitHub Actions runs may assume the roles; " +
        "<owner>@<owner id>/<repository>@<repository id> if the subjects of its tokens have ids",
    )
    .option("--gitlab <group/project>", "the project whose GitLab jobs may assume the roles")
    .option("--gitlab-host <host>", "the host of GitLab", "gitlab.com")
    .option(
      "--codebuild <region>",
      "the region in which the projects session-audit-pipeline-plan, -deploy and -report may assume the roles",
    )
    .option(
      "--environment <name>",
      "with --github: an environment whose runs may deploy (may be repeated; default: those of the waves of the map)",
      collect,
    )
    .option("--branch <name>", "the branch whose runs may plan and report, and deploy on GitLab", "main")
    .option("--out <folder>", "where the templates are written", "bootstrap")
    .addHelpText("after", EXAMPLES)
    .action(async (options: BootstrapOptions) => {
      const { io, exit } = context;
      const map = mapFile(io.env, PROJECT, io.cwd);
      const organization = readOrganization(map);
      const pipeline = pipelineOf(options, organization);
      const { partition } = organization.accounts[0]!;
      refuseUnsafe(pipeline, { partition, isRegion: knownRegions(loadFile(map)) });
      const pipelineAccount = accountOf(organization, options.pipelineAccount);
      const templates = bootstrap({ organization, pipeline, pipelineAccount });
      const folder = resolve(io.cwd, options.out);
      await mkdir(folder, { recursive: true });
      const textOf = (template: object) => `${JSON.stringify(template, null, 1)}\n`;
      for (const [name, template] of Object.entries(templates)) {
        await replaceFile(join(folder, `${name}.template.json`), textOf(template));
      }
      const isLong = Buffer.byteLength(textOf(templates.accounts)) > TEMPLATE_BODY_LIMIT;
      const steps = next(relative(io.cwd, folder) || ".", pipelineAccount, isLong);
      io.stdout.write(`${[...steps, ...ofGithub(pipeline), ...ofGitlab(pipeline)].join("\n")}\n`);
      exit(EXIT.ok);
    });

/** @throws UserError unless exactly one kind of pipeline is named */
function pipelineOf(options: BootstrapOptions, { waves }: Organization): Pipeline {
  const { github, gitlab, codebuild, branch, environment, gitlabHost } = options;
  const given = Object.entries({ github, gitlab, codebuild }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    throw new UserError({
      what:
        given.length === 0
          ? "no option says where the pipeline runs."
          : `${given.map(([name]) => `--${name}`).join(" and ")}: the pipeline runs in one place.`,
      allowed: "one of --github, --gitlab and --codebuild",
      remedy: "Name the place whose runs may assume the roles.",
    });
  }
  if (environment !== undefined && github === undefined) {
    throw new UserError({
      what: "--environment: only tokens of GitHub Actions name an environment.",
      remedy: "Leave it out. On GitLab, protect the branch that deploys.",
    });
  }
  // The workflow of a wave runs in an environment that has the name of the wave.
  if (github !== undefined)
    return { kind: "github", ...githubRepository(github), environments: environment ?? waves, branch };
  if (gitlab !== undefined) return { kind: "gitlab", project: gitlab, host: gitlabHost, branch };
  return {
    kind: "codebuild",
    region: codebuild!,
    planProject: PIPELINE_ROLES.plan,
    deployProject: PIPELINE_ROLES.deploy,
    reportProject: PIPELINE_ROLES.report,
  };
}

/** @throws UserError if this is neither an account id nor an account of the map */
function accountOf({ accounts }: Organization, named: string): string {
  const id = accounts.find(({ name }) => name === named)?.id ?? named;
  if (/^\d{12}$/.test(id)) return id;
  throw new UserError({
    what: `--pipeline-account ${JSON.stringify(named)}: unknown.`,
    allowed: `12 digits, or an account of the map: ${accounts.map(({ name }) => name).join(", ")}`,
    remedy: "Name the account in which the roles of the pipeline are.",
  });
}

/** Who may deploy on GitHub. GitHub creates an environment that does not exist, and lets every job pass that names it. */
const ofGithub = (pipeline: Pipeline): string[] =>
  pipeline.kind !== "github"
    ? []
    : [
        "",
        `Runs in these environments may deploy: ${pipeline.environments.join(", ")}.`,
        `Create them in ${pipeline.repository} first, each with required reviewers.`,
        `The roles admit subjects that begin with ${githubSubject(pipeline)}: and no others. This prints what they begin with:`,
        `  gh api repos/${pipeline.repository}/actions/oidc/customization/sub --jq .sub_claim_prefix`,
      ];

/** What the trust policies ask of GitLab itself. gitlab.com runs a newer version. */
const ofGitlab = (pipeline: Pipeline): string[] =>
  pipeline.kind !== "gitlab" || pipeline.host === "gitlab.com"
    ? []
    : [
        "",
        `On ${pipeline.host}: run GitLab ${MINIMUM_GITLAB} or newer. In an older version, a merge request pipeline of a fork may get`,
        "a token of this project and its protected branch: https://gitlab.com/gitlab-org/gitlab/-/issues/548165.",
      ];

/** What to do with the templates. @param isLong whether the second one is longer than a request takes it */
const next = (folder: string, pipelineAccount: string, isLong: boolean): string[] => [
  `Written: ${folder}/pipeline.template.json and ${folder}/accounts.template.json. Deploy them in this order:`,
  "",
  `  # 1. In account ${pipelineAccount}. With IdentityProvider=existing if it has the identity provider already.`,
  `  aws cloudformation deploy --stack-name session-audit-pipeline --capabilities CAPABILITY_NAMED_IAM \\`,
  `    --template-file ${quoted(`${folder}/pipeline.template.json`)}`,
  "",
  "  # 2. In the management account, for all accounts of the organization or of some units.",
  ...(isLong
    ? [
        "  #    The template is longer than a request takes it, so put it into a bucket that this account reads.",
        `  aws s3 cp ${quoted(`${folder}/accounts.template.json`)} s3://<bucket>/accounts.template.json`,
      ]
    : []),
  "  aws cloudformation create-stack-set --stack-set-name session-audit-roles --capabilities CAPABILITY_NAMED_IAM \\",
  "    --permission-model SERVICE_MANAGED --auto-deployment Enabled=true,RetainStacksOnAccountRemoval=true \\",
  isLong
    ? "    --template-url https://<bucket>.s3.<region>.amazonaws.com/accounts.template.json"
    : `    --template-body ${quoted(`file://${folder}/accounts.template.json`)}`,
  "",
  "docs/bootstrap.md has the rest: instances of the stack set, the management account, and one account alone.",
];
