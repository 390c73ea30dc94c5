import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AccountsMap } from "../../../accounts/schema";
import { simulate, type PolicyDocument } from "../../../emulator/iam/policy-simulator";
import { PIPELINE_ROLES, type Bootstrap } from "../../../fleet/bootstrap/templates";
import type { Purpose } from "../../../fleet/bootstrap/trust";
import { pipelineOf } from "../../../stacks/names";
import { pipelineKeyPolicy } from "../../../stacks/policies/pipeline-policy";
import { checkMap } from "../../../stacks/read-organization";
import exampleMap from "../../fixtures/example-map";
import { rolesOf } from "../../helpers/cloudformation";
import {
  ROOT,
  PIPELINE_ACCOUNT,
  ACCOUNT,
  ROLES,
  COMPLETE,
  GITHUB,
  made,
  accountRole,
  pipelineRole,
  admits,
  REPORTED,
  KEY,
} from "./made";

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
