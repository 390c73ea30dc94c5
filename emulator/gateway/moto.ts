import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { endGroup, endWithUs } from "../../processes/process-group";
import { createServer } from "node:net";

/** A TCP port of the loopback interface on which nothing listens at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * The command that starts moto's server. `-H <host> -p <port>` is appended.
 * @example
 * { command: "/usr/bin/python3", args: ["-c", "from moto.server import main; main()"] }
 */
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
  /** The number of characters that moto has written so far: a mark for {@link outputSince}. */
  outputMark(): number;
  /** The lines that moto has written since a mark. A call that crashes leaves its traceback only there. */
  outputSince(mark: number): readonly string[];
  /** Ends the server and resolves when its processes are gone. A second call does nothing. */
  stop(): Promise<void>;
}

/** Ends the wait for a moto that hangs. Starting takes seconds on an idle machine, and minutes on a busy one. */
const READY_WITHIN_MS = 300_000;
const KEPT_OUTPUT = 20_000;

/**
 * Starts moto on a free loopback port and waits until it answers.
 * @throws Error with moto's last output when moto ends early or does not answer within five minutes
 */
export async function startMoto(
  { command, args }: MotoCommand,
  options: {
    log?: (line: string) => void;
    /** Aborts the start. Once the server has started, call `stop` instead. */
    signal?: AbortSignal;
  } = {},
): Promise<Moto> {
  options.signal?.throwIfAborted();
  const port = await freePort();
  // A process group of its own, because a wrapper such as `uv run` would otherwise leave the server behind.
  const child = spawn(command, [...args, "-H", "127.0.0.1", "-p", String(port)], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      // Without this variable, moto has none of AWS's managed policies, such as AmazonSSMManagedInstanceCore.
      MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
      // A map may name regions that are newer than moto.
      MOTO_ALLOW_NONEXISTENT_REGION: "true",
    },
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
