import { AwsError, jsonResponse, type AwsRequest, type Amend, type Handler } from "../gateway/protocol";
import type { Authorizer } from "../iam/authorizer";
import type { CallRecorder } from "../events/call-recorder";
import type { CallerIdentity, Identities } from "../clients/identities";
import { groupKey, groupName, type LogGroupLocation, type LogGroups } from "./log-groups";
import { findersOf, mask } from "./masking-policy";
import { regionalArn } from "../clients/partitions";

/** A log group's data protection policy. */
interface Protection {
  readonly text: string;
  readonly finders: readonly RegExp[];
  /** Milliseconds since 1970 at which the policy was set. Events that were ingested earlier are not masked. */
  readonly since: number;
}

interface LogEvent {
  readonly message?: string;
  readonly ingestionTime?: number;
}

/**
 * Data protection policies of log groups, which moto lacks, and the masking of events that are read or forwarded.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
 */
export class DataProtection {
  private readonly policies = new Map<string, Protection>();

  constructor(
    private readonly parts: {
      readonly identities: Identities;
      readonly authorizer: Authorizer;
      readonly recorder: CallRecorder;
    },
    private readonly groups: LogGroups,
  ) {}

  /** `PutDataProtectionPolicy`, `GetDataProtectionPolicy` and `DeleteDataProtectionPolicy`. */
  readonly answer: Handler = async (request) => {
    if (request.service !== "logs" || !/^(Put|Get|Delete)DataProtectionPolicy$/.test(request.operation))
      return undefined;
    const input = JSON.parse(request.body.toString("utf8")) as Record<string, string | undefined>;
    const logGroupIdentifier = input["logGroupIdentifier"] ?? "";
    const { accountId } = await this.parts.identities.of(request.accessKeyId, request.region);
    const location = { accountId, region: request.region, name: groupName(logGroupIdentifier) };
    if (request.operation === "PutDataProtectionPolicy")
      await this.put(location, input["policyDocument"] ?? "");
    else await this.groups.require(location);
    const policy = this.policies.get(groupKey(location));
    if (request.operation !== "GetDataProtectionPolicy")
      this.parts.recorder.note(
        { eventName: request.operation, requestParameters: { logGroupIdentifier } },
        request,
      );
    if (request.operation === "DeleteDataProtectionPolicy") {
      this.policies.delete(groupKey(location));
      return { ...jsonResponse({}), body: "" };
    }
    // For a log group without a policy, AWS answers without `policyDocument`.
    return jsonResponse({
      logGroupIdentifier,
      ...(policy && { policyDocument: policy.text, lastUpdatedTime: policy.since }),
    });
  };

  /**
   * Masks the answers of `GetLogEvents` and `FilterLogEvents`. A caller with `logs:Unmask` may ask for unmasked events.
   * @throws AwsError `AccessDeniedException` for a caller who asks for them without that permission
   */
  readonly amend: Amend = async (request) => {
    if (request.service !== "logs" || !/^(GetLogEvents|FilterLogEvents)$/.test(request.operation))
      return undefined;
    const input = JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
    const caller = await this.parts.identities.of(request.accessKeyId, request.region);
    const name = groupName(String(input["logGroupName"] ?? input["logGroupIdentifier"]));
    const location = { accountId: caller.accountId, region: request.region, name };
    if (input["unmask"] === true) {
      await this.requireUnmask(caller, request, location);
      return undefined;
    }
    return (answer) => ({
      ...answer,
      events: ((answer["events"] ?? []) as LogEvent[]).map((event) => ({
        ...event,
        message: this.masked(location, event.message ?? "", event.ingestionTime),
      })),
    });
  };

  /** A message as readers and subscriptions see it. @param ingested milliseconds since 1970 */
  masked(location: LogGroupLocation, message: string, ingested = Date.now()): string {
    const policy = this.policies.get(groupKey(location));
    return policy === undefined || ingested < policy.since ? message : mask(message, policy.finders);
  }

  private async put(location: LogGroupLocation, text: string): Promise<void> {
    await this.groups.requireStandard(location, "Data protection policies are");
    this.policies.set(groupKey(location), { text, finders: findersOf(text), since: Date.now() });
  }

  private async requireUnmask(
    caller: CallerIdentity,
    { region }: AwsRequest,
    { accountId, name }: LogGroupLocation,
  ) {
    const resource = regionalArn("logs", region, accountId, `log-group:${name}`);
    const action = "logs:Unmask";
    const verdict = await this.parts.authorizer.authorize({
      principal: caller.arn,
      accountId,
      action,
      resource,
    });
    if (verdict.allowed) return;
    throw new AwsError(
      "AccessDeniedException",
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}: ${verdict.reason}`,
    );
  }
}
