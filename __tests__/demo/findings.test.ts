import { intruderOf } from "../../demo/findings";
import { guarded } from "../stacks/policies/guardrails/helpers";
import { exampleOrganization, MEMBER } from "../stacks/policies/helpers";

const SSO = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Fire";
const glass = (account: string, role = "break-glass") => `arn:aws:iam::${account}:role/${role}`;
const intruder = (guardrails: Parameters<typeof guarded>[0]) =>
  intruderOf(guarded(guardrails), { id: MEMBER });

it("a contractor opens the session that the guard ends", () => {
  expect(intruderOf(exampleOrganization(), { id: MEMBER })).toBe("contractor");
  expect(intruder({ refuseUnrecordedSessions: false })).toBe("contractor");
});

it.each([
  ["of all accounts", [glass("*")], "break-glass"],
  ["of the account, with its path", [glass("999999999999"), glass(MEMBER, "sre/fire")], "sre/fire"],
  ["whose name ends in a hash", [glass("*", `${SSO}_*`)], `${SSO}_x`],
  ["of another account, so nobody does", [glass("999999999999")], null],
])("with guardrails, a break-glass role does: %s", (_what, breakGlassRoles, expected) => {
  expect(intruder({ breakGlassRoles })).toBe(expected);
});
