import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads one file of a zip archive. The archive must not be encrypted, split or in the zip64 format, and the caller must
 * have verified its checksum.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3, for the layout of an archive
 * @throws Error if `archive` is no zip archive, is damaged, or does not contain the file
 */
export function readZipEntry(archive: Buffer, name: string): Buffer {
  // A comment of up to 64 KiB may follow the end record of 22 bytes, so the search for the record runs backwards.
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error("not a zip archive");

  const names: string[] = [];
  let entry = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(entry) !== DIRECTORY_ENTRY)
      throw new Error("the zip archive's directory is damaged");
    const nameLength = archive.readUInt16LE(entry + 28);
    const entryName = archive.toString("utf8", entry + 46, entry + 46 + nameLength);
    if (entryName === name) return content(archive, entry);
    names.push(entryName);
    entry += 46 + nameLength + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
  }
  throw new Error(`the zip archive holds no ${name}, only ${names.join(", ") || "nothing"}`);
}

function content(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const compressedSize = archive.readUInt32LE(entry + 20);
  const size = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  // The local header repeats the name. Its extra field may be longer or shorter than the field in the directory.
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + compressedSize);
  if (method !== STORED && method !== DEFLATED)
    throw new Error(`zip compression method ${method} is not supported`);
  const bytes = method === STORED ? Buffer.from(packed) : inflateRawSync(packed);
  if (bytes.length !== size)
    throw new Error("the zip archive is damaged: a file does not have the size that the archive claims");
  return bytes;
}
