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
