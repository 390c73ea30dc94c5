import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Rewrite } from "../gateway/protocol";
import type { CloudTrailEvent } from "./cloudtrail-event";
import { selects, type Selectors } from "./event-selectors";

/** The operations of CloudTrail that take a trail, with the parameter that names it. On AWS, each also accepts an ARN. */
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

/**
 * Replaces the ARN of a trail by its name on the way to moto. Observed with moto 5.2.1: it answers an ARN with HTTP 500,
 * and the Terraform provider sends ARNs.
 */
export const trailArnsToNames: Rewrite = (request) => {
  const member = NAMED_BY[request.operation];
  if (request.service !== "cloudtrail" || request.protocol !== "json" || member === undefined) return request;
  const parameters = JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
  const { service, resource } = arnParts(String(parameters[member] ?? ""));
  const name = service === "cloudtrail" ? /^trail\/(.+)$/.exec(resource)?.[1] : undefined;
  return name === undefined
    ? request
    : { ...request, body: Buffer.from(JSON.stringify({ ...parameters, [member]: name })) };
};

/** The trails of an account that record a region at this moment. */
export async function loggingTrails(
  accounts: AccountClients,
  accountId: string,
  region: string,
): Promise<readonly Trail[]> {
  const here = await accounts.in(accountId, region);
  const { trailList = [] } = await here.cloudtrail.send(
    new DescribeTrailsCommand({ includeShadowTrails: true }),
  );
  const logging: Trail[] = [];
  for (const trail of trailList) {
    const { Name, HomeRegion = region } = trail;
    const home = await accounts.in(accountId, HomeRegion);
    const status = await home.cloudtrail.send(new GetTrailStatusCommand({ Name }));
    if (status.IsLogging === true) logging.push(trail);
  }
  return logging;
}

/** The event selectors of a trail, which its home region knows. */
export async function selectorsOf(
  accounts: AccountClients,
  accountId: string,
  region: string,
  { Name, HomeRegion = region }: Trail,
): Promise<Selectors> {
  const home = await accounts.in(accountId, HomeRegion);
  return home.cloudtrail.send(new GetEventSelectorsCommand({ TrailName: Name }));
}

/**
 * Whether a call of an account and region reaches EventBridge: at least one trail that covers them must be logging, and
 * its event selectors must select the call.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export async function isRecorded(
  accounts: AccountClients,
  accountId: string,
  region: string,
  event: CloudTrailEvent,
): Promise<boolean> {
  for (const trail of await loggingTrails(accounts, accountId, region))
    if (selects(await selectorsOf(accounts, accountId, region, trail), event)) return true;
  return false;
}
