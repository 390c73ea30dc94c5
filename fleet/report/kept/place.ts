import type { Reading } from "../../../report/chain/verify";

/** A file or object to be written, whose size and SHA-256 are known. */
export interface Written {
  readonly key: string;
  readonly mediaType: string;
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Path of a file that has the content, or the content. */
  readonly content: string | Buffer;
}

/** Where reports are kept: a folder, or a bucket below a prefix. Nothing in it is ever overwritten. */
export interface Place {
  /** Name for people, such as `s3://acme-reports/weekly`. */
  readonly name: string;
  /** Everything that is there, and functions that read it. */
  reading(): Promise<Reading>;
  /** The lines of a key, without their ends. @throws what the file system or AWS answered */
  lines(key: string): AsyncIterable<string>;
  /** Writes, unless there is something already. @returns whether it was written */
  write(written: Written): Promise<boolean>;
  /** Closes the connections. */
  close(): void;
}
