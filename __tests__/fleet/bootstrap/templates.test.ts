import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AccountsMap } from "../../../accounts/schema";
import { simulate, type PolicyDocument } from "../../../emulator/iam/policy-simulator";
import { bootstrap, PIPELINE_ROLES, type Bootstrap } from "../../../fleet/bootstrap/templates";
import type { Pipeline, Purpose } from "../../../fleet/bootstrap/trust";
import { pipelineOf } from "../../../stacks/names";
import { pipelineKeyPolicy } from "../../../stacks/policies/pipeline-policy";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { rolesOf } from "../../helpers/cloudformation";

const ROOT = join(__dirname, "..", "..", "..");
const PIPELINE_ACCOUNT = "111111111111";
const ACCOUNT = "444444444444";
const ROLES = { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" } as const;
const CENTRAL = parse(
  readFileSync(join(ROOT, "__tests__", "fixtures", "central-place.yaml"), "utf8"),
) as AccountsMap;
const COMPLETE = parse(readFileSync(join(ROOT, "docs", "examples", "complete.yaml"), "utf8")) as AccountsMap;
const GITHUB: Pipeline = {
  kind: "github",
  repository: "acme/audit",
  environments: ["canary", "rest"],
  branch: "main",
};

/** The same repository, if the subjects of its tokens have ids. */
const WITH_IDS: Pipeline = { ...GITHUB, ids: { owner: "123456", repository: "456789" } };

const made = (
  changes: Partial<AccountsMap> = {},
  pipeline: Pipeline = GITHUB,
  map: AccountsMap = exampleMap,
): Bootstrap =>
  bootstrap({
    organization: checkMap({ ...map, deployment: ROLES, ...changes }, "map"),
    pipeline,
    pipelineAccount: PIPELINE_ACCOUNT,
  });
const accountRole = (templates: Bootstrap, name: string, accountId = ACCOUNT) =>
  rolesOf(templates.accounts, accountId).find((role) => role.name === name)!;
const pipelineRole = (templates: Bootstrap, purpose: Purpose) =>
  rolesOf(templates.pipeline, PIPELINE_ACCOUNT, { IdentityProvider: "create" }).find(
    ({ name }) => name === PIPELINE_ROLES[purpose],
  )!;

/** Whether a trust policy lets a caller, who may call everything, assume a role. */
async function admits(
  trust: PolicyDocument,
  action: string,
  principal: string,
  context: Record<string, string | undefined>,
  account = PIPELINE_ACCOUNT,
): Promise<boolean> {
  const { result } = await simulate({
    principal,
    action,
    resource: `arn:aws:iam::${account}:role/taken`,
    resourceAccountId: account,
    identityPolicies: [
      { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    ],
    context,
    resourcePolicy: trust,
  });
  return result === "Allowed";
}

/** An answer for each role of the pipeline. */
const byPurpose = async <T>(ask: (purpose: Purpose) => Promise<T>) => ({
  plan: await ask("plan"),
  deploy: await ask("deploy"),
  report: await ask("report"),
});

const PROVIDER = "token.actions.githubusercontent.com";
describe("the roles of the pipeline admit", () => {
  const templates = { names: made(), ids: made({}, WITH_IDS) };
  it.each`
    form       | subject                                                   | plan     | deploy   | report
    ${"names"} | ${"repo:acme/audit:pull_request"}                         | ${true}  | ${false} | ${false}
    ${"names"} | ${"repo:acme/audit:ref:refs/heads/main"}                  | ${true}  | ${false} | ${true}
    ${"names"} | ${"repo:acme/audit:environment:canary"}                   | ${false} | ${true}  | ${false}
    ${"names"} | ${"repo:acme/audit:environment:rest"}                     | ${false} | ${true}  | ${false}
    ${"names"} | ${"repo:acme/audit:environment:other"}                    | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:acme/audit:ref:refs/heads/feature"}               | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:acme/audit:ref:refs/heads/mainly"}                | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:acme/audit-fork:environment:canary"}              | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:evil/audit:ref:refs/heads/main"}                  | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:evil/audit:pull_request"}                         | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:acme@123456/audit@456789:pull_request"}           | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:acme@123456/audit@456789:ref:refs/heads/main"}    | ${false} | ${false} | ${false}
    ${"names"} | ${"repo:acme@123456/audit@456789:environment:canary"}     | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@456789:pull_request"}           | ${true}  | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@456789:ref:refs/heads/main"}    | ${true}  | ${false} | ${true}
    ${"ids"}   | ${"repo:acme@123456/audit@456789:environment:canary"}     | ${false} | ${true}  | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@456789:environment:rest"}       | ${false} | ${true}  | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@456789:environment:other"}      | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@456789:ref:refs/heads/feature"} | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme/audit:pull_request"}                         | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme/audit:ref:refs/heads/main"}                  | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme/audit:environment:canary"}                   | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@999999/audit@456789:pull_request"}           | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@999999:ref:refs/heads/main"}    | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@999999/audit@999999:environment:canary"}     | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit:environment:canary"}            | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme/audit@456789:environment:canary"}            | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:acme@123456/audit@4567890:environment:canary"}    | ${false} | ${false} | ${false}
    ${"ids"}   | ${"repo:evil@123456/audit@456789:ref:refs/heads/main"}    | ${false} | ${false} | ${false}
  `(
    "of a repository with $form, $subject to plan: $plan, to deploy: $deploy, to report: $report",
    async ({ form, subject, ...expected }: Record<string, string | boolean>) => {
      const by = (purpose: Purpose, audience = "sts.amazonaws.com") =>
        admits(
          pipelineRole(templates[form as "names" | "ids"], purpose).trust,
          "sts:AssumeRoleWithWebIdentity",
          `arn:aws:iam::${PIPELINE_ACCOUNT}:oidc-provider/${PROVIDER}`,
          { [`${PROVIDER}:sub`]: String(subject), [`${PROVIDER}:aud`]: audience },
        );
      expect(await byPurpose(by)).toEqual(expected);
      // A token for another audience opens nothing.
      expect(await byPurpose((purpose) => by(purpose, "other"))).toEqual({
        plan: false,
        deploy: false,
        report: false,
      });
    },
  );

  it.each`
    subject                                                        | plan     | deploy   | report
    ${"project_path:acme/ops/audit:ref_type:branch:ref:main"}      | ${true}  | ${true}  | ${true}
    ${"project_path:acme/ops/audit:ref_type:branch:ref:feature/1"} | ${true}  | ${false} | ${false}
    ${"project_path:acme/ops/audit:ref_type:tag:ref:main"}         | ${false} | ${false} | ${false}
    ${"project_path:acme/ops/other:ref_type:branch:ref:main"}      | ${false} | ${false} | ${false}
  `(
    "$subject to plan: $plan, to deploy: $deploy, to report: $report",
    async ({ subject, ...expected }: Record<string, string | boolean>) => {
      const host = "gitlab.example.com";
      const gitlab = made({}, { kind: "gitlab", project: "acme/ops/audit", host, branch: "main" });
      const by = (purpose: Purpose) =>
        admits(
          pipelineRole(gitlab, purpose).trust,
          "sts:AssumeRoleWithWebIdentity",
          `arn:aws:iam::${PIPELINE_ACCOUNT}:oidc-provider/${host}`,
          { [`${host}:sub`]: String(subject), [`${host}:aud`]: `https://${host}` },
        );
      expect(await byPurpose(by)).toEqual(expected);
    },
  );

  it.each`
    project                            | account             | plan     | deploy   | report
    ${"session-audit-pipeline-plan"}   | ${PIPELINE_ACCOUNT} | ${true}  | ${false} | ${false}
    ${"session-audit-pipeline-deploy"} | ${PIPELINE_ACCOUNT} | ${false} | ${true}  | ${false}
    ${"session-audit-pipeline-report"} | ${PIPELINE_ACCOUNT} | ${false} | ${false} | ${true}
    ${"session-audit-pipeline-plan"}   | ${ACCOUNT}          | ${false} | ${false} | ${false}
    ${"other"}                         | ${PIPELINE_ACCOUNT} | ${false} | ${false} | ${false}
  `(
    "project $project of $account to plan: $plan, to deploy: $deploy, to report: $report",
    async ({ project, account, ...expected }: Record<string, string | boolean>) => {
      const codebuild = made(
        {},
        {
          kind: "codebuild",
          region: "eu-central-1",
          planProject: PIPELINE_ROLES.plan,
          deployProject: PIPELINE_ROLES.deploy,
          reportProject: PIPELINE_ROLES.report,
        },
      );
      expect(codebuild.pipeline.Resources).not.toHaveProperty("Provider");
      const by = (purpose: Purpose) =>
        admits(pipelineRole(codebuild, purpose).trust, "sts:AssumeRole", "codebuild.amazonaws.com", {
          "aws:SourceAccount": String(account),
          "aws:SourceArn": `arn:aws:codebuild:eu-central-1:${account}:project/${project}`,
        });
      expect(await byPurpose(by)).toEqual(expected);
    },
  );
});

/** A map in which everybody makes reports with the report role. */
const REPORTED: Partial<AccountsMap> = {
  access: {
    ...exampleMap.access,
    reporters: [`arn:aws:iam::${PIPELINE_ACCOUNT}:role/${PIPELINE_ROLES.report}`],
  },
};

describe("the roles in each account admit", () => {
  const templates = made({ ...REPORTED, deployment: { ...ROLES, externalId: "acme-7f3c" } });
  it.each`
    role                     | organization      | externalId     | plan     | deploy
    ${PIPELINE_ROLES.plan}   | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${true}  | ${false}
    ${PIPELINE_ROLES.deploy} | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false} | ${true}
    ${PIPELINE_ROLES.deploy} | ${"o-a1b2c3d4e5"} | ${undefined}   | ${false} | ${false}
    ${PIPELINE_ROLES.deploy} | ${"o-zzzzzzzzzz"} | ${"acme-7f3c"} | ${false} | ${false}
    ${PIPELINE_ROLES.report} | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false} | ${false}
    ${"Administrator"}       | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${false} | ${false}
  `(
    "$role of $organization with $externalId: plan $plan, deploy $deploy",
    async ({ role, organization, externalId, plan, deploy }: Record<string, string>) => {
      const context = { "aws:PrincipalOrgID": organization, "sts:ExternalId": externalId };
      const by = (name: string) =>
        admits(
          accountRole(templates, name).trust,
          "sts:AssumeRole",
          `arn:aws:sts::${PIPELINE_ACCOUNT}:assumed-role/${role}/run`,
          context,
          ACCOUNT,
        );
      expect({ plan: await by(ROLES.planRole), deploy: await by(ROLES.role) }).toEqual({ plan, deploy });
    },
  );
});

describe("the role that plans in each account", () => {
  const { canary, ...others } = { canary: exampleMap.accounts["sandbox"]!, ...exampleMap.accounts };
  const withProbe = { name: "canary", doctor: true, probeRole: "session-audit-probe" };
  const MAPS: Readonly<Record<string, Partial<AccountsMap>>> = {
    "no doctor": REPORTED,
    "doctor in one wave": { ...REPORTED, waves: [{ name: "canary", doctor: true }, "early", "rest"] },
    "doctor and a probe": { ...REPORTED, waves: [withProbe, "early", "rest"] },
    "no reporters": {},
    "reporters of some accounts": {
      accounts: { ...others, sandbox: { ...canary, access: { ...canary.access, ...REPORTED.access } } },
    },
  };

  it.each`
    map                             | role                     | admitted
    ${"no doctor"}                  | ${PIPELINE_ROLES.deploy} | ${false}
    ${"doctor in one wave"}         | ${PIPELINE_ROLES.deploy} | ${true}
    ${"doctor and a probe"}         | ${PIPELINE_ROLES.deploy} | ${true}
    ${"doctor in one wave"}         | ${PIPELINE_ROLES.plan}   | ${true}
    ${"doctor in one wave"}         | ${PIPELINE_ROLES.report} | ${false}
    ${"doctor in one wave"}         | ${"Administrator"}       | ${false}
    ${"no reporters"}               | ${PIPELINE_ROLES.report} | ${true}
    ${"no reporters"}               | ${PIPELINE_ROLES.deploy} | ${false}
    ${"reporters of some accounts"} | ${PIPELINE_ROLES.report} | ${true}
  `("admits $role with $map: $admitted", async ({ map, role, admitted }: Record<string, string>) => {
    const templates = made(MAPS[map!]);
    const by = (name: string, organization: string) =>
      admits(
        accountRole(templates, name).trust,
        "sts:AssumeRole",
        `arn:aws:sts::${PIPELINE_ACCOUNT}:assumed-role/${role}/run`,
        { "aws:PrincipalOrgID": organization },
        ACCOUNT,
      );
    expect(await by(ROLES.planRole, "o-a1b2c3d4e5")).toBe(admitted);
    expect(await by(ROLES.planRole, "o-zzzzzzzzzz")).toBe(false);
    // Nothing of this changes who deploys.
    expect(await by(ROLES.role, "o-a1b2c3d4e5")).toBe(role === PIPELINE_ROLES.deploy);
  });

  it.each`
    map                             | taken                          | plan     | deploy   | report
    ${"no doctor"}                  | ${ROLES.planRole}              | ${true}  | ${false} | ${false}
    ${"no doctor"}                  | ${"session-audit-probe"}       | ${false} | ${false} | ${false}
    ${"doctor in one wave"}         | ${ROLES.planRole}              | ${true}  | ${true}  | ${false}
    ${"doctor in one wave"}         | ${"session-audit-probe"}       | ${false} | ${false} | ${false}
    ${"doctor and a probe"}         | ${"session-audit-probe"}       | ${false} | ${true}  | ${false}
    ${"doctor and a probe"}         | ${ROLES.role}                  | ${false} | ${true}  | ${false}
    ${"doctor and a probe"}         | ${"session-audit-acme-report"} | ${false} | ${false} | ${true}
    ${"no reporters"}               | ${ROLES.planRole}              | ${true}  | ${false} | ${true}
    ${"no reporters"}               | ${"session-audit-acme-report"} | ${false} | ${false} | ${false}
    ${"no reporters"}               | ${ROLES.role}                  | ${false} | ${true}  | ${false}
    ${"reporters of some accounts"} | ${ROLES.planRole}              | ${true}  | ${false} | ${true}
    ${"reporters of some accounts"} | ${"session-audit-acme-report"} | ${false} | ${false} | ${true}
    ${"doctor and a probe"}         | ${"session-audit-probe-other"} | ${false} | ${false} | ${false}
  `(
    "and the others with $map are assumed as $taken: plan $plan, deploy $deploy, report $report",
    async ({ map, taken, ...expected }: Record<string, string | boolean>) => {
      const templates = made(MAPS[String(map)]);
      expect(
        await byPurpose(async (purpose) => {
          const { name, inline } = pipelineRole(templates, purpose);
          const everybody = { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" } as const;
          const { result } = await simulate({
            principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${name}`,
            action: "sts:AssumeRole",
            context: OURS,
            resourceAccountId: ACCOUNT,
            resource: `arn:aws:iam::${ACCOUNT}:role/${String(taken)}`,
            identityPolicies: Object.values(inline),
            resourcePolicy: { Version: "2012-10-17", Statement: [everybody] },
          });
          return result === "Allowed";
        }),
      ).toEqual(expected);
    },
  );
});

it.each([PIPELINE_ROLES.plan, "session-audit-pipeline-*"])(
  "refuses a map that lets pull requests make reports with %s",
  (role) => {
    const reporters = [`arn:aws:iam::${PIPELINE_ACCOUNT}:role/${role}`];
    expect(() => made({ access: { ...exampleMap.access, reporters } })).toThrow(
      /access\.reporters of the account [\w-]+ admits .*pipeline-plan[\s\S]*pipeline-report/,
    );
  },
);

it("accepts a reporter in another account with the name of the role that plans", () => {
  const elsewhere = [`arn:aws:iam::${ACCOUNT}:role/${PIPELINE_ROLES.plan}`];
  expect(() => made({ access: { ...exampleMap.access, reporters: elsewhere } })).not.toThrow();
});

describe("the roles in each account admit the workers that the map describes", () => {
  const OTHER = "555555555555";
  const WORKER = "session-audit-acme-pipeline-eu-central-1-worker";
  const withWorkers = (workers: object | null) =>
    made({
      deployment: { ...ROLES, externalId: "acme-7f3c" },
      state: { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" },
      pipeline: {
        account: { id: OTHER },
        region: "eu-central-1",
        workers: workers as NonNullable<AccountsMap["pipeline"]>["workers"],
      },
    });
  const REPOSITORY = {
    repository: "https://github.com/acme/audit",
    connection:
      "arn:aws:codeconnections:eu-central-1:555555555555:connection/0f8fad5b-d9cb-469f-a165-70867728950e",
  };
  it.each`
    role               | account             | organization      | externalId     | workers       | isAdmitted
    ${WORKER}          | ${OTHER}            | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${REPOSITORY} | ${true}
    ${WORKER}          | ${OTHER}            | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${null}       | ${false}
    ${WORKER}          | ${OTHER}            | ${"o-a1b2c3d4e5"} | ${undefined}   | ${REPOSITORY} | ${false}
    ${WORKER}          | ${OTHER}            | ${"o-zzzzzzzzzz"} | ${"acme-7f3c"} | ${REPOSITORY} | ${false}
    ${WORKER}          | ${PIPELINE_ACCOUNT} | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${REPOSITORY} | ${false}
    ${"Administrator"} | ${OTHER}            | ${"o-a1b2c3d4e5"} | ${"acme-7f3c"} | ${REPOSITORY} | ${false}
  `(
    "$role of $account: $isAdmitted",
    async ({ role, account, organization, externalId, workers, isAdmitted }) => {
      const templates = withWorkers(workers);
      const by = (name: string) =>
        admits(
          accountRole(templates, name).trust,
          "sts:AssumeRole",
          `arn:aws:sts::${account}:assumed-role/${role}/build`,
          {
            "aws:PrincipalOrgID": organization,
            "sts:ExternalId": externalId,
            "aws:PrincipalArn": `arn:aws:iam::${account}:role/${role}`,
          },
          ACCOUNT,
        );
      expect([await by(ROLES.planRole), await by(ROLES.role)]).toEqual([isAdmitted, isAdmitted]);
    },
  );
});

/** Whether the pipeline's role may do something. */
const mayPipeline = async (purpose: Purpose, action: string, resource: string, context = {}) => {
  const state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const templates = made({ ...REPORTED, state });
  const role = pipelineRole(templates, purpose);
  const { result } = await simulate({
    principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${role.name}`,
    action,
    resource,
    context,
    resourceAccountId: resource.split(":")[4] || PIPELINE_ACCOUNT,
    identityPolicies: Object.values(role.inline),
    ...(action.startsWith("kms:") && {
      resourcePolicy: templates.pipeline.Resources["PlansKey"]!.Properties["KeyPolicy"] as PolicyDocument,
    }),
    ...(resource.startsWith(PLANS) && {
      resourcePolicy: templates.pipeline.Resources["PlansBucketPolicy"]!.Properties[
        "PolicyDocument"
      ] as PolicyDocument,
    }),
    // Another account's role also decides who takes it: its trust policy is tested above.
    ...(action === "sts:AssumeRole" && {
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }],
      } as PolicyDocument,
    }),
  });
  return result === "Allowed";
};
const PLANS = `arn:aws:s3:::session-audit-plans-${PIPELINE_ACCOUNT}`;
const KEY = `arn:aws:kms:eu-central-1:${PIPELINE_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const OF_PLANS = {
  "kms:ResourceAliases": ["alias/session-audit-plans"],
  "kms:ViaService": "s3.eu-central-1.amazonaws.com",
};
const ONCE = { "s3:if-none-match": "*" };
const OURS = { "aws:ResourceOrgID": "o-a1b2c3d4e5" };

it.each`
  action               | resource                                                    | context                                                                | plan     | deploy
  ${"sts:AssumeRole"}  | ${`arn:aws:iam::${ACCOUNT}:role/session-audit-plan`}        | ${OURS}                                                                | ${true}  | ${false}
  ${"sts:AssumeRole"}  | ${`arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`}      | ${OURS}                                                                | ${false} | ${true}
  ${"sts:AssumeRole"}  | ${`arn:aws:iam::${ACCOUNT}:role/session-audit-acme-report`} | ${OURS}                                                                | ${false} | ${false}
  ${"sts:AssumeRole"}  | ${`arn:aws:iam::${ACCOUNT}:role/Administrator`}             | ${OURS}                                                                | ${false} | ${false}
  ${"sts:AssumeRole"}  | ${`arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`}      | ${{ "aws:ResourceOrgID": "o-zzzzzzzzzz" }}                             | ${false} | ${false}
  ${"s3:ListBucket"}   | ${"arn:aws:s3:::acme-state"}                                | ${{}}                                                                  | ${true}  | ${true}
  ${"s3:GetObject"}    | ${"arn:aws:s3:::acme-state/audit/a.tfstate"}                | ${{}}                                                                  | ${true}  | ${true}
  ${"s3:PutObject"}    | ${"arn:aws:s3:::acme-state/audit/a.tfstate"}                | ${{}}                                                                  | ${false} | ${true}
  ${"s3:PutObject"}    | ${"arn:aws:s3:::acme-state/audit/a.tfstate.tflock"}         | ${{}}                                                                  | ${true}  | ${true}
  ${"s3:DeleteObject"} | ${"arn:aws:s3:::acme-state/audit/a.tfstate.tflock"}         | ${{}}                                                                  | ${true}  | ${true}
  ${"s3:DeleteObject"} | ${"arn:aws:s3:::acme-state/audit/a.tfstate"}                | ${{}}                                                                  | ${false} | ${false}
  ${"s3:GetObject"}    | ${"arn:aws:s3:::acme-state/other/a.tfstate"}                | ${{}}                                                                  | ${false} | ${false}
  ${"s3:GetObject"}    | ${"arn:aws:s3:::other/audit/a.tfstate"}                     | ${{}}                                                                  | ${false} | ${false}
  ${"s3:PutObject"}    | ${`${PLANS}/plans/1/files.json`}                            | ${ONCE}                                                                | ${true}  | ${false}
  ${"s3:PutObject"}    | ${`${PLANS}/plans/1/files.json`}                            | ${{}}                                                                  | ${false} | ${false}
  ${"s3:PutObject"}    | ${`${PLANS}/plans/1/files.json`}                            | ${{ "s3:if-match": "0a1b" }}                                           | ${false} | ${false}
  ${"s3:GetObject"}    | ${`${PLANS}/plans/1/files.json`}                            | ${{}}                                                                  | ${true}  | ${true}
  ${"s3:DeleteObject"} | ${`${PLANS}/plans/1/files.json`}                            | ${{}}                                                                  | ${false} | ${false}
  ${"s3:PutObject"}    | ${`${PLANS}/journals/1/000001.json`}                        | ${ONCE}                                                                | ${false} | ${true}
  ${"s3:PutObject"}    | ${`${PLANS}/journals/1/000001.json`}                        | ${{}}                                                                  | ${false} | ${false}
  ${"s3:GetObject"}    | ${`${PLANS}/journals/1/000001.json`}                        | ${{}}                                                                  | ${false} | ${true}
  ${"s3:ListBucket"}   | ${PLANS}                                                    | ${{}}                                                                  | ${false} | ${true}
  ${"kms:Decrypt"}     | ${KEY}                                                      | ${OF_PLANS}                                                            | ${true}  | ${true}
  ${"kms:Decrypt"}     | ${KEY}                                                      | ${{ ...OF_PLANS, "kms:ResourceAliases": ["alias/other"] }}             | ${false} | ${false}
  ${"kms:Decrypt"}     | ${KEY}                                                      | ${{ ...OF_PLANS, "kms:ViaService": "ssm.eu-central-1.amazonaws.com" }} | ${false} | ${false}
`(
  "the pipeline may $action $resource: plan $plan, deploy $deploy",
  async ({ action, resource, context, plan, deploy }: Record<string, string>) => {
    const may = (purpose: Purpose) => mayPipeline(purpose, action!, resource!, context as unknown as object);
    const report = resource!.endsWith("-report") && action === "sts:AssumeRole";
    // Who makes reports reads no state, stores no plan and deploys nothing.
    expect(await byPurpose(may)).toEqual({ plan, deploy, report });
  },
);

describe("with roles for the states", () => {
  const STATES = "555555555555";
  const state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const roleArn = `arn:aws:iam::${STATES}:role/states-write`;
  const planRoleArn = `arn:aws:iam::${STATES}:role/states-read`;

  it.each`
    action              | resource                                      | plan     | deploy
    ${"sts:AssumeRole"} | ${planRoleArn}                                | ${true}  | ${false}
    ${"sts:AssumeRole"} | ${roleArn}                                    | ${false} | ${true}
    ${"sts:AssumeRole"} | ${`arn:aws:iam::${STATES}:role/states-admin`} | ${false} | ${false}
    ${"s3:GetObject"}   | ${"arn:aws:s3:::acme-state/audit/a.tfstate"}  | ${false} | ${false}
    ${"s3:PutObject"}   | ${"arn:aws:s3:::acme-state/audit/a.tfstate"}  | ${false} | ${false}
  `(
    "the pipeline may $action $resource: plan $plan, deploy $deploy, report false",
    async ({ action, resource, plan, deploy }: Record<string, string>) => {
      const templates = made({ state: { ...state, roleArn, planRoleArn } });
      const may = async (purpose: Purpose) => {
        const { name, inline } = pipelineRole(templates, purpose);
        const everybody = { Effect: "Allow", Principal: "*", Action: action } as const;
        const { result } = await simulate({
          principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${name}`,
          action: action!,
          context: {},
          resource: resource!,
          resourceAccountId: STATES,
          identityPolicies: Object.values(inline),
          resourcePolicy: { Version: "2012-10-17", Statement: [{ ...everybody, Resource: resource }] },
        });
        return result === "Allowed";
      };
      expect(await byPurpose(may)).toEqual({ plan, deploy, report: false });
    },
  );

  it("refuses a map whose one role would let pull requests write states", () => {
    expect(() => made({ state: { ...state, roleArn } })).toThrow(
      /state\.roleArn names one role for plans and deployments[\s\S]*state\.planRoleArn/,
    );
  });
});

