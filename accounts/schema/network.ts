import { z } from "zod";
import { isNetwork } from "../../aws/cidr";
import { aboutText } from "./advice";
import { network as networkOf } from "./spellings";
import { bucketName } from "./names";
import { choice, described } from "./values";

/**
 * AWS services that sessions need from a VPC: S3 through a gateway endpoint, the others through interface endpoints.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 */
export const ENDPOINT_SERVICES = ["ssm", "ssmmessages", "ec2messages", "logs", "kms", "s3"] as const;
/** One of these services. */
export type EndpointService = (typeof ENDPOINT_SERVICES)[number];

const id = (prefix: "vpc" | "subnet" | "rtb", what: string, description: string) =>
  described(z.string().regex(new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`)), {
    description,
    allowed: `the id of a ${what}: ${prefix}- and 8 or 17 hexadecimal digits`,
    remedy: `copy it from the VPC console, like ${prefix}-0123456789abcdef0`,
    advise: aboutText((text) => {
      const [, other = ""] = /^(vpc|subnet|rtb|sg|igw|vpce)-/.exec(text) ?? [];
      return other && other !== prefix
        ? `give the id of a ${what}, ${prefix}-…; this begins with ${other}-`
        : undefined;
    }),
  });

const vpc = described(
  z.strictObject({
    vpcId: id("vpc", "VPC", "Id of the VPC. Its DNS support and DNS host names must be switched on."),
    subnetIds: described(
      z
        .array(id("subnet", "subnet", "A subnet."))
        .min(1)
        .max(20),
      {
        description:
          "Subnets for the interface endpoints: one in each availability zone with instances. Each endpoint costs money in each subnet.",
        allowed: "a list of 1 to 20 subnets, each in another zone",
        remedy: "list one subnet for each zone",
      },
    ),
    routeTableIds: described(z.array(id("rtb", "route table", "A route table.")).max(100), {
      description:
        "Route tables of the instances' subnets. They get a route to the S3 gateway endpoint, so all S3 traffic of those subnets goes through it.",
      allowed: "a list of at most 100 route tables",
      remedy: "list the route tables of the subnets with instances",
    }).default([]),
    clientCidrs: described(
      z
        .array(
          described(z.string().refine(isNetwork), {
            description: "An IPv4 network.",
            allowed: "an IPv4 network whose host bits are zero, like 10.0.0.0/16, and not 0.0.0.0/0",
            remedy: "write the network's own address: 10.1.0.0/16 instead of 10.1.2.3/16",
            spell: networkOf,
            advise: aboutText((text) => {
              if (/\/0$/.test(text)) return "list the VPC's networks: this would admit every address";
              return text.includes("::")
                ? "write an IPv4 network: the endpoints have no IPv6 addresses"
                : undefined;
            }),
          }),
        )
        .min(1)
        .max(50),
      {
        description: "Networks that may reach the interface endpoints, on port 443.",
        allowed: "a list of 1 to 50 IPv4 networks",
        remedy: "list the VPC's networks, or those of the instances' subnets",
      },
    ),
    except: described(z.array(choice(ENDPOINT_SERVICES, "An endpoint that is not created.")).max(6), {
      description:
        "Endpoints that are not created: endpoints that the VPC already has, since a second endpoint cannot have the service's private DNS name; or ec2messages, if every SSM Agent is 3.3.40.0 or newer.",
      allowed: `a list of ${ENDPOINT_SERVICES.join(", ")}`,
      remedy: "name the endpoints that the VPC already has",
    }).default([]),
    reach: choice(
      ["account", "sessions"],
      "What the account's principals can reach through the endpoints. account: what belongs to the account (for S3: to the organization, if its id is known), and AWS's public packages. sessions: only what sessions and their recording need; all other use of these services from the VPC is refused.",
    ).default("account"),
    buckets: described(z.array(bucketName("A bucket.")).max(50), {
      description:
        "Buckets of other owners that the account's principals may also reach through the S3 endpoint.",
      allowed: "a list of at most 50 buckets",
      remedy: "list the names of the buckets",
    }).default([]),
    sharedWith: described(z.array(z.string()).max(50), {
      description:
        "Accounts of the map that the VPC is shared with: their principals may use its endpoints as well.",
      allowed: "a list of at most 50 names of accounts in this map",
      remedy: "name accounts that list this region",
    }).default([]),
  }),
  {
    description: "A VPC whose instances reach Systems Manager without the internet.",
    allowed:
      "an object with vpcId, subnetIds, routeTableIds, clientCidrs, except, reach, buckets, sharedWith",
    remedy: "name the VPC, its subnets, route tables and networks",
  },
);

/** What a map may say about the VPCs of a region. */
export const network = described(z.array(vpc).max(20), {
  description:
    "VPCs of this region that get the endpoints that sessions need. An empty list, the default: none.",
  allowed: "a list of at most 20 VPCs",
  remedy: "list objects with vpcId, subnetIds, routeTableIds and clientCidrs, in the settings of a region",
});
