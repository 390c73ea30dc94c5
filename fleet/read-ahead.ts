import { open } from "node:fs/promises";

/** How many files are read at the same time as another one is worked on. */
const AHEAD = 8;

/** A file's text, or what keeps it from being read. */
export type ReadFile = { readonly text: string } | { readonly error: Error };

/**
 * Reads files in order, some of them ahead: the disk works while the caller works on a file before, and only a few files
 * are in memory at a time.
 * @example for await (const read of readAhead(["a.json", "b.json"])) if ("text" in read) JSON.parse(read.text);
 */
export async function* readAhead(files: readonly string[]): AsyncGenerator<ReadFile> {
  const reading: Promise<ReadFile>[] = [];
  for (let next = 0; next < files.length || reading.length > 0;) {
    while (next < files.length && reading.length < AHEAD) reading.push(readOne(files[next++]!));
    yield (await reading.shift())!;
  }
}

/** Reads a file in one piece: `readFile` of Node.js takes a turn of the event loop for each 512 KB. */
async function readOne(file: string): Promise<ReadFile> {
  try {
    const handle = await open(file);
    try {
      const buffer = Buffer.allocUnsafe((await handle.stat()).size);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        ({ bytesRead: read } = await handle.read(buffer, length, buffer.length - length, length));
      return { text: buffer.toString("utf8", 0, length) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { error: error as Error };
  }
}