/** The answer to a call of an administrator on an object in the bucket of plans. */
const ofAdministrator = async (action: string, key: string, context: object = {}) => {
  const statement = [{ Effect: "Allow", Action: "*", Resource: "*" }];
  const { result } = await simulate({
    principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/Administrator`,
    action,
    resource: `${PLANS}/${key}`,
    resourceAccountId: PIPELINE_ACCOUNT,
    identityPolicies: [{ Version: "2012-10-17", Statement: statement }],
    resourcePolicy: made().pipeline.Resources["PlansBucketPolicy"]!.Properties[
      "PolicyDocument"
    ] as PolicyDocument,
    context: { ...context },
  });
  return result;
};

it.each`
  object                           | uses
  ${""}                            | ${true}
  ${"/audit/a.tfstate"}            | ${true}
  ${"/audit/a.tfstate.tflock"}     | ${true}
  ${"/audit/a.tfstate.tflock.bak"} | ${false}
  ${"/other/a.tfstate"}            | ${false}
`(
  "lets the roles of the pipeline use the key of the states for $object of the bucket: $uses",
  async ({ object, uses }: { object: string; uses: boolean }) => {
    const kmsKeyArn = `arn:aws:kms:eu-central-1:${PIPELINE_ACCOUNT}:key/77777777-12ab-34cd-56ef-1234567890ab`;
    const of = { bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit", kmsKeyArn };
    const templates = made({ state: { backend: "s3", ...of } });
    const root = { AWS: `arn:aws:iam::${PIPELINE_ACCOUNT}:root` };
    for (const purpose of ["plan", "deploy", "report"] as const) {
      const role = pipelineRole(templates, purpose);
      const { result } = await simulate({
        principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${role.name}`,
        action: "kms:GenerateDataKey",
        resource: kmsKeyArn,
        resourceAccountId: PIPELINE_ACCOUNT,
        context: { "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::acme-state${object}` },
        identityPolicies: Object.values(role.inline),
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" }],
        },
      });
      expect(result === "Allowed").toBe(uses && purpose !== "report");
    }
  },
);

