import { partitions } from "./partitions.json";

/**
 * The AWS partitions that this program supports. An organization is in one partition. The isolated partitions (`aws-iso`
 * and those like it) are not supported: their service principals and consoles are not public.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export const PARTITIONS = ["aws", "aws-us-gov", "aws-cn", "aws-eusc"] as const;

/** A partition that this program supports. */
export type Partition = (typeof PARTITIONS)[number];

/** What the AWS SDK says about a partition. */
interface PartitionFacts {
  readonly id: string;
  /** The suffix of host names, such as `amazonaws.com`. */
  readonly dnsSuffix: string;
  /** Source of a regular expression that matches the partition's regions, also those that are yet to come. */
  readonly regionPattern: string;
  /** The regions that the installed AWS SDK knows, each with its name, such as `Europe (Frankfurt)`. */
  readonly regions: Readonly<Record<string, string>>;
}

// TypeScript takes the type of each region's name from the file: text in its partition, and undefined in the others.
const FACTS = partitions as readonly object[] as readonly PartitionFacts[];
const factsOf = (partition: Partition): PartitionFacts => FACTS.find(({ id }) => id === partition)!;

/** The suffix of host names in a partition, such as `amazonaws.com.cn`. */
export const dnsSuffix = (partition: Partition): string => factsOf(partition).dnsSuffix;

/**
 * The region of a partition in which services without regions, such as IAM, record their calls. EventBridge delivers
 * the events of these calls there and nowhere else.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
const GLOBAL_REGION: Readonly<Record<Partition, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
  "aws-eusc": "eusc-de-east-1",
};

/** The region of a partition in which the calls of IAM are recorded. @example globalRegion("aws") // "us-east-1" */
export const globalRegion = (partition: Partition): string => GLOBAL_REGION[partition];

/** The regions of the partition `aws` that every account can use: AWS opened them before 20 March 2019. */
const ENABLED_BY_DEFAULT: ReadonlySet<string> = new Set([
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
]);

/**
 * Whether SNS takes a region for an opt-in region, which a policy admits by a principal of its own. A region that this
 * program does not know is newer, so it is one. So is Osaka for SNS, although accounts need not opt in to it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-cross-region-delivery.html#opt-in-regions
 */
export const isOptInForSns = (region: string): boolean =>
  partitionOf(region) === "aws" && !ENABLED_BY_DEFAULT.has(region);

/** The regions that this program knows, by partition: for error messages and for completion in editors. */
export const ALL_REGIONS: readonly string[] = PARTITIONS.flatMap((partition) =>
  Object.keys(factsOf(partition).regions),
);

const NAMES = PARTITIONS.flatMap((partition) => Object.entries(factsOf(partition).regions));
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();

/**
 * The region that people know by a name: AWS's own name of it, or the place in that name; `undefined` if there is none,
 * or more than one.
 *
 * @example regionNamed("Frankfurt") // "eu-central-1"
 * @example regionNamed("Europe (Ireland)") // "eu-west-1"
 */
export function regionNamed(name: string): string | undefined {
  const sought = plain(name);
  const isMeant = (known: string) => {
    const [, place = ""] = /\((.+)\)/.exec(known) ?? [];
    return [known, place].some((one) => plain(one) === sought || plain(one) === plain(`n ${name}`));
  };
  const found = sought === "" ? [] : NAMES.filter(([, known]) => isMeant(known));
  return found.length === 1 ? found[0]![0] : undefined;
}

const KNOWN = new Set(ALL_REGIONS);

/** Whether this program knows a region. */
export const isKnownRegion = (region: string): boolean => KNOWN.has(region);

const PATTERNS = partitions.map(({ id, regionPattern }) => ({ id, pattern: new RegExp(regionPattern) }));

/**
 * The id of the partition whose regions look like a text, among all partitions of the AWS SDK; `undefined` if no
 * partition has such regions.
 *
 * @example partitionLike("us-iso-east-1") // "aws-iso"
 */
export const partitionLike = (region: string): string | undefined =>
  PATTERNS.find(({ pattern }) => pattern.test(region))?.id;

const isSupported = (id: string | undefined): id is Partition => PARTITIONS.some((known) => known === id);

/** Matches the regions of the supported partitions, also regions that are newer than this program. */
export const SUPPORTED_REGION = new RegExp(
  PARTITIONS.map((partition) => factsOf(partition).regionPattern).join("|"),
);

/**
 * The partition of a region, also of one that is newer than this program; `undefined` for a text that is no region of a
 * supported partition. The AWS provider tells the partition of a region in the same way.
 *
 * @see https://github.com/hashicorp/aws-sdk-go-base/blob/main/endpoints/endpoints.go
 * @example partitionOf("cn-north-1") // "aws-cn"
 */
export function partitionOf(region: string): Partition | undefined {
  const id = partitionLike(region);
  return isSupported(id) ? id : undefined;
}

/**
 * The version of the AWS provider that stacks in a region need, if the version for which they are written does not do.
 * AWS provider 5 refuses every ARN whose region begins with more than two letters, such as `eusc-de-east-1`; the last
 * place where it did so was fixed in 6.29.0. Version 6 knows every argument that the stacks set.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/44573
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/45895
 */
export const newerProviderFor = (region: string): string | undefined =>
  /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region) ? undefined : "~> 6.29";
