import { hostname, userInfo } from "node:os";
import { isRunning } from "../../files/all-or-nothing";
import { takeLock } from "../../files/lock";
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

/** The holder that a lock names; null: an older version wrote it half, or another program did. */
function holderIn(content: string): Holder | null {
  try {
    const holder = JSON.parse(content) as Partial<Holder> | null;
    return typeof holder?.host === "string" && typeof holder.pid === "number" ? (holder as Holder) : null;
  } catch {
    return null;
  }
}

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
  const taken = await takeLock(file, JSON.stringify(me), (content) => {
    const holder = holderIn(content);
    return holder !== null && hasEnded(holder, me);
  });
  if ("release" in taken) return taken.release;
  const holder = holderIn(taken.heldBy);
  if (holder === null) {
    throw new UserError({
      what: `${file} does not say who ${does}.`,
      remedy:
        "Find out whether a process still does. If none does, remove this file, and go on with --resume.",
      exitCode: EXIT.elsewhere,
    });
  }
  throw new UserError({
    what: `${shown(holder)} ${does}.`,
    remedy: `Wait for its end. If that machine is lost, remove ${file} and go on with --resume.`,
    exitCode: EXIT.elsewhere,
  });
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
      exitCode: EXIT.elsewhere,
    });
  }
  if (journal.lines.length > 0 && !resume) {
    throw new UserError({
      what: "these plans have been deployed before, at least in part.",
      remedy: "Go on with --resume: it applies what is left, and no plan twice.",
    });
  }
}
