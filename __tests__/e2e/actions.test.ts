import { join } from "node:path";
import { PutPermissionCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  DeleteRolePolicyCommand,
  ListRolesCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateTopicCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { CreateDocumentCommand, ListCommandsCommand } from "@aws-sdk/client-ssm";
import type { Delivery } from "../../emulator";
import { actionSitesOf, createActionTargets } from "../../demo/action-targets";
import {
  clientConfig,
  createRole,
  createInstanceRoles,
  createPerson,
  listen,
  takeMessages,
  type Listener,
} from "../../demo/people";
import { Clients } from "../../emulator/clients/clients";
import { rawCall } from "../../emulator/clients/raw-call";
import type { Deployment } from "../../demo/deployment";
import { arns, placeOf } from "../../stacks/names";
import { requiredTopicStatements } from "../../stacks/policies/notification-policy";
import { Deployed } from "../helpers/deployed";
import { ROOT, startEmbedded, type Embedded } from "../helpers/embedded";

const ACCOUNT = "666666666666";
const REGION = "eu-west-1";
const CENTRAL = "999999999999";
const BUS = `arn:aws:events:us-east-1:${CENTRAL}:event-bus/security`;
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:siem`;
const SESSIONS = "session-work-eu-west-1";
const BASTION = "i-0fedcba9876543210";

let embedded: Embedded;
let deployment: Deployment;
let deployed: Deployed;
let work: Clients;
let central: Clients;
let siem: Listener;

const document = (content: object) => JSON.stringify({ Version: "2012-10-17", Statement: [], ...content });

/** Creates what the actions invoke, such as nodes with tags and a document that checks its parameters by patterns. */
async function createTargets(): Promise<void> {
  const text = (allowedPattern: string) => ({ type: "String", allowedPattern });
  await work.ssm.send(
    new CreateDocumentCommand({
      Name: "Acme-OnSession",
      DocumentType: "Command",
      Content: JSON.stringify({
        schemaVersion: "2.2",
        parameters: {
          Session: text("^[\\w+=,.@-]{1,96}$"),
          Who: text("^arn:aws:[a-z]+::\\d{12}:[\\w+=,.@/-]+$"),
          Call: text("^[A-Za-z]+$"),
          Note: { type: "String", default: "" },
        },
        mainSteps: [{ action: "aws:runShellScript", name: "note", inputs: { runCommand: ["true"] } }],
      }),
    }),
  );
  embedded.emulator.registerInstance({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0bbbbbbbbbbbbbbb0",
    instanceRoleName: "app-server",
    tags: { Role: "bastion" },
  });
  embedded.emulator.registerInstance({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: "i-0ccccccccccccccc0",
    instanceRoleName: "app-server",
    tags: { Role: "web" },
  });
  await createActionTargets(embedded.emulator, { id: null }, actionSitesOf(deployment.organization));
}

/** Creates a queue in a central account, and a rule of that account's bus that sends the findings to the queue. */
async function createBusQueue(): Promise<void> {
  const queue = `arn:aws:sqs:us-east-1:${CENTRAL}:findings`;
  const Policy = document({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
      },
    ],
  });
  await central.sqs.send(new CreateQueueCommand({ QueueName: "findings", Attributes: { Policy } }));
  const at = { EventBusName: "security" };
  const EventPattern = JSON.stringify({ account: [ACCOUNT] });
  await central.events.send(new PutRuleCommand({ ...at, Name: "findings", EventPattern, State: "ENABLED" }));
  await central.events.send(
    new PutTargetsCommand({ ...at, Rule: "findings", Targets: [{ Id: "queue", Arn: queue }] }),
  );
}

const admit = (account: string) =>
  central.events.send(
    new PutPermissionCommand({
      EventBusName: "security",
      Policy: document({
        Statement: [
          {
            Sid: "Members",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: "events:PutEvents",
            Resource: BUS,
          },
        ],
      }),
    }),
  );

/** Creates a topic outside of the stacks. Its policy has the statements of the output `required_topic_statements`. */
async function createTopic(): Promise<void> {
  await work.sns.send(new CreateTopicCommand({ Name: "siem" }));
  const place = placeOf({ name: "acme" }, deployment.organization.targets[0]!);
  await work.sns.send(
    new SetTopicAttributesCommand({
      TopicArn: TOPIC,
      AttributeName: "Policy",
      AttributeValue: document({ Statement: requiredTopicStatements(place, [TOPIC])![TOPIC] }),
    }),
  );
  siem = await listen(embedded.emulator, place, { topic: "siem", queue: "siem-listener" });
}

beforeAll(async () => {
  embedded = await startEmbedded({ organizationTrail: true });
  deployment = embedded.rehearse(join(ROOT, "__tests__", "fixtures", "actions.yaml"));
  deployed = new Deployed(deployment);
  work = new Clients(await clientConfig(embedded.emulator, ACCOUNT, REGION));
  central = new Clients(await clientConfig(embedded.emulator, CENTRAL, "us-east-1"));
  const account = deployment.organization.accounts[0]!;
  await createInstanceRoles(embedded.emulator, account);
  await createRole(work.iam, "visitor", { AWS: arns.root(account) });
  await Promise.all([createTargets(), createTopic(), deployment.synthesize()]);
  await createBusQueue();
  await deployed.deploy();
  await createPerson(embedded.emulator, deployment.organization, account, "operator");
});
afterAll(() => embedded?.stop());

const session = (operatorSessionName: string, operatorRoleName = "operator") =>
  embedded.emulator.runSession({
    accountId: ACCOUNT,
    region: REGION,
    instanceId: BASTION,
    instanceRoleName: "app-server",
    operatorRoleName,
    operatorSessionName,
    commands: ["id"],
  });
/** The deliveries since a mark to the targets of one service, with their outcomes. */
const deliveriesTo = (service: string, since = 0): Delivery[] =>
  embedded.emulator.deliveries
    .slice(since)
    .filter(({ targetArn = "" }) => targetArn.split(":")[2] === service);
const mark = () => embedded.emulator.deliveries.length;
/** The messages that have reached the dead-letter queue of a channel since the last call. */
const deadLetters = (channel: string) =>
  takeMessages(
    work.sqs,
    `${embedded.emulator.endpoint}/${ACCOUNT}/session-audit-acme-${channel}-dead-letters`,
  );
/** The events that have reached the queue of the central account since the last call. */
const findings = async () =>
  (await takeMessages(central.sqs, `${embedded.emulator.endpoint}/${CENTRAL}/findings`)).map(
    ({ Body }) => JSON.parse(Body!) as object,
  );

it("a second plan has no changes", async () => {
  await deployed.deploy();
  expect((await deployment.changed(deployment.stacks)).map(({ output }) => output)).toEqual([]);
});

describe("a session", () => {
  let sessionId: string;
  let since: number;
  let pipelineRuns: object[];
  const pipelineRunsSoFar = async () => {
    const { pipelineExecutionSummaries } = await rawCall(work, {
      service: "codepipeline",
      operation: { target: "CodePipeline_20150709.ListPipelineExecutions" },
      body: { pipelineName: "on-session" },
    });
    return pipelineExecutionSummaries as { pipelineExecutionId: string }[];
  };
  beforeAll(async () => {
    await deployed.deploy();
    const before = (await pipelineRunsSoFar()).map(({ pipelineExecutionId }) => pipelineExecutionId);
    since = mark();
    sessionId = (await session("alice")).sessionId!;
    pipelineRuns = (await pipelineRunsSoFar()).filter((run) => !before.includes(run.pipelineExecutionId));
  });
  const WHO = `arn:aws:sts::${ACCOUNT}:assumed-role/operator/alice`;

  it("is delivered to every target, both its start and its end", () => {
    const made = embedded.emulator.deliveries.slice(since);
    expect(made.filter(({ outcome }) => outcome !== "delivered")).toEqual([]);
    for (const service of ["sns", "lambda", "codepipeline", "states", "ssm"])
      expect(deliveriesTo(service, since).map(({ eventName }) => eventName)).toEqual([
        "StartSession",
        "TerminateSession",
      ]);
  });

  it("passes the whole event to the function", () => {
    const [start] = deliveriesTo("lambda", since);
    expect(JSON.parse(start!.message!)).toMatchObject({
      source: "aws.ssm",
      account: ACCOUNT,
      region: REGION,
      detail: { eventName: "StartSession", responseElements: { sessionId } },
    });
  });

  it("starts the pipeline", () => {
    const triggerDetail = `arn:aws:events:${REGION}:${ACCOUNT}:rule/session-audit-acme-activity`;
    expect(pipelineRuns).toEqual(
      Array(2).fill(expect.objectContaining({ trigger: { triggerType: "CloudWatchEvent", triggerDetail } })),
    );
  });

  it("starts the state machine with the whole event", async () => {
    const call = (operation: string, body: object) =>
      rawCall(work, { service: "states", operation: { target: `AWSStepFunctions.${operation}` }, body });
    const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:on-session`;
    const { executions } = await call("ListExecutions", { stateMachineArn });
    const inputs = await Promise.all(
      (executions as { executionArn: string }[]).map(({ executionArn }) =>
        call("DescribeExecution", { executionArn }),
      ),
    );
    const events = inputs
      .map(({ input }) => String(input))
      .filter((input) => input.includes(sessionId))
      .map((input) => JSON.parse(input) as { detail: { eventName: string } });
    expect(events.map(({ detail }) => detail.eventName).sort()).toEqual(["StartSession", "TerminateSession"]);
  });

  it("runs the command only on nodes with the tag, with values from the event", async () => {
    const { Commands: all = [] } = await work.ssm.send(new ListCommandsCommand({}));
    const Commands = all.filter(({ Parameters }) => Parameters!["Session"]!.includes(sessionId));
    expect(Commands.map(({ DocumentName, InstanceIds }) => ({ DocumentName, InstanceIds }))).toEqual(
      Array(2).fill({ DocumentName: "Acme-OnSession", InstanceIds: ["i-0bbbbbbbbbbbbbbb0"] }),
    );
    const parameters = (Call: string) => ({
      Session: [sessionId],
      Who: [WHO],
      Call: [Call],
      Note: ["held <here>, at ${HOME}"],
    });
    expect(Commands.map(({ Parameters }) => Parameters)).toEqual(
      expect.arrayContaining([parameters("StartSession"), parameters("TerminateSession")]),
    );
  });
});

