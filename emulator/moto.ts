import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port";
import { endGroup, endWithUs } from "../fleet/process-group";

/** How to start moto's server; `-H` and `-p` are appended. For example `python3 -m moto.server`. */
export interface MotoCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A running moto server. */
export interface Moto {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** How much it has written so far, for {@link outputSince}. */
  outputMark(): number;
  /** Its lines of output since a mark: a failed call leaves its traceback there and nothing in its answer. */
  outputSince(mark: number): readonly string[];
  /** Ends the server and waits until it is gone. May be called again. */
  stop(): Promise<void>;
}

/** Ends the wait for a moto that hangs; one that fails ends by itself. Starting takes seconds, or minutes under load. */
const READY_WITHIN_MS = 300_000;
const KEPT_OUTPUT = 20_000;

/**
 * Starts moto on a free loopback port and waits until it answers.
 * @throws with moto's last output when it ends early or does not answer within five minutes.
 */
export async function startMoto(
  { command, args }: MotoCommand,
  options: {
    log?: (line: string) => void;
    /** Aborts the start; a server that has started is for `stop`. */
    signal?: AbortSignal;
  } = {},
): Promise<Moto> {
  options.signal?.throwIfAborted();
  const port = await freePort();
  // Its own process group: a wrapper such as `uv run` would otherwise leave the server behind.
  const child = spawn(command, [...args, "-H", "127.0.0.1", "-p", String(port)], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // AWS's own policies (AmazonSSMManagedInstanceCore) exist only when asked for.
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
  });
  let output = "";
  let written = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT);
      written += text.length;
      for (const line of text.split("\n")) if (line.trim() !== "") options.log?.(`moto: ${line}`);
    });
  }
  let failure: string | undefined;
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code, signal) => (failure ??= `it ended with ${signal ?? `exit code ${code}`}`));

  const unwatch = child.pid === undefined ? () => undefined : endWithUs(child.pid);
  const stop = async () => {
    options.signal?.removeEventListener("abort", abort);
    await endGroup(child);
    unwatch();
  };
  const abort = () => void stop();
  options.signal?.addEventListener("abort", abort, { once: true });

  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(endpoint))) {
    if (options.signal?.aborted === true) failure ??= "the start was aborted";
    if (failure === undefined && Date.now() > deadline) failure = "it does not answer";
    if (failure !== undefined) {
      await stop();
      const call = [command, ...args].join(" ");
      throw new Error(
        `moto did not start (${call}): ${failure}.${output === "" ? "" : `\nIts last output:\n${output.slice(-4_000)}`}`,
      );
    }
    await delay(100);
  }
  options.signal?.removeEventListener("abort", abort);
  return {
    endpoint,
    port,
    pid: child.pid as number,
    outputMark: () => written,
    outputSince: (mark) => output.slice(Math.max(0, output.length - (written - mark))).split("\n"),
    stop,
  };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/moto-api/`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
