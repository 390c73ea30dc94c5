import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const STACKS = resolve(__dirname, "..", "..", "stacks");

/** Types of the resources that some file of `stacks/` imports, like `aws_kms_key`, without data sources. */
export function declarableTypes(): string[] {
  const files = readdirSync(STACKS, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const modules = files.flatMap((file) =>
    [...readFileSync(join(STACKS, file), "utf8").matchAll(/@cdktf\/provider-aws\/lib\/(?!data-)[\w-]+/g)].map(
      ([module]) => module,
    ),
  );
  return [...new Set(modules)].flatMap((module) =>
    Object.values(jest.requireActual<Record<string, { tfResourceType?: string }>>(module))
      .map(({ tfResourceType }) => tfResourceType)
      .filter((type) => type !== undefined && type !== "aws"),
  ) as string[];
}
