import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

export interface StackFileProps {
  /** Beside `cdk.tf.json`. */
  readonly name: string;
  readonly content: Buffer;
}

/** A file that Terraform reads, written beside the stack when that is synthesized. */
export class StackFile extends Construct {
  /** Relative to the directory in which Terraform runs. */
  readonly path: string;

  constructor(scope: Construct, id: string, { name, content }: StackFileProps) {
    super(scope, id);
    this.path = name;
    const stack = TerraformStack.of(this);
    const { synthesizer } = stack;
    stack.synthesizer = {
      synthesize(session) {
        synthesizer.synthesize(session);
        const directory = join(session.outdir, session.manifest.forStack(stack).workingDirectory);
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, name), content);
      },
    };
  }
}
