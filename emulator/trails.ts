import { DescribeTrailsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import type { Accounts } from "./accounts";

/** Whether CloudTrail calls of an account and region reach EventBridge: some trail there must be logging. */
export async function isRecorded(accounts: Accounts, accountId: string, region: string): Promise<boolean> {
  const here = await accounts.in(accountId, region);
  const { trailList = [] } = await here.cloudtrail.send(
    new DescribeTrailsCommand({ includeShadowTrails: true }),
  );
  for (const { Name, HomeRegion = region } of trailList) {
    const home = await accounts.in(accountId, HomeRegion);
    const status = await home.cloudtrail.send(new GetTrailStatusCommand({ Name }));
    if (status.IsLogging === true) return true;
  }
  return false;
}
