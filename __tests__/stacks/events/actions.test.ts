import type { AccountsMap } from "../../../accounts/schema";
import { transformInput } from "../../../emulator/patterns/input-transformer";
import { EVENTS } from "../../fixtures/cloudtrail";
import { exampleWith, synthesizeOne, type StackView } from "../../helpers/synth";

type Notifications = NonNullable<AccountsMap["notifications"]>;
type ActivityActions = NonNullable<NonNullable<Notifications["activity"]>["actions"]>;
type SecurityActions = NonNullable<NonNullable<Notifications["security"]>["actions"]>;

const BUS = "arn:aws:events:eu-west-1:999999999999:event-bus/security";
const NODES = { key: "Role", values: ["audit", "siem"] };
const RULE = (name: string) => `arn:aws:events:us-east-1:444444444444:rule/session-audit-acme-${name}`;

const withActions = (activity: ActivityActions, security: SecurityActions = []) =>
  exampleWith((map) => {
    map.notifications = { activity: { actions: activity }, security: { actions: security } };
  });
const stackWith = (activity: ActivityActions, security: SecurityActions = []) =>
  synthesizeOne("session-payments-us-east-1", withActions(activity, security));

/** The target of a rule that is neither the topic nor the central bus. */
const targetIn = (stack: StackView, rule = /Activity/) =>
  Object.entries(stack.all("aws_cloudwatch_event_target"))
    .filter(([id]) => rule.test(id))
    .map(([, target]) => target)
    .find((target) => !["topic", "central"].includes(String(target["target_id"])))!;
/** Matches the ids of the resources of actions. */
const OF_ACTIONS = /Actions_/;
const messageOf = (target: Record<string, unknown>, event: object) => {
  const { input_paths, input_template } = target["input_transformer"] as {
    input_paths?: Record<string, string>;
    input_template: string;
  };
  // As Terraform reads it.
  const InputTemplate = input_template.replaceAll("$${", "${").replaceAll("%%{", "%{");
  const by = { ruleArn: "arn", ruleName: "rule", ingestionTime: "2026-03-01T12:00:06Z" };
  return JSON.parse(
    transformInput({ ...(input_paths && { InputPathsMap: input_paths }), InputTemplate }, event, by),
  ) as Record<string, string[]>;
};

it.each<[ActivityActions[number], string]>([
  [{ type: "codepipeline", pipeline: "mend" }, "arn:aws:codepipeline:us-east-1:444444444444:mend"],
  [
    { type: "step-functions", stateMachine: "mend" },
    "arn:aws:states:us-east-1:444444444444:stateMachine:mend",
  ],
  [{ type: "event-bus", eventBus: BUS }, BUS],
  [
    { type: "run-command", document: "Acme-OnSession", tag: NODES },
    "arn:aws:ssm:us-east-1:444444444444:document/Acme-OnSession",
  ],
  [
    { type: "run-command", document: "AmazonCloudWatch-ManageAgent", tag: NODES },
    "arn:aws:ssm:us-east-1::document/AmazonCloudWatch-ManageAgent",
  ],
])("an action %j is a target with a role for it alone", (action, arn) => {
  const stack = stackWith([action]);
  const target = targetIn(stack);
  const role = stack.the("aws_iam_role", OF_ACTIONS);
  expect(target["arn"]).toBe(arn);
  expect(target["role_arn"]).toBe(`arn:aws:iam::444444444444:role/${String(role["name"])}`);
  const policy = stack.document<{ Statement: { Resource: unknown }[] }>(
    "aws_iam_role_policy",
    "policy",
    OF_ACTIONS,
  );
  expect(policy.Statement[0]!.Resource).toBe(arn);
  const trust = stack.document<{ Statement: { Condition: unknown }[] }>(
    "aws_iam_role",
    "assume_role_policy",
    OF_ACTIONS,
  );
  expect(trust.Statement[0]!.Condition).toEqual({
    StringEquals: { "aws:SourceAccount": "444444444444" },
    ArnEquals: { "aws:SourceArn": [RULE("activity")] },
  });
});

it("every target is retried for a day, then kept in the channel's dead-letter queue", () => {
  const stack = stackWith(
    [{ type: "codepipeline", pipeline: "mend" }],
    [{ type: "event-bus", eventBus: BUS }],
  );
  for (const [channel, rule] of [["activity", /Activity/] as const, ["security", /Sessions/] as const]) {
    expect(targetIn(stack, rule)).toMatchObject({
      retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
      dead_letter_config: {
        arn: `arn:aws:sqs:us-east-1:444444444444:session-audit-acme-${channel}-dead-letters`,
      },
    });
  }
});

