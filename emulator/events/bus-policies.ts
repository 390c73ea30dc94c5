import { RemovePermissionCommand } from "@aws-sdk/client-eventbridge";
import type { AccountClients } from "../clients/account-clients";
import type { Identities } from "../clients/identities";
import type { Handler } from "../gateway/protocol";
import { absentIf, parsePolicy } from "../iam/deployed-policies";
import { statementsOf } from "../iam/policy-document";

/**
 * Removes the policy of a bus before moto gets the one that replaces it. With a `Policy`, `PutPermission` replaces what
 * single statements had allowed as well. Observed with moto 5.2.1: it keeps the statements of every principal that the new
 * policy does not name.
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_event_bus_policy
 */
export function replacedBusPolicies(accounts: AccountClients, identities: Identities): Handler {
  return async ({ service, operation, accessKeyId, region, body }) => {
    if (service !== "events" || operation !== "PutPermission") return undefined;
    const { EventBusName, Policy } = JSON.parse(body.toString("utf8")) as {
      EventBusName?: string;
      Policy?: string;
    };
    if (Policy === undefined || !isPolicy(Policy)) return undefined;
    const { accountId } = await identities.of(accessKeyId, region);
    const { events } = await accounts.in(accountId, region);
    const all = new RemovePermissionCommand({ EventBusName, RemoveAllPermissions: true });
    await absentIf("ResourceNotFound", () => events.send(all));
    return undefined;
  };
}

/** Whether moto will accept a text as a policy: what it refuses changes nothing. */
function isPolicy(text: string): boolean {
  try {
    return statementsOf(parsePolicy(text)).length > 0;
  } catch {
    return false;
  }
}
