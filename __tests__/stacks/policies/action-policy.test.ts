import { arns, type Place } from "../../../stacks/names";
import { ACTION_TARGETS } from "../../../stacks/events/action-targets";
import { actionTrust, invocationPolicy, type Nodes } from "../../../stacks/policies/action-policy";
import type { Policy } from "../../../stacks/policies/policy";
import { actor, at, MEMBER, roleIn, service, STRANGER, US, decisionOn } from "./helpers";

const place = at(MEMBER);
const ROLE = roleIn(MEMBER, "session-audit-acme-eu-central-1-activity-0a1b2c3d");

describe("the role of an action", () => {
  const trust = actionTrust(place, ["session-audit-acme-security-sessions", "session-audit-acme-activity"]);
  const rule = (where: Place, name = "session-audit-acme-activity") => ({
    "aws:SourceArn": arns.rule(where, name),
    "aws:SourceAccount": where.account.id,
  });

  it.each`
    taker                                       | who                          | context                                                 | expected
    ${"EventBridge for one of its rules"}       | ${"events.amazonaws.com"}    | ${rule(place)}                                          | ${"Allowed"}
    ${"EventBridge for its other rule"}         | ${"events.amazonaws.com"}    | ${rule(place, "session-audit-acme-security-sessions")}  | ${"Allowed"}
    ${"EventBridge for another rule"}           | ${"events.amazonaws.com"}    | ${rule(place, "session-audit-acme-security-tampering")} | ${"ImplicitlyDenied"}
    ${"EventBridge for the rule elsewhere"}     | ${"events.amazonaws.com"}    | ${rule(at(MEMBER, US))}                                 | ${"ImplicitlyDenied"}
    ${"EventBridge for another account's rule"} | ${"events.amazonaws.com"}    | ${rule(at(STRANGER))}                                   | ${"ImplicitlyDenied"}
    ${"EventBridge for another account"}        | ${"events.amazonaws.com"}    | ${{ ...rule(place), "aws:SourceAccount": STRANGER }}    | ${"ImplicitlyDenied"}
    ${"EventBridge that names no rule"}         | ${"events.amazonaws.com"}    | ${{ "aws:SourceAccount": MEMBER }}                      | ${"ImplicitlyDenied"}
    ${"EventBridge that names nothing"}         | ${"events.amazonaws.com"}    | ${{}}                                                   | ${"ImplicitlyDenied"}
    ${"another service for the rule"}           | ${"scheduler.amazonaws.com"} | ${rule(place)}                                          | ${"ImplicitlyDenied"}
  `("is assumed by $taker: $expected", async ({ who, context, expected }) => {
    const asked = { action: "sts:AssumeRole", resource: ROLE, owner: MEMBER, context, policy: trust };
    expect(await decisionOn({ who: service(who as string), ...asked })).toBe(expected);
  });
});

const may = (policy: Policy, action: string, resource: string, context: Record<string, string> = {}) =>
  decisionOn({
    who: actor(ROLE, policy),
    action,
    resource,
    owner: resource.split(":")[4] || MEMBER,
    context,
  });

/** The policy of the role with which EventBridge invokes a target. */
const invokes = (
  type: Exclude<keyof typeof ACTION_TARGETS, "lambda">,
  arn: string,
  nodes: Nodes | null = null,
): Policy => invocationPolicy(place, ACTION_TARGETS[type].invocation!, arn, nodes);

const PIPELINE = ACTION_TARGETS.codepipeline.arnOf(place, "on-session");
const MACHINE = ACTION_TARGETS["step-functions"].arnOf(place, "on-session");

it.each<[action: string, resource: string, policy: Policy, expected: string]>([
  ["codepipeline:StartPipelineExecution", PIPELINE, invokes("codepipeline", PIPELINE), "Allowed"],
  [
    "codepipeline:StartPipelineExecution",
    `${PIPELINE}-2`,
    invokes("codepipeline", PIPELINE),
    "ImplicitlyDenied",
  ],
  [
    "codepipeline:PutApprovalResult",
    `${PIPELINE}/a/b`,
    invokes("codepipeline", PIPELINE),
    "ImplicitlyDenied",
  ],
  ["states:StartExecution", MACHINE, invokes("step-functions", MACHINE), "Allowed"],
  ["states:StartExecution", `${MACHINE}-2`, invokes("step-functions", MACHINE), "ImplicitlyDenied"],
  ["states:UpdateStateMachine", MACHINE, invokes("step-functions", MACHINE), "ImplicitlyDenied"],
])("a role may %s on %s", async (action, resource, policy, expected) => {
  expect(await may(policy, action, resource)).toBe(expected);
});

