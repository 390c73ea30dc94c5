import { DescribeDestinationsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { arnParts } from "../../aws/arn";
import { isClosedFilterPattern } from "../../aws/filter-pattern";
import type { AccountClients } from "../clients/account-clients";
import type { AuthorizationRequest, Authorizer } from "../iam/authorizer";
import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { CallRecorder } from "../events/call-recorder";
import type { DataProtection } from "./data-protection";
import { filterPattern } from "../patterns/filter-pattern";
import type { CallerIdentity, Identities } from "../clients/identities";
import { groupKey, type LogGroupLocation, type LogGroups } from "./log-groups";
import { regionalArn } from "../clients/partitions";
import { serviceFor } from "../iam/service-principal";

interface SubscriptionFilter {
  readonly filterName: string;
  readonly logGroupName: string;
  readonly filterPattern: string;
  readonly destinationArn: string;
  readonly roleArn?: string;
  readonly distribution: string;
  readonly creationTime: number;
}

/** Log events that a subscription filter forwarded. */
export interface LogDelivery {
  readonly destinationArn: string;
  /** The account of the log group. */
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly messages: readonly string[];
}

/**
 * The largest number of subscription filters on a log group.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
 */
const MAX_FILTERS = 2;

/** The action with which CloudWatch Logs writes to a stream of the same account, as the role of the filter. */
const WRITE_ACTIONS: Readonly<Record<string, string>> = {
  kinesis: "kinesis:PutRecord",
  firehose: "firehose:PutRecord",
};

/**
 * Subscription filters to destinations of other accounts, to Kinesis and to Firehose, which moto supports only in part.
 * They are checked as CloudWatch Logs checks policies and roles. Filters to a Lambda function are checked, and left to moto.
 */
export class LogSubscriptions {
  /** What filters forwarded, oldest first. */
  readonly deliveries: LogDelivery[] = [];
  private readonly filters = new Map<string, SubscriptionFilter[]>();

  constructor(
    private readonly parts: {
      readonly accounts: AccountClients;
      readonly identities: Identities;
      readonly authorizer: Authorizer;
      readonly recorder: CallRecorder;
    },
    private readonly groups: LogGroups,
    private readonly protection: DataProtection,
  ) {}

  /** `PutSubscriptionFilter`, `DescribeSubscriptionFilters` and `DeleteSubscriptionFilter`. */
  readonly answer: Handler = async (request) => {
    const { operation } = request;
    if (request.service !== "logs" || !/^(Put|Describe|Delete)SubscriptionFilters?$/.test(operation))
      return undefined;
    const input = JSON.parse(request.body.toString("utf8")) as Record<string, string>;
    const caller = await this.parts.identities.of(request.accessKeyId, request.region);
    const location = {
      accountId: caller.accountId,
      region: request.region,
      name: input["logGroupName"] ?? "",
    };
    const known = this.filters.get(groupKey(location)) ?? [];
    if (operation === "DescribeSubscriptionFilters") {
      if (known.length === 0) return undefined;
      const prefix = input["filterNamePrefix"] ?? "";
      return jsonResponse({ subscriptionFilters: known.filter((one) => one.filterName.startsWith(prefix)) });
    }
    if (operation === "DeleteSubscriptionFilter") {
      const left = known.filter(({ filterName }) => filterName !== input["filterName"]);
      if (left.length === known.length) return undefined;
      this.filters.set(groupKey(location), left);
    } else {
      const destinationArn = input["destinationArn"] ?? "";
      if (!isClosedFilterPattern(input["filterPattern"] ?? ""))
        throw new AwsError("InvalidParameterException", "Invalid filter pattern");
      if (arnParts(destinationArn).service === "lambda") {
        await this.requireInvocation(location, destinationArn);
        return undefined;
      }
      this.filters.set(groupKey(location), await this.put(caller, location, known, input));
    }
    this.parts.recorder.note({ eventName: operation, requestParameters: input }, request);
    return { ...jsonResponse({}), body: "" };
  };

  /** Forwards what was written to a log stream to the destination of each filter that matches, masked. */
  deliver(location: LogGroupLocation, logStream: string, written: readonly string[]): void {
    for (const { destinationArn, filterPattern: pattern } of this.filters.get(groupKey(location)) ?? []) {
      const messages = written
        .map((message) => this.protection.masked(location, message))
        .filter(filterPattern(pattern));
      if (messages.length > 0)
        this.deliveries.push({
          destinationArn,
          owner: location.accountId,
          logGroup: location.name,
          logStream,
          messages,
        });
    }
  }

  private async put(
    caller: CallerIdentity,
    location: LogGroupLocation,
    known: readonly SubscriptionFilter[],
    input: Record<string, string | undefined>,
  ): Promise<SubscriptionFilter[]> {
    await this.groups.requireStandard(location, "Subscription filters are");
    const { filterName = "", destinationArn = "", roleArn, distribution = "ByLogStream" } = input;
    const others = known.filter((one) => one.filterName !== filterName);
    if (others.length >= MAX_FILTERS)
      throw new AwsError("LimitExceededException", "Resource limit exceeded.");
    filterPattern(input["filterPattern"] ?? "");
    await this.requireDestination(caller, location, destinationArn, roleArn);
    const filter = {
      filterName,
      logGroupName: location.name,
      filterPattern: input["filterPattern"] ?? "",
      destinationArn,
      ...(roleArn !== undefined && { roleArn }),
      distribution,
      creationTime: Date.now(),
    };
    return [...others, filter];
  }

  private async requireDestination(
    caller: CallerIdentity,
    location: LogGroupLocation,
    destinationArn: string,
    roleArn: string | undefined,
  ): Promise<void> {
    const { service, region, accountId: owner } = arnParts(destinationArn);
    if (region !== location.region)
      throw refused("destinationArn must be in the same region as the log group");
    if (roleArn !== undefined) await this.requireTrust(location, roleArn);
    if (service === "logs") {
      await this.requireAdmission(caller, destinationArn, owner, roleArn);
      return;
    }
    const action = WRITE_ACTIONS[service];
    if (action === undefined || owner !== caller.accountId)
      throw refused("The destination must be in the same account, or be a logical destination");
    if (roleArn === undefined) throw refused("destinationArn for this service requires a roleArn");
    await this.require({ principal: roleArn, accountId: owner, action, resource: destinationArn });
  }

  /**
   * Requires that CloudWatch Logs may assume the role for the log group.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
   */
  private requireTrust({ accountId, region, name }: LogGroupLocation, roleArn: string): Promise<void> {
    const source = `${regionalArn("logs", region, accountId, `log-group:${name}`)}:*`;
    return this.require({
      principal: serviceFor("logs", source),
      accountId,
      action: "sts:AssumeRole",
      resource: roleArn,
      context: { "aws:SourceArn": source, "aws:SourceAccount": accountId },
    });
  }

  /**
   * Requires that the policy of the destination admits the sender. With a role, the sender is the role, whose
   * organization is known. Without one, it is the caller's account, and the request carries no organization: a policy for
   * an organization then admits nobody.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
   */
  private async requireAdmission(
    caller: CallerIdentity,
    resource: string,
    accountId: string,
    roleArn: string | undefined,
  ): Promise<void> {
    const { region, resource: named } = arnParts(resource);
    const [, DestinationNamePrefix] = named.split(":");
    const { logs } = await this.parts.accounts.in(accountId, region);
    const { destinations = [] } = await logs.send(new DescribeDestinationsCommand({ DestinationNamePrefix }));
    const destination = destinations.find(({ arn }) => arn === resource);
    if (destination === undefined)
      throw new AwsError("ResourceNotFoundException", "The specified destination does not exist.");
    const action = "logs:PutSubscriptionFilter";
    if (roleArn !== undefined) return this.require({ principal: roleArn, accountId, action, resource });
    await this.require({
      principal: caller.arn,
      accountId,
      action,
      resource,
      unknown: "administrator",
      context: { "aws:PrincipalOrgID": undefined },
    });
  }

  /**
   * Requires that the policy of a function lets CloudWatch Logs invoke it for the log group.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
   */
  private async requireInvocation(
    { accountId, region, name }: LogGroupLocation,
    functionArn: string,
  ): Promise<void> {
    const source = `${regionalArn("logs", region, accountId, `log-group:${name}`)}:*`;
    const { allowed, reason } = await this.parts.authorizer.authorize({
      principal: serviceFor("logs", source),
      accountId: arnParts(functionArn).accountId,
      action: "lambda:InvokeFunction",
      resource: functionArn,
      context: { "aws:SourceArn": source, "aws:SourceAccount": accountId },
    });
    if (allowed) return;
    const text = "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission";
    throw refused(`${text} to execute your function: ${reason}`);
  }

  private async require(request: AuthorizationRequest): Promise<void> {
    const { allowed, reason } = await this.parts.authorizer.authorize(request);
    if (!allowed)
      throw new AwsError("AccessDeniedException", `${request.action} on ${request.resource}: ${reason}`);
  }
}

const refused = (message: string) => new AwsError("InvalidParameterException", message);
