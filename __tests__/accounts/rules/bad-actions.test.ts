import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const ACTIVITY = "notifications.activity.actions";
const SECURITY = "notifications.security.actions";
const LAB = "accounts.lab.notifications";
const BUS = "arn:aws:events:eu-central-1:999999999999:event-bus/security";
const fn = (name: string) => ({ type: "lambda", function: name });
const command = (more: object = {}) => ({
  type: "run-command",
  document: "Acme-OnSession",
  tag: { key: "Role", values: ["audit"] },
  ...more,
});
const ofLab = (service: string, resource: string, region = "eu-central-1", partition = "aws") =>
  `arn:${partition}:${service}:${region}:333333333333:${resource}`;
const five = ["a", "b", "c", "d", "e"].map(fn);

it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  ["no list", { [ACTIVITY]: fn("tell") }, ACTIVITY, "a list of actions", "list objects with type"],
  ["a name alone", { [ACTIVITY]: ["tell"] }, `${ACTIVITY}[0]`, "an object { type:", "name a type"],
  ["no type", { [ACTIVITY]: [{ function: "tell" }] }, `${ACTIVITY}[0].type`, '"run-command"', "name a type"],
  [
    "a type that is none",
    { [ACTIVITY]: [{ type: "sqs", queue: "x" }] },
    `${ACTIVITY}[0].type`,
    '"event-bus"',
    "name a type",
  ],
  [
    "no function",
    { [ACTIVITY]: [{ type: "lambda" }] },
    `${ACTIVITY}[0].function`,
    "a Lambda function",
    "name",
  ],
  [
    "a setting of another type",
    { [ACTIVITY]: [{ ...fn("tell"), pipeline: "x" }] },
    `${ACTIVITY}[0].pipeline`,
    "type, function",
    "remove it",
  ],
  [
    "findings of the activity channel",
    { [ACTIVITY]: [{ ...fn("tell"), findings: ["sessions"] }] },
    `${ACTIVITY}[0].findings`,
    "type, function",
    "remove it",
  ],
  [
    "a finding that is none",
    { [SECURITY]: [{ ...fn("tell"), findings: ["session"] }] },
    `${SECURITY}[0].findings[0]`,
    '"sessions" or "tampering"',
    'mean "sessions"?',
  ],
  [
    "no findings",
    { [SECURITY]: [{ ...fn("tell"), findings: [] }] },
    `${SECURITY}[0].findings`,
    "at least one",
    "both",
  ],
  [
    "a finding twice",
    { [SECURITY]: [{ ...fn("tell"), findings: ["sessions", "sessions"] }] },
    `${SECURITY}[0].findings[1]`,
    "each finding once",
    "remove the repetition",
  ],
  [
    "a bus by name",
    { [ACTIVITY]: [{ type: "event-bus", eventBus: "security" }] },
    `${ACTIVITY}[0].eventBus`,
    "the ARN of an event bus",
    "give the ARN",
  ],
  [
    "the default bus that the events come from",
    { [`${LAB}.activity.actions`]: [{ type: "event-bus", eventBus: ofLab("events", "event-bus/default") }] },
    `${LAB}.activity.actions[0].eventBus`,
    "another bus than the default bus of lab in eu-central-1",
    "without it for this account",
  ],
  [
    "a bus in another partition",
    { [SECURITY]: [{ type: "event-bus", eventBus: BUS.replace("aws", "aws-cn") }] },
    `${SECURITY}[0].eventBus`,
    "a bus in partition aws",
    "no event crosses",
  ],
  [
    "a function of another account",
    { [`${LAB}.activity.actions`]: [fn("arn:aws:lambda:eu-central-1:222222222222:function:tell:live")] },
    `${LAB}.activity.actions[0].function`,
    "a function of account 333333333333 in eu-central-1",
    'write its name alone, "tell:live"',
  ],
  [
    "a pipeline of another region",
    {
      [`${LAB}.security.actions`]: [
        { type: "codepipeline", pipeline: ofLab("codepipeline", "mend", "us-east-1") },
      ],
    },
    `${LAB}.security.actions[0].pipeline`,
    "a pipeline of account 333333333333 in eu-central-1",
    'write its name alone, "mend"',
  ],
  [
    "a state machine of another partition",
    {
      [`${LAB}.security.actions`]: [
        {
          type: "step-functions",
          stateMachine: ofLab("states", "stateMachine:mend", "eu-central-1", "aws-us-gov"),
          findings: ["sessions"],
        },
      ],
    },
    `${LAB}.security.actions[0].stateMachine`,
    "a state machine of account 333333333333",
    'write its name alone, "mend"',
  ],
  [
    "a function of another account for an archive",
    {
      "accounts.log-archive.notifications.security.actions": [
        fn("arn:aws:lambda:eu-central-1:222222222222:function:tell"),
      ],
    },
    'accounts["log-archive"].notifications.security.actions[0].function',
    "a function of account 111111111111",
    "say the action in the settings of that account",
  ],
  [
    "a document by ARN",
    { [ACTIVITY]: [command({ document: ofLab("ssm", "document/Acme-OnSession") })] },
    `${ACTIVITY}[0].document`,
    "the name of a command document",
    "not its ARN",
  ],
  [
    "no nodes",
    { [ACTIVITY]: [command({ tag: null })] },
    `${ACTIVITY}[0]`,
    "either instanceIds or tag",
    "name the nodes",
  ],
  [
    "nodes in two ways",
    { [ACTIVITY]: [command({ instanceIds: ["i-0123456789abcdef0"] })] },
    `${ACTIVITY}[0]`,
    "not both",
    "name the nodes",
  ],
  [
    "a node by name",
    { [ACTIVITY]: [command({ tag: null, instanceIds: ["web-1"] })] },
    `${ACTIVITY}[0].instanceIds[0]`,
    "the id of an instance",
    "copy the id",
  ],
  [
    "51 nodes",
    { [ACTIVITY]: [command({ tag: null, instanceIds: Array(51).fill("i-0123456789abcdef0") })] },
    `${ACTIVITY}[0].instanceIds`,
    "at most 50",
    "name a tag instead",
  ],
  [
    "a tag without values",
    { [ACTIVITY]: [command({ tag: { key: "Role", values: [] } })] },
    `${ACTIVITY}[0].tag.values`,
    "1 to 50 values",
    "at least one",
  ],
  [
    "a parameter that is a number",
    { [ACTIVITY]: [command({ parameters: { Days: 3 } })] },
    `${ACTIVITY}[0].parameters.Days`,
    "a string, a list of strings",
    "write a text",
  ],
  [
    "a field that the event does not have",
    { [ACTIVITY]: [command({ parameters: { Id: { event: "sesion" } } })] },
    `${ACTIVITY}[0].parameters.Id.event`,
    '"session"',
    'mean "session"?',
  ],
  [
    "the reason, which the caller writes",
    { [ACTIVITY]: [command({ parameters: { Why: { event: "reason" } } })] },
    `${ACTIVITY}[0].parameters.Why.event`,
    '"session"',
    "did you mean",
  ],
  [
    "a field of the event for a document of AWS's",
    {
      [ACTIVITY]: [
        command({ document: "AWS-RunShellScript", parameters: { commands: { event: "session" } } }),
      ],
    },
    `${ACTIVITY}[0].parameters.commands`,
    "AWS-RunShellScript is a document of AWS's",
    "with an allowedPattern",
  ],
  [
    "an action twice",
    { [ACTIVITY]: [fn("tell"), fn("tell")] },
    `${ACTIVITY}[1]`,
    "each target once",
    "remove",
  ],
  [
    "an action twice, for two findings",
    {
      [SECURITY]: [
        { ...fn("tell"), findings: ["sessions"] },
        { ...fn("tell"), findings: ["tampering"] },
      ],
    },
    `${SECURITY}[1]`,
    "each target once",
    "one action may be for several findings",
  ],
  [
    "a command twice on the same nodes",
    { [ACTIVITY]: [command(), command({ parameters: { Mode: "b" } })] },
    `${ACTIVITY}[1]`,
    "each target once",
    "remove",
  ],
  [
    "five actions and a topic",
    { [ACTIVITY]: five },
    `${ACTIVITY}[4]`,
    "at most 4 actions for the rule that reports activity: EventBridge takes 5 targets",
    "take some out",
  ],
  [
    "four actions, a topic and chat",
    {
      [ACTIVITY]: five.slice(0, 4),
      [`${LAB}.activity.chat`]: [{ platform: "slack", workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }],
    },
    `${LAB}.activity.actions[3]`,
    "at most 3 actions for the rule that reports activity",
    "take some out",
  ],
  [
    "five actions for tampering",
    { [SECURITY]: five.map((action) => ({ ...action, findings: ["tampering"] })) },
    `${SECURITY}[4]`,
    "the rule that reports tampering",
    "invoke one state machine or event bus",
  ],
  [
    "a boundary of another account for roles in the archive account",
    {
      "access.permissionsBoundaryArn": undefined,
      "accounts.log-archive.access.permissionsBoundaryArn": "arn:aws:iam::222222222222:policy/boundary",
      "accounts.log-archive.notifications.security.actions": [{ type: "codepipeline", pipeline: "mend" }],
    },
    'accounts["log-archive"].access.permissionsBoundaryArn',
    "a policy of account 111111111111",
    "name a policy of this account",
  ],
  [
    "parameters beyond a template",
    { [`${LAB}.activity.actions`]: [command({ parameters: { Text: Array(5).fill("x".repeat(2048)) } })] },
    `${LAB}.activity.actions`,
    "what fits into the parameters for arn:aws:ssm:eu-central-1:333333333333:document/Acme-OnSession",
    "shorter parameters",
  ],
  [
    "values of a tag beyond a role's policy, for all",
    {
      [ACTIVITY]: [
        command({
          tag: {
            key: "Role",
            values: Array.from({ length: 50 }, (_, index) => String(index).padStart(256, "x")),
          },
        }),
      ],
    },
    ACTIVITY,
    "what fits into the role's policy",
    "name fewer nodes",
  ],
])("a map is refused: %s", (_, changes, path, allowed, remedy) => {
  expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
});

