import { rename, rm, writeFile } from "node:fs/promises";

let serial = 0;

/**
 * Replaces a file, so that readers find the old text or the new one, even if the process is killed half-way or another
 * one replaces the file at the same time.
 * @param mode permissions, such as 0o755 for a program. By default everybody may read it, as the umask allows.
 * @throws whatever writing throws; the file is then as it was
 */
export async function replaceFile(file: string, text: string, mode = 0o666): Promise<void> {
  const beside = `${file}.partial-${process.pid}-${serial++}`;
  try {
    await writeFile(beside, text, { mode });
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