it("a target is created after the permission for EventBridge to invoke it", () => {
  const stack = stackWith([
    { type: "lambda", function: "tell" },
    { type: "event-bus", eventBus: BUS },
  ]);
  const dependencies = Object.values(stack.all("aws_cloudwatch_event_target")).flatMap(
    (target) => target["depends_on"] as string[],
  );
  expect(dependencies.some((address) => address.startsWith("aws_lambda_permission."))).toBe(true);
  expect(dependencies.some((address) => address.startsWith("aws_iam_role_policy."))).toBe(true);
});

describe("a function", () => {
  it("has a permission for each rule, and no role", () => {
    const stack = stackWith([], [{ type: "lambda", function: "tell" }]);
    expect(Object.keys(stack.all("aws_iam_role")).filter((id) => OF_ACTIONS.test(id))).toEqual([]);
    expect(targetIn(stack, /Tampering/)["role_arn"]).toBeUndefined();
    const permissions = Object.values(stack.all("aws_lambda_permission"));
    expect(permissions).toEqual(
      [
        ...["security-sessions", "security-tampering", "security-preferences", "security-channels"],
        ...["security-delivery", "security-account"],
      ].map((rule) =>
        expect.objectContaining({
          statement_id: `session-audit-acme-${rule}`,
          action: "lambda:InvokeFunction",
          function_name: "tell",
          principal: "events.amazonaws.com",
          source_arn: RULE(rule),
          source_account: "444444444444",
        }),
      ),
    );
  });

  it("is invoked by its alias if the map names one, with a permission for the alias", () => {
    const stack = stackWith([{ type: "lambda", function: "tell:live" }]);
    expect(targetIn(stack)["arn"]).toBe("arn:aws:lambda:us-east-1:444444444444:function:tell:live");
    expect(stack.the("aws_lambda_permission")).toMatchObject({ function_name: "tell", qualifier: "live" });
  });
});

describe("a command", () => {
  const parameters = {
    Session: { event: "session" as const },
    Node: { event: "instance" as const },
    Text: 'a <session> "quoted" ${name} %{if} \\',
    Modes: ["one", "two"],
  };
  const command = (more: object = {}): ActivityActions[number] => ({
    type: "run-command",
    document: "Acme-OnSession",
    tag: NODES,
    parameters,
    ...more,
  });

  it("runs on nodes by a tag, or by id", () => {
    expect(targetIn(stackWith([command()]))["run_command_targets"]).toEqual([
      { key: "tag:Role", values: ["audit", "siem"] },
    ]);
    const byId = targetIn(stackWith([command({ tag: null, instanceIds: ["i-0123456789abcdef0"] })]));
    expect(byId["run_command_targets"]).toEqual([{ key: "InstanceIds", values: ["i-0123456789abcdef0"] }]);
  });

  it("has parameters from the event, and constants that are not changed", () => {
    expect(messageOf(targetIn(stackWith([command()])), EVENTS.started)).toEqual({
      Session: ["alice-wzleysigzmbd6fmkefjqvt5w4u"],
      Node: ["i-0123456789abcdef0"],
      Text: ['a <session> "quoted" ${name} %{if} \\'],
      Modes: ["one", "two"],
    });
  });

  it("leaves Terraform nothing to interpolate", () => {
    const { input_template } = targetIn(stackWith([command()]))["input_transformer"] as Record<
      string,
      string
    >;
    expect(input_template).toContain("$${name} %%{if}");
  });

  it("has an empty list for a field that the event does not have", () => {
    expect(messageOf(targetIn(stackWith([command()])), EVENTS.terminated)["Node"]).toEqual([]);
  });

  it("treats the node name of a refused call as one value, whatever it contains", () => {
    const target = 'i-1"],"Modes":["three';
    const event = { ...EVENTS.denied, detail: { ...EVENTS.denied.detail, requestParameters: { target } } };
    const found = messageOf(targetIn(stackWith([command()])), event);
    expect(found).toMatchObject({ Node: [target], Modes: ["one", "two"] });
  });

  it("without parameters receives none, and not the event", () => {
    const target = targetIn(stackWith([command({ parameters: {} })]));
    expect(messageOf(target, EVENTS.started)).toEqual({});
  });
});

it.each<ActivityActions[number]>([
  { type: "lambda", function: "tell" },
  { type: "codepipeline", pipeline: "mend" },
  { type: "step-functions", stateMachine: "mend" },
  { type: "event-bus", eventBus: BUS },
])("receives the whole event: %j", (action) => {
  expect(targetIn(stackWith([action]))["input_transformer"]).toBeUndefined();
});

