import { arns, BOOTSTRAP_ROLES, names } from "../../names";
import type { Statement } from "../policy";
import type { GuardrailScope } from "./scope";
import { anyIam, anywhere, exemptFrom, keep, refuse } from "./statements";

/**
 * Refuses to start, to change and to feed the pipeline of the map. A build of its project runs in the worker's role, which
 * may assume the deploying role of every account, and the caller chooses the commands of a build. An execution of its state
 * machine lets workers deploy what its lists of items name. Who may do either is exempt, so only exempt roles may, and
 * roles that can become exempt anyway: those of the pipeline, and the role that deploys with it.
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html for `buildspecOverride`
 */
export function pipelineStatements(scope: GuardrailScope): Statement[] {
  if (scope.pipeline === null) return [];
  const name = names.pipeline(scope);
  const runs = [
    ...exemptFrom(scope),
    anyIam(scope, `role/${name}-*`),
    anyIam(scope, `role/${BOOTSTRAP_ROLES.deploy}`),
  ];
  return [
    keep("KeepPipeline", runs, {
      Resource: [
        ...["project/", "sandbox/"].map((kind) => anywhere(scope, "codebuild", `${kind}${name}-*`)),
        // An execution and a map run have the name of their state machine in front of their own.
        ...["stateMachine:", "execution:", "mapRun:"].map((kind) =>
          anywhere(scope, "states", `${kind}${name}*`),
        ),
      ],
    }),
    refuse("KeepPipelineItems", runs, {
      Action: ["s3:PutObject", "s3:ReplicateObject"],
      Resource: [
        `${arns.bucket({ account: { partition: scope.partition, id: "*" } }, scope.pipeline.bucket)}/*`,
      ],
    }),
  ];
}
