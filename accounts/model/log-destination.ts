import { arnParts } from "../../aws/arn";
import type { AccountIdentity } from "./organization";

/** What a subscription filter sends to, as its ARN calls it. */
export type DestinationKind = "destination" | "stream" | "deliverystream" | "function";

/** The kind of a subscription's destination, by its ARN. */
export const destinationKind = (arn: string): DestinationKind =>
  arnParts(arn).resource.split(/[:/]/)[0] as DestinationKind;

/** A subscription's destination for one target: its region and account in the places that are left to them. */
export const destinationFor = (
  arn: string,
  { account, region }: { readonly account: Pick<AccountIdentity, "id">; readonly region: string },
) => arn.replace("{region}", region).replace("{account}", account.id);
