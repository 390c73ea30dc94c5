import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";
import { accountTrust, MINIMUM_GITLAB, pipelineTrust } from "../fleet/bootstrap/trust";
import { codeBlock } from "./helpers/code-blocks";
import { read } from "./helpers/documents";
import { admitsCaller } from "./helpers/admits";

const PAGE = "docs/trust-policies.md";
const GITLAB = read(PAGE).split("\n## GitLab CI/CD\n")[1]!.split("\n## ")[0]!.replaceAll(/\s+/g, " ");
const PIPELINE = "123456789012";
const ACCOUNT = "222222222222";
const VALUES = {
  "<pipeline account>": PIPELINE,
  "<pipeline role>": "session-audit-pipeline",
  "<role in each account>": "session-audit-deploy",
  "<organization id>": "o-a1b2c3d4e5",
  "<external id>": "acme-7f3c",
  "<owner>": "acme",
  "<repository>": "session-audit",
  "<environment>": "production",
  "<group>": "acme/platform",
  "<project>": "session-audit",
  "<branch>": "main",
  "<region>": "eu-central-1",
  "<account of the workers>": "555555555555",
  "<role of the workers>": "session-audit-acme-pipeline-tasks",
};
const policyOf = (heading: string) => {
  const found = JSON.parse(codeBlock(PAGE, heading, "json", VALUES)) as PolicyDocument | object;
  // A statement that stands alone is one of a policy.
  return "Statement" in found ? found : ({ Version: "2012-10-17", Statement: [found] } as PolicyDocument);
};

/** Whether the trust policy below a heading of the page lets a caller assume a role. */
const takes = (
  heading: string,
  action: string,
  principal: string,
  context: Readonly<Record<string, string | undefined>>,
  account = PIPELINE,
) => admitsCaller(policyOf(heading), { action, principal, context, account });

const session = (role: string, account = PIPELINE) => `arn:aws:sts::${account}:assumed-role/${role}/run-1`;

it.each`
  who                                           | organization      | externalId     | admitted
  ${session("session-audit-pipeline")}          | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${true}
  ${session("session-audit-pipeline")}          | ${"o-a1b2c3d4e5"} | ${"other"}     | ${false}
  ${session("session-audit-pipeline")}          | ${"o-a1b2c3d4e5"} | ${undefined}   | ${false}
  ${session("session-audit-pipeline")}          | ${"o-zzzzzzzzzz"} | ${"acme-7f3c"} | ${false}
  ${session("other")}                           | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false}
  ${session("session-audit-pipeline", ACCOUNT)} | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false}
  ${`arn:aws:iam::${PIPELINE}:user/ann`}        | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false}
`(
  "the role in each account admits $who of $organization with external id $externalId: $admitted",
  async ({ who, organization, externalId, admitted }: Record<string, string>) => {
    const context = { "aws:PrincipalOrgID": organization, "sts:ExternalId": externalId };
    expect(await takes("The role in each account", "sts:AssumeRole", who!, context, ACCOUNT)).toBe(admitted);
  },
);

it.each`
  role                      | organization      | allowed
  ${"session-audit-deploy"} | ${"o-a1b2c3d4e5"} | ${true}
  ${"session-audit-deploy"} | ${"o-zzzzzzzzzz"} | ${false}
  ${"admin"}                | ${"o-a1b2c3d4e5"} | ${false}
`(
  "the pipeline role may take $role of $organization: $allowed",
  async ({ role, organization, allowed }: Record<string, string>) => {
    const { result } = await simulate({
      principal: session("session-audit-pipeline"),
      action: "sts:AssumeRole",
      resource: `arn:aws:iam::${ACCOUNT}:role/${role}`,
      resourceAccountId: ACCOUNT,
      context: { "aws:ResourceOrgID": organization },
      identityPolicies: [policyOf("What the pipeline role may do")],
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
      },
    });
    expect(result === "Allowed").toBe(allowed);
  },
);

const GITHUB = "token.actions.githubusercontent.com";
const provider = (host: string, account = PIPELINE) => `arn:aws:iam::${account}:oidc-provider/${host}`;

