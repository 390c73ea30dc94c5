import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { addFile } from "../kit/stack-files";

/** What a file is called, and what it contains. */
export interface StackFileProps {
  /** Name of the file, without a directory: the file is written beside `cdk.tf.json`. */
  readonly name: string;
  /** Content of the file. */
  readonly content: Buffer;
}

/**
 * A file that Terraform reads, such as a function's code. Synthesis writes it into the directory of the stack.
 * @example
 * new StackFile(this, "Code", { name: "guard.zip", content: guardCode().zip }).path
 */
export class StackFile extends Construct {
  /** Path of the file, relative to the directory in which Terraform runs. */
  readonly path: string;

  constructor(scope: Construct, id: string, { name, content }: StackFileProps) {
    super(scope, id);
    this.path = name;
    const stack = TerraformStack.of(this);
    addFile(stack, name, content);
    // `App.synth` of cdktf asks the synthesizer.
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
