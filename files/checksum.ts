import { hash } from "node:crypto";

/** The SHA-256 of a text or of bytes, as 64 hexadecimal digits. */
export const sha256Of = (data: string | Buffer): string => hash("sha256", data, "hex");
