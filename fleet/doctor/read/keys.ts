import { DescribeKeyCommand, GetKeyLastUsageCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { KeyState, KeyUsage } from "../checks/keys";
import { orNull } from "./seen";

/** A key by its alias or ARN; null: there is no such key. */
export const readKey = (kms: KMSClient, KeyId: string): Promise<KeyState | null> =>
  orNull(["NotFoundException"], async () => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    return { arn: KeyMetadata?.Arn ?? "", state: KeyMetadata?.KeyState ?? "" };
  });

/**
 * When a key was last used. KMS records only successful cryptographic operations, and since a date that it names.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
 */
export async function readKeyUsage(kms: KMSClient, KeyId: string): Promise<KeyUsage> {
  const { KeyLastUsage, TrackingStartDate } = await kms.send(new GetKeyLastUsageCommand({ KeyId }));
  return { last: KeyLastUsage?.Timestamp ?? null, since: TrackingStartDate ?? null };
}
