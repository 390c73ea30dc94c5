import type { App } from "cdktf";
import type { Organization } from "../accounts/organization";
import { AccountStack } from "./account-stack";
import { chatUsesOf } from "../accounts/chat";
import { ArchiveStack } from "./archive-stack";
import { ChatStack } from "./chat-stack";
import { GuardrailsStack } from "./guardrails-stack";
import { guardrailScopeOf } from "./policies/guardrail-scope";
import { SessionStack } from "./session-stack";

/**
 * Adds every stack of an organization to an app, and the order in which they are safe to deploy: first
 * where records go, then who may write there, then the preferences that make sessions depend on both. Chat is told
 * of topics that are there.
 */
export function addStacks(app: App, organization: Organization): void {
  const archives = new Map(
    organization.archives.map((site) => [site.region, new ArchiveStack(app, { organization, site })]),
  );
  for (const account of organization.accounts) {
    const accountStack = new AccountStack(app, { organization, account });
    const sessionStacks = account.targets.map((target) => {
      const sessions = new SessionStack(app, { organization, target });
      sessions.addDependency(accountStack);
      const archive = target.usesArchive && archives.get(target.region);
      if (archive) sessions.addDependency(archive);
      return [target.region, sessions] as const;
    });
    const uses = chatUsesOf(organization, account);
    if (uses.length === 0) continue;
    const chat = new ChatStack(app, { organization, account });
    const topicsIn = { target: new Map(sessionStacks), archive: archives };
    for (const { of, at } of uses) chat.addDependency(topicsIn[of].get(at.region)!);
  }
  // No dependency of the others: whoever attaches a policy to one more unit need not deploy every account.
  const { guardrails } = organization;
  const scope = guardrailScopeOf(organization);
  if (guardrails && scope) new GuardrailsStack(app, { organization, guardrails, scope });
}
