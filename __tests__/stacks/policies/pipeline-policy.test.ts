import type { Organization } from "../../../accounts/model/organization";
import { arns, pipelineOf } from "../../../stacks/names";
import { policy } from "../../../stacks/policies/policy";
import {
  pipelineBucketPolicy,
  pipelineDeadLetterPolicy,
  pipelineKeyPolicy,
  pipelineQueuePolicy,
  serviceTrust,
  stateMachinePolicy,
  workerPolicy,
} from "../../../stacks/policies/pipeline-policy";
import {
  actor,
  ADMINISTRATOR,
  administratorOf,
  ARCHIVE,
  decisionOn,
  EU,
  exampleOrganization,
  keyIn,
  MEMBER,
  ORGANIZATION,
  roleIn,
  service,
  STRANGER,
  type Actor,
} from "./helpers";

const STATE_KEY = keyIn(ARCHIVE, EU, "77777777-1111-2222-3333-444444444444");
const CONNECTION = `arn:aws:codeconnections:${EU}:${ARCHIVE}:connection/0f0f`;
const organization: Organization = exampleOrganization({
  state: {
    backend: "s3",
    bucket: "acme-state",
    region: EU,
    keyPrefix: "session-audit",
    kmsKeyArn: STATE_KEY,
  },
  deployment: { mode: "assume-role", role: "session-audit-deploy", planRole: "session-audit-plan" },
  pipeline: {
    account: { id: ARCHIVE },
    region: EU,
    workers: { repository: "https://github.com/acme/session-audit.git", connection: CONNECTION },
  },
});
const pipeline = organization.pipeline!;
const named = pipelineOf(organization, pipeline);
const { place } = named;
const BUCKET = arns.bucket(place, named.bucket);
const KEY = keyIn(ARCHIVE);
const MACHINE: Actor = actor(roleIn(ARCHIVE, named.role), stateMachinePolicy(named));
const WORKER: Actor = actor(roleIn(ARCHIVE, named.workerRole), workerPolicy(organization, pipeline));
const ADMIN = administratorOf(ARCHIVE);
const OWN = { "aws:ResourceAccount": ARCHIVE };
const TLS = { "aws:SecureTransport": "true", ...OWN };
const PLAIN = { "aws:SecureTransport": "false", ...OWN };
const ONCE = { ...TLS, "s3:if-none-match": "*" };
const MATCHING = { ...TLS, "s3:if-match": '"0a1b2c3d"' };
const TAKEN_OVER = { ...ONCE, "aws:SecureTransport": "true", "aws:ResourceAccount": STRANGER };
const through = (name: string, alias = named.keyAlias, bucket = BUCKET) => ({
  "kms:EncryptionContext:aws:s3:arn": bucket,
  "kms:ViaService": `${name}.${EU}.amazonaws.com`,
  "kms:ResourceAliases": [alias],
});

const ask = (
  who: Actor,
  action: string,
  resource: string,
  context: Record<string, string | readonly string[]> = TLS,
  policy?: Parameters<typeof decisionOn>[0]["policy"],
) => decisionOn({ who, action, resource, owner: ARCHIVE, context, ...(policy && { policy }) });

describe("the queue", () => {
  it.each`
    who              | actor                                              | action                  | context  | verdict
    ${"the machine"} | ${MACHINE}                                         | ${"sqs:SendMessage"}    | ${TLS}   | ${"Allowed"}
    ${"the machine"} | ${MACHINE}                                         | ${"sqs:SendMessage"}    | ${PLAIN} | ${"ExplicitlyDenied"}
    ${"the machine"} | ${MACHINE}                                         | ${"sqs:ReceiveMessage"} | ${TLS}   | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}                                          | ${"sqs:ReceiveMessage"} | ${TLS}   | ${"Allowed"}
    ${"a worker"}    | ${WORKER}                                          | ${"sqs:DeleteMessage"}  | ${TLS}   | ${"Allowed"}
    ${"a worker"}    | ${WORKER}                                          | ${"sqs:SendMessage"}    | ${TLS}   | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}                                           | ${"sqs:SendMessage"}    | ${TLS}   | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}                                           | ${"sqs:ReceiveMessage"} | ${TLS}   | ${"Allowed"}
    ${"a stranger"}  | ${actor(roleIn(STRANGER, "admin"), ADMINISTRATOR)} | ${"sqs:ReceiveMessage"} | ${TLS}   | ${"ImplicitlyDenied"}
  `("answers $verdict to $action of $who", async ({ actor: who, action, context, verdict }) => {
    expect(await ask(who, action, named.queueArn, context, pipelineQueuePolicy(named))).toBe(verdict);
  });
});

