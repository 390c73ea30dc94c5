import { paginateDescribeInstanceInformation, type SSMClient } from "@aws-sdk/client-ssm";
import type { InstanceInfo } from "../../report/target-evidence";

/**
 * Names and platforms of the managed nodes of an account and region. A node that no longer exists is not among them.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
 * @throws what AWS answered
 */
export async function* instances(ssm: SSMClient): AsyncGenerator<InstanceInfo & { readonly id: string }> {
  const pages = paginateDescribeInstanceInformation({ client: ssm, pageSize: 50 }, {});
  for await (const { InstanceInformationList = [] } of pages) {
    for (const { InstanceId, ComputerName, Name, PlatformType } of InstanceInformationList) {
      if (InstanceId === undefined) continue;
      yield { id: InstanceId, name: ComputerName || Name || null, platform: PlatformType ?? null };
    }
  }
}