it.each(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete", "s3:ReplicateObject"])(
  "refuses %s of a plan folder or a journal even to an administrator, and of nothing else",
  async (action) => {
    const keys = ["plans/1/files.json", "journals/1/000001.json", "elsewhere"];
    const answers: string[] = [];
    for (const key of keys) answers.push(await ofAdministrator(action, key));
    expect(answers).toEqual(["ExplicitlyDenied", "ExplicitlyDenied", "Allowed"]);
  },
);

it("keeps versions of what is in the bucket, and those of plan folders for a day", () => {
  const { VersioningConfiguration, LifecycleConfiguration } =
    made().pipeline.Resources["PlansBucket"]!.Properties;
  expect(VersioningConfiguration).toEqual({ Status: "Enabled" });
  expect((LifecycleConfiguration as { Rules: object[] }).Rules).toContainEqual(
    expect.objectContaining({ Prefix: "plans/", NoncurrentVersionExpiration: { NoncurrentDays: 1 } }),
  );
});

it("refuses to overwrite a plan folder or a journal even to an administrator", async () => {
  const puts = (key: string, context: object) => ofAdministrator("s3:PutObject", key, context);
  for (const key of ["plans/1/files.json", "journals/1/000001.json"])
    expect([await puts(key, {}), await puts(key, ONCE)]).toEqual(["ExplicitlyDenied", "Allowed"]);
  expect(await puts("elsewhere", {})).toBe("Allowed");
});