it.each`
  who           | actor     | context  | verdict
  ${"admin"}    | ${ADMIN}  | ${TLS}   | ${"Allowed"}
  ${"admin"}    | ${ADMIN}  | ${PLAIN} | ${"ExplicitlyDenied"}
  ${"a worker"} | ${WORKER} | ${TLS}   | ${"ImplicitlyDenied"}
`(
  "the queue for dead letters answers $verdict to sqs:ReceiveMessage of $who",
  async ({ actor: who, context, verdict }) => {
    const arn = arns.queue(place, named.deadLetters);
    expect(await ask(who, "sqs:ReceiveMessage", arn, context, pipelineDeadLetterPolicy(named))).toBe(verdict);
  },
);

describe("the bucket", () => {
  it.each`
    who              | actor      | action                      | key                               | context       | verdict
    ${"the machine"} | ${MACHINE} | ${"s3:GetObject"}           | ${"runs/1/stages/000.json"}       | ${TLS}        | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"s3:GetObject"}           | ${"plans/1/files.json"}           | ${TLS}        | ${"ImplicitlyDenied"}
    ${"the machine"} | ${MACHINE} | ${"s3:PutObject"}           | ${"runs/1/stages/000.json"}       | ${ONCE}       | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"journals/a/stacks/b/1"}        | ${ONCE}       | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"journals/a/stacks/b/1"}        | ${TLS}        | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"journals/a/stacks/b/1"}        | ${MATCHING}   | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"journals/a/whole/1"}           | ${TLS}        | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"plans/1/files.json"}           | ${ONCE}       | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"plans/1/files.json"}           | ${TLS}        | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/stages/000.json"}       | ${ONCE}       | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/stages/000.json"}       | ${TLS}        | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/difference.json"}       | ${ONCE}       | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/difference.json"}       | ${TLS}        | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/results/a/done.json"}   | ${ONCE}       | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/results/a/done.json"}   | ${TLS}        | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"runs/1/results/a/failed.json"} | ${TLS}        | ${"Allowed"}
    ${"admin"}       | ${ADMIN}   | ${"s3:PutObject"}           | ${"journals/a/stacks/b/1"}        | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:PutObject"}           | ${"journals/a/stacks/b/1"}        | ${ONCE}       | ${"Allowed"}
    ${"admin"}       | ${ADMIN}   | ${"s3:PutObject"}           | ${"elsewhere"}                    | ${TLS}        | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:GetObject"}           | ${"plans/1/files.json"}           | ${TLS}        | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:GetObject"}           | ${"plans/1/files.json"}           | ${PLAIN}      | ${"ExplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"journals/a/stacks/b/1"}        | ${TAKEN_OVER} | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:DeleteObject"}        | ${"journals/a/stacks/b/1"}        | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:DeleteObject"}        | ${"journals/a/stacks/b/1"}        | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:DeleteObjectVersion"} | ${"plans/1/files.json"}           | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:ReplicateDelete"}     | ${"runs/1/stages/000.json"}       | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:ReplicateObject"}     | ${"plans/1/files.json"}           | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:ReplicateObject"}     | ${"runs/1/results/a/done.json"}   | ${TLS}        | ${"ExplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:DeleteObject"}        | ${"runs/1/results/a/failed.json"} | ${TLS}        | ${"Allowed"}
    ${"admin"}       | ${ADMIN}   | ${"s3:DeleteObject"}        | ${"elsewhere"}                    | ${TLS}        | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}           | ${"elsewhere"}                    | ${TLS}        | ${"ImplicitlyDenied"}
    ${"admin"}       | ${ADMIN}   | ${"s3:GetObject"}           | ${"plans/1/files.json"}           | ${PLAIN}      | ${"ExplicitlyDenied"}
  `("answers $verdict to $action of $who on $key", async ({ actor: who, action, key, context, verdict }) => {
    expect(await ask(who, action, `${BUCKET}/${key}`, context, pipelineBucketPolicy(named))).toBe(verdict);
  });
});

