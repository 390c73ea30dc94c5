import { ENDPOINT_SERVICES, type EndpointService } from "../schema/network";
import type { Target } from "./organization";
import type { Settings } from "./settings";

/** A VPC that gets endpoints, as the map describes it. */
export type Vpc = Settings["network"][number];

/**
 * Regions that AWS had launched before 2024. Only they have ec2messages: in a newer region, of which this program need not
 * know, SSM Agent uses ssmmessages alone, and an endpoint for ec2messages cannot be created.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
const WITH_EC2MESSAGES: ReadonlySet<string> = new Set([
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "sa-east-1"],
  ...["eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["eu-west-1", "eu-west-2", "eu-west-3", "af-south-1", "il-central-1", "me-central-1", "me-south-1"],
  ...["ap-east-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2"],
  ...["ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4"],
  ...["us-gov-east-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1"],
]);

/** What decides which endpoints the sessions of a target need. */
export interface SessionTraffic {
  readonly region: string;
  /** Whether sessions are recorded in CloudWatch Logs. */
  readonly logs: boolean;
  /**
   * Whether a KMS key encrypts the data channel of sessions. Only then SSM Agent itself calls KMS: S3 and CloudWatch
   * Logs call it for their own keys.
   */
  readonly sessionKey: boolean;
  /** Whether sessions are recorded in S3. */
  readonly transcripts: boolean;
}

/** What the sessions of a target need, by its settings. */
export const trafficOf = ({ region, settings }: Pick<Target, "region" | "settings">): SessionTraffic => ({
  region,
  logs: settings.logs.group.kind !== "none",
  sessionKey: settings.preferences.encryptSessionData && settings.encryption.mode !== "s3-managed",
  transcripts: settings.transcripts.bucket.kind !== "none",
});

/**
 * The services that sessions need to reach from a VPC, in the order of {@link ENDPOINT_SERVICES}. The VPC may have
 * endpoints for some of them already.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html
 */
export function neededServices({ region, logs, sessionKey, transcripts }: SessionTraffic): EndpointService[] {
  const needed: Record<EndpointService, boolean> = {
    ssm: true,
    ssmmessages: true,
    ec2messages: WITH_EC2MESSAGES.has(region),
    logs,
    kms: sessionKey,
    s3: transcripts,
  };
  return ENDPOINT_SERVICES.filter((service) => needed[service]);
}

/**
 * The services for which a VPC gets endpoints. If the map names route tables, the gateway endpoint of S3 is created
 * even without transcripts: it costs nothing, and updates of SSM Agent come from S3.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export const createdServices = (traffic: SessionTraffic, vpc: Vpc): EndpointService[] =>
  ENDPOINT_SERVICES.filter(
    (service) =>
      !vpc.except.includes(service) &&
      (service === "s3" ? vpc.routeTableIds.length > 0 : neededServices(traffic).includes(service)),
  );
