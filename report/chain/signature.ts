import { constants, createPublicKey, verify, type KeyObject } from "node:crypto";
import { z } from "zod";
import { sha256Of } from "../../files/checksum";

/** The ways to sign that `report verify` knows, by KMS's names, the preferred one first. */
export const ALGORITHMS = ["ECDSA_SHA_256", "RSASSA_PSS_SHA_256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

const signatureSchema = z.strictObject({
  type: z.literal("kept-report-signature"),
  version: z.literal(1),
  /** Key of the manifest whose bytes are signed. */
  manifest: z.string(),
  algorithm: z.enum(ALGORITHMS),
  /** ARN of the KMS key. */
  keyId: z.string(),
  /** SHA-256 of the public key in DER, in hexadecimal. */
  publicKeySha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** In base64, in its one canonical form. */
  signature: z.base64().refine((text) => Buffer.from(text, "base64").toString("base64") === text),
});

/** The signature of a manifest, in a file of its own. */
export type Signature = z.infer<typeof signatureSchema>;

/** The bytes of a signature's file. */
export const signatureBytes = (signature: Signature): Buffer =>
  Buffer.from(`${JSON.stringify(signature, null, 2)}\n`, "utf8");

/** A signature from the bytes of its file; null: they are not a signature. */
export function parseSignature(bytes: Buffer): Signature | null {
  try {
    return signatureSchema.safeParse(JSON.parse(bytes.toString("utf8"))).data ?? null;
  } catch {
    return null;
  }
}

/**
 * What is signed of a manifest: a line with its key, the SHA-256 of its bytes, and the key that signs. The line says what it is, so that a
 * signature that the key has made for something else cannot pass as that of a report; and it fits into the 4,096 bytes that KMS hashes
 * itself.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export const statementOf = (
  { manifest, keyId }: Pick<Signature, "manifest" | "keyId">,
  bytes: Buffer,
): Buffer =>
  Buffer.from(`session-audit kept report ${manifest} sha256 ${sha256Of(bytes)} key ${keyId}\n`, "utf8");

/** A public key that reports are checked with. */
export interface PublicKey {
  readonly key: KeyObject;
  /** SHA-256 of the key in DER, in hexadecimal. */
  readonly sha256: string;
}

/**
 * A public key from a file: PEM, or DER as `aws kms get-public-key` answers it.
 * @throws Error if it is no public key
 */
export function publicKeyOf(file: Buffer): PublicKey {
  const key = file.includes("-----BEGIN")
    ? createPublicKey(file)
    : createPublicKey({ key: file, format: "der", type: "spki" });
  return { key, sha256: sha256Of(key.export({ format: "der", type: "spki" })) };
}

/** Whether this key has signed a manifest with these bytes. KMS's ECDSA signatures are in DER, as Node.js expects them. */
export function isSignedBy(bytes: Buffer, about: Signature, { key, sha256 }: PublicKey): boolean {
  const { algorithm, publicKeySha256, signature } = about;
  const fits = key.asymmetricKeyType === (algorithm === "ECDSA_SHA_256" ? "ec" : "rsa");
  if (!fits || publicKeySha256 !== sha256) return false;
  // KMS salts PSS with as many bytes as the digest has.
  // @see https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
  const padding =
    algorithm === "ECDSA_SHA_256"
      ? {}
      : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return verify("sha256", statementOf(about, bytes), { key, ...padding }, Buffer.from(signature, "base64"));
}
