import { PutRolePolicyCommand, type IAMClient } from "@aws-sdk/client-iam";
import { createRole } from "../../demo/people";

/**
 * Creates a role that EventBridge takes for rules, and that may put events into every bus. Only the policies of the buses
 * can then refuse it.
 */
export async function createEventRole(iam: IAMClient, role: string): Promise<void> {
  await createRole(iam, role, { Service: "events.amazonaws.com" });
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: role,
      PolicyName: "put",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "events:PutEvents", Resource: "*" }],
      }),
    }),
  );
}
