import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { clientConfig, createRole } from "../../demo/people";
import type { Emulator } from "../../emulator";
import { ROOT } from "./embedded";

/** The name of the role that plans, in the maps of these tests. */
export const PLAN_ROLE = "session-audit-plan";

/** The identity of a pipeline: it signs with the dummy credentials, which belong to moto's own account. */
export const PIPELINE = { AWS: "arn:aws:iam::123456789012:root" };

/** A policy as `docs/plan-role.json` has it. */
interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}
const POLICY = JSON.parse(readFileSync(join(ROOT, "docs", "plan-role.json"), "utf8")) as Policy;

/** Creates the role that plans in an account, with its policy as the documentation has it. */
export async function createPlanRole(emulator: Emulator, accountId: string): Promise<void> {
  const iam = new IAMClient(await clientConfig(emulator, accountId, "us-east-1"));
  await createRole(iam, PLAN_ROLE, PIPELINE);
  await setPlanPolicy(emulator, accountId);
}

/** Sets the policy of the role that plans in an account. @param without an action that the policy leaves out */
export async function setPlanPolicy(emulator: Emulator, accountId: string, without?: string): Promise<void> {
  const iam = new IAMClient(await clientConfig(emulator, accountId, "us-east-1"));
  const Statement = POLICY.Statement.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((action) => action !== without),
  }));
  const RoleName = PLAN_ROLE;
  const PolicyName = "plan";
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName,
      PolicyDocument: JSON.stringify({ ...POLICY, Statement }),
    }),
  );
}
