import { open, readFile, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { isRunning } from "../../files/all-or-nothing";
import { UserError } from "../../processes/user-error";
import { EXIT } from "../command";
import type { Holder, Journal } from "./journal";

/** The person, the machine and the process that deploy here. */
export function thisHolder(): Holder {
  let user = "unknown";
  try {
    user = userInfo().username;
  } catch {
    // A container may run with an id that no user has.
  }
  return { user, host: hostname(), pid: process.pid };
}

const shown = ({ user, host, pid }: Holder) => `${user} on ${host} (process ${pid})`;

/** Whether a holder has ended for sure: its process was on this machine and is gone. */
const hasEnded = (holder: Holder, me: Holder) => holder.host === me.host && !isRunning(holder.pid);

/**
 * Takes a plan folder for one deployment, by a file that only one process can create.
 * @param does what the holder of the file does, for the message to another one
 * @returns a function that gives the folder back
 * @throws UserError that says who deploys it
 */
export async function holdFolder(
  file: string,
  me: Holder,
  does = "deploys this plan folder",
): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await open(file, "wx", 0o600);
      await handle.writeFile(JSON.stringify(me));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await readFile(file, "utf8")
      .then((text) => JSON.parse(text) as Holder)
      .catch(() => null);
    if (holder && !hasEnded(holder, me)) {
      throw new UserError({
        what: `${shown(holder)} ${does}.`,
        remedy: `Wait for its end. If that machine is lost, remove ${file} and go on with --resume.`,
        exitCode: EXIT.elsewhere,
      });
    }
    await rm(file, { force: true });
  }
}

/**
 * Refuses to start a deployment a second time unless it is resumed, and to resume one that still runs.
 * @throws UserError that says who deploys, or has deployed
 */
export function refuseRunning(
  journal: Journal,
  me: Holder,
  { resume, takeOver }: { readonly resume: boolean; readonly takeOver: boolean },
): void {
  const holder = journal.unfinished;
  if (holder !== null && !hasEnded(holder, me) && !takeOver) {
    throw new UserError({
      what: `${shown(holder)} has begun to deploy these plans, and its journal has no end.`,
      remedy: "If it still runs, wait for its end. If its machine is lost, add --resume --take-over.",
    });
  }
  if (journal.lines.length > 0 && !resume) {
    throw new UserError({
      what: "these plans have been deployed before, at least in part.",
      remedy: "Go on with --resume: it applies what is left, and no plan twice.",
    });
  }
}
