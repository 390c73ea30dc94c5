import type { App, TerraformStack } from "cdktf";
import type { Organization } from "../accounts/model/organization";
import { AccountStack } from "./account-stack";
import { ArchiveStack } from "./archive-stack";
import { ChatStack } from "./chat-stack";
import { GuardrailsStack } from "./guardrails-stack";
import { ReplicaStack } from "./replica-stack";
import { SessionStack } from "./session-stack";
import { declaredStacks, type DeclaredStack, type StackKind, type SubjectOf } from "./stack-graph";

type Builders = {
  readonly [K in StackKind]: (app: App, organization: Organization, subject: SubjectOf<K>) => TerraformStack;
};

const BUILDERS: Builders = {
  archive: (app, organization, site) => new ArchiveStack(app, { organization, site }),
  replica: (app, organization, replica) => new ReplicaStack(app, { organization, replica }),
  account: (app, organization, account) => new AccountStack(app, { organization, account }),
  session: (app, organization, target) => new SessionStack(app, { organization, target }),
  chat: (app, organization, account) => new ChatStack(app, { organization, account }),
  guardrails: (app, organization, guardrails) => new GuardrailsStack(app, { organization, guardrails }),
};

const build = <K extends StackKind>(
  app: App,
  organization: Organization,
  { kind, subject }: Pick<DeclaredStack<K>, "kind" | "subject">,
): TerraformStack => BUILDERS[kind](app, organization, subject);

/** Adds every stack of an organization to an app, and which of them cdktf deploys before which. */
export function addStacks(app: App, organization: Organization): void {
  const added = new Map<string, TerraformStack>();
  for (const stack of declaredStacks(organization)) {
    const built = build(app, organization, stack);
    added.set(stack.id, built);
    for (const before of stack.after) built.addDependency(added.get(before)!);
  }
}

/**
 * Adds one stack of an organization to an app. Its configuration is the same as in an app that has them all.
 * @param id as `npm run fleet -- list` shows it
 * @throws Error if the organization has no such stack
 */
export function addStack(app: App, organization: Organization, id: string): void {
  const stacks = declaredStacks(organization);
  const stack = stacks.find((candidate) => candidate.id === id);
  if (!stack) throw new Error(`no stack ${id}; there are ${stacks.map((other) => other.id).join(", ")}`);
  build(app, organization, stack);
}
