import type { App, TerraformStack } from "cdktf";
import { chatUsesOf } from "../accounts/model/chat";
import type { Organization } from "../accounts/model/organization";
import { AccountStack } from "./account-stack";
import { ArchiveStack } from "./archive-stack";
import { ChatStack } from "./chat-stack";
import { GuardrailsStack } from "./guardrails-stack";
import { stackIds, stackOfChat } from "./names";
import { guardrailScopeOf } from "./policies/guardrails/scope";
import { ReplicaStack } from "./replica-stack";
import { SessionStack } from "./session-stack";

/**
 * Adds every stack of an organization to an app, and the order in which they are safe to deploy: first
 * where records go and are copied to, then who may write there, then the preferences that make sessions depend on
 * both. Chat is told of topics that are there.
 */
export function addStacks(app: App, organization: Organization): void {
  const { archives, accounts, replicas } = organization;
  const added = new Map<string, TerraformStack>();
  const add = (stack: TerraformStack, after: readonly string[]) => {
    added.set(stack.node.id, stack);
    for (const before of after.flatMap((id) => added.get(id) ?? [])) stack.addDependency(before);
  };
  for (const site of archives) add(new ArchiveStack(app, { organization, site }), []);
  const addReplicas = (kind: "archive" | "target") => {
    const idOf = kind === "archive" ? stackIds.archive : stackIds.session;
    for (const replica of replicas.filter(({ source }) => source.kind === kind)) {
      add(new ReplicaStack(app, { organization, replica }), [idOf(replica.source)]);
    }
  };
  addReplicas("archive");
  for (const account of accounts) {
    add(new AccountStack(app, { organization, account }), []);
    for (const target of account.targets) {
      const archive = archives.find(({ region }) => region === target.region);
      add(new SessionStack(app, { organization, target }), [
        stackIds.account(account),
        ...(target.usesArchive && archive ? [stackIds.archive(archive), stackIds.replica(archive)] : []),
      ]);
    }
  }
  addReplicas("target");
  for (const account of accounts) {
    const uses = chatUsesOf(organization, account);
    if (uses.length > 0) add(new ChatStack(app, { organization, account }), uses.map(stackOfChat));
  }
  // No dependency of the others: whoever attaches a policy to one more unit need not deploy every account.
  const { guardrails } = organization;
  const scope = guardrailScopeOf(organization);
  if (guardrails && scope) new GuardrailsStack(app, { organization, guardrails, scope });
}
