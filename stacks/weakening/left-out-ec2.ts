import { REASONS, type LeftOut } from "./left-out-reasons";

/** The calls of EC2 that the table does not have. */
export const LEFT_OUT_OF_EC2: readonly LeftOut[] = [
  {
    service: "ec2",
    calls: ["RunInstances", "RunScheduledInstances", "RequestSpot*", "CreateFleet", "ModifySpotFleetRequest"],
    why: REASONS.new,
  },
  {
    service: "ec2",
    calls: [
      ...["ModifyInstanceAttribute", "ResetInstanceAttribute", "*SerialConsoleAccess"],
      ...["*InstanceConnectEndpoint", "*KeyPair", "*LaunchTemplate*"],
    ],
    why: REASONS.access,
  },
  {
    service: "ec2",
    calls: [
      ...["StartInstances", "StopInstances", "RebootInstances", "TerminateInstances"],
      ...["SendDiagnosticInterrupt", "CreateReplaceRootVolumeTask"],
    ],
    why: "ends sessions; their log streams stay, and a guard reports a transcript that the agent could not upload",
  },
  {
    service: "ec2",
    calls: [
      ...["ApplySecurityGroupsToClientVpnTargetNetwork", "*SecurityGroupVpc", "CreateSecurityGroup"],
      ...["UpdateSecurityGroupRuleDescriptions*", "ValidateSecurityGroupQuotasForInterface"],
    ],
    why: "does not change which traffic a group admits",
  },
  {
    service: "ec2",
    calls: [
      ...["CreateVpcEndpoint", "*VpcEndpointConnection*", "*VpcEndpointService*"],
      ...["ModifyVpcEndpointPayerResponsibility", "StartVpcEndpointServicePrivateDnsVerification"],
    ],
    why: "does not change an endpoint through which instances record",
  },
  {
    service: "ec2",
    calls: [
      ...[
        "DeleteRoute",
        "*RouteServer*",
        "CreateRouteTable",
        "DeleteRouteTable",
        "*Subnet",
        "*SubnetAttribute",
        "*SubnetCidr*",
      ],
      ...["*NetworkAcl", "DeleteNetworkAclEntry", "*Vpc", "*VpcCidrBlock", "*VpcTenancy"],
      ...[
        "*DhcpOptions",
        "*NatGateway*",
        "*InternetGateway",
        "CreateNetworkInterface*",
        "DeleteNetworkInterface*",
        "AttachNetworkInterface",
        "DetachNetworkInterface",
        "ResetNetworkInterfaceAttribute",
        "*VpcPeering*",
      ],
      ...["*TransitGateway*", "*Vpn*", "*PrefixList*", "*VgwRoutePropagation", "*LocalGateway*"],
      ...["*CustomerGateway", "*CarrierGateway", "*Address*", "*TrunkInterface", "*VpcBlockPublicAccess*"],
      ...["*VpcEncryptionControl", "*VpcClassicLink*", "*ClassicLinkVpc", "*Secondary*", "*TrafficMirror*"],
      ...["*FlowLogs", "*NetworkInsights*", "*NetworkPerformance*", "*VerifiedAccess*", "*NetworkingFlex*"],
    ],
    why: "changes a network, like the calls of the table on networks; or observes one",
  },
  {
    service: "ec2",
    calls: [
      ...["*Image*", "*Snapshot*", "*Volume*", "*FastLaunch", "*CapacityReservation*", "*Host*", "*Ipam*"],
      ...["*Byoip*", "*Coip*", "*PublicIpv4Pool*", "*ReservedInstances*", "*Spot*", "*Fleet*", "*Ebs*"],
      ...["*Capacity*", "*PlacementGroup", "*InstanceEvent*", "*InstanceMaintenance*", "*InstanceMetadata*"],
      ...["*InstanceCpuOptions", "*InstanceCredit*", "*InstancePlacement", "*InstanceNetworkPerformance*"],
      ...["*InstanceSql*", "*Bundle*", "*ExportTask", "*ImportTask", "*ConversionTask", "ImportInstance"],
      ...[
        "*IdFormat",
        "*DefaultCreditSpecification",
        "*EnclaveCertificateIamRole",
        "*Mac*",
        "*Reachability*",
      ],
      ...["*DnsNameOptions", "*PurchaseScheduledInstances", "*AvailabilityZoneGroup", "ReportInstanceStatus"],
      ...["MonitorInstances", "UnmonitorInstances", "*DeclarativePoliciesReport", "*ApplicationStatusCheck*"],
      ...["*MetricCategory", "*ManagedResourceVisibility", "ConfirmProductInstance"],
    ],
    why: REASONS.elsewhere,
  },
];
