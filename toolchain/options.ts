import type { ChildSignals } from "../processes/child-process";

/** The options of every function in this folder. Its signals end child processes and downloads. */
export interface ToolchainOptions extends ChildSignals {
  /** The project's git-ignored `.cache`. Created when something has to be kept. */
  cacheDir: string;
  /** Receives whole lines, without a newline: which tools were found, passed over or are being downloaded. */
  log: (line: string) => void;
  /** Never changed. @default process.env */
  env?: NodeJS.ProcessEnv;
}
