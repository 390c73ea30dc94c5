import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { simulate, type PolicyDocument } from "../../emulator/iam/policy-simulator";
import { PIPELINE_ROLES } from "../../fleet/bootstrap/templates";
import { ROOT } from "../helpers/documents";
import { buildspecFaults, readBuildspec, type Buildspec } from "../helpers/pipelines/buildspec";

const FILES = ["pipelines/aws/plan.buildspec.yml", "pipelines/aws/deploy.buildspec.yml"];

it.each(FILES)("%s has no fault", (file) => expect(buildspecFaults(readBuildspec(file))).toEqual([]));

describe("the checker finds", () => {
  const valid = readBuildspec(FILES[0]!);
  const build = (command: string) => ({
    ...valid.phases,
    build: { "on-failure": "ABORT", commands: [command] },
  });
  it.each<[what: string, change: Partial<Buildspec>, fault: string]>([
    ["another version", { version: 0.1 }, "version must be 0.2"],
    ["another shell", { env: { ...valid.env, shell: "sh" } }, "must be bash"],
    ["a phase that does not exist", { phases: { ...valid.phases, test: {} } }, "test is no phase"],
    ["a phase that goes on", { phases: { ...valid.phases, build: {} } }, "on-failure must be ABORT"],
    ["a script that bash cannot read", { phases: build("if true") }, "syntax error"],
    ["a script that goes on", { phases: build("npx a\nnpx b") }, "stop at its first failure"],
    ["stored keys", { env: { ...valid.env, "secrets-manager": {} } }, "no stored keys"],
    ["plans as artifacts", { artifacts: { files: ["plans/**/*"] } }, "is no artifact"],
    ["a variable that is never set", { phases: {} }, "STORED is exported and never set"],
  ])("%s", (_, change, fault) => {
    expect(buildspecFaults({ ...valid, ...change }).join("\n")).toContain(fault);
  });
});

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
interface Action {
  readonly Name: string;
  readonly RunOrder?: number;
  readonly Namespace?: string;
  readonly ActionTypeId: { readonly Category: string };
  readonly Configuration: Readonly<Record<string, unknown>>;
}

