import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The file with the partitions and regions of the AWS SDK. */
export const PARTITIONS_FILE = join(__dirname, "partitions.json");

/** The command that writes the file. */
export const WRITE_PARTITIONS = "npx tsx aws/sdk-partitions.ts --write";

/** A partition as the AWS SDK describes it, without what nothing here reads. */
interface SdkPartition {
  readonly id: string;
  readonly outputs: { readonly dnsSuffix: string };
  readonly regionRegex: string;
  readonly regions: Readonly<Record<string, { readonly description: string }>>;
}

/**
 * The partitions of the installed AWS SDK. Every client package depends on `@aws-sdk/core`, which contains a copy of the
 * partitions that all AWS SDKs share. It exports no list of them, so the list is read from the module's text, which is
 * JSON.
 *
 * @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
 * @throws Error if the module is no longer what it was
 */
function sdkPartitions(): readonly SdkPartition[] {
  const root = dirname(require.resolve("@aws-sdk/core/package.json"));
  const file = join(root, "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js");
  const [, json] = /^export const partitionsInfo = (\{.*\});\s*$/s.exec(readFileSync(file, "utf8")) ?? [];
  if (json === undefined) throw new Error(`${file} is not the constant partitionsInfo any more`);
  return (JSON.parse(json) as { partitions: SdkPartition[] }).partitions;
}

/** The text of the generated file. The pseudo-regions of global endpoints, such as `aws-global`, are left out. */
export function partitionsText(): string {
  const partitions = sdkPartitions().map(({ id, outputs, regionRegex, regions }) => ({
    id,
    dnsSuffix: outputs.dnsSuffix,
    // An escaped hyphen is an error with the flag u, which editors use for JSON Schema.
    regionPattern: regionRegex.replaceAll("\\-", "-"),
    regions: Object.fromEntries(
      Object.entries(regions)
        .filter(([region]) => !region.endsWith("-global"))
        .map(([region, { description }]) => [region, description]),
    ),
  }));
  return `${JSON.stringify({ partitions }, null, 2)}\n`;
}

if (require.main === module) {
  if (process.argv.includes("--write")) writeFileSync(PARTITIONS_FILE, partitionsText());
  else process.stdout.write(partitionsText());
}