describe("actions of the security channel", () => {
  it("receive all findings unless they name some", () => {
    const stack = stackWith(
      [],
      [
        { type: "lambda", function: "all" },
        { type: "lambda", function: "refused", findings: ["sessions"] },
        { type: "lambda", function: "changed", findings: ["tampering"] },
      ],
    );
    const invoked = (rule: RegExp) =>
      Object.entries(stack.all("aws_cloudwatch_event_target"))
        .filter(([id]) => rule.test(id))
        .filter(([, target]) => target["target_id"] !== "central")
        .map(([, target]) => String(target["arn"]).split(":").at(-1))
        .sort();
    expect(invoked(/Sessions/)).toEqual(["all", "refused", "session-audit-acme-security"]);
    expect(invoked(/Tampering/)).toEqual(["all", "changed", "session-audit-acme-security"]);
    expect(Object.keys(stack.all("aws_lambda_permission"))).toHaveLength(12);
  });

  it("have a role that all of its rules use", () => {
    const trust = stackWith([], [{ type: "event-bus", eventBus: BUS }]).document<{
      Statement: { Condition: Record<string, object> }[];
    }>("aws_iam_role", "assume_role_policy", OF_ACTIONS);
    expect(trust.Statement[0]!.Condition["ArnEquals"]).toEqual({
      "aws:SourceArn": ["sessions", "tampering", "preferences", "channels", "delivery", "account"].map(
        (rule) => RULE(`security-${rule}`),
      ),
    });
  });

  it("are invoked by an archive for tampering, in its own account", () => {
    const map = withActions(
      [],
      [
        { type: "codepipeline", pipeline: "mend" },
        { type: "lambda", function: "refused", findings: ["sessions"] },
      ],
    );
    const archive = synthesizeOne("archive-eu-central-1", map);
    expect(targetIn(archive, /Tampering/)["arn"]).toBe("arn:aws:codepipeline:eu-central-1:111111111111:mend");
    expect(archive.the("aws_iam_role", OF_ACTIONS)["name"]).toMatch(
      /^session-audit-acme-eu-central-1-archive-/,
    );
    expect(archive.all("aws_lambda_permission")).toEqual({});
  });

  it.each(["Tampering", "Channels", "Central"])("are invoked by an archive's rule %s", (rule) => {
    const map = withActions([], [{ type: "lambda", function: "changed" }]);
    const archive = synthesizeOne("archive-eu-central-1", map);
    expect(targetIn(archive, new RegExp(`^Security_${rule}_`))["arn"]).toBe(
      "arn:aws:lambda:eu-central-1:111111111111:function:changed",
    );
    const permissions = Object.values(archive.all("aws_lambda_permission"));
    expect(permissions.map((permission) => permission["source_arn"])).toContain(
      `arn:aws:events:eu-central-1:111111111111:rule/session-audit-acme-archive-security-${rule.toLowerCase()}`,
    );
  });
});

describe("a role of an action", () => {
  const roles = (map: AccountsMap, stack: string) =>
    Object.entries(synthesizeOne(stack, map).all("aws_iam_role"))
      .filter(([id]) => OF_ACTIONS.test(id))
      .map(([, role]) => String(role["name"]));

  it("has a different name for each region, channel and position in the list", () => {
    const bus = { type: "event-bus" as const, eventBus: BUS };
    const map = withActions([bus], [bus]);
    map.accounts["log-archive"]!.regions = ["eu-central-1"];
    const names = ["archive-eu-central-1", "session-log-archive-eu-central-1", "session-payments-us-east-1"]
      .flatMap((stack) => roles(map, stack))
      .map((name) => name.replace(/-[0-9a-f]{8}$/, ""));
    expect(names.sort()).toEqual([
      "session-audit-acme-eu-central-1-activity",
      "session-audit-acme-eu-central-1-archive",
      "session-audit-acme-eu-central-1-security",
      "session-audit-acme-us-east-1-activity",
      "session-audit-acme-us-east-1-security",
    ]);
  });

  it("is inside the account's permissions boundary", () => {
    const map = withActions([], [{ type: "event-bus", eventBus: BUS }]);
    const boundary = (id: string) => `arn:aws:iam::${id}:policy/boundary`;
    map.accounts["payments"]!.access = { permissionsBoundaryArn: boundary("444444444444") };
    map.accounts["log-archive"]!.access = { permissionsBoundaryArn: boundary("111111111111") };
    const of = (stack: string) =>
      synthesizeOne(stack, map).the("aws_iam_role", OF_ACTIONS)["permissions_boundary"];
    expect(of("session-payments-us-east-1")).toBe(boundary("444444444444"));
    expect(of("archive-eu-central-1")).toBe(boundary("111111111111"));
    expect(of("session-sandbox-eu-central-1")).toBeUndefined();
  });
});

it("adding an action does not change the addresses of the others", () => {
  const bus = { type: "event-bus" as const, eventBus: BUS };
  const before = stackWith([bus]).addresses;
  const after = stackWith([{ type: "lambda", function: "tell" }, bus]).addresses;
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toHaveLength(before.length + 2);
});

