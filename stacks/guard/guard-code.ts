import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { buildSync } from "esbuild";
import { storedZip } from "./stored-zip";

/** A function's code, ready to be deployed. */
export interface FunctionCode {
  readonly zip: Buffer;
  /** SHA-256 in base64, by which Lambda and Terraform know whether it changed. */
  readonly sha256: string;
}

const PROJECT = resolve(__dirname, "..", "..");

let bundled: FunctionCode | undefined;

/** The guard's code. It is the same for every target: bundled when the first one asks. */
export const guardCode = (): FunctionCode => (bundled ??= bundleGuard(PROJECT));

/**
 * Bundles the guard into one file. The AWS SDK stays outside: Lambda's Node.js runtimes have version 3 of it. The same
 * sources make the same bytes, wherever they lie.
 * @param project directory that holds `guard/`
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
    // Not the project's, nor one that lies above it.
    tsconfigRaw: { compilerOptions: { target: "ES2022", useDefineForClassFields: true } },
    logLevel: "silent",
  });
  const zip = storedZip("index.js", Buffer.from(outputFiles[0]!.contents));
  return { zip, sha256: createHash("sha256").update(zip).digest("base64") };
}
