import type { Io } from "../../../processes/program";
import { UserError } from "../../../processes/user-error";
import { inAwsWords } from "../in-aws-words";
import type { Kept } from "./keeper";

/** The error of `--sign` without `--out`. */
export const signWithoutOut = () =>
  new UserError({
    what: "--sign signs what --out keeps, and --out is missing.",
    remedy: "Add --out with a folder or s3://<bucket>/<prefix>, or leave --sign out.",
  });

/**
 * Opens the place of `--out`, before the report is made: a key or a bucket that is wrong is reported at once.
 * The AWS SDK is loaded here, because most commands need none.
 */
export async function openKeeper(
  out: string,
  sign: string | undefined,
  { cwd, env }: Pick<Io, "cwd" | "env">,
) {
  const { openPlace } = require("./open-place") as typeof import("./open-place");
  const { ReportKeeper } = require("./keeper") as typeof import("./keeper");
  const { kmsSigner } = require("./signer") as typeof import("./signer");
  const place = openPlace(out, { cwd, env });
  const signer = sign === undefined ? null : await inAwsWords(`--sign ${sign}`, () => kmsSigner(sign, env));
  const keeper = await inAwsWords(`--out ${out}`, () => ReportKeeper.open(place, signer));
  return {
    keeper,
    close: async () => {
      await keeper.close();
      place.close();
    },
  };
}

/** What people keep elsewhere, so that they notice if somebody cuts the end of the chain off. */
export const keptText = (out: string, { key, sha256, isSigned }: Kept): string =>
  `Kept at ${out}/${key}${isSigned ? ", signed" : ""}.\nSHA-256 of its manifest, for report verify --last: ${sha256}\n`;
