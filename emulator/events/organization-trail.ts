import { DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import type { Core } from "../iam/core";
import { jsonResponse, type Handler } from "../gateway/protocol";
import { partitionOf } from "../clients/partitions";

/** Moto's answers have the names of their members in the case of the API. */
interface Parameters {
  readonly trailNameList?: readonly string[];
  readonly includeShadowTrails?: boolean;
  readonly Name?: string;
}

const NAME = "organization";
const HOME = "us-east-1";
/** Where the trail is, if the emulated organization does not say which account manages it. */
const SOME_ACCOUNT = "000000000000";

/**
 * The trail of an organization, as the accounts that it records see it: `DescribeTrails` lists it as a shadow trail, and
 * `GetTrailStatus` answers for its ARN.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
 */
export function organizationTrail(
  { accounts, identities }: Pick<Core, "accounts" | "identities">,
  records: (accountId: string) => boolean,
): Handler {
  return async (request) => {
    const { service, operation, region, accessKeyId } = request;
    if (service !== "cloudtrail" || !["DescribeTrails", "GetTrailStatus"].includes(operation))
      return undefined;
    const { accountId } = await identities.of(accessKeyId, region);
    if (!records(accountId)) return undefined;
    const TrailARN = `arn:${partitionOf(region)}:cloudtrail:${HOME}:${SOME_ACCOUNT}:trail/${NAME}`;
    const {
      trailNameList = [],
      includeShadowTrails,
      Name,
    } = JSON.parse(request.body.toString("utf8")) as Parameters;
    if (operation === "GetTrailStatus")
      return Name === TrailARN ? jsonResponse({ IsLogging: true }) : undefined;
    if (trailNameList.length > 0 || includeShadowTrails === false) return undefined;
    const { cloudtrail } = await accounts.in(accountId, region);
    const { trailList = [] } = await cloudtrail.send(new DescribeTrailsCommand({}));
    const ofOrganization = {
      Name: NAME,
      TrailARN,
      HomeRegion: HOME,
      IsMultiRegionTrail: true,
      IsOrganizationTrail: true,
      IncludeGlobalServiceEvents: true,
    };
    return jsonResponse({ trailList: [...trailList, ofOrganization] });
  };
}
