import type { AccountsMap } from "../../accounts/schema";
import { addPipeline, PIPELINE } from "../helpers/example";
import { exampleWith, synthesizeOne } from "../helpers/synth";

/** The environment of a build, with a map of the workers. */
function environmentWith(workers: { readonly map?: string }) {
  const map = exampleWith((one) => {
    addPipeline(one);
    one.pipeline = { ...PIPELINE, workers: { ...PIPELINE.workers, ...workers } };
  });
  const { environment } = synthesizeOne("pipeline", map).the("aws_codebuild_project", /Workers/);
  return (environment as { environment_variable: object[] }).environment_variable;
}

const QUEUE = { name: "QUEUE_URL", value: expect.stringContaining("aws_sqs_queue") as string };

it.each(["acme.yaml", "maps/production.json"])("a build reads the map %s that the workers name", (map) => {
  expect(environmentWith({ map })).toEqual([QUEUE, { name: "SESSION_AUDIT_ACCOUNTS", value: map }]);
});

it.each([{}, { map: "accounts/index.ts" }])(
  "a build reads accounts/index.ts without a variable: %j",
  (workers) => {
    expect(environmentWith(workers)).toEqual([QUEUE]);
  },
);

// Both services ask for the permissions of the role when they get it, so its policy has to be there.
it.each`
  what                   | type                       | policy
  ${"state machine"}     | ${"aws_sfn_state_machine"} | ${"StateMachinePolicy"}
  ${"CodeBuild project"} | ${"aws_codebuild_project"} | ${"WorkerPolicy"}
`("the $what is created once its role has its policy", ({ type, policy }) => {
  const stack = synthesizeOne("pipeline", exampleWith(addPipeline));
  expect(stack.the(type as string)["depends_on"]).toEqual([`aws_iam_role_policy.${policy}`]);
  expect(Object.keys(stack.all("aws_iam_role_policy"))).toContain(policy);
});

describe("protection", () => {
  const KEPT = ["aws_kms_key", "aws_s3_bucket", "aws_cloudwatch_log_group"];
  const pipeline = (change: (map: AccountsMap) => void = () => {}) =>
    synthesizeOne(
      "pipeline",
      exampleWith((map) => {
        addPipeline(map);
        change(map);
      }),
    );
  const withoutWorkers = (map: AccountsMap) => {
    const { workers: _, ...rest } = PIPELINE;
    map.pipeline = rest;
  };

  it.each([
    ["", () => {}],
    [", also if the map has protect: false", (map: AccountsMap) => (map.protect = false)],
  ])("prevents the destruction of the key, the bucket and both log groups%s", (_, change) => {
    const stack = pipeline(change);
    const kept = KEPT.flatMap((type) => Object.values(stack.all(type)));
    expect(kept).toHaveLength(4);
    for (const resource of kept) expect(resource["lifecycle"]).toEqual({ prevent_destroy: true });
  });

  it("forgets the log group of workers when the map no longer has workers", () => {
    const { json } = pipeline(withoutWorkers) as unknown as { json: { removed?: unknown } };
    expect(json.removed).toEqual([
      { from: "aws_cloudwatch_log_group.WorkerLog", lifecycle: { destroy: false } },
    ]);
    expect(pipeline().json).not.toHaveProperty("removed");
  });

  it.each`
    region              | protection
    ${"eu-central-1"}   | ${undefined}
    ${"eusc-de-east-1"} | ${true}
  `("of the log groups in $region has deletion_protection_enabled: $protection", ({ region, protection }) => {
    const partition = (region as string).startsWith("eusc-") ? "aws-eusc" : "aws";
    const text = JSON.stringify({ ...exampleWith(addPipeline), pipeline: PIPELINE });
    const map = JSON.parse(
      text.replaceAll("arn:aws:", `arn:${partition}:`).replaceAll("eu-central-1", region as string),
    ) as AccountsMap;
    delete (map.accounts as Record<string, unknown>)["storefront"];
    (map.accounts["payments"] as { regions: unknown }).regions = [region];
    const groups = Object.values(synthesizeOne("pipeline", map).all("aws_cloudwatch_log_group"));
    expect(groups.map((group) => group["deletion_protection_enabled"])).toEqual([protection, protection]);
  });
});