it.each<[string, Partial<AccountsMap>, string[]]>([
  ["nothing further", {}, ["DeployGuard"]],
  [
    "the guard nowhere",
    {
      accounts: {
        payments: exampleMap.accounts["payments"]!,
        "log-archive": exampleMap.accounts["log-archive"]!,
      },
      waves: ["rest"],
    },
    [],
  ],
  ["masking", { logs: { masking: { enabled: true } } }, ["DeployGuard", "DeployLogs"]],
  ["prerequisites", { prerequisites: { maintain: ["ssm-agent"] } }, ["DeployGuard", "DeployHosts"]],
  [
    "an existing topic",
    { notifications: { activity: { topic: { existing: "sessions" } } } },
    ["DeployExisting", "DeployGuard"],
  ],
  ...(["create", "keep"] as const).map((recordings): [string, Partial<AccountsMap>, string[]] => [
    `recordings of Remote Desktop: ${recordings}`,
    {
      accounts: {
        ...exampleMap.accounts,
        payments: { ...exampleMap.accounts["payments"]!, remoteDesktop: { recordings } },
      },
    },
    ["DeployGuard", "DeployRdp"],
  ]),
])("has the policies that a map with %s needs", (_, changes, expected) => {
  expect(Object.keys(accountRole(made(changes), ROLES.role).managed).sort()).toEqual(expected);
});

