import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { partitionOf, regionalArn } from "../clients/partitions";
import { bucketAndKey } from "../gateway/bucket-urls";
import type { AwsRequest } from "../gateway/protocol";
import type { Authorizer } from "../iam/authorizer";
import { keyOf } from "../iam/keys";
import { parametersOf } from "./parameters";
import { lambdaPath } from "./rest-actions";

/** The resource of a request, and the account that owns it. */
export interface AskedResource {
  readonly arn: string;
  readonly accountId: string;
}

/** What is needed in order to find the resource of a request. */
export interface Lookup {
  readonly accounts: AccountClients;
  readonly authorizer: Authorizer;
  /** The account that owns a bucket; undefined when there is no such bucket. */
  readonly ownerOf: (bucket: string) => Promise<string | undefined>;
  /** Id of the organization. */
  readonly organizationId: string | undefined;
}

interface Place {
  readonly region: string;
  /** The caller's account. */
  readonly accountId: string;
  readonly lookup: Lookup;
}

type Find = (
  value: (...names: string[]) => string | undefined,
  place: Place,
) => string | undefined | Promise<string | undefined>;

/** Finds the ARN of a resource by a parameter that has its name or its ARN. */
const named =
  (service: string, prefix: string, ...names: string[]): Find =>
  (value, { region, accountId }) => {
    const name = value(...names);
    return name === undefined || name.startsWith("arn:")
      ? name
      : regionalArn(service, region, accountId, `${prefix}${name}`);
  };

