import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { AwsError, jsonResponse, type Room } from "../gateway/protocol";
import type { AuthorizationRequest } from "../iam/authorizer";
import type { Core } from "../iam/core";
import { absentIf } from "../iam/deployed-policies";

/** What KMS records of the use of a key. */
interface Usage {
  readonly operation: string;
  /** Seconds since 1970. */
  readonly at: number;
}

const CRYPTOGRAPHIC = /^kms:(Encrypt|Decrypt|ReEncrypt\w*|GenerateDataKey\w*|Sign|Verify)$/;

/** KMS beyond moto: when a key was last used. */
export interface KmsRoom extends Room {
  /** Notes a use of a key that was allowed. */
  note(request: Pick<AuthorizationRequest, "action" | "resource">): void;
}

/**
 * `GetKeyLastUsage`, which moto lacks. The uses are those that the emulator judges: of sessions, topics, queues and tables.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
 * @throws AwsError `NotFoundException` when there is no such key
 */
export function kmsRoom({ accounts, identities }: Pick<Core, "accounts" | "identities">): KmsRoom {
  const usages = new Map<string, Usage>();
  return {
    note: ({ action, resource }) => {
      const [, operation] = CRYPTOGRAPHIC.exec(action) ?? [];
      if (operation !== undefined) usages.set(resource, { operation, at: Date.now() / 1000 });
    },
    handlers: [
      async (request) => {
        if (request.service !== "kms" || request.operation !== "GetKeyLastUsage") return undefined;
        const { KeyId = "" } = JSON.parse(request.body.toString("utf8")) as { KeyId?: string };
        if (KeyId.includes("alias/")) throw new AwsError("InvalidArnException", `${KeyId} is an alias.`);
        const { accountId } = await identities.of(request.accessKeyId, request.region);
        const { kms } = await accounts.in(accountId, request.region);
        const found = await absentIf("NotFound", () => kms.send(new DescribeKeyCommand({ KeyId })));
        const key = found?.KeyMetadata;
        if (key?.Arn === undefined) throw new AwsError("NotFoundException", `Key ${KeyId} does not exist.`);
        const usage = usages.get(key.Arn);
        const created = (key.CreationDate?.getTime() ?? 0) / 1000;
        return jsonResponse({
          KeyId: key.Arn,
          KeyLastUsage: usage ? { Operation: usage.operation, Timestamp: usage.at } : {},
          TrackingStartDate: created,
          KeyCreationDate: created,
        });
      },
    ],
  };
}