it.each`
  by                           | audience                     | subject                                                  | admitted
  ${provider(GITHUB)}          | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit:environment:production"}      | ${true}
  ${provider(GITHUB)}          | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit:environment:test"}            | ${false}
  ${provider(GITHUB)}          | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit:ref:refs/heads/main"}         | ${false}
  ${provider(GITHUB)}          | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit:pull_request"}                | ${false}
  ${provider(GITHUB)}          | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit-fork:environment:production"} | ${false}
  ${provider(GITHUB)}          | ${"sts.amazonaws.com"}       | ${"repo:mallory/session-audit:environment:production"}   | ${false}
  ${provider(GITHUB)}          | ${"https://github.com/acme"} | ${"repo:acme/session-audit:environment:production"}      | ${false}
  ${provider("gitlab.com")}    | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit:environment:production"}      | ${false}
  ${provider(GITHUB, ACCOUNT)} | ${"sts.amazonaws.com"}       | ${"repo:acme/session-audit:environment:production"}      | ${false}
`(
  "GitHub: a token by $by for $audience and $subject assumes the role: $admitted",
  async ({ by, audience, subject, admitted }: Record<string, string>) => {
    const context = { [`${GITHUB}:aud`]: audience, [`${GITHUB}:sub`]: subject };
    expect(await takes("GitHub Actions", "sts:AssumeRoleWithWebIdentity", by!, context)).toBe(admitted);
  },
);

it.each`
  by                                | audience                | subject                                                                 | admitted
  ${provider("gitlab.com")}         | ${"https://gitlab.com"} | ${"project_path:acme/platform/session-audit:ref_type:branch:ref:main"}  | ${true}
  ${provider("gitlab.com")}         | ${"https://gitlab.com"} | ${"project_path:acme/platform/session-audit:ref_type:branch:ref:mainx"} | ${false}
  ${provider("gitlab.com")}         | ${"https://gitlab.com"} | ${"project_path:acme/platform/session-audit:ref_type:tag:ref:main"}     | ${false}
  ${provider("gitlab.com")}         | ${"https://gitlab.com"} | ${"project_path:mallory/session-audit:ref_type:branch:ref:main"}        | ${false}
  ${provider("gitlab.com")}         | ${"sts.amazonaws.com"}  | ${"project_path:acme/platform/session-audit:ref_type:branch:ref:main"}  | ${false}
  ${provider("gitlab.example.com")} | ${"https://gitlab.com"} | ${"project_path:acme/platform/session-audit:ref_type:branch:ref:main"}  | ${false}
`(
  "GitLab: a token by $by for $audience and $subject assumes the role: $admitted",
  async ({ by, audience, subject, admitted }: Record<string, string>) => {
    const context = { "gitlab.com:aud": audience, "gitlab.com:sub": subject };
    expect(await takes("GitLab CI/CD", "sts:AssumeRoleWithWebIdentity", by!, context)).toBe(admitted);
  },
);

const PLANS = "GitHub Actions: the role that plans";
it.each`
  audience               | subject                                             | admitted
  ${"sts.amazonaws.com"} | ${"repo:acme/session-audit:pull_request"}           | ${true}
  ${"sts.amazonaws.com"} | ${"repo:acme/session-audit:ref:refs/heads/main"}    | ${true}
  ${"sts.amazonaws.com"} | ${"repo:acme/session-audit:ref:refs/heads/feature"} | ${false}
  ${"sts.amazonaws.com"} | ${"repo:acme/session-audit:environment:production"} | ${false}
  ${"sts.amazonaws.com"} | ${"repo:mallory/session-audit:pull_request"}        | ${false}
  ${"other"}             | ${"repo:acme/session-audit:pull_request"}           | ${false}
`(
  "GitHub: a token for $audience and $subject assumes the role that plans: $admitted",
  async ({ audience, subject, admitted }: Record<string, string>) => {
    const context = { [`${GITHUB}:aud`]: audience, [`${GITHUB}:sub`]: subject };
    expect(await takes(PLANS, "sts:AssumeRoleWithWebIdentity", provider(GITHUB), context)).toBe(admitted);
  },
);

