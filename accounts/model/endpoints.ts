import { ENDPOINT_SERVICES, type EndpointService } from "../schema/network";
import type { Target } from "./organization";
import type { Settings } from "./settings";

/** A VPC that gets endpoints, as the map describes it. */
export type Vpc = Settings["network"][number];

/**
 * Regions that AWS has launched since 2024. They have no ec2messages: SSM Agent uses ssmmessages alone.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
 */
const WITHOUT_EC2MESSAGES = [
  "ap-east-2",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "mx-central-1",
];

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
    ec2messages: !WITHOUT_EC2MESSAGES.includes(region),
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
