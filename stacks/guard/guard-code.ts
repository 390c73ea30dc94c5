import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { buildSync } from "esbuild";
import { storedZip } from "./stored-zip";

/** The code of a Lambda function as a deployment package. */
export interface FunctionCode {
  /** The package as a zip archive. */
  readonly zip: Buffer;
  /**
   * SHA-256 of the archive in base64. The provider updates the function when it changes.
   * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/website/docs/r/lambda_function.html.markdown
   */
  readonly sha256: string;
}

const PROJECT = resolve(__dirname, "..", "..");

let bundled: FunctionCode | undefined;

/** The guard's code. It is the same for every target, so it is bundled once in a process. */
export const guardCode = (): FunctionCode => (bundled ??= bundleGuard(PROJECT));

/**
 * Bundles the guard into one file. The bundle leaves out the AWS SDK, because Lambda's Node.js runtimes include
 * version 3 of it. The same sources result in the same bytes, whatever the path of the project.
 * @param project path of the directory that contains `guard/`
 * @throws Error of esbuild if the guard does not compile
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function bundleGuard(project: string): FunctionCode {
  const { outputFiles } = buildSync({
    absWorkingDir: project,
    entryPoints: ["guard/index.ts"],
    outfile: "index.js",
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*"],
    charset: "utf8",
    legalComments: "none",
    // Without this, esbuild keeps the comments in class bodies and expressions, so other words would be other code.
    minifyWhitespace: true,
    // With these options esbuild reads no tsconfig.json, neither the project's nor one of a parent directory.
    // @see https://esbuild.github.io/api/#tsconfig-raw
    tsconfigRaw: { compilerOptions: { target: "ES2022", useDefineForClassFields: true } },
    logLevel: "silent",
  });
  const zip = storedZip("index.js", Buffer.from(outputFiles[0]!.contents));
  return { zip, sha256: createHash("sha256").update(zip).digest("base64") };
}
