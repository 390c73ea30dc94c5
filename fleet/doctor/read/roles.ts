import {
  GetInstanceProfileCommand,
  paginateListAttachedRolePolicies,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { orNull } from "./seen";

/** ARNs of the policies that are attached to a role; null: there is no such role. @param RoleName without its path */
export const readAttachedPolicies = (client: IAMClient, RoleName: string): Promise<string[] | null> =>
  orNull(["NoSuchEntityException", "NoSuchEntity"], async () => {
    const arns: string[] = [];
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName }))
      arns.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
    return arns;
  });

/** The name of the role of an instance profile; null: there is no such profile, or it has no role. */
export const readProfileRole = (iam: IAMClient, InstanceProfileName: string): Promise<string | null> =>
  orNull(["NoSuchEntityException", "NoSuchEntity"], async () => {
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    return InstanceProfile?.Roles?.[0]?.RoleName ?? null;
  });
