import { ENDPOINT_SERVICES, type EndpointService } from "../schema/network";
import type { Target } from "./organization";
import type { Settings } from "./settings";

export type Vpc = Settings["network"][number];

/** Regions that AWS has opened since 2024, where the agent speaks through ssmmessages alone. */
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
  /** Whether a KMS key encrypts the session's own channel. S3 and CloudWatch Logs use their keys themselves. */
  readonly sessionKey: boolean;
  /** Whether sessions are recorded in S3. */
  readonly transcripts: boolean;
}

export const trafficOf = ({ region, settings }: Pick<Target, "region" | "settings">): SessionTraffic => ({
  region,
  logs: settings.logs.group.kind !== "none",
  sessionKey: settings.preferences.encryptSessionData && settings.encryption.mode !== "s3-managed",
  transcripts: settings.transcripts.bucket.kind !== "none",
});

/** The services that sessions need to reach from a VPC, whether it has their endpoints or gets them. */
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

/** The endpoints that a VPC gets. Packages and updates alone are worth the gateway of S3, which costs nothing. */
export const createdServices = (traffic: SessionTraffic, vpc: Vpc): EndpointService[] =>
  ENDPOINT_SERVICES.filter(
    (service) =>
      !vpc.except.includes(service) &&
      (service === "s3" ? vpc.routeTableIds.length > 0 : neededServices(traffic).includes(service)),
  );
