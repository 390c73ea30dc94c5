import { visible } from "../pages/visible";

/**
 * Text in columns, two spaces apart, without spaces at the ends of lines. Every character of a cell can be seen.
 * @example table([["stack", "wave"], ["account-payments", "early"]]);
 */
export function table(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map(visible));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}
