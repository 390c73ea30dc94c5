/** 1980-01-01, the earliest date that a zip archive can have. */
const DATE = 0x21;
/** The host system of the file attributes. */
const UNIX = 3;
/** Version 2.0 of the format, in tenths. */
const VERSION = 20;
/**
 * A regular file that everybody may read (0644). Lambda requires global read permissions on code.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/deployment-package-v2.html
 */
const MODE = (0o100644 << 16) >>> 0;

/**
 * A zip archive of one file. The archive depends on nothing but the file's name and content, so that the same map
 * results in the same bytes everywhere. The file is not compressed, because the output of a compressor may differ
 * between versions of Node.js, and it has a constant date and no owner.
 * @param name name of the file in the archive
 * @param content content of the file
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @example storedZip("index.js", Buffer.from("exports.handler = async () => {};"))
 */
export function storedZip(name: string, content: Buffer): Buffer {
  const file = Buffer.from(name, "utf8");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, file, content]);

  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE(MODE, 6);
  const entry = Buffer.concat([
    Buffer.from("PK\x01\x02", "latin1"),
    Buffer.from([VERSION, UNIX]),
    common,
    attributes,
    file,
  ]);

  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** The remainder of each byte value, from which a CRC-32 is computed. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * The CRC-32 of bytes, which is the checksum of zip archives. `zlib.crc32` exists only since Node.js 20.15 and 22.2.
 * @see https://nodejs.org/api/zlib.html#zlibcrc32data-value
 */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
