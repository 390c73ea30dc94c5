import { arnParts } from "../../aws/arn";
import type { Partition } from "../../aws/regions";
import { servicePrincipal, type ServiceName } from "../../aws/service-principals";

/** A service as the caller of a request, in the partition and region of an ARN that the request is about. */
export function serviceFor(service: ServiceName, arn: string): { readonly service: string } {
  const { partition, region } = arnParts(arn);
  return { service: servicePrincipal(service, partition as Partition, region || undefined) };
}
