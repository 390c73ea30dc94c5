import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { reviewSchema } from "./review-schema";

/** The generated file that programs read a review by. */
export const SCHEMA_FILE = join(__dirname, "..", "review.schema.json");

/** The command that generates the file. */
export const WRITE_SCHEMA = "npx tsx review/reference/json-schema.ts --write";

/** The text of the generated file. */
export function reviewJsonSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(reviewSchema, { target: "draft-7", reused: "ref" });
  return `${JSON.stringify({ $schema, title: "session-audit review", ...schema }, null, 2)}\n`;
}

if (require.main === module) {
  if (process.argv.includes("--write")) writeFileSync(SCHEMA_FILE, reviewJsonSchemaText());
  else process.stdout.write(reviewJsonSchemaText());
}
