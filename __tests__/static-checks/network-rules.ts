import { subjectOf, type Resource, type Rule } from "./rule";

const GROUP = "aws_security_group";
const IN = "aws_vpc_security_group_ingress_rule";

/** Whether a rule of a security group is about every IPv4 or every IPv6 address. */
const isAnywhere = ({ attributes }: Resource) =>
  ["0.0.0.0/0", "::/0"].some((range) =>
    [attributes["cidr_ipv4"], attributes["cidr_ipv6"]].some((said) => said === range),
  );

/** Rules about security groups. The rules of a security group are resources of their own here. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "CKV_AWS_23",
    also: ["AVD-AWS-0099", "AVD-AWS-0124"],
    says: "has a description",
    types: [IN, GROUP],
    holds: ({ attributes }) => Boolean(attributes["description"]),
    bad: [{ subject: {} }],
    good: { subject: { description: "HTTPS from the network" } },
  },
  {
    id: "CKV_AWS_277",
    also: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "AVD-AWS-0107", "EC2.18", "EC2.19"],
    says: "does not allow inbound traffic from everywhere",
    types: [IN],
    holds: (rule) => !isAnywhere(rule),
    bad: [{ subject: { cidr_ipv4: "0.0.0.0/0" } }, { subject: { cidr_ipv6: "::/0" } }],
    good: { subject: { cidr_ipv4: "10.0.0.0/16" } },
  },
  {
    id: "CKV_AWS_382",
    also: ["AVD-AWS-0104"],
    says: "does not allow outbound traffic to everywhere on every port",
    types: [GROUP],
    holds: (group, plan) =>
      !/"(0\.0\.0\.0\/0|::\/0)"/.test(JSON.stringify(group.attributes["egress"] ?? "")) &&
      !plan
        .referring("aws_vpc_security_group_egress_rule", "security_group_id", group)
        .some((rule) => isAnywhere(rule) && rule.attributes["ip_protocol"] === "-1"),
    bad: [
      { subject: { egress: [{ cidr_blocks: ["0.0.0.0/0"] }] } },
      {
        subject: {},
        beside: {
          aws_vpc_security_group_egress_rule: {
            Its: { security_group_id: subjectOf(GROUP), cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" },
          },
        },
      },
    ],
    good: { subject: {} },
  },
  {
    id: "CKV2_AWS_5",
    says: "is used by a VPC endpoint",
    types: [GROUP],
    holds: (group, plan) => plan.referring("aws_vpc_endpoint", "security_group_ids", group).length > 0,
    bad: [{ subject: {} }],
    good: {
      subject: {},
      beside: { aws_vpc_endpoint: { Its: { security_group_ids: [subjectOf(GROUP)] } } },
    },
  },
];
