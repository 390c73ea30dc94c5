import { join } from "node:path";
import { runInGroup, type GroupOutcome } from "../../processes/process-group";
import { CODE } from "../options";
import { WORKSPACE_VARIABLE } from "../workspace";

/** How a worker runs this program for an item. */
export interface ProgramProps {
  /** Where the item's files are. */
  readonly cwd: string;
  /** Directory of the worker: Terraform's working data is there. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interrupt: AbortSignal;
  readonly kill: AbortSignal;
  /** Receives what the program prints for people. */
  readonly onText: (text: string) => void;
}

/**
 * Runs a command of this program in a process of its own: it gets the signals that the worker decides about, and its end
 * is the end of everything that it has opened. Only a Terraform that applies a plan outlives it.
 */
export const runProgram = (argv: readonly string[], props: ProgramProps): Promise<GroupOutcome> =>
  runInGroup(process.execPath, [join(CODE, "fleet", "bin.mjs"), ...argv], {
    cwd: props.cwd,
    interrupt: props.interrupt,
    kill: props.kill,
    env: { ...props.env, [WORKSPACE_VARIABLE]: join(props.directory, "workspace") },
    onText: (text, stream) => stream === "stderr" && props.onText(text),
  });
