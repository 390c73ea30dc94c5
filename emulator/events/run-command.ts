import {
  DescribeDocumentCommand,
  GetDocumentCommand,
  SendCommandCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import { AwsError } from "../gateway/protocol";
import { isAwsDocument } from "../../aws/session-manager";
import { instanceArn, type Instance, type Instances } from "../ssm/instances";
import type { Invocation } from "./target-input";
import { asTargetError, type TargetPermissions } from "./target-permissions";

type Parameters = Readonly<Record<string, string[]>>;
interface Declared {
  readonly default?: unknown;
  readonly allowedPattern?: string;
}

/** Run Command as a target of rules. It is authorised for the document and for each node, and recorded by moto. */
export class RunCommand {
  constructor(
    private readonly accounts: AccountClients,
    private readonly instances: Instances,
    private readonly permissions: TargetPermissions,
  ) {}

  /**
   * Sends the command to the nodes that the target selects.
   * @throws {@link AwsError} with the error code that EventBridge writes to the dead-letter queue
   */
  async send(invocation: Invocation, input: string): Promise<void> {
    const arn = invocation.target.Arn ?? "";
    const { region, resource } = arnParts(arn);
    const { accountId } = arnParts(invocation.ruleArn);
    const DocumentName = resource.replace("document/", "");
    const { ssm } = await this.accounts.in(accountId, region);
    const nodes = this.nodesOf(invocation, accountId, region);
    await this.permissions.require(invocation, "ssm:SendCommand", arn);
    for (const { instanceId, tags = {} } of nodes) {
      const context = Object.fromEntries(
        Object.entries(tags).map(([key, value]) => [`ssm:resourceTag/${key}`, value]),
      );
      await this.permissions.require(
        invocation,
        "ssm:SendCommand",
        instanceArn(accountId, region, instanceId),
        context,
      );
    }
    const Parameters = parametersIn(input);
    if (!isAwsDocument(DocumentName)) await this.checkParameters(ssm, DocumentName, Parameters);
    const InstanceIds = nodes.map(({ instanceId }) => instanceId);
    await ssm.send(new SendCommandCommand({ DocumentName, Parameters, InstanceIds })).catch(asTargetError);
  }

  private nodesOf({ target }: Invocation, accountId: string, region: string): Instance[] {
    const [block, ...more] = target.RunCommandParameters?.RunCommandTargets ?? [];
    if (block?.Key === undefined || more.length > 0)
      throw new AwsError(
        "INVALID_PARAMETER",
        "RunCommandTargets must have one element, with the key InstanceIds or tag:<key>",
      );
    const values = block.Values ?? [];
    if (block.Key.startsWith("tag:")) {
      const key = block.Key.slice("tag:".length);
      return this.instances
        .in(accountId, region)
        .filter(({ tags = {} }) => Object.hasOwn(tags, key) && values.includes(tags[key]!));
    }
    return values.map((id) => {
      const node = this.instances.find(accountId, region, id);
      if (node === undefined) throw new AwsError("SDK_CLIENT_ERROR", `InvalidInstanceId: ${id}`);
      return node;
    });
  }

  /** Checks parameters as Systems Manager does. The parameters of a document in YAML are not checked. */
  private async checkParameters(ssm: SSMClient, Name: string, given: Parameters): Promise<void> {
    await ssm.send(new DescribeDocumentCommand({ Name })).catch(asTargetError);
    const { Content = "" } = await ssm.send(new GetDocumentCommand({ Name }));
    if (!Content.trimStart().startsWith("{")) return;
    const { parameters = {} } = JSON.parse(Content) as { parameters?: Record<string, Declared> };
    const refuse = (why: string): never => {
      throw new AwsError("SDK_CLIENT_ERROR", `InvalidParameters: ${why}`);
    };
    for (const name of Object.keys(given))
      if (!Object.hasOwn(parameters, name)) refuse(`${name} is not declared`);
    for (const [name, declared] of Object.entries(parameters)) {
      const values = given[name] ?? [];
      if (values.length === 0 && declared.default === undefined) refuse(`${name} has no value`);
      const pattern = declared.allowedPattern === undefined ? undefined : new RegExp(declared.allowedPattern);
      if (values.some((value) => pattern?.test(value) === false))
        refuse(`${name} does not match its allowedPattern`);
    }
  }
}

/** Parses the input of the target. Systems Manager takes a list of strings for each parameter. */
function parametersIn(input: string): Record<string, string[]> {
  const given = JSON.parse(input) as unknown;
  const isList = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
  if (typeof given !== "object" || given === null || !Object.values(given).every(isList))
    throw new AwsError(
      "SDK_CLIENT_ERROR",
      `InvalidParameters: ${input} is not an object with lists of strings`,
    );
  return given as Record<string, string[]>;
}