describe("the key", () => {
  it.each`
    who              | actor                                  | action                   | context                                                                           | verdict
    ${"the machine"} | ${MACHINE}                             | ${"kms:Decrypt"}         | ${through("s3")}                                                                  | ${"Allowed"}
    ${"the machine"} | ${MACHINE}                             | ${"kms:GenerateDataKey"} | ${through("s3")}                                                                  | ${"Allowed"}
    ${"the machine"} | ${MACHINE}                             | ${"kms:Decrypt"}         | ${{}}                                                                             | ${"ImplicitlyDenied"}
    ${"the machine"} | ${MACHINE}                             | ${"kms:Decrypt"}         | ${through("s3", "alias/other")}                                                   | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}                              | ${"kms:Decrypt"}         | ${through("s3")}                                                                  | ${"Allowed"}
    ${"a worker"}    | ${WORKER}                              | ${"kms:Decrypt"}         | ${through("s3", named.keyAlias, "arn:aws:s3:::another")}                          | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}                              | ${"kms:Decrypt"}         | ${through("ec2")}                                                                 | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}                              | ${"kms:DisableKey"}      | ${{}}                                                                             | ${"ImplicitlyDenied"}
    ${"admin"}       | ${ADMIN}                               | ${"kms:DisableKey"}      | ${{}}                                                                             | ${"Allowed"}
    ${"admin"}       | ${ADMIN}                               | ${"kms:Decrypt"}         | ${{}}                                                                             | ${"ImplicitlyDenied"}
    ${"the logs"}    | ${service(`logs.${EU}.amazonaws.com`)} | ${"kms:Encrypt"}         | ${{ "kms:EncryptionContext:aws:logs:arn": arns.logGroup(place, named.logGroup) }} | ${"Allowed"}
    ${"the logs"}    | ${service(`logs.${EU}.amazonaws.com`)} | ${"kms:Encrypt"}         | ${{ "kms:EncryptionContext:aws:logs:arn": arns.logGroup(place, "/other") }}       | ${"ImplicitlyDenied"}
  `("answers $verdict to $action of $who", async ({ actor: who, action, context, verdict }) => {
    expect(await ask(who, action, KEY, context, pipelineKeyPolicy(named))).toBe(verdict);
  });
});

