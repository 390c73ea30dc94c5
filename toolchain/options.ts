/** What every function of this folder takes. */
export interface ToolchainOptions {
  /** The project's git-ignored `.cache`. Created when something has to be kept. */
  cacheDir: string;
  /** Receives whole lines, without a newline, about what was found, passed over or is being fetched. */
  log: (line: string) => void;
  /** @default process.env, which is only ever read */
  env?: NodeJS.ProcessEnv;
}
