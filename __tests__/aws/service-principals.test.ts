import { servicePrincipal, type ServiceName } from "../../aws/service-principals";
import type { Partition } from "../../aws/regions";

// Written out here a second time: a principal with another spelling admits nobody.
it.each<[ServiceName, Partition, string | undefined, string]>([
  ["ec2", "aws", undefined, "ec2.amazonaws.com"],
  ["ec2", "aws-us-gov", undefined, "ec2.amazonaws.com"],
  ["ec2", "aws-cn", undefined, "ec2.amazonaws.com.cn"],
  ["ec2", "aws-eusc", undefined, "ec2.amazonaws.com"],
  ["logs", "aws", "eu-central-1", "logs.eu-central-1.amazonaws.com"],
  ["logs", "aws-cn", "cn-north-1", "logs.cn-north-1.amazonaws.com.cn"],
  ["s3", "aws-cn", undefined, "s3.amazonaws.com"],
  ["ssm", "aws-cn", undefined, "ssm.amazonaws.com"],
  ["events", "aws-cn", undefined, "events.amazonaws.com"],
])(
  "the principal of %s in the partition %s, called from %s, is %s",
  (service, partition, region, principal) => {
    expect(servicePrincipal(service, partition, region)).toBe(principal);
  },
);

it("the principal of CloudWatch Logs needs a region", () => {
  expect(() => servicePrincipal("logs", "aws")).toThrow("contains a region");
});