const WORKER = "session-audit-acme-pipeline-tasks";
it.each`
  role         | account           | organization      | externalId     | admitted
  ${WORKER}    | ${"555555555555"} | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${true}
  ${WORKER}    | ${"555555555555"} | ${"o-a1b2c3d4e5"} | ${undefined}   | ${false}
  ${WORKER}    | ${"555555555555"} | ${"o-zzzzzzzzzz"} | ${"acme-7f3c"} | ${false}
  ${WORKER}    | ${PIPELINE}       | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false}
  ${"another"} | ${"555555555555"} | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false}
`(
  "the statement for workers elsewhere admits $role of $account: $admitted",
  async ({ role, account, organization, externalId, admitted }: Record<string, string>) => {
    const context = {
      "aws:PrincipalOrgID": organization,
      "sts:ExternalId": externalId,
      "aws:PrincipalArn": `arn:aws:iam::${account}:role/${role}`,
    };
    const who = session(role!, account);
    expect(await takes("Workers elsewhere", "sts:AssumeRole", who, context, ACCOUNT)).toBe(admitted);
  },
);

describe("prints what bootstrap prints", () => {
  const account = { accountId: PIPELINE, partition: "aws" } as const;
  const github = { kind: "github", repository: "acme/session-audit", branch: "main" } as const;

  it("for the role that plans", () => {
    expect(policyOf(PLANS)).toEqual(pipelineTrust({ ...github, environments: [] }, "plan", account));
  });

  it("for the role that plans for a repository whose tokens have ids, in the form that the page names", () => {
    const form =
      /`(repo:<owner>@<owner id>\/<repository>@<repository id>)` in place of `(repo:<owner>\/<repository>)`/;
    const [, withIds, names] = form.exec(read(PAGE).replaceAll(/\s+/g, " "))!;
    const filled = (text: string) =>
      Object.entries({ ...VALUES, "<owner id>": "123456", "<repository id>": "456789" }).reduce(
        (all, [name, value]) => all.replaceAll(name, value),
        text,
      );
    const documented = JSON.stringify(policyOf(PLANS)).replaceAll(filled(names!), filled(withIds!));
    const ids = { owner: "123456", repository: "456789" };
    expect(JSON.parse(documented)).toEqual(
      pipelineTrust({ ...github, ids, environments: [] }, "plan", account),
    );
  });

  it("for workers", () => {
    const workers = {
      accountArn: "arn:aws:iam::555555555555:root",
      roleArn: `arn:aws:iam::555555555555:role/${WORKER}`,
    };
    const { Statement } = accountTrust(["arn:aws:iam::123456789012:role/session-audit-pipeline"], {
      organizationId: "o-a1b2c3d4e5",
      externalId: "acme-7f3c",
      workers,
    });
    const documented = ["The role in each account", "Workers elsewhere"].flatMap(
      (heading) => policyOf(heading).Statement as object[],
    );
    expect(documented).toEqual(Statement);
  });
});

const project = (name: string, account = PIPELINE) =>
  `arn:aws:codebuild:eu-central-1:${account}:project/${name}`;

it.each`
  who                          | source                               | account      | admitted
  ${"codebuild.amazonaws.com"} | ${project("session-audit")}          | ${PIPELINE}  | ${true}
  ${"codebuild.amazonaws.com"} | ${project("other")}                  | ${PIPELINE}  | ${false}
  ${"codebuild.amazonaws.com"} | ${project("session-audit", ACCOUNT)} | ${ACCOUNT}   | ${false}
  ${"codebuild.amazonaws.com"} | ${undefined}                         | ${undefined} | ${false}
  ${"events.amazonaws.com"}    | ${project("session-audit")}          | ${PIPELINE}  | ${false}
`(
  "CodeBuild: $who for $source of $account assumes the role: $admitted",
  async ({ who, source, account, admitted }: Record<string, string>) => {
    const context = { "aws:SourceArn": source, "aws:SourceAccount": account };
    expect(await takes("CodeBuild", "sts:AssumeRole", who!, context)).toBe(admitted);
  },
);

it("names the version of GitLab in which a fork cannot get the subject, as bootstrap does, with its sources", () => {
  expect(GITLAB).toContain(`run GitLab ${MINIMUM_GITLAB} or newer`);
  for (const issue of [548165, 561735])
    expect(GITLAB).toContain(`https://gitlab.com/gitlab-org/gitlab/-/issues/${issue}`);
  // The source says since which version the effect is seen, and not which other versions have it.
  expect(GITLAB).toContain(`is reported since ${MINIMUM_GITLAB}`);
  expect(read("docs/bootstrap.md")).toContain(`GitLab ${MINIMUM_GITLAB}`);
});
