import { regionalArn } from "../clients/partitions";
import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { Identities } from "../clients/identities";

/** The settings of Systems Manager that the emulator knows, with what they are before anybody changes them. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "/ssm/automation/customer-script-log-destination": "",
  "/ssm/automation/customer-script-log-group-name": "",
  "/ssm/automation/enable-adaptive-concurrency": "False",
  "/ssm/documents/console/public-sharing-permission": "Enable",
  "/ssm/managed-instance/activation-tier": "standard",
  "/ssm/managed-instance/default-ec2-instance-management-role": "$None",
  "/ssm/opsinsights/opscenter": "Disabled",
  "/ssm/parameter-store/default-parameter-tier": "Standard",
  "/ssm/parameter-store/high-throughput-enabled": "false",
};

interface Change {
  readonly value: string;
  readonly at: number;
  readonly by: string;
}

/**
 * `GetServiceSetting`, `UpdateServiceSetting` and `ResetServiceSetting`, which moto lacks, per account and region.
 * A setting is named by its id or its ARN and always answered with the ARN, as AWS does.
 */
export function serviceSettings(identities: Identities): Handler {
  const changes = new Map<string, Change>();
  return async (request) => {
    if (request.service !== "ssm" || !/^(Get|Update|Reset)ServiceSetting$/.test(request.operation))
      return undefined;
    const parameters = JSON.parse(request.body.toString("utf8")) as {
      SettingId?: string;
      SettingValue?: string;
    };
    const { accountId, arn: caller } = await identities.of(request.accessKeyId, request.region);
    const id = (parameters.SettingId ?? "")
      .replace(/^arn:[^:]+:ssm:[^:]*:\d*:servicesetting/, "")
      .replace(/^\/*/, "/");
    const initial = DEFAULTS[id];
    if (initial === undefined) {
      const known = Object.keys(DEFAULTS).join(", ");
      throw new AwsError(
        "ServiceSettingNotFound",
        `Setting ${parameters.SettingId ?? ""} was not found; known: ${known}`,
      );
    }
    const arn = regionalArn("ssm", request.region, accountId, `servicesetting${id}`);
    const shown = () => {
      const change = changes.get(arn);
      return {
        SettingId: id,
        SettingValue: change?.value ?? initial,
        LastModifiedDate: change?.at ?? 0,
        LastModifiedUser: change?.by ?? "System",
        ARN: arn,
        Status: change === undefined ? "Default" : "Customized",
      };
    };
    if (request.operation === "UpdateServiceSetting") {
      changes.set(arn, { value: parameters.SettingValue ?? "", at: Date.now() / 1000, by: caller });
      return jsonResponse({});
    }
    if (request.operation === "ResetServiceSetting") changes.delete(arn);
    return jsonResponse({ ServiceSetting: shown() });
  };
}
