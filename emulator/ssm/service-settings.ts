import { arnParts } from "../../aws/arn";
import { regionalArn } from "../clients/partitions";
import { AwsError, jsonResponse, type Handler } from "../gateway/protocol";
import type { Identities } from "../clients/identities";

/**
 * The service settings that the emulator knows, with their values before they are customized.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html
 */
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
 * `GetServiceSetting`, `UpdateServiceSetting` and `ResetServiceSetting`, which moto lacks, for each account and region.
 * Requests name a setting by its id or by its ARN. Answers contain both.
 * @throws AwsError `ServiceSettingNotFound` for a setting that the emulator does not know
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
    const { SettingId = "" } = parameters;
    const path = arnParts(SettingId).resource.replace(/^servicesetting/, "") || SettingId;
    const id = path.replace(/^\/*/, "/");
    const initial = DEFAULTS[id];
    if (initial === undefined) {
      const known = Object.keys(DEFAULTS).join(", ");
      throw new AwsError(
        "ServiceSettingNotFound",
        `Setting ${SettingId} was not found. The emulator knows: ${known}`,
      );
    }
    const arn = regionalArn("ssm", request.region, accountId, `servicesetting${id}`);
    const asResponse = () => {
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
    return jsonResponse({ ServiceSetting: asResponse() });
  };
}
