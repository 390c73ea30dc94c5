import type { Command } from "commander";
import { verifyChain } from "../../report/chain/verify";
import { verificationText } from "../../report/render/verification";
import { EXIT, newCommand, type Context } from "../command";
import { inAwsWords } from "../report/in-aws-words";
import { expectationOf, withExpectation, type ExpectationOptions } from "../report/kept/expectation";

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

/** `session-audit report verify`: checks kept reports. */
export const reportVerifyCommand = (context: Context): Command =>
  withExpectation(newCommand("verify", context))
    .description(
      "Checks kept reports: that none is missing, that none was changed, and who has signed them. It needs no map, and a " +
        "folder is checked without AWS.",
    )
    .argument("<place>", "a folder, or s3://<bucket>/<prefix>")
    .addHelpText("after", EXAMPLES)
    .action((where: string, options: ExpectationOptions) => verify(where, options, context));

async function verify(where: string, options: ExpectationOptions, { io, exit }: Context): Promise<void> {
  const expected = expectationOf(options, io);
  // Loaded here, because most commands need no AWS SDK.
  const { openPlace } = require("../report/kept/open-place") as typeof import("../report/kept/open-place");
  const place = openPlace(where, io);
  try {
    const found = await inAwsWords(where, async () => verifyChain(await place.reading(), expected));
    io.stdout.write(verificationText(place.name, found, expected));
    exit(found.problems.length === 0 ? EXIT.ok : EXIT.unrecorded);
  } finally {
    place.close();
  }
}
