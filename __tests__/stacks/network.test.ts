import { neededServices } from "../../accounts/model/endpoints";
import { ALL_REGIONS } from "../../aws/regions";
import type { AccountsMap } from "../../accounts/schema";
import { endpointServiceName } from "../../stacks/names";
import { checkMap } from "../../stacks/read-organization";
import { exampleWith, synthesizeOne } from "../helpers/synth";

type Vpc = NonNullable<AccountsMap["network"]>[number];

const VPC: Vpc = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  routeTableIds: ["rtb-0123456789abcdef0"],
  clientCidrs: ["10.0.0.0/16", "10.1.0.0/16"],
};

const session = (vpc: Partial<Vpc> = {}, settings: object = {}) =>
  synthesizeOne(
    "session-payments-us-east-1",
    exampleWith((map) => {
      const network = [{ ...VPC, ...vpc }];
      map.accounts["payments"]!.regions = { "eu-central-1": {}, "us-east-1": { network, ...settings } };
    }),
  );

const services = (stack: ReturnType<typeof session>) =>
  Object.values(stack.all("aws_vpc_endpoint")).map(({ service_name }) =>
    String(service_name).split(".").at(-1),
  );

it("there are no endpoints unless the map has some", () => {
  expect(synthesizeOne("session-payments-us-east-1").all("aws_vpc_endpoint")).toEqual({});
});

describe("the endpoints of a VPC", () => {
  const stack = session();

  it("have addresses that stay", () => {
    expect(stack.addresses.filter((address) => address.includes("Network"))).toEqual([
      "aws_security_group.Network-vpc-0123456789abcdef0_SecurityGroup_95C93B28",
      "aws_vpc_endpoint.Network-vpc-0123456789abcdef0_Ec2Messages_5A7E462B",
      "aws_vpc_endpoint.Network-vpc-0123456789abcdef0_Kms_3C1082BC",
      "aws_vpc_endpoint.Network-vpc-0123456789abcdef0_Logs_D7504570",
      "aws_vpc_endpoint.Network-vpc-0123456789abcdef0_S3_D43EC794",
      "aws_vpc_endpoint.Network-vpc-0123456789abcdef0_SsmMessages_EA1FF558",
      "aws_vpc_endpoint.Network-vpc-0123456789abcdef0_Ssm_1E9CB88E",
      "aws_vpc_security_group_ingress_rule.Network-vpc-0123456789abcdef0_From-10-0-0-0-16_55C1E78B",
      "aws_vpc_security_group_ingress_rule.Network-vpc-0123456789abcdef0_From-10-1-0-0-16_A6275654",
    ]);
  });

  it("are those that sessions need", () => {
    expect(services(stack)).toEqual(["ssm", "ssmmessages", "ec2messages", "logs", "kms", "s3"]);
  });

  it("of type interface are in the subnets, with the security group and private DNS", () => {
    expect(stack.the("aws_vpc_endpoint", /SsmMessages/)).toMatchObject({
      service_name: "com.amazonaws.us-east-1.ssmmessages",
      vpc_endpoint_type: "Interface",
      vpc_id: VPC.vpcId,
      subnet_ids: VPC.subnetIds,
      private_dns_enabled: true,
      tags: { Name: "session-audit-acme-ssmmessages" },
    });
  });

  it("for S3 is a gateway endpoint in the route tables", () => {
    const s3 = stack.the("aws_vpc_endpoint", /S3/);
    expect(s3).toMatchObject({ vpc_endpoint_type: "Gateway", route_table_ids: VPC.routeTableIds });
    expect(s3).not.toHaveProperty("subnet_ids");
    expect(s3).not.toHaveProperty("private_dns_enabled");
  });

  it("each have their own policy", () => {
    const policies = Object.values(stack.all("aws_vpc_endpoint")).map(({ policy }) => policy);
    expect(new Set(policies).size).toBe(6);
    expect(policies).not.toContain(undefined);
  });

  it("accept port 443 from the clients alone, and no outgoing traffic", () => {
    const rules = Object.values(stack.all("aws_vpc_security_group_ingress_rule"));
    expect(
      rules.map(({ cidr_ipv4, from_port, to_port, ip_protocol }) => [
        cidr_ipv4,
        from_port,
        to_port,
        ip_protocol,
      ]),
    ).toEqual(VPC.clientCidrs.map((cidr) => [cidr, 443, 443, "tcp"]));
    expect(stack.the("aws_security_group")).toMatchObject({
      name: "session-audit-acme-endpoints",
      vpc_id: VPC.vpcId,
    });
    expect(stack.the("aws_security_group")).not.toHaveProperty("egress");
    expect(stack.all("aws_vpc_security_group_egress_rule")).toEqual({});
  });

  it("are created before the preferences, which make sessions depend on them", () => {
    const before = stack.the("aws_ssm_document")["depends_on"] as string[];
    const endpoints = stack.addresses.filter((address) => /^aws_vpc/.test(address));
    expect(before).toEqual(expect.arrayContaining(endpoints));
    expect(endpoints).toHaveLength(8);
  });

  it("and their security group are watched by a rule of the security channel", () => {
    const pattern = String(stack.the("aws_cloudwatch_event_rule", /Hosts/)["event_pattern"]);
    const watched = stack.addresses.filter((address) => /^aws_(vpc_endpoint|security_group)\./.test(address));
    for (const address of watched) expect(pattern).toContain(`\${${address}.id}`);
    expect(watched).toHaveLength(7);
  });
});

