import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { Identities } from "../clients/identities";
import type { Instance, Instances } from "./instances";

const MOST = 50;
const FEWEST = 5;

/**
 * `DescribeInstanceInformation`, which moto lacks: the nodes whose agents are connected.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
 * @throws AwsError `ValidationException` or `InvalidNextToken`. Filters are refused, because none is emulated.
 */
export function instanceInformation(identities: Identities, instances: Instances): Handler {
  return async (request) => {
    if (request.service !== "ssm" || request.operation !== "DescribeInstanceInformation") return undefined;
    const parameters = JSON.parse(request.body.toString("utf8")) as {
      readonly MaxResults?: number;
      readonly NextToken?: string;
      readonly Filters?: readonly unknown[];
      readonly InstanceInformationFilterList?: readonly unknown[];
    };
    const { MaxResults = MOST, NextToken, Filters = [], InstanceInformationFilterList = [] } = parameters;
    if (Filters.length + InstanceInformationFilterList.length > 0)
      throw new AwsError("InvalidInstanceInformationFilterValue", "The emulator has no filters of nodes");
    if (MaxResults < FEWEST || MaxResults > MOST)
      throw new AwsError("ValidationException", `MaxResults must be from ${FEWEST} to ${MOST}`);
    const start = NextToken === undefined ? 0 : Number(NextToken);
    if (!Number.isInteger(start)) throw new AwsError("InvalidNextToken", "The NextToken is not valid");
    const { accountId } = await identities.of(request.accessKeyId, request.region);
    const all = instances.in(accountId, request.region);
    const next = start + MaxResults;
    return jsonResponse({
      InstanceInformationList: all.slice(start, next).map(information),
      ...(next < all.length && { NextToken: String(next) }),
    });
  };
}

/** The agent of a node that says nothing else. */
const AGENT = "3.3.4851.0";

const information = ({
  instanceId,
  instanceRoleName,
  platform = "Linux",
  computerName,
  agentVersion = AGENT,
}: Instance) => ({
  InstanceId: instanceId,
  PingStatus: "Online",
  AgentVersion: agentVersion,
  PlatformType: platform,
  ResourceType: instanceId.startsWith("mi-") ? "ManagedInstance" : "EC2Instance",
  IamRole: instanceRoleName,
  ...(computerName !== undefined && { ComputerName: computerName }),
});
