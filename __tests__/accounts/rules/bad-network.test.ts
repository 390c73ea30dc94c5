import { isNetwork } from "../../../aws/cidr";
import { mapWith, OWN_BUCKETS, type Changes } from "./good-map";
import { oneProblem, problemsOf } from "./problems-of";

const VPC = {
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  routeTableIds: ["rtb-0123456789abcdef0"],
  clientCidrs: ["10.0.0.0/16"],
};
const OTHER_VPC = { ...VPC, vpcId: "vpc-0123456789abcdef1" };

const inSandbox = (more: object = {}, ...others: object[]): Changes => ({
  "accounts.sandbox.network": [{ ...VPC, ...more }, ...others],
});
const AT = "accounts.sandbox.network[0]";
const NO_LOGS = { logs: { group: "none", streaming: false } };
const OPEN = { enforce: { cloudWatch: false } };

/** A change to the good map, and the one problem that it must cause: the path, what is allowed, and the remedy. */
it.each<[title: string, changes: Changes, path: string, allowed: string, remedy: string]>([
  [
    "a VPC that is not in a list",
    { "accounts.sandbox.network": VPC },
    "accounts.sandbox.network",
    "at most 20 VPCs",
    "list",
  ],
  ["a VPC by name", inSandbox({ vpcId: "main" }), `${AT}.vpcId`, "vpc- and 8 or 17", "copy it"],
  [
    "a subnet in capitals",
    inSandbox({ subnetIds: ["subnet-0123456789ABCDEF0"] }),
    `${AT}.subnetIds[0]`,
    "subnet-",
    'write "subnet-0123456789abcdef0", in lower case',
  ],
  [
    "no subnets",
    inSandbox({ subnetIds: [] }),
    `${AT}.subnetIds`,
    "1 to 20 subnets",
    "one subnet for each zone",
  ],
  [
    "a subnet twice",
    inSandbox({ subnetIds: [VPC.subnetIds[0], VPC.subnetIds[0]] }),
    `${AT}.subnetIds[1]`,
    "each subnet once",
    "remove",
  ],
  [
    "a route table that is a subnet",
    inSandbox({ routeTableIds: ["subnet-0123456789abcdef0"] }),
    `${AT}.routeTableIds[0]`,
    "rtb-",
    "give the id of a route table, rtb-…; this begins with subnet-",
  ],
  [
    "no clients",
    inSandbox({ clientCidrs: [] }),
    `${AT}.clientCidrs`,
    "1 to 50 IPv4 networks",
    "list the VPC's",
  ],
  [
    "everybody as a client",
    inSandbox({ clientCidrs: ["0.0.0.0/0"] }),
    `${AT}.clientCidrs[0]`,
    "not 0.0.0.0/0",
    "list the VPC's networks: this would admit every address",
  ],
  [
    "a network with host bits",
    inSandbox({ clientCidrs: ["10.1.2.3/16"] }),
    `${AT}.clientCidrs[0]`,
    "host bits",
    "10.1.0.0/16",
  ],
  [
    "a network twice",
    inSandbox({ clientCidrs: ["10.0.0.0/16", "10.0.0.0/16"] }),
    `${AT}.clientCidrs[1]`,
    "each network once",
    "remove",
  ],
  ["an endpoint of EC2", inSandbox({ except: ["ec2"] }), `${AT}.except[0]`, '"ssm" or', "allowed words"],
  [
    "an unknown reach",
    inSandbox({ reach: "everything" }),
    `${AT}.reach`,
    '"account" or "sessions"',
    "allowed",
  ],
  [
    "a bucket by its ARN",
    inSandbox({ buckets: ["arn:aws:s3:::artifacts"] }),
    `${AT}.buckets[0]`,
    "a bucket name",
    'write "artifacts", the name alone',
  ],
  ["an unknown key", inSandbox({ excpt: [] }), `${AT}.excpt`, "no key", 'mean "except"?'],
  [
    "no route to S3",
    inSandbox({ routeTableIds: [] }),
    `${AT}.routeTableIds`,
    "transcripts go to S3",
    'except: ["s3"]',
  ],
  [
    "a route table for an S3 endpoint that is not created",
    inSandbox({ except: ["s3"] }),
    `${AT}.routeTableIds`,
    "no S3 endpoint",
    "remove it",
  ],
  [
    "buckets behind no S3 endpoint",
    inSandbox({ routeTableIds: [], except: ["s3"], buckets: ["artifacts"] }),
    `${AT}.buckets`,
    "no S3 endpoint",
    "remove it",
  ],
  [
    "an exception for an endpoint that is not created",
    {
      ...inSandbox({ except: ["logs"] }),
      "accounts.sandbox.logs": NO_LOGS.logs,
      "accounts.sandbox.preferences": OPEN,
    },
    `${AT}.except[0]`,
    "sessions need here: ssm, ssmmessages, ec2messages, kms, s3",
    "this endpoint is not created",
  ],
  [
    "a bucket of another region behind a gateway",
    {
      ...inSandbox(),
      "accounts.sandbox.transcripts": {
        bucket: {
          existing: "theirs",
          keyArn: "arn:aws:kms:us-east-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
      },
    },
    "accounts.sandbox.transcripts.bucket",
    "a bucket in eu-central-1; the key of this bucket is in us-east-1",
    'except: ["s3"]',
  ],
  ["a VPC twice", inSandbox({}, VPC), "accounts.sandbox.network[1].vpcId", "each VPC once", "sharedWith"],
  [
    "a VPC of two regions",
    { "accounts.payments.network": [VPC] },
    "accounts.payments.network[0].vpcId",
    "for the account and region",
    "settings of that region",
  ],
  [
    "a VPC in the settings of the organization",
    { network: [VPC] },
    "network[0].vpcId",
    "for the account and region",
    "settings of that",
  ],
  [
    "a VPC shared with nobody",
    inSandbox({ sharedWith: ["paymens"] }),
    `${AT}.sharedWith[0]`,
    "eu-central-1: payments",
    'did you mean "payments"?',
  ],
  [
    "a VPC shared with its owner",
    inSandbox({ sharedWith: ["sandbox"] }),
    `${AT}.sharedWith[0]`,
    "another account",
    "region",
  ],
  [
    "a VPC of an account without sessions",
    { "accounts.log-archive.network": [VPC] },
    'accounts["log-archive"].network',
    "has no sessions",
    "list the regions",
  ],
])("refuses %s", (_, changes, path, allowed, remedy) => {
  expect(problemsOf(mapWith(changes))).toEqual(oneProblem(path, allowed, remedy));
});

it.each<[string, Changes]>([
  ["two VPCs of an account", inSandbox({}, OTHER_VPC)],
  [
    "every setting",
    inSandbox({
      except: ["ec2messages"],
      reach: "sessions",
      buckets: ["artifacts"],
      sharedWith: ["payments"],
    }),
  ],
  ["another route to S3", inSandbox({ routeTableIds: [], except: ["s3"] })],
  ["a VPC of one region of two", { "accounts.payments.regions.us-east-1": { network: [VPC] } }],
  [
    "an existing bucket whose key is in the region",
    {
      ...inSandbox(),
      "accounts.sandbox.transcripts": {
        bucket: {
          existing: "theirs",
          keyArn: "arn:aws:kms:eu-central-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        },
      },
    },
  ],
  ["targets with buckets of their own", { ...OWN_BUCKETS, ...inSandbox() }],
])("accepts %s", (_, changes) => expect(problemsOf(mapWith(changes))).toEqual([]));

it.each(["10.0.0.0/8", "10.1.0.0/16", "192.168.1.128/25", "172.16.0.4/32", "128.0.0.0/1"])(
  "%s is a network",
  (text) => expect(isNetwork(text)).toBe(true),
);

it.each([
  "10.0.0.1/8",
  "10.0.0.0",
  "10.0.0.0/33",
  "10.0.0.0/0",
  "10.0.0.0/08",
  "300.0.0.0/8",
  "10.0.0/8",
  "::/1",
  "fd00::/8",
  "",
])("%s is not a network", (text) => expect(isNetwork(text)).toBe(false));
