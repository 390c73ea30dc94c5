import { join } from "node:path";

/**
 * Runs one invocation of a function, in a process of its own: the parent sends where the code is and the event, gets
 * the outcome back, and what the function logs comes as lines of JSON on standard output, as Lambda's own runtime
 * writes them.
 */
export interface Assignment {
  readonly directory: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly event: unknown;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** What became of an invocation. */
export type HostOutcome = { readonly result: unknown } | { readonly error: string };

type Handler = (event: unknown, context: object) => unknown;

for (const level of ["debug", "info", "log", "warn", "error"] as const) {
  console[level] = (...values: unknown[]) => {
    const message = values.length === 1 ? values[0] : values.map(String).join(" ");
    const line = { timestamp: new Date().toISOString(), level: level.toUpperCase(), requestId, message };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}

let requestId = "";

async function run({ directory, handler, event, deadline }: Assignment): Promise<HostOutcome> {
  const [file = "", name = ""] = handler.split(".");
  try {
    const code = (await import(join(directory, `${file}.js`))) as Record<string, Handler | undefined>;
    const entry = code[name] ?? (code["default"] as unknown as typeof code)?.[name];
    if (entry === undefined) throw new Error(`there is no ${handler}`);
    const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - Date.now() };
    return { result: await entry(event, context) };
  } catch (error) {
    const { name: kind, message, stack } = error as Error;
    console.error({ errorType: kind, errorMessage: message, stack });
    return { error: `${kind}: ${message}` };
  }
}

// Without its parent nobody waits for it.
process.once("disconnect", () => process.exit(1));
process.once("message", (assignment: Assignment) => {
  requestId = assignment.requestId;
  void run(assignment).then((outcome) => process.send!(outcome, () => process.exit(0)));
});