it("says how long the organization's name may be where a role's name would be too long", () => {
  const changes = {
    "organization.name": "a".repeat(23),
    archive: undefined,
    "accounts.log-archive": undefined,
    "transcripts.bucket": { existing: "theirs" },
    "transcripts.readers": undefined,
    [ACTIVITY]: [{ type: "codepipeline", pipeline: "mend" }],
  };
  expect(problemsOf(mapWith(changes))).toEqual([
    expect.objectContaining({
      path: "organization.name",
      allowed: expect.stringContaining("at most 19 characters here: the role") as string,
    }),
  ]);
  expect(problemsOf(mapWith({ ...changes, "organization.name": "a".repeat(19) }))).toEqual([]);
});

it.each<[string, Changes]>([
  [
    "of every type, for all",
    {
      [ACTIVITY]: [
        fn("tell"),
        { type: "codepipeline", pipeline: "mend" },
        { type: "step-functions", stateMachine: "mend" },
        { type: "event-bus", eventBus: BUS },
      ],
      [SECURITY]: [command({ parameters: { Who: { event: "who" }, Modes: ["a", "b"], Note: "x" } })],
    },
  ],
  [
    "by ARN, in its own account",
    { [`${LAB}.activity.actions`]: [fn(ofLab("lambda", "function:tell:live"))] },
  ],
  [
    "by ARN in an account, for sessions, which an archive has none of",
    {
      "accounts.log-archive": undefined,
      "archive.account": "lab",
      [`${LAB}.security.actions`]: [{ ...fn(ofLab("lambda", "function:tell")), findings: ["sessions"] }],
      "accounts.shop.regions": ["eu-central-1"],
    },
  ],
  [
    "four for each finding",
    {
      [SECURITY]: [
        ...five.slice(0, 4).map((action) => ({ ...action, findings: ["sessions"] })),
        ...["v", "w", "x", "y"].map((name) => ({ ...fn(name), findings: ["tampering"] })),
      ],
    },
  ],
  [
    "with a document of AWS's and constants",
    { [ACTIVITY]: [command({ document: "AWS-RunShellScript", parameters: { commands: "date" } })] },
  ],
  [
    "one document on nodes of two tags",
    { [ACTIVITY]: [command(), command({ tag: { key: "Role", values: ["siem"] } })] },
  ],
  [
    "the default bus of another region",
    {
      [`${LAB}.activity.actions`]: [
        { type: "event-bus", eventBus: ofLab("events", "event-bus/default", "us-east-1") },
      ],
    },
  ],
  [
    "whatever it is, on a channel that is off",
    {
      [`${LAB}.activity`]: {
        enabled: false,
        actions: [fn("arn:aws:lambda:eu-central-1:222222222222:function:tell")],
      },
    },
  ],
])("a map may name actions %s", (_, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
