import { subjectOf, type Resource, type Rule } from "./rule";

const GROUP = "aws_security_group";
const IN = "aws_vpc_security_group_ingress_rule";
const OUT = "aws_vpc_security_group_egress_rule";

const isFromAnywhere = ({ attributes }: Resource) =>
  ["0.0.0.0/0", "::/0"].some((range) =>
    [attributes["cidr_ipv4"], attributes["cidr_ipv6"]].some((said) => said === range),
  );
const isOfAnyPort = ({ attributes }: Resource) => attributes["ip_protocol"] === "-1";

/** Checks of security groups, whose rules are resources of their own. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_23",
    also: ["AVD-AWS-0099", "AVD-AWS-0124"],
    says: "says what it is for",
    types: [IN, OUT, GROUP],
    holds: ({ attributes }) => Boolean(attributes["description"]),
    bad: [{ subject: {} }],
    good: { subject: { description: "HTTPS from the network" } },
  },
  {
    id: "CKV_AWS_277",
    also: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "AVD-AWS-0107", "EC2.18", "EC2.19"],
    says: "lets nobody in from anywhere",
    types: [IN],
    holds: (rule) => !isFromAnywhere(rule),
    bad: [{ subject: { cidr_ipv4: "0.0.0.0/0" } }, { subject: { cidr_ipv6: "::/0" } }],
    good: { subject: { cidr_ipv4: "10.0.0.0/16" } },
  },
  {
    id: "CKV_AWS_382",
    also: ["AVD-AWS-0104"],
    says: "lets nothing out to anywhere on every port",
    types: [OUT],
    holds: (rule) => !(isFromAnywhere(rule) && isOfAnyPort(rule)),
    bad: [{ subject: { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" } }],
    good: { subject: { cidr_ipv4: "10.0.0.0/16", ip_protocol: "-1" } },
  },
  {
    id: "CKV2_AWS_5",
    says: "is used",
    types: [GROUP],
    holds: (group, plan) => plan.referring("aws_vpc_endpoint", "security_group_ids", group).length > 0,
    bad: [{ subject: {} }],
    good: {
      subject: {},
      beside: { aws_vpc_endpoint: { Its: { security_group_ids: [subjectOf(GROUP)] } } },
    },
  },
];
