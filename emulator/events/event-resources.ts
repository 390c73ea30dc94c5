import { arnParts } from "../../aws/arn";
import type { CloudTrailEvent } from "./cloudtrail-event";

/** A resource that an event names. */
interface EventResource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/** The type of the resource that a request parameter of a service names. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: { bucketName: "AWS::S3::Bucket" },
  iam: { roleName: "AWS::IAM::Role", policyArn: "AWS::IAM::Policy", policyName: "AWS::IAM::Policy" },
  kms: { keyId: "AWS::KMS::Key" },
  dynamodb: { tableName: "AWS::DynamoDB::Table" },
  cloudtrail: { name: "AWS::CloudTrail::Trail", trailName: "AWS::CloudTrail::Trail" },
};

/**
 * The resources by which `LookupEvents` finds an event. AWS does not document which services fill them. The services that
 * are not here, such as CloudWatch Logs and Systems Manager, have none, so that nobody can rely on them.
 */
export function resourcesOf({ eventSource, requestParameters }: CloudTrailEvent): EventResource[] {
  const types = TYPES[eventSource.split(".")[0]!] ?? {};
  const parameters = (requestParameters ?? {}) as Record<string, unknown>;
  return Object.entries(types).flatMap(([name, ResourceType]) => {
    const value = parameters[name];
    if (typeof value !== "string" || value === "") return [];
    const short = arnParts(value).resource.split("/").at(-1);
    const names = short ? [value, short] : [value];
    return names.map((ResourceName) => ({ ResourceType, ResourceName }));
  });
}
