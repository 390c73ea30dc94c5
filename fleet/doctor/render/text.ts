import { fold, type Format } from "../../../processes/terminal";
import { prose, visible } from "../../../pages/visible";
import { table } from "../../table";
import { countsOf, type Diagnosis, type Line, type Verdict } from "../model";
import { summary } from "../doctor";
import { sentence, VERDICT_WORDS } from "./words";

/** How a diagnosis is shown in a terminal. */
export interface TextProps {
  /** Characters in a line. */
  readonly columns: number;
  /** Gives a text a colour or a weight; the same text where there are no colours. */
  readonly styled: (format: Format, text: string) => string;
  /** Whether what is well is shown as well. */
  readonly all: boolean;
}

const FORMATS: Readonly<Record<Verdict, Format>> = {
  fault: "red",
  "not-looked-at": "yellow",
  warning: "yellow",
  ok: "green",
};

/** A diagnosis for a terminal: one line for each stack, and below it what is not well there. */
export function text(diagnosis: Diagnosis, { columns, styled, all }: TextProps): string {
  const { stacks, lines } = diagnosis;
  const of = (stack: string) => lines.filter((line) => line.stack === stack);
  const heads = table(stacks.map((stack) => [stack, summary(countsOf(of(stack)))]));
  const parts = stacks.flatMap((stack, index) => {
    const shown = of(stack).filter(({ verdict }) => all || verdict !== "ok");
    return [
      styled("bold", heads[index]!),
      ...shown.flatMap((line) => described(line, columns, styled)),
      ...(shown.length > 0 ? [""] : []),
    ];
  });
  return `${[...parts, ...fold(sentence(diagnosis), { width: columns })].join("\n")}\n`;
}

function described(line: Line, width: number, styled: TextProps["styled"]): string[] {
  const { verdict, check, subject, found, why, remedy } = line;
  const word = VERDICT_WORDS[verdict];
  const [first, ...more] = fold(`${word}: ${check} ${visible(subject)}: ${prose(found)}`, {
    width,
    first: "  ",
    rest: "    ",
  });
  const rest = [why, remedy].flatMap((sentences) =>
    sentences === null ? [] : fold(prose(sentences), { width, first: "    " }),
  );
  return [first!.replace(word, styled(FORMATS[verdict], word)), ...more, ...rest];
}