describe("a refused session", () => {
  let sent: Delivery[];
  let published: Record<string, string>[];
  let found: object[];
  beforeAll(async () => {
    await deployed.deploy();
    await siem.receive();
    await findings();
    const since = mark();
    expect((await session("mallory", "visitor")).started).toBe(false);
    sent = deliveriesTo("events", since);
    published = await siem.receive();
    found = await findings();
  });

  it("is published to the existing topic", () => {
    expect(published).toEqual([expect.objectContaining({ action: "StartSession", error: "AccessDenied" })]);
  });

  it("reaches the rules of the central account's bus in another region unchanged", () => {
    expect(sent).toMatchObject([{ accountId: ACCOUNT, targetArn: BUS, outcome: "delivered" }]);
    expect(found).toMatchObject([
      {
        account: ACCOUNT,
        region: REGION,
        detail: { eventName: "StartSession", errorCode: "AccessDenied" },
      },
    ]);
  });

  it("goes to the dead-letter queue of the channel when the bus does not admit the account", async () => {
    await deadLetters("security");
    const before = mark();
    await admit("111111111111");
    try {
      await session("mallory", "visitor");
    } finally {
      await admit(ACCOUNT);
    }
    expect(deliveriesTo("events", before)).toMatchObject([{ outcome: "dead-lettered" }]);
    expect(await deadLetters("security")).toMatchObject([
      {
        MessageAttributes: {
          TARGET_ARN: { StringValue: BUS },
          ERROR_CODE: { StringValue: "NO_PERMISSIONS" },
        },
      },
    ]);
  });
});

