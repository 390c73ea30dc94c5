import { readFileSync } from "node:fs";
import type { z } from "zod";
import type { ReportLine } from "../../report/model";
import { reportJsonSchemaText, SCHEMA_FILE, WRITE_SCHEMA } from "../../report/reference/json-schema";
import { reportLineSchema } from "../../report/reference/report-schema";
import { jsonLine } from "../../report/render/json";
import { ROWS } from "./reports";

type Parsed = z.output<typeof reportLineSchema>;

it("is published as the command writes it", () => {
  expect({ run: WRITE_SCHEMA, text: readFileSync(SCHEMA_FILE, "utf8") }).toEqual({
    run: WRITE_SCHEMA,
    text: reportJsonSchemaText(),
  });
});

it("says the same as the types", () => {
  // The type checker fails here if the schema allows what the types do not, or the other way round.
  const toTypes = (line: Parsed): ReportLine => line;
  const fromTypes = (line: Mutable<ReportLine>): Parsed => line;
  const row = JSON.parse(jsonLine(ROWS[0]!)) as Parsed;
  expect(fromTypes(toTypes(row) as Mutable<ReportLine>)).toBe(row);
});

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

it.each<[string, object]>([
  ["a verdict that is none", { verdict: { kind: "fine", words: [] } }],
  ["a part that no row has", { more: 1 }],
  ["no time", { start: "yesterday" }],
])("refuses a row with %s", (_, change) => {
  expect(reportLineSchema.safeParse({ ...ROWS[0]!, ...change }).success).toBe(false);
});
