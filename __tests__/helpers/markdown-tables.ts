/** The rows of all tables of a document, without header rows, as lists of cells by the `##` heading of their section. */
export function tablesOf(markdown: string): Map<string, string[][]> {
  const sections = markdown.split(/^## /m).slice(1);
  return new Map(
    sections.map((section): [string, string[][]] => {
      const [heading, ...lines] = section.split("\n");
      const rows = lines.filter((line) => line.startsWith("|") && !/^\|[-| ]+\|$/.test(line)).slice(1);
      return [
        heading!.trim(),
        rows.map((row) =>
          row
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ),
      ];
    }),
  );
}
