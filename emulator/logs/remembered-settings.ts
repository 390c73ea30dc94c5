import type { Identities } from "../clients/identities";
import type { AwsRequest, Amend, Amendment } from "../gateway/protocol";

type Answer = Record<string, unknown>;

/** The defaults of AWS. */
const ROTATION_DAYS = 365;
const LOG_CLASS = "STANDARD";

/**
 * Settings that moto accepts and does not return (observed with 5.2.1): the class of a log group and the rotation period
 * of a key. The Terraform provider reads both. Without them, every plan would replace the log group.
 */
export class RememberedSettings {
  private readonly values = new Map<string, unknown>();

  constructor(private readonly identities: Identities) {}

  /** Remembers the settings of a request, and completes the answers to requests that read them. */
  readonly amend: Amend = async (request) => {
    const name = `${request.service}:${request.operation}`;
    if (
      !/^(logs:(Create|Delete|Describe)LogGroups?|kms:(EnableKeyRotation|GetKeyRotationStatus))$/.test(name)
    ) {
      return undefined;
    }
    const { accountId } = await this.identities.of(request.accessKeyId, request.region);
    const location = `${accountId}/${request.region}`;
    return request.service === "logs"
      ? this.logGroup(request, location)
      : this.keyRotation(request, location);
  };

  /** The class of a log group, such as `STANDARD`. */
  logClassOf(accountId: string, region: string, name: string): string {
    return (this.values.get(`${accountId}/${region}/log-group/${name}`) as string | undefined) ?? LOG_CLASS;
  }

  private logGroup({ operation, body }: AwsRequest, location: string): Amendment | undefined {
    const { logGroupName, logGroupClass = LOG_CLASS } = JSON.parse(body.toString("utf8")) as Answer;
    const keyOf = (name: unknown) => `${location}/log-group/${String(name)}`;
    if (operation === "DeleteLogGroup") {
      return (answer) => {
        this.values.delete(keyOf(logGroupName));
        return answer;
      };
    }
    if (operation === "CreateLogGroup") {
      // Amendments run for successful answers only: a second, failing creation does not change the class.
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

  private keyRotation({ operation, body }: AwsRequest, location: string): Amendment | undefined {
    const { KeyId, RotationPeriodInDays = ROTATION_DAYS } = JSON.parse(body.toString("utf8")) as Answer;
    const key = `${location}/key/${String(KeyId).split("/").pop()}`;
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