describe("permissions that somebody has removed", () => {
  const roleFor = async (what: string) =>
    (await work.iam.send(new ListRolesCommand({}))).Roles!.find(({ Description = "" }) =>
      Description.includes(what),
    )!.RoleName!;
  const outcomes = async () => {
    const since = mark();
    await session("bob");
    const first = (service: string) => deliveriesTo(service, since)[0]!;
    return {
      states: first("states"),
      lambda: first("lambda"),
      codepipeline: first("codepipeline"),
      ssm: first("ssm"),
    };
  };

  async function breakPermissions(): Promise<void> {
    const RoleName = await roleFor("stateMachine:on-session");
    await work.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "invoke" }));
    await work.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: await roleFor(`codepipeline:${REGION}`),
        PolicyDocument: document({
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: "sts:AssumeRole",
              Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
            },
          ],
        }),
      }),
    );
    await rawCall(work, {
      service: "lambda",
      operation: {
        method: "DELETE",
        path: "/2015-03-31/functions/on-session/policy/session-audit-acme-activity",
      },
    });
  }

  let broken: Awaited<ReturnType<typeof outcomes>>;
  let kept: (string | undefined)[];
  let mended: Awaited<ReturnType<typeof outcomes>>;
  beforeAll(async () => {
    await deployed.deploy();
    deployed.spoil(SESSIONS);
    await breakPermissions();
    await deadLetters("activity");
    broken = await outcomes();
    kept = (await deadLetters("activity")).map(
      ({ MessageAttributes }) => MessageAttributes!["ERROR_CODE"]!.StringValue,
    );
    await deployed.deploy();
    mended = await outcomes();
  });

  it("stop events from reaching the targets that need them, and no other target", () => {
    expect(broken).toMatchObject({
      states: {
        outcome: "dead-lettered",
        reason: expect.stringContaining("states:StartExecution") as string,
      },
      lambda: {
        outcome: "dead-lettered",
        reason: expect.stringContaining("lambda:InvokeFunction") as string,
      },
      codepipeline: {
        outcome: "dead-lettered",
        reason: expect.stringContaining("sts:AssumeRole") as string,
      },
      ssm: { outcome: "delivered" },
    });
  });

  it("send the events of a session's start and end to the dead-letter queue", () => {
    expect(kept).toEqual(Array(6).fill("NO_PERMISSIONS"));
  });

  it("are restored by the next apply", () => {
    expect(mended).toMatchObject({
      states: { outcome: "delivered" },
      lambda: { outcome: "delivered" },
      codepipeline: { outcome: "delivered" },
    });
  });
});

it("destroying the session stack removes its statements from the function's policy", async () => {
  await deployed.deploy();
  await deployed.destroy(SESSIONS);
  const policy = rawCall(work, {
    service: "lambda",
    operation: { method: "GET", path: "/2015-03-31/functions/on-session/policy" },
  });
  await expect(policy).rejects.toThrow(/ResourceNotFound|does not exist|no policy/i);
});
