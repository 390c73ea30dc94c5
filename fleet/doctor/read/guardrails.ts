import {
  DescribePolicyCommand,
  paginateListPolicies,
  paginateListTargetsForPolicy,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { PolicyState } from "../checks/guardrails";

/** Service control policies by their names, of those that were asked for. */
export async function readPolicies(
  client: OrganizationsClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, PolicyState>> {
  const found = new Map<string, PolicyState>();
  for await (const { Policies = [] } of paginateListPolicies(
    { client },
    { Filter: "SERVICE_CONTROL_POLICY" },
  )) {
    for (const { Id, Name = "" } of Policies) {
      if (Id === undefined || !names.includes(Name)) continue;
      const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: Id }));
      const targets: string[] = [];
      for await (const page of paginateListTargetsForPolicy({ client }, { PolicyId: Id }))
        targets.push(...(page.Targets ?? []).flatMap(({ TargetId }) => TargetId ?? []));
      found.set(Name, { content: Policy?.Content ?? "", targets });
    }
  }
  return found;
}
