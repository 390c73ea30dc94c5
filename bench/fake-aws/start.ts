import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { MAP_VARIABLE } from "../../accounts/reading/load";
import { mapOfTargets } from "./targets";

const ROOT = resolve(__dirname, "..", "..");

/** A running fake. */
export interface Fake {
  /** The whole environment of a command that reads the targets of the fake. */
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a fake of the AWS APIs as a process of its own, so that its processor time and its memory are not those of the
 * command.
 * @param directory an empty directory, which gets the map
 */
export async function startFake(
  directory: string,
  { sessions, targets }: { readonly sessions: number; readonly targets: number },
): Promise<Fake> {
  const map = join(directory, "accounts.json");
  writeFileSync(map, JSON.stringify(mapOfTargets(targets)));
  const server = join(__dirname, "server.ts");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", server, map, String(sessions)], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout! });
  const [port] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([status]) => Promise.reject(new Error(`the fake ended with ${status}`))),
  ])) as [string];
  return {
    env: {
      PATH: process.env["PATH"],
      HOME: directory,
      [MAP_VARIABLE]: map,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "ASIA000000000000",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    stop: async () => {
      const closed = once(child, "close");
      // The fake ends with its input.
      child.stdin!.end();
      await closed;
    },
  };
}
