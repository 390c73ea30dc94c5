import {
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  type CloudTrailClient,
} from "@aws-sdk/client-cloudtrail";
import { recordsWrites } from "../../trail-selectors";
import type { TrailState } from "../checks/trails";
import { look } from "./seen";

/** The trails that cover a region: the account's own, and those of its organization. */
export async function readTrails(cloudtrail: CloudTrailClient, region: string): Promise<TrailState[]> {
  const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const covering = trailList.filter(
    ({ IsMultiRegionTrail, HomeRegion }) => IsMultiRegionTrail === true || HomeRegion === region,
  );
  return Promise.all(
    covering.map(async (trail) => ({
      name: trail.Name ?? "",
      status: await look(async () => {
        // A trail of another region or of the organization has to be named by its ARN.
        const Name = trail.TrailARN ?? trail.Name;
        const status = await cloudtrail.send(new GetTrailStatusCommand({ Name }));
        return {
          logging: status.IsLogging === true,
          stopped: status.StopLoggingTime ?? null,
          problem: status.LatestDeliveryError || null,
        };
      }),
      recordsWrites: await look(() => recordsWrites(cloudtrail, trail)),
    })),
  );
}