/** Takes the first that finds something. */
const firstOf =
  (...finds: Find[]): Find =>
  async (value, place) => {
    for (const find of finds) {
      const found = await find(value, place);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** The resource of an IAM call, with the path that the name of a role does not have. */
const iamResource: Find = async (value, { region, accountId, lookup }) => {
  const policy = value("PolicyArn");
  const arn = (kind: string, name: string) => `arn:${partitionOf(region)}:iam::${accountId}:${kind}/${name}`;
  const role = value("RoleName");
  if (role !== undefined) return (await lookup.authorizer.role(arn("role", role)))?.arn ?? arn("role", role);
  const profile = value("InstanceProfileName");
  if (profile !== undefined) return arn("instance-profile", profile);
  const created = value("PolicyName");
  return policy ?? (created && arn("policy", created));
};

const kmsResource: Find = async (value, { region, accountId, lookup }) => {
  const key = value("KeyId", "TargetKeyId");
  if (key === undefined) return undefined;
  const owner = arnParts(key).accountId || accountId;
  const found = await keyOf(await lookup.accounts.in(owner, arnParts(key).region || region), key);
  return found?.arn ?? regionalArn("kms", region, owner, `key/${key.split("/").at(-1)}`);
};

const rule: Find = (value, { region, accountId }) => {
  const name = value("Rule") ?? value("Name");
  const bus = arnParts(value("EventBusName") ?? "").resource.replace(/^event-bus\//, "");
  const busName = bus || (value("EventBusName") ?? "default");
  const path = busName === "default" ? name : `${busName}/${name}`;
  return name && regionalArn("events", region, accountId, `rule/${path}`);
};

/** The ARN of a log stream, which calls name by its group and its own name. */
const logStream: Find = (value, { region, accountId }) => {
  const [group, stream] = [value("logGroupName"), value("logStreamName")];
  return group && stream && regionalArn("logs", region, accountId, `log-group:${group}:log-stream:${stream}`);
};

/** A stack by its ARN, or by its name with an id in place of the one that CloudFormation has made up. */
const cloudFormationStack = named("cloudformation", "stack/", "StackName");
const ANY_STACK_ID = "/01234567-89ab-cdef-0123-456789abcdef";
const stackWithId: Find = async (value, place) => {
  const arn = await cloudFormationStack(value, place);
  return arn === undefined || arn.split("/").length > 2 ? arn : `${arn}${ANY_STACK_ID}`;
};

/** How the services name the resource of a call. Operations with rules of their own have an entry `service:Operation`. */
const FINDS: Readonly<Record<string, Find>> = {
  "cloudformation:DescribeStackEvents": stackWithId,
  "cloudformation:DescribeStacks": stackWithId,
  "cloudformation:GetTemplate": stackWithId,
  cloudtrail: named("cloudtrail", "trail/", "Name", "TrailName", "ResourceId", "ResourceIdList"),
  cloudwatch: named("cloudwatch", "alarm:", "AlarmName", "AlarmNames.member.1", "AlarmNames", "ResourceARN"),
  dynamodb: named("dynamodb", "table/", "TableName", "ResourceArn"),
  events: firstOf((value) => value("ResourceARN"), rule),
  "events:DescribeEventBus": named("events", "event-bus/", "Name"),
  "events:CreateEventBus": named("events", "event-bus/", "Name"),
  "events:DeleteEventBus": named("events", "event-bus/", "Name"),
  iam: iamResource,
  kms: kmsResource,
  logs: firstOf(named("logs", "log-group:", "logGroupName", "logGroupIdentifier"), (value) =>
    value("resourceArn", "destinationArn"),
  ),
  "logs:CreateLogStream": logStream,
  "logs:DeleteLogStream": logStream,
  "logs:PutLogEvents": logStream,
  organizations: (value, { accountId, lookup }) => {
    const id = value("PolicyId", "ResourceId");
    const path = `policy/${lookup.organizationId}/service_control_policy/${id}`;
    return id && `arn:aws:organizations::${accountId}:${path}`;
  },
  sns: firstOf(
    // The ARN of a subscription is that of its topic with an id behind it.
    (value) => value("SubscriptionArn")?.split(":").slice(0, 6).join(":"),
    named("sns", "", "TopicArn", "ResourceArn", "Name"),
  ),
  sqs: named("sqs", "", "QueueName", "queue in QueueUrl"),
  ssm: firstOf(
    named("ssm", "association/", "AssociationId"),
    named("ssm", "", "setting in SettingId"),
    named("ssm", "document/", "Name"),
    (value, { region, accountId }) => {
      const [kind, id] = [value("ResourceType"), value("ResourceId")];
      return kind && id && regionalArn("ssm", region, accountId, `${kind.toLowerCase()}/${id}`);
    },
  ),
};

/** A reader of the parameters of a request, which returns the first that has a text. */
function valuesOf(request: AwsRequest): (...names: string[]) => string | undefined {
  const parameters = { ...parametersOf(request) };
  const text = (name: string): string | undefined => {
    const value = parameters[name];
    const one = Array.isArray(value) ? (value[0] as unknown) : value;
    return typeof one === "string" && one !== "" ? one : undefined;
  };
  const settingId = text("SettingId");
  if (settingId !== undefined)
    parameters["setting in SettingId"] = settingId.startsWith("arn:")
      ? settingId
      : `servicesetting${settingId}`;
  parameters["queue in QueueUrl"] = text("QueueUrl")?.split("/").at(-1);
  return (...names) => names.map(text).find((value) => value !== undefined);
}

/**
 * The resource that a request asks for with one of its actions. undefined if the request names none.
 * @param accountId the caller's account
 */
export async function resourceOf(
  request: AwsRequest,
  action: string,
  accountId: string,
  lookup: Lookup,
): Promise<AskedResource | undefined> {
  const [prefix = "", operation = ""] = action.split(":");
  const { region } = request;
  if (prefix === "s3") return bucketResource(request, accountId, lookup);
  if (prefix === "lambda") {
    const [kind, name = ""] = lambdaPath(request).split("/", 2);
    const arn = kind === "tags" || name.startsWith("arn:") ? lambdaPath(request).replace(/^\w+\//, "") : "";
    const own = regionalArn("lambda", region, accountId, `function:${name}`);
    return name === "" ? undefined : { arn: arn || own, accountId };
  }
  // Cloud Control has one parameter for the identifiers of all types, which are names of parameters elsewhere.
  const value = request.service === "cloudcontrolapi" ? identifierOf(request) : valuesOf(request);
  const find = FINDS[`${prefix}:${operation}`] ?? FINDS[prefix];
  const arn = await find?.(value, { region, accountId, lookup });
  if (!arn) return undefined;
  // The accounts of an organization see its trail by its ARN, and their own policies decide who does: a trail has no policy.
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
  return { arn, accountId: prefix === "cloudtrail" ? accountId : arnParts(arn).accountId || accountId };
}

/** The identifier of a call to Cloud Control, under each name. */
const identifierOf = (request: AwsRequest) => (): string | undefined =>
  parametersOf(request)["Identifier"] as string | undefined;

async function bucketResource(
  request: AwsRequest,
  accountId: string,
  { ownerOf }: Lookup,
): Promise<AskedResource | undefined> {
  const viaCloudControl = request.service === "cloudcontrolapi";
  const { bucket, key } = viaCloudControl
    ? { bucket: String(parametersOf(request)["Identifier"]), key: "" }
    : bucketAndKey(request);
  if (bucket === "") return undefined;
  const arn = `arn:${partitionOf(request.region)}:s3:::${bucket}${key === "" ? "" : `/${key}`}`;
  return { arn, accountId: (await ownerOf(bucket)) ?? accountId };
}
