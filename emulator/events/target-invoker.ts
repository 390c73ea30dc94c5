import { DescribeEventBusCommand } from "@aws-sdk/client-eventbridge";
import { GetFunctionCommand } from "@aws-sdk/client-lambda";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { arnParts } from "../../aws/arn";
import type { AccountClients } from "../clients/account-clients";
import type { Authorizer } from "../iam/authorizer";
import { AwsError } from "../gateway/protocol";
import type { SubscriptionDelivery } from "../sns/delivery";
import type { FunctionRunner } from "../lambda/function-runner";
import { nameOf, type Functions } from "../lambda/functions";
import type { Pipelines } from "./pipelines";
import { rawCall } from "../clients/raw-call";
import type { RunCommand } from "./run-command";
import { serviceFor } from "../iam/service-principal";
import type { Subscriptions } from "../sns/subscriptions";
import type { Invocation } from "./target-input";
import { asTargetError, requireRoleForRegion, type TargetPermissions } from "./target-permissions";
import { KEY_DISABLED, requireKeyOf } from "../iam/keys";

/** What follows from the invocation of a target. */
export interface Invoked {
  /** For a topic: the outcome at each of its subscriptions. */
  readonly subscriptions?: readonly SubscriptionDelivery[];
  /** For a bus: its ARN. The rules of that bus come next. */
  readonly bus?: string;
}

type Invoke = (invocation: Invocation, message: string) => Promise<Invoked>;

/** Invokes the targets of rules as EventBridge does: with the permissions of the service or of the target's role. */
export class TargetInvoker {
  private readonly services: Readonly<Record<string, Invoke>>;

  constructor(
    private readonly accounts: AccountClients,
    private readonly authorizer: Authorizer,
    private readonly permissions: TargetPermissions,
    private readonly subscriptions: Subscriptions,
    private readonly more: {
      readonly commands: RunCommand;
      readonly functions: Functions;
      readonly pipelines: Pipelines;
      readonly runner: FunctionRunner;
    },
  ) {
    this.services = {
      sns: (invocation, message) => this.publish(invocation, message),
      sqs: (invocation, message) => this.send(invocation, message),
      lambda: (invocation, message) => this.run(invocation, message),
      states: (invocation, message) => this.startExecution(invocation, message),
      events: (invocation) => this.putEvents(invocation),
      ssm: (invocation, message) => more.commands.send(invocation, message).then(() => ({})),
      codepipeline: (invocation) => this.startPipeline(invocation),
    };
  }

  /** @throws {@link AwsError} with the error code that EventBridge writes to the dead-letter queue */
  async invoke(invocation: Invocation, message: string): Promise<Invoked> {
    const { service } = arnParts(invocation.target.Arn ?? "");
    const invoke = this.services[service];
    if (invoke === undefined)
      throw new AwsError("UNSUPPORTED_TARGET", `the emulator knows no targets of ${service}`);
    return invoke(invocation, message);
  }

  private async publish(invocation: Invocation, message: string): Promise<Invoked> {
    const TopicArn = invocation.target.Arn ?? "";
    const { sns } = await this.accounts.of(TopicArn);
    const topic = await sns.send(new GetTopicAttributesCommand({ TopicArn })).catch(asTargetError);
    await this.permissions.require(invocation, "sns:Publish", TopicArn);
    await this.requireKey(invocation, topic.Attributes?.["KmsMasterKeyId"], { "aws:sns:topicArn": TopicArn });
    return { subscriptions: await this.subscriptions.deliver(TopicArn, message) };
  }

  private async send(invocation: Invocation, MessageBody: string): Promise<Invoked> {
    const arn = invocation.target.Arn ?? "";
    const { sqs } = await this.accounts.of(arn);
    const { QueueUrl } = await sqs
      .send(new GetQueueUrlCommand({ QueueName: arnParts(arn).resource }))
      .catch(asTargetError);
    const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    await this.permissions.require(invocation, "sqs:SendMessage", arn);
    await this.requireKey(invocation, queue.Attributes?.["KmsMasterKeyId"], { "aws:sqs:arn": arn });
    const MessageGroupId = invocation.target.SqsParameters?.MessageGroupId;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId })).catch(asTargetError);
    return {};
  }

  /** Invokes a function. A function of another runtime than Node.js accepts the event and does not run. */
  private async run(invocation: Invocation, message: string): Promise<Invoked> {
    const arn = invocation.target.Arn ?? "";
    const { lambda } = await this.accounts.of(arn);
    await lambda.send(new GetFunctionCommand({ FunctionName: arn })).catch(asTargetError);
    await this.permissions.require(invocation, "lambda:InvokeFunction", arn);
    const { region, accountId } = arnParts(arn);
    const fn = this.more.functions.find(accountId, region, nameOf(arn));
    if (fn?.runtime.startsWith("nodejs")) await this.more.runner.invokeAsync(fn, JSON.parse(message));
    return {};
  }

  private async startPipeline(invocation: Invocation): Promise<Invoked> {
    const arn = invocation.target.Arn ?? "";
    await this.permissions.require(invocation, "codepipeline:StartPipelineExecution", arn);
    await this.more.pipelines.start(arn, invocation.ruleArn).catch(asTargetError);
    return {};
  }

  private async startExecution(invocation: Invocation, input: string): Promise<Invoked> {
    const stateMachineArn = invocation.target.Arn ?? "";
    await this.permissions.require(invocation, "states:StartExecution", stateMachineArn);
    const operation = { target: "AWSStepFunctions.StartExecution" };
    const call = { service: "states", operation, body: { stateMachineArn, input } };
    await rawCall(await this.accounts.of(stateMachineArn), call).catch(asTargetError);
    return {};
  }

  /**
   * Requires that the bus accepts events. The event arrives there unchanged: input transformers do not apply to a bus in
   * another account.
   * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
   */
  private async putEvents(invocation: Invocation): Promise<Invoked> {
    const { target, ruleArn } = invocation;
    const bus = target.Arn ?? "";
    if (target.InputTransformer !== undefined && arnParts(bus).accountId !== arnParts(ruleArn).accountId)
      throw new AwsError(
        "INVALID_PARAMETER",
        "InputTransformer is not supported for an event bus in another account",
      );
    requireRoleForRegion(invocation);
    const { events } = await this.accounts.of(bus);
    await events
      .send(new DescribeEventBusCommand({ Name: arnParts(bus).resource.replace("event-bus/", "") }))
      .catch(asTargetError);
    await this.permissions.require(invocation, "events:PutEvents", bus, {
      // @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
      "events:eventBusInvocation": String(arnParts(bus).accountId !== arnParts(ruleArn).accountId),
    });
    return { bus };
  }

  private async requireKey(
    { target, ruleArn }: Invocation,
    keyId: string | undefined,
    encryptionContext: Record<string, string>,
  ): Promise<void> {
    const use = {
      principal: target.RoleArn ?? serviceFor("events", ruleArn),
      resourceArn: target.Arn ?? "",
      keyId,
      encryptionContext,
    };
    await requireKeyOf(this.accounts, this.authorizer, use).catch((error: Error) => {
      if (error instanceof AwsError && error.code === KEY_DISABLED) asTargetError(error);
      throw error;
    });
  }
}