it.each<[string, object, string[]]>([
  ["are created", {}, ["DeployGuard"]],
  ["exist", { topic: { existing: "sessions" } }, ["DeployExisting", "DeployGuard"]],
])("has the policies that a map needs whose topics in one place %s", (_, topic, expected) => {
  const { accounts, notifications, ...rest } = CENTRAL;
  const activity = { ...notifications!.activity, ...topic };
  const own = { activity: { topic: "create" }, security: { topic: "create" } } as const;
  const map: AccountsMap = {
    ...rest,
    notifications: { ...notifications, activity },
    accounts: { ...accounts, work: { ...accounts["work"]!, notifications: own } },
  };
  expect(Object.keys(accountRole(made({}, GITHUB, map), ROLES.role).managed).sort()).toEqual(expected);
});

describe("with settings that name what exists, the deploying role", () => {
  const logGroup = (name: string) => `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:${name}`;
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const OWN_POLICY = { "iam:PolicyARN": `arn:aws:iam::${ACCOUNT}:policy/session-audit-acme-instance` };
  const masked = { masking: { enabled: true } };
  /** A map whose regions say nothing of the retention of logs, which an existing group has by itself. */
  const { payments, ...others } = exampleMap.accounts;
  const existing = { existing: "/corp/sessions" };
  const regions = ["eu-central-1", "us-east-1"];
  const MAPS: Readonly<Record<string, Partial<AccountsMap>>> = {
    "a masked group": {
      logs: { group: existing, ...masked },
      accounts: { ...others, payments: { ...payments!, regions } },
    },
    "a group of one account": {
      logs: masked,
      accounts: { ...others, payments: { ...payments!, regions, logs: { group: existing } } },
    },
    "a created group": { logs: masked },
    "a role of hosts": { access: { defaultHostManagementRole: "hosts" } },
  };

  it.each`
    map                         | action                             | resource                                    | may
    ${"a masked group"}         | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions")}               | ${true}
    ${"a masked group"}         | ${"logs:PutSubscriptionFilter"}    | ${logGroup("/corp/sessions:log-stream:x")}  | ${true}
    ${"a masked group"}         | ${"logs:DeleteSubscriptionFilter"} | ${logGroup("/corp/sessions")}               | ${true}
    ${"a masked group"}         | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions-of-others")}     | ${false}
    ${"a masked group"}         | ${"logs:GetLogEvents"}             | ${logGroup("/corp/sessions:log-stream:x")}  | ${false}
    ${"a masked group"}         | ${"logs:DeleteLogGroup"}           | ${logGroup("/corp/sessions")}               | ${false}
    ${"a masked group"}         | ${"logs:PutSubscriptionFilter"}    | ${logGroup("/session-audit/acme/sessions")} | ${true}
    ${"a group of one account"} | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions")}               | ${true}
    ${"a created group"}        | ${"logs:PutDataProtectionPolicy"}  | ${logGroup("/corp/sessions")}               | ${false}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("hosts")}                            | ${true}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("service-role/hosts")}               | ${true}
    ${"a role of hosts"}        | ${"iam:DetachRolePolicy"}          | ${role("corp/ops/hosts")}                   | ${true}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("other-hosts")}                      | ${false}
    ${"a role of hosts"}        | ${"iam:AttachRolePolicy"}          | ${role("hosts/other")}                      | ${false}
    ${"a role of hosts"}        | ${"iam:PutRolePolicy"}             | ${role("hosts")}                            | ${false}
  `(
    "with $map may $action on $resource: $may",
    async ({ map, action, resource, may }: Record<string, string>) => {
      const { name, inline, managed } = accountRole(made(MAPS[map!]), ROLES.role);
      const { result } = await simulate({
        principal: role(name),
        action: action!,
        resource: resource!,
        resourceAccountId: ACCOUNT,
        context: /^iam:(Attach|Detach)RolePolicy$/.test(action!) ? OWN_POLICY : {},
        identityPolicies: [...Object.values(inline), ...Object.values(managed)],
      });
      expect(result === "Allowed").toBe(may);
    },
  );

  it("attaches no policy of somebody else's to a role of hosts", async () => {
    const { name, inline, managed } = accountRole(made(MAPS["a role of hosts"]), ROLES.role);
    const { result } = await simulate({
      principal: role(name),
      action: "iam:AttachRolePolicy",
      resource: role("corp/ops/hosts"),
      resourceAccountId: ACCOUNT,
      context: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
      identityPolicies: [...Object.values(inline), ...Object.values(managed)],
    });
    expect(result).toBe("ImplicitlyDenied");
  });
});

it("has every policy of docs for a map that uses everything, within the quotas of IAM and CloudFormation", () => {
  const long = { ...COMPLETE, organization: { ...COMPLETE.organization, name: "acme" } };
  const pipeline = { account: { id: ACCOUNT, role: "machines" }, region: "eu-central-1" };
  const state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const templates = made({ pipeline, state }, GITHUB, long);
  const role = accountRole(templates, ROLES.role);
  expect(Object.keys(role.managed)).toEqual(["DeployGuard", "DeployHosts", "DeployLogs"]);
  const size = (document: PolicyDocument) => JSON.stringify(document).length;
  for (const one of rolesOf(templates.accounts, ACCOUNT)) {
    expect(Object.values(one.inline).reduce((sum, document) => sum + size(document), 0)).toBeLessThan(10_240);
    for (const document of Object.values(one.managed)) expect(size(document)).toBeLessThan(6_144);
  }
  // A template that is given in the call, and not in a bucket.
  expect(JSON.stringify(templates.accounts, null, 1).length).toBeLessThan(51_200);
});

