import { hash } from "node:crypto";

/** A digest in a stack, and the text that it is of. */
export interface TextDigest {
  readonly text: string;
  /** Number of hexadecimal digits. */
  readonly length: number;
}

/** The digests that are recorded at the moment, by their digits; null: nobody records. */
let recorded: Map<string, TextDigest> | null = null;

/** The first digits of a text's SHA-256, in hexadecimal. */
export function digestOfText(text: string, length: number): string {
  const digits = hash("sha256", text, "hex").slice(0, length);
  recorded?.set(digits, { text, length });
  return digits;
}

/**
 * Runs a function and records the digests that it computes, by their digits. Synthesis needs them to write a stack that
 * is another one but for a name and an id: these are part of the texts.
 */
export function recordingDigests<T>(run: () => T): {
  readonly value: T;
  readonly digests: ReadonlyMap<string, TextDigest>;
} {
  const outer = recorded;
  const digests = new Map<string, TextDigest>();
  recorded = digests;
  try {
    return { value: run(), digests };
  } finally {
    recorded = outer;
  }
}
