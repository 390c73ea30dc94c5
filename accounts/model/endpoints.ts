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

/** What sessions of a target need from a VPC, whether there already or to be created. */
export function neededServices({ region, settings }: Pick<Target, "region" | "settings">): EndpointService[] {
  const { encryption, logs, preferences, transcripts } = settings;
  const needed: Record<EndpointService, boolean> = {
    ssm: true,
    ssmmessages: true,
    ec2messages: !WITHOUT_EC2MESSAGES.includes(region),
    logs: logs.group !== "none",
    // Only the session's own channel: S3 and CloudWatch Logs use their keys themselves.
    kms: preferences.encryptSessionData && encryption.mode !== "s3-managed",
    s3: transcripts.bucket !== "none",
  };
  return ENDPOINT_SERVICES.filter((service) => needed[service]);
}

/** The endpoints that a VPC gets. S3 is worth its gateway, which costs nothing, for packages and updates alone. */
export const createdServices = (target: Pick<Target, "region" | "settings">, vpc: Vpc): EndpointService[] =>
  ENDPOINT_SERVICES.filter(
    (service) =>
      !vpc.except.includes(service) &&
      (service === "s3" ? vpc.routeTableIds.length > 0 : neededServices(target).includes(service)),
  );
