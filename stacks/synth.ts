import type { App, TerraformStack } from "cdktf";
import type { Organization } from "../accounts/model/organization";
import { AccountStack } from "./account-stack";
import { ArchiveStack } from "./archive-stack";
import { CentralStack } from "./central-stack";
import { ChatStack } from "./chat-stack";
import { GuardrailsStack } from "./guardrails-stack";
import { PipelineStack } from "./pipeline-stack";
import { ReplicaStack } from "./replica-stack";
import { SessionStack } from "./session-stack";
import { declaredStacks, type DeclaredStack, type StackKind, type SubjectOf } from "./stack-graph";

/** How the stack of each kind is built. */
type Builders = {
  readonly [K in StackKind]: (app: App, organization: Organization, subject: SubjectOf<K>) => TerraformStack;
};

const BUILDERS: Builders = {
  central: (app, organization, central) => new CentralStack(app, { organization, central }),
  archive: (app, organization, site) => new ArchiveStack(app, { organization, site }),
  replica: (app, organization, replica) => new ReplicaStack(app, { organization, replica }),
  account: (app, organization, account) => new AccountStack(app, { organization, account }),
  session: (app, organization, target) => new SessionStack(app, { organization, target }),
  chat: (app, organization, account) => new ChatStack(app, { organization, account }),
  guardrails: (app, organization, guardrails) => new GuardrailsStack(app, { organization, guardrails }),
  pipeline: (app, organization, pipeline) => new PipelineStack(app, { organization, pipeline }),
};

/** Builds one stack in an app, without its dependencies. */
export const buildStack = <K extends StackKind>(
  app: App,
  organization: Organization,
  { kind, subject }: Pick<DeclaredStack<K>, "kind" | "subject">,
): TerraformStack => BUILDERS[kind](app, organization, subject);

/**
 * Adds the stacks of an organization to an app of cdktf, with the dependencies that decide in which order cdktf deploys them.
 * The configuration of a stack does not depend on which other stacks the app has.
 * @param only ids of the stacks to add; without it, every stack is added
 * @throws Error if `only` has an id that the organization does not have
 * @example addStacks(new App(), readOrganization(file))
 * @example addStacks(new App(), organization, new Set(["session-payments-us-east-1"]))
 */
export function addStacks(app: App, organization: Organization, only?: ReadonlySet<string>): void {
  const stacks = declaredStacks(organization);
  const declared = new Set(stacks.map(({ id }) => id));
  const unknown = [...(only ?? [])].filter((id) => !declared.has(id));
  if (unknown.length > 0)
    throw new Error(`no stack ${unknown.join(", ")}; there are ${[...declared].join(", ")}`);
  const added = new Map<string, TerraformStack>();
  for (const stack of stacks) {
    if (only && !only.has(stack.id)) continue;
    const built = buildStack(app, organization, stack);
    added.set(stack.id, built);
    for (const id of stack.after) {
      const before = added.get(id);
      if (before) built.addDependency(before);
    }
  }
}
