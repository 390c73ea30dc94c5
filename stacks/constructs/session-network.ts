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

export interface SessionNetworkProps {
  readonly place: Place;
  readonly vpc: Vpc;
  /** Endpoints to create. */
  readonly services: readonly EndpointService[];
  readonly reach: EndpointReach;
}

/** Construct ids: part of addresses, which stay. */
const IDS: Readonly<Record<EndpointService, string>> = {
  ssm: "Ssm",
  ssmmessages: "SsmMessages",
  ec2messages: "Ec2Messages",
  logs: "Logs",
  kms: "Kms",
  s3: "S3",
};

/** The endpoints by which instances of a VPC hold and record sessions without the internet. */
export class SessionNetwork extends Construct {
  readonly ready: readonly ITerraformDependable[];
  /** AWS makes them up. */
  readonly endpointIds: readonly string[];
  /** null: there is no interface endpoint. */
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
                // The agent and its clients call the services by their public names.
                privateDnsEnabled: true,
              }),
        }),
    );
    this.endpointIds = endpoints.map((endpoint) => endpoint.id);
    this.securityGroupId = group && group.group.id;
    this.ready = [...endpoints, ...(group ? group.rules : [])];
  }

  /** HTTPS from the clients, and nothing out: endpoints answer and begin nothing. */
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
