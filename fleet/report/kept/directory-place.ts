import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { constants, copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { createInterface } from "node:readline";
import type { Reading } from "../../../report/chain/verify";
import { UserError } from "../../../processes/user-error";
import { CHAIN, REPORTS } from "../../../report/chain/manifest";
import type { Place, Written } from "./place";

/** Kept reports in a folder. */
export class DirectoryPlace implements Place {
  private readonly folder: string;

  constructor(
    readonly name: string,
    cwd: string,
  ) {
    this.folder = resolve(cwd, name);
  }

  /** @throws UserError if a file is in the place of the folder, or of one that leads to it */
  async reading(): Promise<Reading> {
    await this.refuseFile();
    const keys = [...(await this.keysBelow(CHAIN)), ...(await this.keysBelow(REPORTS))];
    return {
      listed: keys.sort().map((key) => ({ key, versions: 1, deleted: false })),
      read: (key) => readFile(this.path(key)).catch(absent),
      lines: (key) => this.lines(key),
      digest: async (key) => {
        const info = await stat(this.path(key)).catch(absent);
        if (info === null) return null;
        const hash = createHash("sha256");
        for await (const chunk of createReadStream(this.path(key))) hash.update(chunk as Buffer);
        return { size: info.size, sha256: hash.digest("hex") };
      },
    };
  }

  lines(key: string): AsyncIterable<string> {
    return createInterface({ input: createReadStream(this.path(key)), crlfDelay: Infinity });
  }

  async write({ key, content }: Written): Promise<boolean> {
    const path = this.path(key);
    await mkdir(dirname(path), { recursive: true });
    try {
      if (typeof content === "string") await copyFile(content, path, constants.COPYFILE_EXCL);
      else await writeFile(path, content, { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  close(): void {}

  private async refuseFile(): Promise<void> {
    const isFile = await stat(this.folder).then(
      (found) => !found.isDirectory(),
      ({ code }: NodeJS.ErrnoException) => code === "ENOTDIR",
    );
    if (!isFile) return;
    throw new UserError({
      what: `${this.name}: there is a file where the folder of the kept reports would be.`,
      remedy: "Name a folder, or a new name for one.",
    });
  }

  private path(key: string): string {
    const path = join(this.folder, ...key.split("/"));
    if (path.startsWith(this.folder + sep)) return path;
    throw new UserError({
      what: `${JSON.stringify(key)} leads out of ${this.name}.`,
      remedy: "Do not trust these reports: session-audit writes no such key.",
    });
  }

  private async keysBelow(prefix: string): Promise<string[]> {
    const entries = await readdir(join(this.folder, prefix), { recursive: true, withFileTypes: true }).catch(
      absent,
    );
    return (entries ?? [])
      .filter((entry) => !entry.isDirectory())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.folder.length + 1)
          .split(sep)
          .join("/"),
      );
  }
}

/** null for a file that does not exist. */
const absent = (error: NodeJS.ErrnoException): null => {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
};