describe("events on a bus of another account", () => {
  const BUS = `arn:aws:events:${US}:${STRANGER}:event-bus/security`;
  const admits = (principal: string): Policy => ({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Members",
        Effect: "Allow",
        Principal: { AWS: principal },
        Action: ["events:PutEvents"],
        Resource: BUS,
      },
    ],
  });
  const put = (policy: Policy, resource: string, ofBus?: Policy) =>
    decisionOn({
      who: actor(ROLE, policy),
      action: "events:PutEvents",
      resource,
      owner: STRANGER,
      ...(ofBus && { policy: ofBus }),
    });

  it("are put where the role and the bus allow it, and only there", async () => {
    const policy = invokes("event-bus", BUS);
    const member = admits(`arn:aws:iam::${MEMBER}:root`);
    expect(await put(policy, BUS, member)).toBe("Allowed");
    expect(await put(policy, BUS)).toBe("ImplicitlyDenied");
    expect(await put(policy, `${BUS}-2`, member)).toBe("ImplicitlyDenied");
    expect(await put(invokes("event-bus", `${BUS}-2`), BUS, member)).toBe("ImplicitlyDenied");
  });
});

describe("a command", () => {
  const DOCUMENT = arns.document(place, "Acme-OnFinding", "account");
  const NODE = arns.instance(place, "i-0123456789abcdef0");
  const HYBRID = arns.managedInstance(place, "mi-0123456789abcdef0");
  const byId = invokes("run-command", DOCUMENT, { ids: ["i-0123456789abcdef0", "mi-0123456789abcdef0"] });
  const byTag = invokes("run-command", DOCUMENT, { tag: "Role", values: ["audit", "siem"] });
  const tagged = (value: string) => ({ "ssm:resourceTag/Role": value });

  it.each`
    what                                 | policy   | resource                                                | context            | expected
    ${"the document, nodes by id"}       | ${byId}  | ${DOCUMENT}                                             | ${{}}              | ${"Allowed"}
    ${"the document, nodes by tag"}      | ${byTag} | ${DOCUMENT}                                             | ${{}}              | ${"Allowed"}
    ${"another document"}                | ${byId}  | ${`${DOCUMENT}2`}                                       | ${{}}              | ${"ImplicitlyDenied"}
    ${"another document, nodes by tag"}  | ${byTag} | ${`${DOCUMENT}2`}                                       | ${{}}              | ${"ImplicitlyDenied"}
    ${"AWS's document of that name"}     | ${byId}  | ${arns.document(place, "Acme-OnFinding", "AWS")}        | ${{}}              | ${"ImplicitlyDenied"}
    ${"a node that is named"}            | ${byId}  | ${NODE}                                                 | ${{}}              | ${"Allowed"}
    ${"a hybrid node that is named"}     | ${byId}  | ${HYBRID}                                               | ${{}}              | ${"Allowed"}
    ${"another node"}                    | ${byId}  | ${arns.instance(place, "i-0fffffffffffffff0")}          | ${tagged("audit")} | ${"ImplicitlyDenied"}
    ${"the node of that id elsewhere"}   | ${byId}  | ${arns.instance(at(MEMBER, US), "i-0123456789abcdef0")} | ${{}}              | ${"ImplicitlyDenied"}
    ${"a node with the tag"}             | ${byTag} | ${NODE}                                                 | ${tagged("audit")} | ${"Allowed"}
    ${"a node with the other value"}     | ${byTag} | ${NODE}                                                 | ${tagged("siem")}  | ${"Allowed"}
    ${"a hybrid node with the tag"}      | ${byTag} | ${HYBRID}                                               | ${tagged("audit")} | ${"Allowed"}
    ${"a node with another value"}       | ${byTag} | ${NODE}                                                 | ${tagged("web")}   | ${"ImplicitlyDenied"}
    ${"a node without the tag"}          | ${byTag} | ${NODE}                                                 | ${{}}              | ${"ImplicitlyDenied"}
    ${"a tagged node in another region"} | ${byTag} | ${arns.instance(at(MEMBER, US), "i-0123456789abcdef0")} | ${tagged("audit")} | ${"ImplicitlyDenied"}
  `("may be sent to $what: $expected", async ({ policy, resource, context, expected }) => {
    expect(
      await may(policy as Policy, "ssm:SendCommand", resource as string, context as Record<string, string>),
    ).toBe(expected);
  });

  it("does not allow the role to start a session", async () => {
    for (const policy of [byId, byTag]) {
      expect(await may(policy, "ssm:StartSession", NODE, tagged("audit"))).toBe("ImplicitlyDenied");
    }
  });

  it("may run a document of AWS's own, whose ARN has no account id", async () => {
    const ofAws = arns.document(place, "AWS-RunShellScript", "AWS");
    expect(ofAws).toBe("arn:aws:ssm:eu-central-1::document/AWS-RunShellScript");
    const policy = invokes("run-command", ofAws, { ids: ["i-0123456789abcdef0"] });
    expect(await may(policy, "ssm:SendCommand", ofAws)).toBe("Allowed");
    const ours = arns.document(place, "AWS-RunShellScript", "account");
    expect(await may(policy, "ssm:SendCommand", ours)).toBe("ImplicitlyDenied");
    expect(await may(policy, "ssm:SendCommand", `${ofAws}2`)).toBe("ImplicitlyDenied");
  });
});
