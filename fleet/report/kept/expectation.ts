import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Io } from "../../../processes/program";
import { UserError } from "../../../processes/user-error";
import { publicKeyOf, type PublicKey } from "../../../report/chain/signature";
import type { Expectation } from "../../../report/chain/verify";

/** What a command line asks of kept reports in addition to their chain. */
export interface ExpectationOptions {
  readonly publicKey?: readonly string[];
  readonly last?: string;
}

/** Adds the options that say who must have signed kept reports, and which one is the last. */
export const withExpectation = (command: Command): Command =>
  command
    .option("--public-key <files...>", "public keys in PEM or DER; each report must be signed by one of them")
    .option("--last <sha256>", "SHA-256 of the last manifest, as the report printed it");

/** @throws UserError if a file has no public key, or the text is no SHA-256 */
export const expectationOf = ({ publicKey, last }: ExpectationOptions, io: Pick<Io, "cwd">): Expectation => ({
  publicKeys: publicKey?.map((file) => readPublicKey(file, io)) ?? null,
  last: last === undefined ? null : sha256Argument(last),
});

function readPublicKey(file: string, { cwd }: Pick<Io, "cwd">): PublicKey {
  try {
    return publicKeyOf(readFileSync(resolve(cwd, file)));
  } catch (error) {
    throw new UserError({
      what: `--public-key ${file}: ${(error as Error).message}`,
      allowed: "a file with a public key in PEM, or in DER as aws kms get-public-key answers it",
      remedy: "Save the public key of the KMS key that signs the reports.",
    });
  }
}

function sha256Argument(text: string): string {
  const sha256 = text.toLowerCase();
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new UserError({
    what: `--last ${JSON.stringify(text)} is not a SHA-256.`,
    allowed: "64 hexadecimal digits",
    remedy: "Copy it from the output of the last report that was kept.",
  });
}
