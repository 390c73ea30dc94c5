import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Io } from "../../processes/program";
import { UserError } from "../../processes/user-error";
import { publicKeyOf, type PublicKey } from "../../report/chain/signature";
import { verifyChain } from "../../report/chain/verify";
import { verificationText } from "../../report/render/verification";
import { EXIT, newCommand, type Context } from "../command";
import { inAwsWords } from "../report/in-aws-words";

const EXAMPLES = `
Examples:
  Check everything that was kept, with the public key of the KMS key:
    aws kms get-public-key --key-id alias/reports --query PublicKey --output text | base64 -d > reports.der
    npx session-audit report verify s3://acme-reports/weekly --public-key reports.der
  Check a copy offline, and that its end was not cut off:
    npx session-audit report verify copy --last 5f3c...

Exit codes:
  0  every report is there, unchanged, and follows the one before it
  1  the place or a key could not be read
  3  something is missing, changed, or signed by another key`;

interface VerifyOptions {
  readonly publicKey?: readonly string[];
  readonly last?: string;
}

/** `session-audit report verify`: checks kept reports. */
export const reportVerifyCommand = (context: Context): Command =>
  newCommand("verify", context)
    .description(
      "Checks kept reports: that none is missing, that none was changed, and who has signed them. It needs no map, and a " +
        "folder is checked without AWS.",
    )
    .argument("<place>", "a folder, or s3://<bucket>/<prefix>")
    .option("--public-key <files...>", "public keys in PEM or DER; each report must be signed by one of them")
    .option("--last <sha256>", "SHA-256 of the last manifest, as the report printed it")
    .addHelpText("after", EXAMPLES)
    .action((where: string, options: VerifyOptions) => verify(where, options, context));

async function verify(
  where: string,
  { publicKey, last }: VerifyOptions,
  { io, exit }: Context,
): Promise<void> {
  const expected = {
    publicKeys: publicKey?.map((file) => readPublicKey(file, io)) ?? null,
    last: last === undefined ? null : sha256Argument(last),
  };
  // Loaded here, because most commands need no AWS SDK.
  const { openPlace } = await import("../report/kept/open-place");
  const place = openPlace(where, io);
  try {
    const found = await inAwsWords(where, async () => verifyChain(await place.reading(), expected));
    io.stdout.write(verificationText(place.name, found, expected));
    exit(found.problems.length === 0 ? EXIT.ok : EXIT.unrecorded);
  } finally {
    place.close();
  }
}

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
