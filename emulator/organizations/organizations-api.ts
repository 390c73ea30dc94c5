import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { Organization } from "../iam/authorizer";
import type { Identities } from "../clients/identities";
import { partitionOf } from "../clients/partitions";
import { directoryOperations, tagsOfAccount, type OrganizationDirectory } from "./directory";
import type { ServiceControlPolicies } from "./service-control-policies";

type Parameters = Readonly<Record<string, unknown>>;
type Operation = (parameters: Parameters) => object;

const TYPE = "SERVICE_CONTROL_POLICY";

/**
 * The operations of AWS Organizations that Terraform calls for service control policies, and those that list the accounts
 * of a directory. Only the management account may call them. An organization without a management account is left to
 * moto.
 * @throws AwsError with the error code of AWS Organizations
 */
export function organizationsApi(
  policies: ServiceControlPolicies,
  organization: Organization | undefined,
  identities: Identities,
  directory: OrganizationDirectory | undefined,
): Handler {
  const owner = organization?.managementAccount;
  return async (request) => {
    if (request.service !== "organizations" || owner === undefined) return undefined;
    const arn = (resource: string) =>
      `arn:${partitionOf(request.region)}:organizations::${owner}:${resource}`;
    const operations = {
      ...operationsOn(policies, organization?.id ?? "", arn, directory),
      ...(directory &&
        directoryOperations(directory, (resource) => arn(resource.replace("/", `/${organization?.id}/`)))),
    };
    const operation = operations[request.operation];
    if (operation === undefined) return undefined;
    const { accountId } = await identities.of(request.accessKeyId, request.region);
    if (accountId !== owner)
      throw new AwsError("AccessDeniedException", "You don't have permissions to access this resource.");
    return jsonResponse(operation(JSON.parse(request.body.toString("utf8")) as Parameters));
  };
}

function operationsOn(
  policies: ServiceControlPolicies,
  organizationId: string,
  arn: (resource: string) => string,
  directory: OrganizationDirectory | undefined,
): Readonly<Record<string, Operation>> {
  const described = (id: string) => {
    const { name, description, content } = policies.find(id);
    const Arn = arn(`policy/${organizationId}/service_control_policy/${id}`);
    const facts = { Id: id, Arn, Name: name, Description: description, Type: TYPE, AwsManaged: false };
    return { Policy: { PolicySummary: facts, Content: content } };
  };
  const tagsOf = (parameters: Parameters) => policies.find(text(parameters, "ResourceId")).tags;
  return {
    CreatePolicy: (parameters) => {
      if (parameters["Type"] !== TYPE)
        throw new AwsError("InvalidInputException", `Only ${TYPE} is emulated.`);
      const [name, description] = [text(parameters, "Name"), text(parameters, "Description")];
      const content = text(parameters, "Content");
      return described(policies.create({ name, description, content, tags: tagsIn(parameters) }));
    },
    DescribePolicy: (parameters) => described(text(parameters, "PolicyId")),
    ListPolicies: (parameters) => {
      if (parameters["Filter"] !== TYPE) return { Policies: [] };
      return { Policies: policies.all().map((id) => described(id).Policy.PolicySummary) };
    },
    UpdatePolicy: (parameters) => {
      const id = text(parameters, "PolicyId");
      const changes = { name: "Name", description: "Description", content: "Content" };
      const given = Object.entries(changes).filter(([, key]) => parameters[key] !== undefined);
      policies.update(id, Object.fromEntries(given.map(([field, key]) => [field, text(parameters, key)])));
      return described(id);
    },
    DeletePolicy: (parameters) => nothing(policies.remove(text(parameters, "PolicyId"))),
    AttachPolicy: (parameters) =>
      nothing(policies.attach(text(parameters, "PolicyId"), text(parameters, "TargetId"))),
    DetachPolicy: (parameters) =>
      nothing(policies.detach(text(parameters, "PolicyId"), text(parameters, "TargetId"))),
    ListTargetsForPolicy: (parameters) => ({
      Targets: [...policies.find(text(parameters, "PolicyId")).targets].map((TargetId) => {
        const [word, Type] = kindOf(TargetId);
        return { TargetId, Arn: arn(`${word}/${organizationId}/${TargetId}`), Name: TargetId, Type };
      }),
    }),
    TagResource: (parameters) => {
      const tags = tagsOf(parameters);
      return nothing(tagsIn(parameters).forEach((value, key) => tags.set(key, value)));
    },
    UntagResource: (parameters) => {
      const tags = tagsOf(parameters);
      return nothing((parameters["TagKeys"] as readonly string[]).forEach((key) => tags.delete(key)));
    },
    ListTagsForResource: (parameters) => {
      const ofAccount = directory && tagsOfAccount(directory, text(parameters, "ResourceId"));
      const tags = ofAccount ? Object.entries(ofAccount) : [...tagsOf(parameters)];
      return { Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

const nothing = (_done: void): object => ({});

const text = (parameters: Parameters, key: string): string => String(parameters[key] ?? "");

const tagsIn = ({ Tags }: Parameters) =>
  new Map(((Tags ?? []) as readonly { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));

/** The kind of a target, as its ARN and as the API spell it. */
const kindOf = (target: string): readonly [string, string] =>
  target.startsWith("ou-")
    ? ["ou", "ORGANIZATIONAL_UNIT"]
    : target.startsWith("r-")
      ? ["root", "ROOT"]
      : ["account", "ACCOUNT"];
