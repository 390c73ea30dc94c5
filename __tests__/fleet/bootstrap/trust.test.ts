import type { AccountsMap } from "../../../accounts/schema";
import { simulate } from "../../../emulator/iam/policy-simulator";
import { PIPELINE_ROLES } from "../../../fleet/bootstrap/templates";
import type { Purpose } from "../../../fleet/bootstrap/trust";
import exampleMap from "../../fixtures/example-map";
import {
  PIPELINE_ACCOUNT,
  ACCOUNT,
  ROLES,
  WITH_IDS,
  made,
  accountRole,
  pipelineRole,
  admits,
  byPurpose,
  REPORTED,
  OURS,
} from "./made";

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

/** A map in which everybody makes reports with the report role. */ describe("the roles in each account admit", () => {
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