it("names the roles of instances, and nothing if the map names none", () => {
  const statement = (changes: Partial<AccountsMap>) =>
    accountRole(made(changes), ROLES.role).inline["deploy"]!.Statement as {
      Sid: string;
      Resource: string[];
    }[];
  const attach = (changes: Partial<AccountsMap>) =>
    statement(changes).find(({ Sid }) => Sid === "AttachToInstanceRoles")?.Resource;
  expect(attach({ access: { attachToRoles: ["web", "app"] } })).toEqual(
    ["app", "*/app", "web", "*/web"].map((role) => `arn:aws:iam::${ACCOUNT}:role/${role}`),
  );
  expect(attach({ access: { attachToRoles: [], instanceProfile: true } })).toBeUndefined();
});

it("lets the policies of guardrails be changed in the management account alone", () => {
  const templates = made({}, GITHUB, COMPLETE);
  const management = COMPLETE.guardrails!.managementAccount.id;
  const names = (accountId: string) => rolesOf(templates.accounts, accountId).map(({ name }) => name);
  expect(names(ACCOUNT)).toEqual(["session-audit-plan", "session-audit-deploy"]);
  expect(names(management)).toEqual(["session-audit-plan", "session-audit-deploy", "organization-policies"]);
  const role = accountRole(templates, "organization-policies", management);
  const attach = (role.managed["Guardrails"]!.Statement as { Sid: string; Resource: string[] }[]).find(
    ({ Sid }) => Sid === "AttachToUnits",
  );
  expect(attach!.Resource).toEqual(
    COMPLETE.guardrails!.organizationalUnits.map(
      (unit) =>
        expect.stringMatching(
          `^arn:aws:organizations::${management}:(ou|root|account)/\\*/${unit}$`,
        ) as string,
    ),
  );
});

