import { pipelineOf } from "../../../../stacks/names";
import {
  actor,
  ADMINISTRATOR,
  administratorOf,
  EU,
  MEMBER,
  OTHER_MEMBER,
  roleIn,
  type Actor,
} from "../helpers";
import { guarded, guardrailsOf, judged, PIPELINE } from "./helpers";

const organization = guarded({}, PIPELINE);
const GUARDRAILS = guardrailsOf(organization);
const { bucket, name, role, workerRole } = pipelineOf(organization, organization.pipeline!);
const arn = (service: string, resource: string) => `arn:aws:${service}:${EU}:${MEMBER}:${resource}`;
const as = (role: string, account = MEMBER): Actor => actor(roleIn(account, role), ADMINISTRATOR);

const PROJECT = arn("codebuild", "project/session-audit-acme-pipeline-worker");
const MACHINE = arn("states", "stateMachine:session-audit-acme-pipeline");
const EXECUTION = arn("states", "execution:session-audit-acme-pipeline:run-1");
const ITEMS = `arn:aws:s3:::${bucket}/runs/evil/stages/0.json`;
const PLANS = `arn:aws:s3:::${bucket}/plans/evil/manifest.json`;
const ONCE = { "s3:if-none-match": "*" };

const ADMIN = administratorOf(MEMBER);
const OTHER = administratorOf(OTHER_MEMBER);
const MACHINES_ROLE = as(role);
const WORKER = as(workerRole);
const ROLLOUT = as("session-audit-pipeline-deploy");
const PULL_REQUEST = as("session-audit-pipeline-plan");
const REPORTS = as("session-audit-pipeline-report");
const DEPLOYS = as("session-audit-deploy");
const BREAKS_GLASS = as("break-glass");
/** A role of a name that only resembles that of the pipeline. */
const ALIKE = as("my-session-audit-acme-pipeline-worker");

it.each`
  who                                | actor            | action                         | resource                                           | verdict
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:StartBuild"}      | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:StartBuildBatch"} | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:RetryBuild"}      | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:StartSandbox"}    | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:UpdateProject"}   | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:CreateWebhook"}   | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:BatchGetBuilds"}  | ${PROJECT}                                         | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:StopBuild"}       | ${PROJECT}                                         | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"codebuild:StartBuild"}      | ${arn("codebuild", "project/theirs")}              | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"states:StartExecution"}     | ${MACHINE}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"states:UpdateStateMachine"} | ${MACHINE}                                         | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"states:RedriveExecution"}   | ${EXECUTION}                                       | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"states:DescribeExecution"}  | ${EXECUTION}                                       | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"states:StopExecution"}      | ${EXECUTION}                                       | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"states:StartExecution"}     | ${arn("states", "stateMachine:theirs")}            | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"s3:PutObject"}              | ${ITEMS}                                           | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"s3:PutObject"}              | ${PLANS}                                           | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"s3:ReplicateObject"}        | ${ITEMS}                                           | ${"ExplicitlyDenied"}
  ${"an administrator"}              | ${ADMIN}         | ${"s3:GetObject"}              | ${ITEMS}                                           | ${"Allowed"}
  ${"an administrator"}              | ${ADMIN}         | ${"s3:PutObject"}              | ${"arn:aws:s3:::session-audit-acme-other/plans/x"} | ${"Allowed"}
  ${"another administrator"}         | ${OTHER}         | ${"s3:PutObject"}              | ${ITEMS}                                           | ${"ExplicitlyDenied"}
  ${"a role of a similar name"}      | ${ALIKE}         | ${"codebuild:StartBuild"}      | ${PROJECT}                                         | ${"ExplicitlyDenied"}
  ${"the role that plans"}           | ${PULL_REQUEST}  | ${"states:StartExecution"}     | ${MACHINE}                                         | ${"ExplicitlyDenied"}
  ${"the role that plans"}           | ${PULL_REQUEST}  | ${"s3:PutObject"}              | ${ITEMS}                                           | ${"ExplicitlyDenied"}
  ${"the role that reports"}         | ${REPORTS}       | ${"states:StartExecution"}     | ${MACHINE}                                         | ${"ExplicitlyDenied"}
  ${"the state machine"}             | ${MACHINES_ROLE} | ${"states:StartExecution"}     | ${MACHINE}                                         | ${"Allowed"}
  ${"the state machine"}             | ${MACHINES_ROLE} | ${"states:RedriveExecution"}   | ${EXECUTION}                                       | ${"Allowed"}
  ${"a worker"}                      | ${WORKER}        | ${"s3:PutObject"}              | ${PLANS}                                           | ${"Allowed"}
  ${"the pipeline's deploying role"} | ${ROLLOUT}       | ${"states:StartExecution"}     | ${MACHINE}                                         | ${"Allowed"}
  ${"the pipeline's deploying role"} | ${ROLLOUT}       | ${"codebuild:StartBuild"}      | ${PROJECT}                                         | ${"Allowed"}
  ${"the pipeline's deploying role"} | ${ROLLOUT}       | ${"s3:PutObject"}              | ${ITEMS}                                           | ${"Allowed"}
  ${"the deploying role"}            | ${DEPLOYS}       | ${"codebuild:UpdateProject"}   | ${PROJECT}                                         | ${"Allowed"}
  ${"the deploying role"}            | ${DEPLOYS}       | ${"states:UpdateStateMachine"} | ${MACHINE}                                         | ${"Allowed"}
  ${"break-glass"}                   | ${BREAKS_GLASS}  | ${"codebuild:StartBuild"}      | ${PROJECT}                                         | ${"Allowed"}
`("answers $verdict to $action of $who on $resource", async ({ actor: who, action, resource, verdict }) => {
  const context = action === "s3:PutObject" ? ONCE : {};
  expect((await judged(who, { action, resource, context }, GUARDRAILS)).result).toBe(verdict);
});

it("keeps nothing of a pipeline that the map does not have", () => {
  const sids = guardrailsOf().flatMap(({ policy }) => policy.Statement.map(({ Sid }) => Sid));
  expect(sids.filter((sid) => sid.startsWith("KeepPipeline"))).toEqual([]);
});

it("names the pipeline as the map names the organization", () => {
  expect(name).toBe("session-audit-acme-pipeline");
});
