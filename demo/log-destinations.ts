import {
  CreateLogGroupCommand,
  PutDestinationCommand,
  PutDestinationPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { arnParts } from "../aws/arn";
import { destinationFor, destinationKind } from "../accounts/model/log-destination";
import type { Organization } from "../accounts/model/organization";
import { createFunction } from "./action-targets";
import { clientConfig } from "./people";
import { Clients } from "../emulator/clients/clients";
import { absentIf } from "../emulator/iam/deployed-policies";
import type { Emulator } from "../emulator";

/** Creates the destinations and log groups that the map names for session logs. Real accounts have them already. */
export async function createLogDestinations(emulator: Emulator, organization: Organization): Promise<void> {
  const made = new Set<string>();
  for (const target of organization.targets) {
    const { subscription, masking } = target.settings.logs;
    const { findingsLogGroup } = masking;
    if (findingsLogGroup !== null) {
      const { logs } = new Clients(await clientConfig(emulator, target.account.id, target.region));
      await absentIf("ResourceAlreadyExists", () =>
        logs.send(new CreateLogGroupCommand({ logGroupName: findingsLogGroup })),
      );
    }
    if (subscription.destinationArn === null) continue;
    const arn = destinationFor(subscription.destinationArn, target);
    if (made.has(arn)) continue;
    made.add(arn);
    const { region, accountId: owner } = arnParts(arn);
    const clients = new Clients(await clientConfig(emulator, owner, region));
    if (destinationKind(arn) === "destination") await createDestination(clients, arn, organization);
    if (destinationKind(arn) === "function") await createFunction(clients, arn.split(":")[6]!);
  }
}

/** Creates a destination with a policy for the organization, or for each account of the map if it has no organization. */
async function createDestination(
  { logs }: Clients,
  arn: string,
  { id, accounts }: Organization,
): Promise<void> {
  const { partition, region, accountId: owner, resource } = arnParts(arn);
  const [, destinationName = ""] = resource.split(":");
  await logs.send(
    new PutDestinationCommand({
      destinationName,
      targetArn: `arn:${partition}:kinesis:${region}:${owner}:stream/${destinationName}`,
      roleArn: `arn:${partition}:iam::${owner}:role/from-cloudwatch-logs`,
    }),
  );
  const members = id === null ? { AWS: accounts.map((account) => account.id) } : "*";
  const accessPolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Members",
        Effect: "Allow",
        Principal: members,
        Action: "logs:PutSubscriptionFilter",
        Resource: arn,
        ...(id !== null && { Condition: { StringEquals: { "aws:PrincipalOrgID": id } } }),
      },
    ],
  });
  await logs.send(new PutDestinationPolicyCommand({ destinationName, accessPolicy }));
}
