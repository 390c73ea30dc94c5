import { arnParts } from "../../aws/arn";
import { regionalArn } from "../clients/partitions";
import { AwsError, type AwsRequest, type Handler } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { keyOf } from "../iam/keys";
import { serviceFor } from "../iam/service-principal";
import { groupName } from "./log-groups";

type Asked = Readonly<Partial<Record<"kmsKeyId" | "logGroupName" | "resourceIdentifier", string>>>;

/**
 * Refuses a key for a log group that CloudWatch Logs may not use. Moto checks no key.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @throws {@link AwsError} `InvalidParameterException` for a key that does not exist or is disabled, or that is not named by
 * its ARN; `AccessDeniedException` when the policy of the key refuses CloudWatch Logs for the log group
 */
export function groupKeys({ accounts, authorizer, identities }: Core): Handler {
  return async (request) => {
    const asked = keyAskedFor(request);
    if (asked === undefined) return undefined;
    const { service, region, accountId: owner } = arnParts(asked.kmsKeyId);
    const { accountId } = await identities.of(request.accessKeyId, request.region);
    const key =
      service === "kms" && region === request.region
        ? await keyOf(await accounts.in(owner, region), asked.kmsKeyId)
        : undefined;
    if (!key?.usable)
      throw new AwsError("InvalidParameterException", "The specified KMS Key Id could not be found.");
    const group = regionalArn("logs", request.region, accountId, `log-group:${asked.group}`);
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
      const { allowed, reason } = await authorizer.authorize({
        principal: serviceFor("logs", group),
        accountId: key.accountId,
        action,
        resource: key.arn,
        encryptionContext: { "aws:logs:arn": group },
        context: { "kms:ResourceAliases": key.aliases },
      });
      if (allowed) continue;
      const text = `The specified KMS key does not exist or is not allowed to be used with Arn '${group}'`;
      throw new AwsError("AccessDeniedException", `${text}: ${reason}`);
    }
    return undefined;
  };
}

function keyAskedFor({ service, operation, body }: AwsRequest) {
  if (service !== "logs" || !/^(CreateLogGroup|AssociateKmsKey)$/.test(operation)) return undefined;
  const { kmsKeyId, logGroupName, resourceIdentifier } = JSON.parse(body.toString("utf8")) as Asked;
  const group =
    logGroupName ?? (resourceIdentifier === undefined ? undefined : groupName(resourceIdentifier));
  return kmsKeyId === undefined || group === undefined ? undefined : { kmsKeyId, group };
}
