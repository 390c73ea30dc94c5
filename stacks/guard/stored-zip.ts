/** 1980-01-01, the earliest that a zip archive can say. */
const DATE = 0x21;
const UNIX = 3;
const VERSION = 20;
/** A regular file that all may read: Lambda runs it as another user. */
const MODE = (0o100644 << 16) >>> 0;

/**
 * A zip archive of one file, not compressed: what a compressor makes differs from one version of Node.js to the next,
 * and this must not. No time, no owner, nothing but the bytes and their name.
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

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The checksum of zip archives. Node.js has one of its own since 20.15. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
