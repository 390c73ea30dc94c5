import { createHash, randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";

/** What came of an attempt to take a lock: it is held until `release`, or another process holds it. */
export type Taken =
  | { readonly release: () => Promise<void> }
  /** The content of the holder's file. */
  | { readonly heldBy: string };

/**
 * Takes a lock that is a file. Of any number of processes that try at the same time, one gets it.
 *
 * The file appears with its whole content, by `link`, so no process reads a lock that is half written. The lock of a
 * holder that has ended is replaced by `rename`, and only by the process that holds a second lock, which is named by the
 * content of the first one. A slow process that has read the same content therefore never replaces a newer lock. The
 * second lock is taken in the same way, because its holder may end as well.
 * @param content says who holds the lock
 * @param hasEnded whether the holder with this content has ended for sure; false for content that it cannot read
 * @throws Error of the file system, such as ENOTSUP where a file cannot have two names
 * @see https://man7.org/linux/man-pages/man2/link.2.html
 * @example
 * const taken = await takeLock("plans/monday/deploy.lock", "4711", (pid) => !isRunning(Number(pid)));
 * if ("release" in taken) await taken.release();
 */
export async function takeLock(
  file: string,
  content: string,
  hasEnded: (content: string) => boolean,
): Promise<Taken> {
  for (;;) {
    if (await created(file, content)) return { release: () => rm(file, { force: true }) };
    const found = await contentOf(file);
    if (found === null) continue;
    if (!hasEnded(found)) return { heldBy: found };
    const successor = await takeLock(successorOf(file, found), content, hasEnded);
    // Another process is about to take the lock, and this one would come too late.
    if ("heldBy" in successor) return successor;
    try {
      // Until the end of this block, nobody else replaces a lock with this content.
      if ((await contentOf(file)) === found && hasEnded(found)) {
        await replace(file, content);
        return { release: () => rm(file, { force: true }) };
      }
    } finally {
      await successor.release();
    }
  }
}

/** Creates a file with its content, unless it exists. */
async function created(file: string, content: string): Promise<boolean> {
  return withNewFile(file, content, (beside) =>
    link(beside, file).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false;
        throw error;
      },
    ),
  );
}

const replace = (file: string, content: string): Promise<void> =>
  withNewFile(file, content, (beside) => rename(beside, file));

/** Does something with a new file that is beside another one. */
async function withNewFile<T>(
  file: string,
  content: string,
  work: (beside: string) => Promise<T>,
): Promise<T> {
  const beside = `${file}.${process.pid}-${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(beside, content, { flag: "wx", mode: 0o600 });
    return await work(beside);
  } finally {
    await rm(beside, { force: true });
  }
}

/** The content of a lock; null: there is none any more. */
const contentOf = (file: string): Promise<string | null> =>
  readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    // Where the path is a folder, the error does not name it.
    throw Object.assign(error, { path: file });
  });

const successorOf = (file: string, content: string): string =>
  `${file}.after-${createHash("sha256").update(content).digest("hex").slice(0, 16)}`;
