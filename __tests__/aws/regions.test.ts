import { readFileSync } from "node:fs";
import { partitions } from "../../aws/partitions.json";
import {
  ALL_REGIONS,
  isKnownRegion,
  partitionLike,
  partitionOf,
  PARTITIONS,
  regionNamed,
  SUPPORTED_REGION,
} from "../../aws/regions";
import { PARTITIONS_FILE, partitionsText, WRITE_PARTITIONS } from "../../aws/sdk-partitions";

describe("the regions", () => {
  it(`are those of the installed AWS SDK; if not, run: ${WRITE_PARTITIONS}`, () => {
    expect(JSON.parse(readFileSync(PARTITIONS_FILE, "utf8"))).toEqual(JSON.parse(partitionsText()));
  });

  it("are those of supported partitions", () => {
    expect(ALL_REGIONS).toContain("eusc-de-east-1");
    expect(ALL_REGIONS.filter((region) => partitionOf(region) === undefined)).toEqual([]);
  });

  it("include no pseudo-region of a global endpoint", () => {
    expect(ALL_REGIONS.filter((region) => region.endsWith("-global"))).toEqual([]);
  });
});

it("every partition of the AWS SDK is supported, or left out on purpose", () => {
  const isolated = ["aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];
  expect(partitions.map(({ id }) => id).sort()).toEqual([...PARTITIONS, ...isolated].sort());
});

it.each`
  region              | partition       | like            | known
  ${"eu-central-1"}   | ${"aws"}        | ${"aws"}        | ${true}
  ${"eu-west-9"}      | ${"aws"}        | ${"aws"}        | ${false}
  ${"us-gov-west-1"}  | ${"aws-us-gov"} | ${"aws-us-gov"} | ${true}
  ${"us-gov-north-1"} | ${"aws-us-gov"} | ${"aws-us-gov"} | ${false}
  ${"cn-north-1"}     | ${"aws-cn"}     | ${"aws-cn"}     | ${true}
  ${"eusc-de-east-1"} | ${"aws-eusc"}   | ${"aws-eusc"}   | ${true}
  ${"us-iso-east-1"}  | ${undefined}    | ${"aws-iso"}    | ${false}
  ${"eu-central-1a"}  | ${undefined}    | ${undefined}    | ${false}
  ${"aws-global"}     | ${undefined}    | ${undefined}    | ${false}
  ${"constructor"}    | ${undefined}    | ${undefined}    | ${false}
`("finds that the partition of $region is $partition", ({ region, partition, like, known }) => {
  const code = String(region);
  expect([partitionOf(code), partitionLike(code), isKnownRegion(code)]).toEqual([partition, like, known]);
  expect(SUPPORTED_REGION.test(code)).toBe(partition !== undefined);
});

it.each`
  name                    | region
  ${"Frankfurt"}          | ${"eu-central-1"}
  ${"europe (frankfurt)"} | ${"eu-central-1"}
  ${"N. Virginia"}        | ${"us-east-1"}
  ${"Virginia"}           | ${"us-east-1"}
  ${"São Paulo"}          | ${"sa-east-1"}
  ${"Beijing"}            | ${"cn-north-1"}
  ${"Canada (Central)"}   | ${"ca-central-1"}
  ${"Central"}            | ${undefined}
  ${"Europe"}             | ${undefined}
  ${"(the whole world)"}  | ${undefined}
  ${""}                   | ${undefined}
`("finds the region that people call $name", ({ name, region }) => {
  expect(regionNamed(String(name))).toBe(region);
});
