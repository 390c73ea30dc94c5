import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Vpc } from "../../accounts/model/endpoints";
import type { EndpointService } from "../../accounts/schema/network";
import { toJson } from "../kit/json";
import { endpointServiceName, names, type Place } from "../names";
import { endpointPolicy, type EndpointReach } from "../policies/endpoint-policy";

/** Which endpoints a VPC has, and whose requests pass them. */
export interface SessionNetworkProps {
  /** Account and region of the VPC. */
  readonly place: Place;
  /** The VPC: its subnets, its route tables, and the CIDR blocks of its clients. */
  readonly vpc: Vpc;
  /** Services that get an endpoint. */
  readonly services: readonly EndpointService[];
  /** Whose requests the endpoint policies let through, and to which resources. */
  readonly reach: EndpointReach;
}

/** Construct ids of the endpoints. They are part of addresses in the state, so they must not change. */
const IDS: Readonly<Record<EndpointService, string>> = {
  ssm: "Ssm",
  ssmmessages: "SsmMessages",
  ec2messages: "Ec2Messages",
  logs: "Logs",
  kms: "Kms",
  s3: "S3",
};

/**
 * The VPC endpoints through which instances run and record sessions without access to the internet.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 * @example
 * new SessionNetwork(this, `Network-${vpc.vpcId}`, {
 *   place,
 *   vpc,
 *   services: createdServices(trafficOf(target), vpc),
 *   reach: reachOf(organization, target, vpc),
 * });
 */
export class SessionNetwork extends Construct {
  /** Resources that must exist before traffic passes: the endpoints, and the rules of their security group. */
  readonly ready: readonly ITerraformDependable[];
  /** Ids of the endpoints. They are tokens, because AWS makes them up. */
  readonly endpointIds: readonly string[];
  /** Id of the security group, which is a token; null: there is none, because no interface endpoint is created. */
  readonly securityGroupId: string | null;

  constructor(scope: Construct, id: string, { place, vpc, services, reach }: SessionNetworkProps) {
    super(scope, id);
    const group = services.some((service) => service !== "s3") ? this.securityGroup(place, vpc) : null;
    const endpoints = services.map(
      (service) =>
        new VpcEndpoint(this, IDS[service], {
          vpcId: vpc.vpcId,
          serviceName: endpointServiceName(place, service),
          policy: toJson(endpointPolicy(service, reach)),
          tags: { Name: names.endpoint(place, service) },
          ...(service === "s3"
            ? { vpcEndpointType: "Gateway", routeTableIds: [...vpc.routeTableIds] }
            : {
                vpcEndpointType: "Interface",
                subnetIds: [...vpc.subnetIds],
                securityGroupIds: [group!.group.id],
                // SSM Agent and its clients call the services by their public host names.
                // @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
                privateDnsEnabled: true,
              }),
        }),
    );
    this.endpointIds = endpoints.map((endpoint) => endpoint.id);
    this.securityGroupId = group && group.group.id;
    this.ready = [...endpoints, ...(group ? group.rules : [])];
  }

  /**
   * A security group that allows HTTPS from the clients. It has no egress rules: security groups are stateful, so
   * endpoints can answer, and they open no connections of their own.
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
   */
  private securityGroup(place: Place, { vpcId, clientCidrs }: Vpc) {
    const name = names.endpoints(place);
    const group = new SecurityGroup(this, "SecurityGroup", {
      name,
      description: "Endpoints that Session Manager sessions go through",
      vpcId,
      tags: { Name: name },
    });
    const rules = clientCidrs.map(
      (cidr) =>
        new VpcSecurityGroupIngressRule(this, `From-${cidr.replaceAll(/[./]/g, "-")}`, {
          securityGroupId: group.id,
          description: "Agents and clients of sessions",
          cidrIpv4: cidr,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        }),
    );
    return { group, rules };
  }
}
