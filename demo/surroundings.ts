import type { Organization } from "../accounts/model/organization";
import type { Emulator } from "../emulator";
import { actionSitesOf, createActionTargets } from "./action-targets";
import { createLogDestinations } from "./log-destinations";
import { authoriseChats, createInstanceRoles, createOwnPreferences } from "./people";
import { createWhatExists } from "./what-exists";

/**
 * Creates what the stacks of an organization expect in real accounts, and do not create: roles of instances, authorised
 * chats, targets of actions and of logs, what the map names as existing, and preferences to adopt.
 */
export async function createSurroundings(emulator: Emulator, organization: Organization): Promise<void> {
  for (const account of organization.accounts) {
    await createInstanceRoles(emulator, account);
    authoriseChats(emulator, organization, account);
  }
  await createWhatExists(emulator, organization);
  await createActionTargets(emulator, organization, actionSitesOf(organization));
  await createLogDestinations(emulator, organization);
  for (const target of organization.targets) {
    if (target.settings.preferences.adopt) await createOwnPreferences(emulator, target);
  }
}
