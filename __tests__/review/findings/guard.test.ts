import { GUARD_RULES } from "../../../review/findings/guard";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

type Settings = { readonly [name: string]: Json };
const changed = (type: string, before: Settings, after: Settings): Planned => ({
  type,
  before: { name: "own", ...before },
  after: { name: "own", ...after },
});
const guard = (before: Settings, after: Settings) => changed("aws_lambda_function", before, after);
const configured = (allowedDocuments: Json): Settings => ({
  environment: [{ variables: { GUARD: JSON.stringify({ table: "t", allowedDocuments }) } }],
});

testRules(GUARD_RULES, [
  bothWays(
    "guard-stopped",
    "high",
    "The function own never runs (reserved concurrency 0)",
    guard({ reserved_concurrent_executions: -1 }, { reserved_concurrent_executions: 0 }),
  ),
  {
    rule: "guard-code-changed",
    severity: "low",
    title: "The code of the function own changes",
    found: guard({ source_code_hash: "a" }, { source_code_hash: "b" }),
    not: guard({ source_code_hash: "a" }, { source_code_hash: "a", timeout: 3 }),
  },
  {
    rule: "guard-role-changed",
    severity: "medium",
    title: "The function own works with the role b instead of a",
    found: guard({ role: "a" }, { role: "b" }),
    not: guard({ role: "a" }, { role: "a", timeout: 3 }),
  },
  bothWays(
    "guard-forgets-failures",
    "medium",
    "Events that the function own could not handle are kept nowhere any more",
    guard({ dead_letter_config: [{ target_arn: "q" }] }, { dead_letter_config: [] }),
  ),
  bothWays(
    "guard-allows-documents",
    "medium",
    "The function own no longer ends sessions with AWS-StartSSHSession",
    guard(configured([]), configured(["AWS-StartSSHSession"])),
  ),
  bothWays(
    "guard-allows-documents",
    "high",
    "The function own no longer ends sessions",
    guard(configured(["a"]), configured(null)),
  ),
  bothWays(
    "table-protection-off",
    "high",
    "The table own has no deletion protection any more",
    changed(
      "aws_dynamodb_table",
      { deletion_protection_enabled: true },
      { deletion_protection_enabled: false },
    ),
  ),
  bothWays(
    "log-group-protection-off",
    "high",
    "The log group own has no deletion protection any more",
    changed(
      "aws_cloudwatch_log_group",
      { deletion_protection_enabled: true },
      { deletion_protection_enabled: false },
    ),
  ),
  {
    rule: "maintenance-narrowed",
    severity: "low",
    title: "The association own applies to other instances",
    found: changed(
      "aws_ssm_association",
      { association_name: "own", targets: [{ key: "InstanceIds", values: ["*"] }] },
      { association_name: "own", targets: [{ key: "tag:a", values: ["b"] }] },
    ),
    not: changed(
      "aws_ssm_association",
      { association_name: "own", targets: [] },
      { association_name: "own", targets: [], max_errors: "1" },
    ),
  },
]);

it("says that the guard ends nothing, also if it allowed no document before", () => {
  const [finding] = findingsOf("guard-allows-documents", guard(configured([]), configured(null)));
  expect(finding).toMatchObject({ severity: "high" });
});
