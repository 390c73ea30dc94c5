import { arnParts } from "../../aws/arn";
import type { AccountIdentity } from "./organization";

/**
 * The kind of resource to which a subscription filter sends: the resource type in its ARN.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
 */
export type DestinationKind = "destination" | "stream" | "deliverystream" | "function";

/**
 * The kind of a subscription's destination.
 * @example destinationKind("arn:aws:kinesis:eu-central-1:111111111111:stream/sessions") // "stream"
 */
export const destinationKind = (arn: string): DestinationKind =>
  arnParts(arn).resource.split(/[:/]/)[0] as DestinationKind;

/**
 * ARN of a subscription's destination for one target: the target's region and account replace `{region}` and
 * `{account}`.
 */
export const destinationFor = (
  arn: string,
  { account, region }: { readonly account: Pick<AccountIdentity, "id">; readonly region: string },
) => arn.replace("{region}", region).replace("{account}", account.id);
