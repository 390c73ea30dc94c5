import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  firstPreferences,
  objection,
  refuseForeignPreferences,
  roleOf,
  type FirstProps,
} from "../../../fleet/deploy/foreign-preferences";
import { sha256Of } from "../../../files/checksum";
import type { PlanJson } from "../../../review/plan-json";
import { plannedStack } from "./planned";

const seen = (value: string | null) => ({ looked: true, value }) as const;
const FOREIGN = sha256Of("foreign");

it.each<[string, boolean, FirstProps["present"], string | undefined, string | null]>([
  ["created where there are none", false, seen(null), undefined, null],
  [
    "created where there are some",
    false,
    seen("foreign"),
    undefined,
    "preferences exist, and the plan would create them",
  ],
  [
    "created where somebody has looked",
    false,
    seen("foreign"),
    FOREIGN,
    "preferences exist, and the plan would create them",
  ],
  [
    "imported, and nobody has looked",
    true,
    seen("foreign"),
    undefined,
    "preferences exist that nobody has looked at",
  ],
  ["imported, and somebody has looked", true, seen("foreign"), FOREIGN, null],
  [
    "imported, and changed since",
    true,
    seen("another"),
    FOREIGN,
    "no longer those that somebody has looked at",
  ],
  ["imported, and equal to the plan", true, seen("planned"), undefined, null],
  ["imported, and gone", true, seen(null), FOREIGN, "do not exist any more"],
  [
    "created where nobody may look",
    false,
    { looked: false, reason: "AccessDenied" },
    undefined,
    "nobody can tell",
  ],
  [
    "imported where nobody may look",
    true,
    { looked: false, reason: "AccessDenied" },
    FOREIGN,
    "nobody can tell",
  ],
])("judges preferences that are %s", (_, imports, present, lookedAt, words) => {
  const found = objection({ planned: { imports, content: "planned" }, present, lookedAt });
  if (words === null) expect(found).toBeNull();
  else expect(found).toContain(words);
});

const planOf = (change: object, type = "aws_ssm_document", name = "SSM-SessionManagerRunShell") =>
  ({
    resource_changes: [
      {
        address: "x",
        mode: "managed",
        type,
        name: "x",
        change: { before: null, after: { name, content: "c" }, ...change },
      },
    ],
  }) as unknown as PlanJson;

it.each<[string, PlanJson, object | null]>([
  ["creates", planOf({ actions: ["create"] }), { imports: false, content: "c" }],
  [
    "imports and changes",
    planOf({ actions: ["update"], importing: { id: "x" } }),
    { imports: true, content: "c" },
  ],
  [
    "imports as it is",
    planOf({ actions: ["no-op"], importing: { id: "x" } }),
    { imports: true, content: "c" },
  ],
  ["changes", planOf({ actions: ["update"] }), null],
  ["replaces", planOf({ actions: ["delete", "create"] }), null],
  ["destroys", planOf({ actions: ["delete"], after: null }), null],
  ["creates another document", planOf({ actions: ["create"] }, undefined, "other"), null],
  ["creates something else", planOf({ actions: ["create"] }, "aws_iam_role"), null],
  ["has nothing", {} as PlanJson, null],
])("reads from a plan that it %s the preferences", (_, plan, first) => {
  expect(firstPreferences(plan)).toEqual(first);
});

const PROFILES = [{ name: "p", planRoleArn: "plan", roleArn: "deploy", externalId: "secret" }];
it.each<[string, object, typeof PROFILES | null, object | null]>([
  ["a profile", { profile: "p" }, PROFILES, { roleArn: "deploy", externalId: "secret" }],
  ["a role", { assume_role: [{ role_arn: "r" }] }, null, { roleArn: "r", externalId: null }],
  [
    "a role with an external id",
    { assume_role: [{ role_arn: "r", external_id: "e" }] },
    null,
    { roleArn: "r", externalId: "e" },
  ],
  ["the environment", {}, null, null],
])("assumes the role of a stack from %s", (_, provider, profiles, role) => {
  const others = [{ alias: "global", assume_role: [{ role_arn: "other" }] }];
  expect(roleOf({ provider: { aws: [...others, provider] } }, { profiles })).toEqual(role);
});

it("asks nothing about a plan whose JSON is not the one that was planned", async () => {
  const folder = mkdtempSync(join(tmpdir(), "session-audit-preferences-"));
  try {
    mkdirSync(join(folder, "session"));
    // The plan imports preferences, and its JSON was replaced by one that does not say so.
    writeFileSync(join(folder, "session", "plan.json"), "{}");
    const stack = plannedStack("session", {
      jsonSha256: sha256Of(JSON.stringify(planOf({ actions: ["create"] }))),
    });
    const props = { folder, manifest: { profiles: null }, env: {}, parallel: 1 };
    await expect(refuseForeignPreferences([stack], props)).rejects.toThrow(
      /session: the plan as JSON has the checksum/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
