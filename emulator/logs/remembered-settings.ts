import type { Identities } from "../clients/identities";
import type { AwsRequest, Amend, Amendment } from "../gateway/protocol";

type Answer = Record<string, unknown>;

/** What AWS has when nobody says otherwise. */
const ROTATION_DAYS = 365;
const LOG_CLASS = "STANDARD";

/**
 * Settings that moto takes and forgets: the class of a log group and the rotation period of a key. The Terraform
 * provider reads both back, and would replace the log group for ever.
 */
export class RememberedSettings {
  private readonly values = new Map<string, unknown>();

  constructor(private readonly identities: Identities) {}

  /** Remembers what a request sets and says how to complete the answer to one that reads it. */
  readonly amend: Amend = async (request) => {
    const name = `${request.service}:${request.operation}`;
    if (
      !/^(logs:(Create|Delete|Describe)LogGroups?|kms:(EnableKeyRotation|GetKeyRotationStatus))$/.test(name)
    ) {
      return undefined;
    }
    const { accountId } = await this.identities.of(request.accessKeyId, request.region);
    const place = `${accountId}/${request.region}`;
    return request.service === "logs" ? this.logGroup(request, place) : this.keyRotation(request, place);
  };

  /** The class of a log group. */
  logClassOf(accountId: string, region: string, name: string): string {
    return (this.values.get(`${accountId}/${region}/log-group/${name}`) as string | undefined) ?? LOG_CLASS;
  }

  private logGroup({ operation, body }: AwsRequest, place: string): Amendment | undefined {
    const { logGroupName, logGroupClass = LOG_CLASS } = JSON.parse(body.toString("utf8")) as Answer;
    const keyOf = (name: unknown) => `${place}/log-group/${String(name)}`;
    if (operation === "DeleteLogGroup") {
      return (answer) => {
        this.values.delete(keyOf(logGroupName));
        return answer;
      };
    }
    if (operation === "CreateLogGroup") {
      // Only when it worked: a second creation of the same group fails and changes nothing.
      return (answer) => {
        this.values.set(keyOf(logGroupName), logGroupClass);
        return answer;
      };
    }
    return (answer) => ({
      ...answer,
      logGroups: ((answer["logGroups"] ?? []) as Answer[]).map((group) => ({
        ...group,
        logGroupClass: this.values.get(keyOf(group["logGroupName"])) ?? LOG_CLASS,
      })),
    });
  }

  private keyRotation({ operation, body }: AwsRequest, place: string): Amendment | undefined {
    const { KeyId, RotationPeriodInDays = ROTATION_DAYS } = JSON.parse(body.toString("utf8")) as Answer;
    const key = `${place}/key/${String(KeyId).split("/").pop()}`;
    if (operation === "EnableKeyRotation") {
      return (answer) => {
        this.values.set(key, RotationPeriodInDays);
        return answer;
      };
    }
    return (answer) =>
      answer["KeyRotationEnabled"] === true
        ? { ...answer, RotationPeriodInDays: this.values.get(key) ?? ROTATION_DAYS }
        : answer;
  }
}
