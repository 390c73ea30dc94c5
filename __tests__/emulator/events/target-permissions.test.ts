import type { AuthorizationRequest, Authorizer } from "../../../emulator/iam/authorizer";
import { AwsError } from "../../../emulator/gateway/protocol";
import {
  asTargetError,
  requireRoleForRegion,
  TargetPermissions,
} from "../../../emulator/events/target-permissions";

const RULE = "arn:aws:events:eu-central-1:444444444444:rule/activity";
const ROLE = "arn:aws:iam::444444444444:role/invoke";
const BUS = "arn:aws:events:us-east-1:999999999999:event-bus/security";
const SOURCE = { "aws:SourceArn": RULE, "aws:SourceAccount": "444444444444" };

function permissions(refused?: string) {
  const asked: AuthorizationRequest[] = [];
  const authorize = (request: AuthorizationRequest) => {
    asked.push(request);
    return Promise.resolve({ allowed: request.action !== refused, reason: `no ${request.action}` });
  };
  const required = new TargetPermissions({ authorize } as unknown as Authorizer);
  const invocation = (RoleArn?: string) => ({
    ruleArn: RULE,
    ruleName: "activity",
    target: { Id: "x", Arn: BUS, ...(RoleArn !== undefined && { RoleArn }) },
  });
  return { asked, required, invocation };
}

it("judges EventBridge by the target's policy, with the rule as source, when the target has no role", async () => {
  const { asked, required, invocation } = permissions();
  await required.require(invocation(), "events:PutEvents", BUS);
  expect(asked).toEqual([
    {
      principal: { service: "events.amazonaws.com" },
      accountId: "999999999999",
      action: "events:PutEvents",
      resource: BUS,
      context: SOURCE,
    },
  ]);
});

it("judges whether EventBridge may assume the role for the rule, and what the role may do", async () => {
  const { asked, required, invocation } = permissions();
  await required.require(invocation(ROLE), "events:PutEvents", BUS);
  expect(asked).toMatchObject([
    { action: "sts:AssumeRole", resource: ROLE, accountId: "444444444444", context: SOURCE },
    { principal: ROLE, action: "events:PutEvents", resource: BUS, accountId: "999999999999" },
  ]);
  expect(asked[1]!.context).toEqual({});
});

it.each(["sts:AssumeRole", "events:PutEvents"])("is denied without %s", async (refused) => {
  const { required, invocation } = permissions(refused);
  await expect(required.require(invocation(ROLE), "events:PutEvents", BUS)).rejects.toMatchObject({
    code: "NO_PERMISSIONS",
    message: `no ${refused}`,
  });
});

it.each([
  [Object.assign(new Error("x"), { name: "StateMachineDoesNotExist" }), "RESOURCE_NOT_FOUND"],
  [new AwsError("PipelineNotFoundException", "x"), "RESOURCE_NOT_FOUND"],
  [new AwsError("InvalidParameters", "x"), "SDK_CLIENT_ERROR"],
])("gives %s the error code of EventBridge", (error, code) => {
  expect(() => asTargetError(error)).toThrow(expect.objectContaining({ code }) as Error);
});

it.each`
  bus                                                              | RoleArn      | expected
  ${"arn:aws:events:us-east-1:444444444444:event-bus/default"}     | ${undefined} | ${"NO_PERMISSIONS"}
  ${"arn:aws:events:us-east-1:444444444444:event-bus/default"}     | ${ROLE}      | ${"delivered"}
  ${"arn:aws:events:eu-central-1:999999999999:event-bus/security"} | ${undefined} | ${"delivered"}
`("a bus $bus with the role $RoleArn: $expected", ({ bus, RoleArn, expected }: Record<string, string>) => {
  let outcome = "delivered";
  try {
    requireRoleForRegion({ ruleArn: RULE, target: { Id: "x", Arn: bus, RoleArn } });
  } catch (error) {
    outcome = (error as AwsError).code;
  }
  expect(outcome).toBe(expected);
});
