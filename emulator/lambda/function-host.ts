import { join } from "node:path";

/*
 * The program of the child process in which one invocation of a function runs. The parent process sends an assignment and
 * receives the outcome. What the function logs appears as lines of JSON on standard output, as in Lambda's JSON log format.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */

/** What the parent process sends: which function to run, and with which event. */
export interface Assignment {
  /** Path of the directory with the code. */
  readonly directory: string;
  /** `<file>.<export>` */
  readonly handler: string;
  readonly event: unknown;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

/** What the parent process receives: the result of the function, or the error that it threw. */
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
    if (entry === undefined) throw new Error(`There is no handler ${handler}`);
    const context = { awsRequestId: requestId, getRemainingTimeInMillis: () => deadline - Date.now() };
    return { result: await entry(event, context) };
  } catch (error) {
    const { name: kind, message, stack } = error as Error;
    console.error({ errorType: kind, errorMessage: message, stack });
    return { error: `${kind}: ${message}` };
  }
}

/** Waits until everything that the function has logged is written. */
const written = async (): Promise<void> => {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write("", () => resolve()));
};

// The parent process is gone, so nothing waits for the outcome, and nobody else ends a function that runs for ever.
process.once("disconnect", () => process.kill(process.pid));
process.once("message", (assignment: Assignment) => {
  requestId = assignment.requestId;
  // The parent process ends this one when it has the outcome: what the function has left running is over then, as in
  // Lambda, which freezes the environment.
  void run(assignment).then(async (outcome) => {
    await written();
    process.send!(outcome);
  });
});
