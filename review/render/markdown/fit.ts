/**
 * Fits a document into a number of characters. Blocks are shown whole or not at all, so that no table, fence or
 * `<details>` is cut in the middle.
 */

/** One thing that is shown or left out: a finding, or a row of a table. */
export interface Block {
  /** The block as Markdown, the longest form first. Each form ends with a line break. */
  readonly forms: readonly string[];
}

export interface Section {
  /** What is in the section, for the list of sections that are left out, like "findings". */
  readonly name: string;
  /** Heading, and the header of a table. */
  readonly open: string;
  /** The blocks, the most important first. */
  readonly blocks: readonly Block[];
  /** Part of the document that the section may fill before other sections have got their part. */
  readonly share: number;
  /**
   * Whether a short form of every block comes before a longer form of the first ones. Otherwise the first blocks are as
   * long as they can be.
   */
  readonly isBroad?: boolean;
}

/** What is shown of a section. */
interface Chosen {
  readonly section: Section;
  readonly forms: string[];
}

/** Says how many blocks of a section are not shown, as a line below it. */
const rest = ({ section, forms }: Chosen): string => {
  const left = section.blocks.length - forms.length;
  const shortened = forms.filter((form, index) => form !== section.blocks[index]!.forms[0]).length;
  if (left === 0 && shortened === 0) return "";
  const words = [
    ...(left > 0 ? [`${left.toLocaleString("en-US")} more not shown`] : []),
    ...(shortened > 0 ? [`${shortened.toLocaleString("en-US")} shortened`] : []),
  ];
  return `\n_${words.join(", ")}._\n`;
};

/** Longest line that {@link rest} writes about a section. */
const REST_LIMIT = "\n_1,000,000 more not shown, 1,000,000 shortened._\n".length;

const lengthOf = ({ section, forms }: Chosen): number =>
  forms.length === 0
    ? 0
    : section.open.length + forms.reduce((sum, form) => sum + form.length, 0) + REST_LIMIT;

/** A document that fits, and what is not in it. */
export interface Fitted {
  readonly text: string;
  /** Whether something is left out or shortened. */
  readonly isCut: boolean;
  /** Sections that are not shown at all, with the number of their blocks. */
  readonly missing: readonly { readonly name: string; readonly blocks: number }[];
}

/**
 * Shortens the sections of a document so that they fit. In a first pass, each section gets its share of the limit. In a
 * second pass, the first sections get the rest. A section shows its first blocks, and says how many it leaves out.
 * @param limit in UTF-16 code units; a text never has more characters than code units
 */
export function fit(sections: readonly Section[], limit: number): Fitted {
  const chosen = sections.map((section): Chosen => ({ section, forms: [] }));
  let left = limit;
  const fill = (one: Chosen, share: number) => {
    const before = lengthOf(one);
    const budget = Math.min(share, before + left);
    if (one.section.isBroad === true) choose(one, budget, (forms) => forms.slice(-1));
    choose(one, budget, (forms) => forms);
    left -= lengthOf(one) - before;
  };
  for (const one of chosen) fill(one, Math.floor(one.section.share * limit));
  for (const one of chosen) fill(one, limit);
  const shown = chosen.filter(({ forms }) => forms.length > 0);
  const missing = chosen.filter(({ section, forms }) => forms.length === 0 && section.blocks.length > 0);
  return {
    text: shown.map((one) => one.section.open + one.forms.join("") + rest(one)).join(""),
    isCut: missing.length > 0 || shown.some((one) => rest(one) !== ""),
    missing: missing.map(({ section }) => ({ name: section.name, blocks: section.blocks.length })),
  };
}

/**
 * Chooses for each block the first form that fits, and stops at the first block without such a form. A block that
 * already has a form gets a longer one or keeps its own.
 */
function choose(one: Chosen, budget: number, allowed: (forms: readonly string[]) => readonly string[]): void {
  let length = lengthOf(one);
  for (const [index, { forms }] of one.section.blocks.entries()) {
    const former = one.forms[index];
    const opening = one.forms.length === 0 ? one.section.open.length + REST_LIMIT : 0;
    const added = (form: string) => form.length - (former?.length ?? 0) + opening;
    const form = allowed(forms).find(
      (candidate) => added(candidate) >= 0 && length + added(candidate) <= budget,
    );
    if (form === undefined && former === undefined) return;
    if (form === undefined) continue;
    length += added(form);
    one.forms[index] = form;
  }
}