describe("the template", () => {
  const { Resources, Parameters, Conditions } = parse(
    readFileSync(join(ROOT, "pipelines/aws/codepipeline.template.yml"), "utf8"),
  ) as {
    Resources: Record<string, Resource>;
    Parameters: Record<string, { Default?: string }>;
    Conditions: Record<string, unknown>;
  };
  const ofType = (type: string) => Object.values(Resources).filter(({ Type }) => Type === type);
  const stagesOf = (name: string) =>
    Resources[name]!.Properties["Stages"] as { Name: string; Actions: Action[] }[];
  const PSEUDO = ["AWS::Partition", "AWS::AccountId", "AWS::Region", "AWS::NoValue"];
  /** An ARN as the resource would have it. */
  const arnOf = (id: string): string =>
    Resources[id]!.Type === "AWS::S3::Bucket"
      ? "arn:aws:s3:::artifacts"
      : `arn:aws:codebuild:eu-central-1:111111111111:project/${id}`;
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    const [key, argument] = Object.entries(value)[0] ?? [];
    if (key === "Ref") return argument === "AWS::AccountId" ? "111111111111" : `<${argument as string}>`;
    if (key === "Fn::GetAtt") return arnOf((argument as string[])[0]!);
    // With everything that a condition makes.
    if (key === "Fn::If") return fill((argument as unknown[])[1]);
    if (key === "Fn::Sub") {
      return String(argument)
        .replaceAll("${AWS::Partition}", "aws")
        .replaceAll("${AWS::Region}", "eu-central-1")
        .replaceAll("${AWS::AccountId}", "111111111111")
        .replaceAll(/\$\{(\w+)\.Arn\}/g, (_, name: string) => arnOf(name));
    }
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one)]));
  };

  it("refers to resources and parameters that exist", () => {
    const names: string[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, one] of Object.entries(value)) {
        if (key === "Ref") names.push(String(one));
        else if (key === "Fn::GetAtt") names.push((one as string[])[0]!);
        else if (key === "DependsOn") names.push(String(one));
        else if (key === "Fn::Sub")
          names.push(...[...String(one).matchAll(/\$\{([^}.]+)/g)].map(([, name]) => name!));
        else visit(one);
      }
    };
    visit(Resources);
    visit(Conditions);
    expect(names.length).toBeGreaterThan(20);
    const known = [...Object.keys(Resources), ...Object.keys(Parameters), ...PSEUDO];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  describe.each([
    ["without a place for reports", "", false],
    ["with a place for reports", "s3://acme-reports/weekly", true],
  ])("%s", (_, reports, isKept) => {
    /** The value of an intrinsic function of conditions, with the defaults of the other parameters. */
    const valueOf = (value: unknown): unknown => {
      const [name, argument] = Object.entries(value as object)[0] as [string, unknown];
      const sides = (argument as unknown[]) ?? [];
      if (name === "Fn::Not") return !valueOf(sides[0]);
      if (name !== "Fn::Equals") throw new Error(`unknown function ${name}`);
      const [left, right] = sides.map((side) => {
        const { Ref } = Object(side) as { Ref?: string };
        if (Ref === undefined) return side;
        return Ref === "Reports" ? reports : Parameters[Ref]!.Default;
      });
      return left === right;
    };
    const holds = (condition: string | undefined) =>
      condition === undefined || valueOf(Conditions[condition]) === true;
    /** A value with the branches of its conditions, as CloudFormation takes them. */
    const chosen = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(chosen).filter((one) => one !== undefined);
      if (typeof value !== "object" || value === null) return value;
      const { "Fn::If": branches, Ref } = value as { "Fn::If"?: [string, unknown, unknown]; Ref?: string };
      if (branches) return chosen(branches[holds(branches[0]) ? 1 : 2]);
      if (Ref === "AWS::NoValue") return undefined;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, chosen(one)]));
    };
    const present = Object.keys(Resources).filter((id) => holds(Resources[id]!.Condition));

    it(`${isKept ? "makes" : "does not make"} the pipeline of the report and its schedule`, () => {
      const others = Object.keys(Resources).filter((id) => !/^Report/.test(id));
      expect(present.filter((id) => !/^Report/.test(id))).toEqual(others);
      const own = ["ReportProject", "Report", "ReportSchedule"];
      expect(present.filter((id) => /^Report/.test(id))).toEqual(isKept ? own : []);
    });

    it("has nothing that refers to a resource which it does not make", () => {
      const left = Object.keys(Resources).filter((id) => !present.includes(id));
      const text = JSON.stringify(present.map((id) => chosen(Resources[id])));
      expect(
        left.filter((id) => new RegExp(`\\$\\{${id}\\}|"Ref":"${id}"|\\["${id}","Arn"`).test(text)),
      ).toEqual([]);
      expect(text.includes("${Report}")).toBe(isKept);
    });
  });

  it("names only conditions that exist", () => {
    const text = JSON.stringify(Resources);
    const named = [...text.matchAll(/"(?:Condition|Fn::If)":\[?"(\w+)"/g)].map(([, name]) => name!);
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !Conditions[name])).toEqual([]);
  });

  it("has the projects that the roles of the pipeline admit, with buildspecs that exist", () => {
    const projects = ofType("AWS::CodeBuild::Project").map(({ Properties }) => Properties);
    expect(projects.map(({ Name }) => Name).sort()).toEqual(Object.values(PIPELINE_ROLES).sort());
    for (const { Name, ServiceRole, Source } of projects) {
      expect(fill(ServiceRole)).toBe(`arn:aws:iam::111111111111:role/${Name as string}`);
      expect(existsSync(join(ROOT, (Source as { BuildSpec: string }).BuildSpec))).toBe(true);
    }
  });

  it("plans and deploys in one stage, which has one run at a time, each wave after its approval", () => {
    expect(stagesOf("Rollout").map(({ Name }) => Name)).toEqual(["Source", "Rollout"]);
    const { Actions } = stagesOf("Rollout")[1]!;
    expect(Actions.map(({ Name, RunOrder }) => [Name, RunOrder])).toEqual([
      ["plan", 1],
      ...["canary", "early", "rest"].flatMap((wave, index) => [
        [`approve-${wave}`, 2 * index + 2],
        [`deploy-${wave}`, 2 * index + 3],
      ]),
    ]);
    expect(
      ofType("AWS::CodePipeline::Pipeline").map(({ Properties }) => Properties["ExecutionMode"]),
    ).toEqual(Array(4).fill("SUPERSEDED"));
  });

  it.each([
    ["Drift", "PlanProject"],
    ["Report", "ReportProject"],
    ["Sync", "PlanProject"],
  ])("runs %s in the project %s", (pipeline, project) => {
    const [action] = stagesOf(pipeline)[1]!.Actions;
    expect(action!.Configuration["ProjectName"]).toEqual({ Ref: project });
  });

  it("gives the place of reports to the project that keeps them, and not to the one that plans", () => {
    const variables = (id: string) => JSON.stringify(Resources[id]!.Properties["Environment"]);
    expect(variables("ReportProject")).toContain("SESSION_AUDIT_REPORTS");
    expect(variables("PlanProject")).not.toContain("SESSION_AUDIT_REPORTS");
  });

  it.each`
    action                    | resource                                                                                                        | context                                                     | allowed
    ${"s3:GetObject"}         | ${"arn:aws:s3:::artifacts/source"}                                                                              | ${{}}                                                       | ${true}
    ${"s3:GetObject"}         | ${"arn:aws:s3:::session-audit-plans-111111111111/plans/a"}                                                      | ${{}}                                                       | ${false}
    ${"kms:Decrypt"}          | ${"arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"}                             | ${{ "kms:ResourceAliases": ["alias/session-audit-plans"] }} | ${true}
    ${"kms:Decrypt"}          | ${"arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"}                             | ${{ "kms:ResourceAliases": ["alias/theirs"] }}              | ${false}
    ${"logs:PutLogEvents"}    | ${"arn:aws:logs:eu-central-1:111111111111:log-group:/aws/codebuild/session-audit-pipeline-report:log-stream:1"} | ${{}}                                                       | ${true}
    ${"codebuild:StartBuild"} | ${"arn:aws:codebuild:eu-central-1:111111111111:project/session-audit-pipeline-deploy"}                          | ${{}}                                                       | ${false}
  `(
    "lets a build of every project $action $resource with $context: $allowed",
    async ({ action, resource, context, allowed }: Record<string, string>) => {
      const { Roles, PolicyDocument: document } = Resources["BuildPolicy"]!.Properties;
      expect([...(Roles as string[])].sort()).toEqual(Object.values(PIPELINE_ROLES).sort());
      const root = { AWS: "arn:aws:iam::111111111111:root" };
      const { result } = await simulate({
        principal: `arn:aws:iam::111111111111:role/${PIPELINE_ROLES.report}`,
        action: action!,
        resource: resource!,
        resourceAccountId: "111111111111",
        context: context as unknown as Record<string, string>,
        identityPolicies: [fill(document) as PolicyDocument],
        ...(action!.startsWith("kms:") && {
          resourcePolicy: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" }],
          },
        }),
      });
      expect(result === "Allowed").toBe(allowed);
    },
  );

  it("gives each wave its plans", () => {
    const variables = stagesOf("Rollout")[1]!
      .Actions.filter(({ Name }) => Name.startsWith("deploy-"))
      .map(
        ({ Configuration }) =>
          JSON.parse(String(Configuration["EnvironmentVariables"])) as { name: string; value: string }[],
      )
      .map((list) => Object.fromEntries(list.map(({ name, value }) => [name, value])));
    expect(variables).toEqual([
      { WAVE: "canary", UNTIL: "canary", STORED: "#{plan.STORED}" },
      { WAVE: "early", UNTIL: "early", STORED: "#{plan.STORED}" },
      { WAVE: "rest", UNTIL: "", STORED: "#{plan.STORED}" },
    ]);
    expect(readBuildspec(FILES[0]!).env!["exported-variables"]).toEqual(["STORED"]);
  });

  it.each`
    action                    | resource                                                                     | allowed
    ${"codebuild:StartBuild"} | ${"arn:aws:codebuild:eu-central-1:111111111111:project/PlanProject"}         | ${true}
    ${"codebuild:StartBuild"} | ${"arn:aws:codebuild:eu-central-1:111111111111:project/ReportProject"}       | ${true}
    ${"s3:PutObject"}         | ${"arn:aws:s3:::artifacts/a"}                                                | ${true}
    ${"s3:PutObject"}         | ${"arn:aws:s3:::session-audit-plans-111111111111/plans/a"}                   | ${false}
    ${"sts:AssumeRole"}       | ${"arn:aws:iam::111111111111:role/session-audit-deploy"}                     | ${false}
    ${"codebuild:StartBuild"} | ${"arn:aws:codebuild:eu-central-1:111111111111:project/session-audit-other"} | ${false}
  `(
    "lets the pipeline itself $action $resource: $allowed",
    async ({ action, resource, allowed }: Record<string, string>) => {
      const { result } = await simulate({
        principal: "arn:aws:iam::111111111111:role/pipeline",
        action: action!,
        resource: resource!,
        resourceAccountId: "111111111111",
        context: {},
        identityPolicies: [
          fill(Resources["PipelineRolePolicy"]!.Properties["PolicyDocument"]) as PolicyDocument,
        ],
      });
      expect(result === "Allowed").toBe(allowed);
    },
  );
});
