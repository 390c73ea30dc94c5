import { DescribeTrailsCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import type { AccountClients } from "../clients/account-clients";
import type { Rewrite } from "../gateway/protocol";

/** CloudTrail's calls that find a trail, with the member that names it; each accepts an ARN on AWS. */
const NAMED_BY: Readonly<Record<string, string>> = {
  DeleteTrail: "Name",
  GetTrail: "Name",
  GetTrailStatus: "Name",
  StartLogging: "Name",
  StopLogging: "Name",
  UpdateTrail: "Name",
  GetEventSelectors: "TrailName",
  GetInsightSelectors: "TrailName",
  PutEventSelectors: "TrailName",
  PutInsightSelectors: "TrailName",
};

const TRAIL_ARN = /^arn:[^:]+:cloudtrail:[^:]*:\d+:trail\/(.+)$/;

/** Moto looks trails up by name and answers an ARN with HTTP 500; the Terraform provider sends ARNs. */
export const trailArnsToNames: Rewrite = (request) => {
  const member = NAMED_BY[request.operation];
  if (request.service !== "cloudtrail" || request.protocol !== "json" || member === undefined) return request;
  const parameters = JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
  const name = TRAIL_ARN.exec(String(parameters[member] ?? ""))?.[1];
  return name === undefined
    ? request
    : { ...request, body: Buffer.from(JSON.stringify({ ...parameters, [member]: name })) };
};

/** Whether CloudTrail calls of an account and region reach EventBridge: some trail there must be logging. */
export async function isRecorded(
  accounts: AccountClients,
  accountId: string,
  region: string,
): Promise<boolean> {
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
