import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { reportLineSchema } from "./report-schema";

/** The generated file that programs read the lines of a report by. */
export const SCHEMA_FILE = join(__dirname, "..", "report.schema.json");

/** The command that generates the file. */
export const WRITE_SCHEMA = "npx tsx report/reference/json-schema.ts --write";

/** The text of the generated file. */
export function reportJsonSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(reportLineSchema, { target: "draft-7", reused: "ref" });
  return `${JSON.stringify({ $schema, title: "session-audit report, one line", ...schema }, null, 2)}\n`;
}

if (require.main === module) {
  if (process.argv.includes("--write")) writeFileSync(SCHEMA_FILE, reportJsonSchemaText());
  else process.stdout.write(reportJsonSchemaText());
}