it("the addresses of actions are these", () => {
  const stack = stackWith(
    [
      { type: "lambda", function: "tell" },
      { type: "codepipeline", pipeline: "mend" },
      { type: "run-command", document: "Acme-OnSession", tag: NODES },
      { type: "step-functions", stateMachine: "mend" },
    ],
    [{ type: "event-bus", eventBus: BUS, findings: ["tampering"] }],
  );
  const plain = synthesizeOne("session-payments-us-east-1").addresses;
  expect(stack.addresses.filter((address) => !plain.includes(address))).toEqual([
    "aws_cloudwatch_event_target.Activity_Rule_Command-Acme-OnSession-72a75cb8_DE10E1EB",
    "aws_cloudwatch_event_target.Activity_Rule_Function-tell-c1320d98_D43B8B89",
    "aws_cloudwatch_event_target.Activity_Rule_Pipeline-mend-e9a91b48_972B4813",
    "aws_cloudwatch_event_target.Activity_Rule_StateMachine-mend-31e08712_57EE0BA6",
    "aws_cloudwatch_event_target.Security_Account_EventBus-security-497bf550_B6739FE0",
    "aws_cloudwatch_event_target.Security_Channels_EventBus-security-497bf550_C5498395",
    "aws_cloudwatch_event_target.Security_Delivery_EventBus-security-497bf550_F756E393",
    "aws_cloudwatch_event_target.Security_Preferences_EventBus-security-497bf550_8AC21FDA",
    "aws_cloudwatch_event_target.Security_Tampering_EventBus-security-497bf550_F9EEE9D6",
    "aws_iam_role.ActivityActions_Command-Acme-OnSession-72a75cb8_AF2C8803",
    "aws_iam_role.ActivityActions_Pipeline-mend-e9a91b48_8AC7822F",
    "aws_iam_role.ActivityActions_StateMachine-mend-31e08712_813080CF",
    "aws_iam_role.SecurityActions_EventBus-security-497bf550_7E5CB309",
    "aws_iam_role_policy.ActivityActions_Command-Acme-OnSession-72a75cb8_Policy_9C9B75D5",
    "aws_iam_role_policy.ActivityActions_Pipeline-mend-e9a91b48_Policy_8C3D0E77",
    "aws_iam_role_policy.ActivityActions_StateMachine-mend-31e08712_Policy_87B034A2",
    "aws_iam_role_policy.SecurityActions_EventBus-security-497bf550_Policy_6EBC3115",
    "aws_lambda_permission.ActivityActions_Function-tell-c1320d98_Activity_BD2EF8D4",
  ]);
});

describe("changes to the guard and to what hosts need", () => {
  const stack = synthesizeOne(
    "session-payments-us-east-1",
    exampleWith((map) => {
      map.guard = { enabled: true };
      map.prerequisites = { maintain: ["ssm-agent"] };
      map.notifications = {
        security: {
          actions: [
            { type: "codepipeline", pipeline: "mend", findings: ["tampering"] },
            { type: "event-bus", eventBus: BUS, findings: ["sessions"] },
          ],
        },
      };
    }),
  );

  it.each([["Tampering"], ["Hosts"], ["Guard"], ["Preferences"], ["Channels"], ["Delivery"], ["Account"]])(
    "%s invokes the actions for tampering",
    (rule) => {
      expect(targetIn(stack, new RegExp(`^Security_${rule}_`))["arn"]).toBe(
        "arn:aws:codepipeline:us-east-1:444444444444:mend",
      );
    },
  );

  it("allow each of these rules to use the action's role", () => {
    const trust = stack.document<{ Statement: { Condition: unknown }[] }>(
      "aws_iam_role",
      "assume_role_policy",
      /SecurityActions_Pipeline/,
    );
    expect(trust.Statement[0]!.Condition).toMatchObject({
      ArnEquals: {
        "aws:SourceArn": [
          "tampering",
          "hosts",
          "guard",
          "preferences",
          "channels",
          "delivery",
          "account",
        ].map((rule) => RULE(`security-${rule}`)),
      },
    });
  });
});

it("changes to endpoints invoke the actions for tampering, even without the other rules", () => {
  const stack = synthesizeOne(
    "session-payments-us-east-1",
    exampleWith((map) => {
      map.accounts["payments"]!.regions = {
        "eu-central-1": {},
        "us-east-1": {
          network: [
            {
              vpcId: "vpc-0123456789abcdef0",
              subnetIds: ["subnet-0123456789abcdef0"],
              routeTableIds: ["rtb-0123456789abcdef0"],
              clientCidrs: ["10.0.0.0/16"],
            },
          ],
        },
      };
      map.notifications = { security: { actions: [{ type: "event-bus", eventBus: BUS }] } };
    }),
  );
  expect(targetIn(stack, /^Security_Hosts_/)["arn"]).toBe(BUS);
});
