import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Replaces a file, so that readers find the old text or the new one, even if the process is killed half-way.
 * @throws whatever writing throws; the file is then as it was
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.partial-${process.pid}`;
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