describe("the roles", () => {
  const STATE = "arn:aws:s3:::acme-state/session-audit";
  /** A key policy that leaves the decision to IAM. */
  const ACCOUNT_DECIDES = policy({
    Sid: "AccountDecides",
    Effect: "Allow",
    Principal: { AWS: arns.root(place.account) },
    Action: ["kms:*"],
    Resource: "*",
  });
  it.each`
    who              | actor      | action                        | resource                                                                 | verdict
    ${"the machine"} | ${MACHINE} | ${"states:StartExecution"}    | ${named.stateMachineArn}                                                 | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"states:StartExecution"}    | ${`${named.stateMachineArn}-other`}                                      | ${"ImplicitlyDenied"}
    ${"the machine"} | ${MACHINE} | ${"states:RedriveExecution"}  | ${`${named.stateMachineArn.replace("stateMachine", "execution")}/map:1`} | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"xray:PutTraceSegments"}    | ${"*"}                                                                   | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"xray:PutTelemetryRecords"} | ${"*"}                                                                   | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"xray:GetSamplingRules"}    | ${"*"}                                                                   | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"xray:GetSamplingTargets"}  | ${"*"}                                                                   | ${"Allowed"}
    ${"the machine"} | ${MACHINE} | ${"xray:GetTraceSummaries"}   | ${"*"}                                                                   | ${"ImplicitlyDenied"}
    ${"the machine"} | ${MACHINE} | ${"xray:BatchGetTraces"}      | ${"*"}                                                                   | ${"ImplicitlyDenied"}
    ${"the machine"} | ${MACHINE} | ${"xray:PutEncryptionConfig"} | ${"*"}                                                                   | ${"ImplicitlyDenied"}
    ${"the machine"} | ${MACHINE} | ${"sts:AssumeRole"}           | ${roleIn(MEMBER, "session-audit-deploy")}                                | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"xray:PutTraceSegments"}    | ${"*"}                                                                   | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"states:SendTaskSuccess"}   | ${"*"}                                                                   | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"states:StartExecution"}    | ${named.stateMachineArn}                                                 | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"sts:AssumeRole"}           | ${roleIn(MEMBER, "session-audit-deploy")}                                | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"sts:AssumeRole"}           | ${roleIn(MEMBER, "session-audit-plan")}                                  | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"sts:AssumeRole"}           | ${roleIn(MEMBER, "administrator")}                                       | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"s3:PutObject"}             | ${`${STATE}/account-a.tfstate`}                                          | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:DeleteObject"}          | ${`${STATE}/account-a.tfstate.tflock`}                                   | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"s3:DeleteObject"}          | ${`${STATE}/account-a.tfstate`}                                          | ${"ImplicitlyDenied"}
    ${"a worker"}    | ${WORKER}  | ${"logs:PutLogEvents"}        | ${`${arns.logGroup(place, named.workerLogGroup)}:log-stream:1`}          | ${"Allowed"}
    ${"a worker"}    | ${WORKER}  | ${"logs:PutLogEvents"}        | ${`${arns.logGroup(place, "/other")}:log-stream:1`}                      | ${"ImplicitlyDenied"}
  `("answer $verdict to $action of $who on $resource", async ({ actor: who, action, resource, verdict }) => {
    expect(await ask(who, action, resource, { ...TLS, "aws:ResourceOrgID": ORGANIZATION })).toBe(verdict);
  });

  describe.each(["codeconnections", "codestar-connections"])(
    "of a build with a connection of %s",
    (prefix) => {
      const connection = CONNECTION.replace("codeconnections", prefix);
      const workers = { ...pipeline.workers!, connection };
      const build = actor(
        roleIn(ARCHIVE, named.workerRole),
        workerPolicy(organization, { ...pipeline, workers }),
      );
      const other = connection.replace("0f0f", "other");

      it.each`
        who              | role       | action                            | resource      | verdict
        ${"a build"}     | ${build}   | ${"UseConnection"}                | ${connection} | ${"Allowed"}
        ${"a build"}     | ${build}   | ${"GetConnection"}                | ${connection} | ${"Allowed"}
        ${"a build"}     | ${build}   | ${"GetConnectionToken"}           | ${connection} | ${"Allowed"}
        ${"a build"}     | ${build}   | ${"UseConnection"}                | ${other}      | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"GetConnection"}                | ${other}      | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"GetConnectionToken"}           | ${other}      | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"PassConnection"}               | ${connection} | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"DeleteConnection"}             | ${connection} | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"TagResource"}                  | ${connection} | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"CreateConnection"}             | ${"*"}        | ${"ImplicitlyDenied"}
        ${"a build"}     | ${build}   | ${"UpdateConnectionInstallation"} | ${connection} | ${"ImplicitlyDenied"}
        ${"the machine"} | ${MACHINE} | ${"UseConnection"}                | ${connection} | ${"ImplicitlyDenied"}
        ${"the machine"} | ${MACHINE} | ${"GetConnectionToken"}           | ${connection} | ${"ImplicitlyDenied"}
      `("answers $verdict to $action of $who on $resource", async ({ role, action, resource, verdict }) => {
        expect(await ask(role, `${prefix}:${action}`, resource)).toBe(verdict);
      });

      it("answers ImplicitlyDenied to every use of it by a worker that is no build", async () => {
        const outside = actor(
          roleIn(ARCHIVE, named.workerRole),
          workerPolicy(organization, { ...pipeline, workers: null }),
        );
        for (const action of ["UseConnection", "GetConnection", "GetConnectionToken"])
          expect(await ask(outside, `${prefix}:${action}`, connection)).toBe("ImplicitlyDenied");
      });
    },
  );

  it.each`
    context                                    | verdict
    ${{ "aws:ResourceOrgID": ORGANIZATION }}   | ${"Allowed"}
    ${{ "aws:ResourceOrgID": "o-zzzzzzzzzz" }} | ${"ImplicitlyDenied"}
    ${{}}                                      | ${"ImplicitlyDenied"}
  `(
    "of workers assume the deploying role of an account of $context: $verdict",
    async ({ context, verdict }) => {
      const deploys = roleIn(MEMBER, "session-audit-deploy");
      expect(await ask(WORKER, "sts:AssumeRole", deploys, context as Record<string, string>)).toBe(verdict);
    },
  );

  it("of workers assume the deploying role anywhere if the map does not know the organization", async () => {
    const unknown = { ...organization, id: null };
    const worker = actor(roleIn(ARCHIVE, named.workerRole), workerPolicy(unknown, pipeline));
    const deploys = roleIn(MEMBER, "session-audit-deploy");
    expect(await ask(worker, "sts:AssumeRole", deploys, { "aws:ResourceOrgID": ORGANIZATION })).toBe(
      "Allowed",
    );
  });

  it.each`
    action                   | object                                      | verdict
    ${"kms:GenerateDataKey"} | ${"arn:aws:s3:::acme-state"}                | ${"Allowed"}
    ${"kms:GenerateDataKey"} | ${`${STATE}/account-a.tfstate`}             | ${"Allowed"}
    ${"kms:GenerateDataKey"} | ${`${STATE}/account-a.tfstate.tflock`}      | ${"Allowed"}
    ${"kms:Decrypt"}         | ${`${STATE}/account-a.tfstate.tflock`}      | ${"Allowed"}
    ${"kms:Decrypt"}         | ${"arn:aws:s3:::acme-state/others.tfstate"} | ${"ImplicitlyDenied"}
    ${"kms:DisableKey"}      | ${"arn:aws:s3:::acme-state"}                | ${"ImplicitlyDenied"}
  `("of workers get $verdict to $action with the key of the states for $object", async (row) => {
    const context = { "kms:EncryptionContext:aws:s3:arn": row.object };
    expect(await ask(WORKER, row.action, STATE_KEY, context, ACCOUNT_DECIDES)).toBe(row.verdict);
  });

  it.each`
    principal                    | sourceArn                           | account    | verdict
    ${"states.amazonaws.com"}    | ${named.stateMachineArn}            | ${ARCHIVE} | ${"Allowed"}
    ${"states.amazonaws.com"}    | ${`${named.stateMachineArn}-other`} | ${ARCHIVE} | ${"ImplicitlyDenied"}
    ${"states.amazonaws.com"}    | ${named.stateMachineArn}            | ${MEMBER}  | ${"ImplicitlyDenied"}
    ${"codebuild.amazonaws.com"} | ${named.stateMachineArn}            | ${ARCHIVE} | ${"ImplicitlyDenied"}
  `(
    "are taken by $principal for $sourceArn of $account: $verdict",
    async ({ principal, sourceArn, account, verdict }) => {
      const context = { "aws:SourceArn": sourceArn, "aws:SourceAccount": account };
      const trust = serviceTrust(place, "states", named.stateMachineArn);
      expect(
        await ask(service(principal), "sts:AssumeRole", roleIn(ARCHIVE, named.role), context, trust),
      ).toBe(verdict);
    },
  );
});

it("a worker assumes the role of the states where the map names one, and none where states are elsewhere", async () => {
  const roleArn = roleIn(ARCHIVE, "states");
  const withRole = { ...organization, state: { ...organization.state, roleArn } as Organization["state"] };
  const who = actor(roleIn(ARCHIVE, named.workerRole), workerPolicy(withRole, pipeline));
  expect(await ask(who, "sts:AssumeRole", roleArn)).toBe("Allowed");
  expect(await ask(WORKER, "sts:AssumeRole", roleArn)).toBe("ImplicitlyDenied");
});

it("a worker, which plans and deploys, assumes both roles of the states", async () => {
  const [roleArn, planRoleArn] = [roleIn(ARCHIVE, "write"), roleIn(ARCHIVE, "read")];
  const state = { ...organization.state, roleArn, planRoleArn } as Organization["state"];
  const who = actor(roleIn(ARCHIVE, named.workerRole), workerPolicy({ ...organization, state }, pipeline));
  expect(await ask(who, "sts:AssumeRole", roleArn)).toBe("Allowed");
  expect(await ask(who, "sts:AssumeRole", planRoleArn)).toBe("Allowed");
});
