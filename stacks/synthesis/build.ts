import { App, type TerraformStack } from "cdktf";
import type { Organization } from "../../accounts/model/organization";
import { configurationOf } from "../kit/configuration";
import { filesOf } from "../kit/stack-files";
import { withoutTokenTraces } from "../kit/token-traces";
import { forgetTokens } from "../kit/tokens";
import type { DeclaredStack } from "../stack-graph";
import { addStacks, buildStack } from "../synth";

/** The files of a stack by name: `cdk.tf.json`, and what Terraform reads beside it. */
export type StackFiles = ReadonlyMap<string, string | Buffer>;

/**
 * A function that builds a stack and returns its files. It forgets the stack, so that memory does not grow with the
 * number of stacks. The bytes are those that `App.synth` of cdktf writes.
 * @param scratch an existing directory, in which cdktf creates the directory `stacks` and nothing else
 * @throws Error with every failed validation of the stack
 * @example const files = stackBuilder(organization, scratch)(declaredStacks(organization)[0]!);
 */
export function stackBuilder(
  organization: Organization,
  scratch: string,
): (declared: DeclaredStack) => StackFiles {
  const app = new App({ outdir: scratch });
  return (declared) =>
    withoutTokenTraces(() => {
      const stack = buildStack(app, organization, declared);
      try {
        stack.runAllValidations();
        refuseReferences(stack);
        return new Map<string, string | Buffer>([...filesOf(stack), ["cdk.tf.json", configurationOf(stack)]]);
      } finally {
        app.node.tryRemoveChild(stack.node.id);
        forgetTokens();
      }
    });
}

/** A dependency here would be one that a construct has added: only the graph of stacks says in which order they go. */
function refuseReferences(stack: TerraformStack): void {
  if (stack.dependencies.length > 0)
    throw new Error(`${stack.node.id} depends on a stack that stacks/stack-graph.ts does not name`);
}

/**
 * Lets cdktf itself write stacks, which it does as HCL if the environment variable `SYNTH_HCL_OUTPUT` says so.
 * @param outdir absolute path
 * @param only ids of the stacks; without it, every stack is written
 */
export function synthesizeByCdktf(
  organization: Organization,
  outdir: string,
  only?: ReadonlySet<string>,
): void {
  withoutTokenTraces(() => {
    const app = new App({ outdir });
    addStacks(app, organization, only);
    app.synth();
  });
}
