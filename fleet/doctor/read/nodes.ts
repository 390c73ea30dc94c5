import { paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { paginateDescribeInstanceInformation, type InstanceInformation } from "@aws-sdk/client-ssm";
import type { Node } from "../checks/nodes";
import type { Site } from "../clients";
import { readServiceSetting } from "./preferences";
import { readProfileRole } from "./roles";
import { look } from "./seen";

/** Values of a filter of EC2. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const IDS_AT_ONCE = 200;

const DEFAULT_HOST_MANAGEMENT = "/ssm/managed-instance/default-ec2-instance-management-role";
const NO_ROLE = "$None";

/**
 * The managed nodes of an account and region, each with the role by which its agent signs. The role of an instance is that
 * of its instance profile, or else the one of Default Host Management; Systems Manager itself names the role of a node
 * outside of EC2.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html
 */
export async function readNodes(site: Site, signal?: AbortSignal): Promise<Node[]> {
  const listed: InstanceInformation[] = [];
  for await (const { InstanceInformationList = [] } of paginateDescribeInstanceInformation(
    { client: site.ssm, pageSize: 50 },
    {},
  )) {
    signal?.throwIfAborted();
    listed.push(...InstanceInformationList);
  }
  const onEc2 = listed.flatMap(({ InstanceId = "" }) => (InstanceId.startsWith("i-") ? InstanceId : []));
  const profiles = await readProfiles(site, onEc2);
  const roles = new Map<string, Promise<string | null>>();
  const roleOfProfile = (profile: string) => {
    const role = roles.get(profile) ?? readProfileRole(site.iam, profile);
    roles.set(profile, role);
    return role;
  };
  let byDefault: Promise<string | null> | undefined;
  const roleOf = async ({ InstanceId = "", IamRole }: InstanceInformation): Promise<string | null> => {
    const profile = profiles.get(InstanceId);
    if (profile !== undefined) return roleOfProfile(profile);
    if (IamRole !== undefined && IamRole !== "") return nameOf(IamRole);
    if (!InstanceId.startsWith("i-")) return null;
    byDefault ??= readServiceSetting(site.ssm, DEFAULT_HOST_MANAGEMENT).then((role) =>
      role === NO_ROLE || role === "" ? null : nameOf(role),
    );
    return byDefault;
  };
  return Promise.all(
    listed.map(async (node) => ({
      id: node.InstanceId ?? "",
      name: node.ComputerName || node.Name || null,
      online: node.PingStatus === "Online",
      agent: node.AgentVersion || null,
      role: await look(() => roleOf(node), signal),
    })),
  );
}

/** The names of the instance profiles of instances, by their ids. */
async function readProfiles(site: Site, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    // A filter, because an id that EC2 does not know is an error elsewhere.
    const Filters = [{ Name: "instance-id", Values: ids.slice(start, start + IDS_AT_ONCE) }];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: site.ec2 }, { Filters })) {
      for (const { InstanceId = "", IamInstanceProfile } of Reservations.flatMap(
        (one) => one.Instances ?? [],
      ))
        if (IamInstanceProfile?.Arn !== undefined) found.set(InstanceId, nameOf(IamInstanceProfile.Arn));
    }
  }
  return found;
}

/** The name of a role or profile without its path, from its ARN or its name. */
const nameOf = (arnOrName: string): string => arnOrName.split("/").at(-1)!;
