import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isLeftover } from "../../files/all-or-nothing";

const PREFIX = ".partial-";
let serial = 0;

/** Where files wait until all of them are written. */
export interface Staging {
  /** Absolute path of the directory with the files that wait: a directory in the final one, so on its file system. */
  readonly directory: string;
  /**
   * Writes a file that waits. Workers call this as well.
   * @param path where the file goes, relative to the final directory
   */
  write(path: string, content: string | Buffer): void;
  /** Moves files to their places. No signal is heard meanwhile. */
  commit(paths: Iterable<string>): void;
  /**
   * Removes the files that still wait. If the final directory was created for nothing, it is removed with every directory
   * above it that was created for it.
   */
  close(): void;
}

/**
 * Keeps the files of a directory beside their places until all of them are written, so that an interruption or an error
 * leaves the directory as it was. A process that is killed while it moves them leaves whole files, some of them old.
 * @param target absolute path of the directory, which is created if it is absent
 * @throws Error of the file system
 */
export function stagingFor(target: string): Staging {
  const created = mkdirSync(target, { recursive: true });
  removeLeftovers(target);
  const directory = join(target, `${PREFIX}${process.pid}-${serial++}`);
  mkdirSync(directory);
  let committed = false;
  return {
    directory,
    write: writerIn(directory),
    commit(paths) {
      committed = true;
      for (const path of paths) {
        const place = join(target, path);
        mkdirSync(dirname(place), { recursive: true });
        renameSync(join(directory, flat(path)), place);
      }
    },
    close: () =>
      rmSync(created !== undefined && !committed ? created : directory, { recursive: true, force: true }),
  };
}

/** Writes files that wait in the directory of a {@link Staging}. */
export const writerIn =
  (directory: string): Staging["write"] =>
  (path, content) =>
    writeFileSync(join(directory, flat(path)), content);

/** Files wait in one directory: to create and remove a directory for each stack takes longer than to write its file. */
const flat = (path: string): string => encodeURIComponent(path);

/** Removes what processes that were killed have left. */
function removeLeftovers(target: string): void {
  for (const name of readdirSync(target)) {
    if (isLeftover(name, PREFIX)) rmSync(join(target, name), { recursive: true, force: true });
  }
}