it.each<[string, Partial<Vpc>, object, string[]]>([
  ["those that exist already", { except: ["ssm", "logs"] }, {}, ["ssmmessages", "ec2messages", "kms", "s3"]],
  [
    "S3, without route tables",
    { routeTableIds: [], except: ["s3"] },
    {},
    ["ssm", "ssmmessages", "ec2messages", "logs", "kms"],
  ],
  [
    "KMS, without a key for sessions",
    {},
    { preferences: { encryptSessionData: false } },
    ["ssm", "ssmmessages", "ec2messages", "logs", "s3"],
  ],
  [
    "CloudWatch Logs, without a log group",
    {},
    { logs: { group: "none", streaming: false }, preferences: { enforce: { cloudWatch: false } } },
    ["ssm", "ssmmessages", "ec2messages", "kms", "s3"],
  ],
])("are not created: %s", (_, vpc, settings, expected) => {
  expect(services(session(vpc, settings))).toEqual(expected);
});

it("a VPC with all interfaces but S3's has no security group", () => {
  const stack = session({ except: ["ssm", "ssmmessages", "ec2messages", "logs", "kms"] });
  expect(services(stack)).toEqual(["s3"]);
  expect(stack.all("aws_security_group")).toEqual({});
});

it("adding a network does not change the addresses of the others", () => {
  const before = session().addresses;
  const after = session({ clientCidrs: ["172.16.0.0/12", ...VPC.clientCidrs] }).addresses;
  expect(after).toEqual(expect.arrayContaining(before));
  expect(after).toHaveLength(before.length + 1);
});

it("regions opened since 2024 have no endpoint for ec2messages", () => {
  const map = exampleWith((m) => {
    delete m.archive;
    delete m.accounts["log-archive"];
    m.accounts["payments"]!.homeRegion = "mx-central-1";
    m.accounts["payments"]!.regions = { "mx-central-1": { network: [VPC] } };
  });
  expect(services(synthesizeOne("session-payments-mx-central-1", map))).not.toContain("ec2messages");
});

const needs = (region: string) =>
  neededServices({ region, logs: true, sessionKey: true, transcripts: true }).includes("ec2messages");

it.each(["eusc-de-east-1", "ap-southeast-7", "me-west-1", "sa-west-1", "eu-west-9", "us-gov-north-1"])(
  "sessions in %s, which is newer than ec2messages or unknown, need no ec2messages",
  (region) => expect(needs(region)).toBe(false),
);

it.each(["us-east-1", "ca-west-1", "il-central-1", "us-gov-west-1", "cn-northwest-1"])(
  "sessions in %s, which AWS opened before 2024, need ec2messages",
  (region) => expect(needs(region)).toBe(true),
);

it.each(ALL_REGIONS)(
  "endpoints of %s are named as in all partitions: the prefixes cn. and eu. are for other services",
  (region) => {
    expect(endpointServiceName({ region }, "kms")).toBe(`com.amazonaws.${region}.kms`);
  },
);

it("a map is refused if it has more VPCs than fit into the rule that watches them", () => {
  const network = Array.from({ length: 20 }, (_, index) => ({
    ...VPC,
    vpcId: `vpc-0123456789abcde${String(index).padStart(2, "0")}`,
  }));
  const map = exampleWith((m) => {
    m.accounts["payments"]!.regions = { "eu-central-1": {}, "us-east-1": { network } };
  });
  expect(() => checkMap(map, "map")).toThrow(
    /the pattern of the rule for hosts: it would have \d+ characters/,
  );
});

it("a map is refused if an endpoint policy would be longer than AWS accepts", () => {
  const sharedWith = Array.from({ length: 50 }, (_, index) => `member-${index}`);
  const map = exampleWith((m) => {
    m.transcripts!.prefix = "p".repeat(250);
    m.accounts["payments"]!.regions = {
      "eu-central-1": {},
      "us-east-1": { network: [{ ...VPC, sharedWith }] },
    };
    sharedWith.forEach((name, index) => {
      const id = String(500_000_000_000 + index);
      m.accounts[name] = { id, homeRegion: "us-east-1", regions: ["us-east-1"] };
    });
  });
  expect(() => checkMap(map, "map")).toThrow(
    /the policy of the endpoint for s3 in vpc-0123456789abcdef0: it would have \d+ characters, and AWS accepts 20480/,
  );
});