describe("with a pipeline in the map, the account of the pipeline has", () => {
  const OTHER = "555555555555";
  const state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const inMap = (role?: string): Partial<AccountsMap> => ({
    state,
    pipeline: { account: { id: OTHER, ...(role !== undefined && { role }) }, region: "eu-central-1" },
  });
  const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${OTHER}:${rest}`;
  const iam = (rest: string) => `arn:aws:iam::${OTHER}:${rest}`;
  const MACHINE = arn("states", "stateMachine:session-audit-acme-pipeline");
  const PROJECT = arn("codebuild", "project/session-audit-acme-pipeline-worker");
  const LOGS = arn("logs", "log-group:/aws/vendedlogs/states/session-audit-acme-pipeline");
  const ROLE = iam("role/session-audit-acme-pipeline-eu-central-1");
  const BUCKET = `arn:aws:s3:::session-audit-acme-${OTHER}-eu-central-1-pipeline`;
  const toStates = { "iam:PassedToService": "states.amazonaws.com" };
  const toLambda = { "iam:PassedToService": "lambda.amazonaws.com" };

  /** Whether a role that the templates make may do something in the account of the pipeline. */
  async function may(
    changes: Partial<AccountsMap>,
    { name, accountId = OTHER }: { name: string; accountId?: string },
    { action, resource, context }: { action: string; resource: string; context: Record<string, string> },
  ): Promise<boolean> {
    const role = accountRole(made(changes), name, accountId);
    const { result } = await simulate({
      principal: `arn:aws:iam::${accountId}:role/${name}`,
      action,
      context,
      resource: resource.replace(OTHER, accountId),
      resourceAccountId: accountId,
      identityPolicies: [...Object.values(role.inline), ...Object.values(role.managed)],
    });
    return result === "Allowed";
  }

  it.each`
    action                            | resource                                             | context     | inPipeline | own      | elsewhere | without
    ${"states:CreateStateMachine"}    | ${MACHINE}                                           | ${{}}       | ${true}    | ${true}  | ${false}  | ${false}
    ${"states:UpdateStateMachine"}    | ${MACHINE}                                           | ${{}}       | ${true}    | ${true}  | ${false}  | ${false}
    ${"states:DeleteStateMachine"}    | ${arn("states", "stateMachine:theirs")}              | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"states:StartExecution"}        | ${MACHINE}                                           | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"codebuild:CreateProject"}      | ${PROJECT}                                           | ${{}}       | ${true}    | ${true}  | ${false}  | ${false}
    ${"codebuild:StartBuild"}         | ${PROJECT}                                           | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"codebuild:DeleteProject"}      | ${arn("codebuild", "project/theirs")}                | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"logs:PutRetentionPolicy"}      | ${LOGS}                                              | ${{}}       | ${true}    | ${true}  | ${false}  | ${false}
    ${"logs:GetLogEvents"}            | ${`${LOGS}:log-stream:x`}                            | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"iam:PutRolePolicy"}            | ${ROLE}                                              | ${{}}       | ${true}    | ${true}  | ${false}  | ${false}
    ${"iam:PutRolePolicy"}            | ${iam("role/administrator")}                         | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"iam:PassRole"}                 | ${ROLE}                                              | ${toStates} | ${true}    | ${true}  | ${false}  | ${false}
    ${"iam:PassRole"}                 | ${ROLE}                                              | ${toLambda} | ${false}   | ${false} | ${false}  | ${false}
    ${"iam:CreateRole"}               | ${ROLE}                                              | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"s3:PutBucketPolicy"}           | ${BUCKET}                                            | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"sqs:SetQueueAttributes"}       | ${arn("sqs", "session-audit-acme-pipeline")}         | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"s3:CreateBucket"}              | ${BUCKET}                                            | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"s3:PutLifecycleConfiguration"} | ${BUCKET}                                            | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"s3:PutBucketVersioning"}       | ${BUCKET}                                            | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"s3:PutObject"}                 | ${`${BUCKET}/journals/1`}                            | ${{}}       | ${false}   | ${false} | ${false}  | ${false}
    ${"sqs:CreateQueue"}              | ${arn("sqs", "session-audit-acme-pipeline")}         | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"kms:CreateKey"}                | ${"*"}                                               | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"logs:DescribeLogGroups"}       | ${"*"}                                               | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"iam:GetRole"}                  | ${ROLE}                                              | ${{}}       | ${true}    | ${true}  | ${true}   | ${true}
    ${"ssm:UpdateDocument"}           | ${arn("ssm", "document/SSM-SessionManagerRunShell")} | ${{}}       | ${true}    | ${false} | ${true}   | ${true}
    ${"sns:CreateTopic"}              | ${arn("sns", "session-audit-acme-security")}         | ${{}}       | ${true}    | ${false} | ${true}   | ${true}
  `(
    "a deploying role that may $action on $resource with $context: $inPipeline, one of its own $own, elsewhere $elsewhere, without it $without",
    async ({ action, resource, context, ...expected }: Record<string, unknown>) => {
      const asked = { action, resource, context } as Parameters<typeof may>[2];
      expect({
        inPipeline: await may(inMap(), { name: ROLES.role }, asked),
        own: await may(inMap("machines/deploy"), { name: "deploy" }, asked),
        elsewhere: await may(inMap(), { name: ROLES.role, accountId: ACCOUNT }, asked),
        without: await may({}, { name: ROLES.role }, asked),
      }).toEqual(expected);
      // Beside a role of its own, the deploying role of that account has what it has elsewhere.
      expect(await may(inMap("machines/deploy"), { name: ROLES.role }, asked)).toBe(expected["elsewhere"]);
    },
  );

  const names = (templates: Bootstrap, accountId: string) =>
    rolesOf(templates.accounts, accountId).map(({ path, name }) => `${path}${name}`);
  it.each<[string, Partial<AccountsMap>, readonly string[]]>([
    ["no role of its own if the map names none", inMap(), []],
    ["the role that the map names", inMap("machines/deploy"), ["/machines/deploy"]],
    ["one role if the map names that of the whole deployment", inMap(ROLES.role), []],
  ])("%s", (_, changes, own) => {
    const both = ["/session-audit-plan", "/session-audit-deploy"];
    expect(names(made(changes), OTHER)).toEqual([...both, ...own]);
    expect(names(made(changes), ACCOUNT)).toEqual(both);
  });

  it("one role if guardrails and pipeline name the same one in the same account", () => {
    const { id, role } = COMPLETE.guardrails!.managementAccount;
    const templates = made(
      { state, pipeline: { account: { id, role: role! }, region: "eu-central-1" } },
      GITHUB,
      COMPLETE,
    );
    expect(names(templates, id)).toEqual(["/session-audit-plan", "/session-audit-deploy", `/${role}`]);
    const { inline, managed } = accountRole(templates, role!, id);
    expect(Object.keys(inline)).toEqual(["deploy"]);
    expect(Object.keys(managed)).toEqual(["Guardrails", "DeployPipeline"]);
  });

  it("a role of its own that the deploying role of the pipeline takes, and the planning one does not", async () => {
    const templates = made(inMap("machines/deploy"));
    const takes = (purpose: Purpose) =>
      (
        pipelineRole(templates, purpose).inline["accounts"]!.Statement as { Resource: string[] }[]
      )[0]!.Resource.includes("arn:aws:iam::*:role/machines/deploy");
    expect([takes("plan"), takes("deploy")]).toEqual([false, true]);
    const by = (role: string) =>
      admits(
        accountRole(templates, "deploy", OTHER).trust,
        "sts:AssumeRole",
        `arn:aws:sts::${PIPELINE_ACCOUNT}:assumed-role/${role}/run`,
        { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
        OTHER,
      );
    expect([await by(PIPELINE_ROLES.plan), await by(PIPELINE_ROLES.deploy)]).toEqual([false, true]);
  });
});

describe("with a pipeline in the account of the roles, distribute may", () => {
  const state = { backend: "s3", bucket: "acme-state", region: "eu-central-1", keyPrefix: "audit" } as const;
  const workers = {
    repository: "https://github.com/acme/audit",
    connection: `arn:aws:codeconnections:eu-central-1:${PIPELINE_ACCOUNT}:connection/0f8fad5b-d9cb-469f-a165-70867728950e`,
  };
  const mapIn = (id: string, more: object = {}): Partial<AccountsMap> => ({
    state,
    pipeline: { account: { id }, region: "eu-central-1", ...more },
  });
  const MAPS: Readonly<Record<string, Partial<AccountsMap>>> = {
    workers: mapIn(PIPELINE_ACCOUNT, { workers }),
    none: mapIn(PIPELINE_ACCOUNT),
    elsewhere: mapIn("555555555555"),
    without: { state },
  };
  const arn = (service: string, rest: string, region = "eu-central-1") =>
    `arn:aws:${service}:${region}:${PIPELINE_ACCOUNT}:${rest}`;
  const NAME = "session-audit-acme-pipeline";
  const MACHINE = arn("states", `stateMachine:${NAME}`);
  const EXECUTION = arn("states", `execution:${NAME}:20261128T080000Z-0a1b2c3d`);
  const MAP_RUN = arn("states", `mapRun:${NAME}/items:0f8fad5b-d9cb-469f-a165-70867728950e`);
  const BUCKET = `arn:aws:s3:::session-audit-acme-${PIPELINE_ACCOUNT}-eu-central-1-pipeline`;
  const OWN = { "aws:ResourceAccount": PIPELINE_ACCOUNT };
  const ACME = checkMap({ ...exampleMap, deployment: ROLES, ...MAPS["workers"] }, "map");
  const OF_KEY = pipelineKeyPolicy(pipelineOf(ACME, ACME.pipeline!)) as PolicyDocument;
  const THROUGH_S3 = {
    "kms:ResourceAliases": [`alias/${NAME}`],
    "kms:ViaService": "s3.eu-central-1.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": BUCKET,
  };

  it.each`
    action                         | resource                                                     | context                                                                         | workers  | none
    ${"states:StartExecution"}     | ${MACHINE}                                                   | ${{}}                                                                           | ${true}  | ${true}
    ${"states:ListExecutions"}     | ${MACHINE}                                                   | ${{}}                                                                           | ${true}  | ${true}
    ${"states:StartExecution"}     | ${arn("states", "stateMachine:theirs")}                      | ${{}}                                                                           | ${false} | ${false}
    ${"states:StartExecution"}     | ${arn("states", `stateMachine:${NAME}`, "us-east-1")}        | ${{}}                                                                           | ${false} | ${false}
    ${"states:DescribeExecution"}  | ${EXECUTION}                                                 | ${{}}                                                                           | ${true}  | ${true}
    ${"states:ListMapRuns"}        | ${EXECUTION}                                                 | ${{}}                                                                           | ${true}  | ${true}
    ${"states:DescribeMapRun"}     | ${MAP_RUN}                                                   | ${{}}                                                                           | ${true}  | ${true}
    ${"states:DescribeMapRun"}     | ${arn("states", "mapRun:theirs/items:1")}                    | ${{}}                                                                           | ${false} | ${false}
    ${"states:RedriveExecution"}   | ${EXECUTION}                                                 | ${{}}                                                                           | ${false} | ${false}
    ${"states:UpdateStateMachine"} | ${MACHINE}                                                   | ${{}}                                                                           | ${false} | ${false}
    ${"states:SendTaskSuccess"}    | ${"*"}                                                       | ${{}}                                                                           | ${false} | ${false}
    ${"sqs:SendMessage"}           | ${arn("sqs", NAME)}                                          | ${{}}                                                                           | ${false} | ${false}
    ${"s3:ListBucket"}             | ${BUCKET}                                                    | ${OWN}                                                                          | ${true}  | ${true}
    ${"s3:PutObject"}              | ${`${BUCKET}/runs/1/stages/000.json`}                        | ${OWN}                                                                          | ${true}  | ${true}
    ${"s3:GetObject"}              | ${`${BUCKET}/runs/1/results/a/done.json`}                    | ${OWN}                                                                          | ${true}  | ${true}
    ${"s3:PutObject"}              | ${`${BUCKET}/plans/1/files.json`}                            | ${OWN}                                                                          | ${true}  | ${true}
    ${"s3:GetObject"}              | ${`${BUCKET}/journals/1/whole/000001.json`}                  | ${OWN}                                                                          | ${true}  | ${true}
    ${"s3:PutObject"}              | ${`${BUCKET}/journals/1/whole/000001.json`}                  | ${OWN}                                                                          | ${true}  | ${true}
    ${"s3:PutObject"}              | ${`${BUCKET}/journals/1/whole/000001.json`}                  | ${{ "aws:ResourceAccount": "999999999999" }}                                    | ${false} | ${false}
    ${"s3:PutObject"}              | ${`${BUCKET}/elsewhere`}                                     | ${OWN}                                                                          | ${false} | ${false}
    ${"s3:DeleteObject"}           | ${`${BUCKET}/plans/1/files.json`}                            | ${OWN}                                                                          | ${false} | ${false}
    ${"kms:GenerateDataKey"}       | ${KEY}                                                       | ${THROUGH_S3}                                                                   | ${true}  | ${true}
    ${"kms:Decrypt"}               | ${KEY}                                                       | ${THROUGH_S3}                                                                   | ${true}  | ${true}
    ${"kms:Decrypt"}               | ${KEY}                                                       | ${{ ...THROUGH_S3, "kms:ResourceAliases": ["alias/theirs"] }}                   | ${false} | ${false}
    ${"kms:Decrypt"}               | ${KEY}                                                       | ${{ ...THROUGH_S3, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::theirs" }} | ${false} | ${false}
    ${"codebuild:StartBuild"}      | ${arn("codebuild", `project/${NAME}-worker`)}                | ${{}}                                                                           | ${true}  | ${false}
    ${"codebuild:StartBuild"}      | ${arn("codebuild", "project/session-audit-pipeline-deploy")} | ${{}}                                                                           | ${false} | ${false}
    ${"codebuild:UpdateProject"}   | ${arn("codebuild", `project/${NAME}-worker`)}                | ${{}}                                                                           | ${false} | ${false}
  `(
    "$action $resource with $context: with workers in CodeBuild $workers, without them $none",
    async ({ action, resource, context, ...expected }: Record<string, unknown>) => {
      const may = async (map: string, purpose: Purpose = "deploy") => {
        const { name, inline } = pipelineRole(made({ ...REPORTED, ...MAPS[map] }), purpose);
        const { result } = await simulate({
          principal: `arn:aws:iam::${PIPELINE_ACCOUNT}:role/${name}`,
          action: String(action),
          resource: String(resource),
          resourceAccountId: PIPELINE_ACCOUNT,
          context: context as Record<string, string>,
          identityPolicies: Object.values(inline),
          ...(resource === KEY && { resourcePolicy: OF_KEY }),
        });
        return result === "Allowed";
      };
      expect({ workers: await may("workers"), none: await may("none") }).toEqual(expected);
      // Policies of a role reach nothing of another account, and nobody but who deploys starts an execution.
      expect([await may("elsewhere"), await may("without")]).toEqual([false, false]);
      expect([await may("workers", "plan"), await may("workers", "report")]).toEqual([false, false]);
    },
  );

  it.each`
    map            | has
    ${"workers"}   | ${true}
    ${"none"}      | ${true}
    ${"elsewhere"} | ${false}
    ${"without"}   | ${false}
  `(
    "not be run with a policy that reaches nothing: $map $has",
    ({ map, has }: { map: string; has: boolean }) => {
      expect("distribute" in pipelineRole(made(MAPS[map]), "deploy").inline).toBe(has);
    },
  );

  it("makes every call of Step Functions that the program makes, and no other", () => {
    const engine = readFileSync(join(ROOT, "fleet", "distributed", "engine.ts"), "utf8");
    const imported = [...engine.matchAll(/const \{([^}]+)\} = await import\("@aws-sdk\/client-sfn"\)/g)];
    const calls = imported
      .flatMap(([, names]) => [...names!.matchAll(/(\w+)Command/g)])
      .map(([, name]) => `states:${name}`);
    expect(calls.length).toBeGreaterThan(3);
    const { Statement } = pipelineRole(made(MAPS["none"]), "deploy").inline["distribute"]!;
    const actions = (Statement as { Action: string[] }[]).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith("states:")).sort()).toEqual(calls.sort());
  });

  it("has in docs the policy for people", () => {
    const text = readFileSync(join(ROOT, "docs", "distribute-role.json"), "utf8");
    const values = { account: PIPELINE_ACCOUNT, region: "eu-central-1", organization: "acme" };
    const filled = Object.entries(values).reduce(
      (all, [name, value]) => all.replaceAll(`<${name}>`, value),
      text,
    );
    expect(pipelineRole(made(MAPS["workers"]), "deploy").inline["distribute"]).toEqual(JSON.parse(filled));
  });
});

it("makes roles with paths", () => {
  const deployment = { mode: "assume-role", role: "ops/deploy", planRole: "ops/plan" } as const;
  const roles = rolesOf(made({ deployment }).accounts, ACCOUNT);
  expect(roles.map(({ name, path }) => `${path}${name}`)).toEqual(["/ops/plan", "/ops/deploy"]);
});

it.each<[string, Record<string, string>]>([
  ["cn-north-1", { ec2: "ec2.amazonaws.com.cn", via: "dynamodb.*.amazonaws.com.cn", arn: "arn:aws-cn:" }],
  ["us-gov-west-1", { ec2: "ec2.amazonaws.com", via: "dynamodb.*.amazonaws.com", arn: "arn:aws-us-gov:" }],
])("is of the partition of %s", (region, { ec2, via, arn }) => {
  const map: AccountsMap = {
    ...exampleMap,
    archive: undefined,
    waves: undefined,
    transcripts: { readers: [] },
    guard: { enabled: true },
    accounts: { web: { id: ACCOUNT, homeRegion: region, regions: [region] } },
  };
  const text = JSON.stringify(made({}, GITHUB, map).accounts);
  expect(text).toContain(`"${ec2}"`);
  expect(text).toContain(`"${via}"`);
  expect(text).toContain(arn);
  expect(text).not.toContain("arn:aws:");
});

it.each<[string, Partial<AccountsMap>, string]>([
  ["ambient", { deployment: { mode: "ambient" } }, "does not name the two roles"],
  ["one role", { deployment: { mode: "assume-role", role: "deploy" } }, "does not name the two roles"],
])("refuses a map with %s", (_, changes, text) => {
  expect(() => made(changes)).toThrow(text);
});

it("keeps plan folders encrypted with a key of their own, for some days, and lets nobody else in", () => {
  const { Resources, Parameters } = made().pipeline;
  const bucket = Resources["PlansBucket"]!.Properties;
  expect(bucket).toMatchObject({
    BucketName: `session-audit-plans-${PIPELINE_ACCOUNT}`,
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: {
            SSEAlgorithm: "aws:kms",
            KMSMasterKeyID: { "Fn::GetAtt": ["PlansKey", "Arn"] },
          },
        },
      ],
    },
    PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
  });
  const { Rules } = bucket["LifecycleConfiguration"] as { Rules: object[] };
  expect(Rules).toContainEqual(
    expect.objectContaining({ Prefix: "plans/", ExpirationInDays: { Ref: "PlanDays" } }),
  );
  // Journals say who has deployed what, so no rule may reach them.
  expect(Rules.filter((rule) => "ExpirationInDays" in rule)).toHaveLength(1);
  expect(Parameters!["PlanDays"]).toMatchObject({ Default: 14, MaxValue: 35 });
});
