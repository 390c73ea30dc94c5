import { simulate, type PolicyDocument } from "../../../emulator/iam/policy-simulator";
import type { Purpose } from "../../../fleet/bootstrap/trust";
import { PIPELINE_ACCOUNT, ACCOUNT, made, pipelineRole, byPurpose, REPORTED, KEY, OURS } from "./made";

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
const OF_PLANS = {
  "kms:ResourceAliases": ["alias/session-audit-plans"],
  "kms:ViaService": "s3.eu-central-1.amazonaws.com",
};
const ONCE = { "s3:if-none-match": "*" };

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
