import { ACTIVITY, command, fn, SANDBOX, ofSandbox, SECURITY } from "./actions-of";
import { mapWith, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const BUS = "arn:aws:events:eu-central-1:999999999999:event-bus/security";
const five = ["a", "b", "c", "d", "e"].map(fn);

it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "no list",
    { [ACTIVITY]: fn("tell") },
    ACTIVITY,
    "a list of actions",
    'write [{ type: "lambda", function: "tell" }], as a list',
  ],
  ["a name alone", { [ACTIVITY]: ["tell"] }, `${ACTIVITY}[0]`, "an object { type:", "name a type"],
  ["no type", { [ACTIVITY]: [{ function: "tell" }] }, `${ACTIVITY}[0].type`, '"run-command"', "name a type"],
  [
    "a type that is none",
    { [ACTIVITY]: [{ type: "sqs", queue: "x" }] },
    `${ACTIVITY}[0].type`,
    '"event-bus"',
    "add a subscriber with protocol sqs",
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
    'write the ARN of the bus: "arn:aws:events:<region>:<account>:event-bus/security"',
  ],
  [
    "the default bus that the events come from",
    {
      [`${SANDBOX}.activity.actions`]: [
        { type: "event-bus", eventBus: ofSandbox("events", "event-bus/default") },
      ],
    },
    `${SANDBOX}.activity.actions[0].eventBus`,
    "another bus than the default bus of sandbox in eu-central-1",
    "without it for this account",
  ],
  [
    "a bus in another partition",
    { [SECURITY]: [{ type: "event-bus", eventBus: BUS.replace("aws", "aws-cn") }] },
    `${SECURITY}[0].eventBus`,
    "a bus in partition aws",
    "sends no events to another partition",
  ],
  [
    "a function of another account",
    { [`${SANDBOX}.activity.actions`]: [fn("arn:aws:lambda:eu-central-1:444444444444:function:tell:live")] },
    `${SANDBOX}.activity.actions[0].function`,
    "a function of account 222222222222 in eu-central-1",
    'write its name alone, "tell:live"',
  ],
  [
    "a pipeline of another region",
    {
      [`${SANDBOX}.security.actions`]: [
        { type: "codepipeline", pipeline: ofSandbox("codepipeline", "mend", "us-east-1") },
      ],
    },
    `${SANDBOX}.security.actions[0].pipeline`,
    "a pipeline of account 222222222222 in eu-central-1",
    'write its name alone, "mend"',
  ],
  [
    "a state machine of another partition",
    {
      [`${SANDBOX}.security.actions`]: [
        {
          type: "step-functions",
          stateMachine: ofSandbox("states", "stateMachine:mend", "eu-central-1", "aws-us-gov"),
          findings: ["sessions"],
        },
      ],
    },
    `${SANDBOX}.security.actions[0].stateMachine`,
    "a state machine of account 222222222222",
    'write its name alone, "mend"',
  ],
  [
    "a function of another account for an archive",
    {
      "accounts.log-archive.notifications.security.actions": [
        fn("arn:aws:lambda:eu-central-1:444444444444:function:tell"),
      ],
    },
    'accounts["log-archive"].notifications.security.actions[0].function',
    "a function of account 111111111111",
    "set the action in the settings of that account",
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
    "five actions and a topic",
    { [ACTIVITY]: five },
    `${ACTIVITY}[4]`,
    "at most 4 actions for the rule that reports activity: a rule of EventBridge has at most 5 targets",
    "remove some",
  ],
  [
    "four actions, a topic and chat",
    {
      [ACTIVITY]: five.slice(0, 4),
      [`${SANDBOX}.activity.chat`]: [
        { platform: "slack", workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" },
      ],
    },
    `${SANDBOX}.activity.actions[3]`,
    "at most 3 actions for the rule that reports activity",
    "remove some",
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
      "accounts.log-archive.access.permissionsBoundaryArn": "arn:aws:iam::444444444444:policy/boundary",
      "accounts.log-archive.notifications.security.actions": [{ type: "codepipeline", pipeline: "mend" }],
    },
    'accounts["log-archive"].access.permissionsBoundaryArn',
    "a policy of account 111111111111",
    "name a policy of this account",
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
    { [`${SANDBOX}.activity.actions`]: [fn(ofSandbox("lambda", "function:tell:live"))] },
  ],
  [
    "by ARN in an account, for sessions, which an archive has none of",
    {
      "accounts.log-archive": undefined,
      "archive.account": "sandbox",
      [`${SANDBOX}.security.actions`]: [
        { ...fn(ofSandbox("lambda", "function:tell")), findings: ["sessions"] },
      ],
      "accounts.payments.regions": ["eu-central-1"],
    },
  ],
  [
    "four for each finding, without the central channel",
    {
      "notifications.security.central": false,
      [SECURITY]: [
        ...five.slice(0, 4).map((action) => ({ ...action, findings: ["sessions"] })),
        ...["v", "w", "x", "y"].map((name) => ({ ...fn(name), findings: ["tampering"] })),
      ],
    },
  ],
  [
    "three for each finding, beside the central channel",
    {
      [SECURITY]: [
        ...five.slice(0, 3).map((action) => ({ ...action, findings: ["sessions"] })),
        ...["v", "w", "x"].map((name) => ({ ...fn(name), findings: ["tampering"] })),
      ],
    },
  ],
  [
    "the default bus of another region",
    {
      [`${SANDBOX}.activity.actions`]: [
        { type: "event-bus", eventBus: ofSandbox("events", "event-bus/default", "us-east-1") },
      ],
    },
  ],
  [
    "whatever it is, on a channel that is off",
    {
      [`${SANDBOX}.activity`]: {
        enabled: false,
        actions: [fn("arn:aws:lambda:eu-central-1:444444444444:function:tell")],
      },
    },
  ],
])("a map may name actions %s", (_, changes) => {
  expect(problemsOf(mapWith(changes))).toEqual([]);
});
