import { PLAIN, stepsOf, styleAfter, type Step } from "../../../report/replay/safe-text";
import { forTerminal } from "../../../report/replay/terminal";
import { plainText } from "../../../report/replay/plain-text";
import { hostileTexts, SEQUENCES } from "./hostile-texts";

const styles = (text: string) => styleAfter(stepsOf(text), PLAIN);

describe("the steps of a text", () => {
  it.each([
    ["a new line", "a\nb", ["a", ["move", "line"], "b"]],
    ["a carriage return", "a\rb", ["a", ["move", "return"], "b"]],
    ["a backspace", "a\bb", ["a", ["move", "back"], "b"]],
    ["a tab", "a\tb", ["a", ["move", "tab"], "b"]],
    [
      "what clears to the right",
      "a\u001b[Kb\u001b[0K",
      ["a", ["move", "clear-right"], "b", ["move", "clear-right"]],
    ],
    ["what clears to the left", "\u001b[1K", [["move", "clear-left"]]],
    ["what clears the line", "\u001b[2K", [["move", "clear-all"]]],
    ["letters of any language", "größe 日本", ["größe 日本"]],
  ] as const)("have %s as it is", (_name, text, steps) => {
    expect(stepsOf(text)).toEqual(steps);
  });

  it.each([
    ["bold", "\u001b[1m", { bold: true }],
    ["not bold", "\u001b[1m\u001b[22m", {}],
    ["underlined", "\u001b[4m", { underlined: true }],
    ["a colour", "\u001b[31m", { colour: 1 }],
    ["a bright colour", "\u001b[96m", { colour: 6 }],
    ["several at once", "\u001b[1;4;32m", { bold: true, underlined: true, colour: 2 }],
    ["the end of a colour", "\u001b[31m\u001b[39m", {}],
    ["the end of all", "\u001b[1;31m\u001b[m", {}],
    ["black, which a dark page swallows", "\u001b[30m", {}],
    ["white, which a light page swallows", "\u001b[97m", {}],
    ["a background", "\u001b[41m", {}],
    ["concealed text", "\u001b[8m", {}],
    ["inverse text, which is how marks look", "\u001b[7m", {}],
    ["one of 256 colours, and what comes after it", "\u001b[38;5;1;4m", { underlined: true }],
    ["a colour of three parts, and what comes after it", "\u001b[38;2;1;1;1;1m", { bold: true }],
    ["a background of three parts", "\u001b[48;2;4;4;4m", {}],
  ])("take %s", (_name, text, style) => {
    expect(styles(text)).toEqual({ ...PLAIN, ...style });
  });

  it.each(SEQUENCES)("have a mark for what %s, and no effect", (_does, sequence) => {
    const steps = stepsOf(`a${sequence}z`);
    expect(steps[0]).toBe("a");
    expect(String(steps.at(-1))).toMatch(/z$/);
    expect(steps.filter((step) => typeof step !== "string").map(([kind]) => kind)).toContain("mark");
    expect(steps.filter((step) => typeof step !== "string" && step[0] !== "mark")).toEqual([]);
  });

  it("show the name of a sequence in its mark", () => {
    expect(stepsOf("\u001b]0;evil\u0007")).toEqual([["mark", "␛]0;evil␇"]]);
  });

  it("show lines that an unfinished sequence would hide", () => {
    expect(plainText("\u001b]0;x\nrm -rf /\n\u0007")).toContain("rm -rf /");
  });

  it("cut a mark that is long", () => {
    const [mark] = stepsOf(`\u001b]52;c;${"A".repeat(10_000)}\u0007`);
    expect((mark as ["mark", string])[1].length).toBeLessThanOrEqual(60);
  });

  it("have a mark for characters that nobody sees", () => {
    expect(stepsOf("a\u202eb\u200b")).toEqual(["a", ["mark", "\\u202e"], "b", ["mark", "\\u200b"]]);
  });
});

describe("500 hostile values", () => {
  const texts = hostileTexts(500);
  const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  it("are different values", () => {
    expect(new Set(texts).size).toBeGreaterThan(450);
  });

  it("become steps whose texts have no character that a reader cannot see", () => {
    const shown = texts
      .flatMap((text) => stepsOf(text))
      .map((step: Step) => (typeof step === "string" ? step : step[0] === "mark" ? step[1] : ""));
    expect(shown.filter((text) => unseen.test(text))).toEqual([]);
  });

  it("send nothing to a terminal but text, line moves and the looks of text", () => {
    const allowed = /\u001b\[(?:0(?:;[14])*(?:;3[1-6])?m|7m|27m|[12]?K)|[\n\r\t\b]/g;
    const left = texts
      .map((text) => forTerminal(stepsOf(text), PLAIN).replace(allowed, ""))
      .filter((text) => unseen.test(text));
    expect(left).toEqual([]);
  });

  it("leave nothing in plain text that moves or hides", () => {
    expect(texts.map(plainText).filter((text) => unseen.test(text.replace(/[\n\t]/g, "")))).toEqual([]);
  });
});

describe("a million times the same", () => {
  it.each([
    ["a carriage return", "\r"],
    ["the beginning of a sequence", "\u001b["],
    ["the beginning of a title", "\u001b]"],
    ["a parameter", "1"],
    ["a combining mark", "\u0301"],
    ["a space", " "],
  ])("is shown in time that grows with it, and not with its square: %s", (_name, part) => {
    expect(plainText(`\u001b[${part.repeat(1_000_000)}`)).not.toBe("");
  });
});

describe("plain text", () => {
  it("shows what a carriage return would hide", () => {
    expect(plainText("rm -rf /\rls\u001b[K\n")).toBe("rm -rf /␍ls␛[K\n");
  });

  it("shows a backspace, and leaves colours out", () => {
    expect(plainText("\u001b[31mred\u001b[0m ab\bc\n")).toBe("red ab␈c\n");
  });

  it("takes the line ends of a terminal as line ends", () => {
    expect(plainText("a\r\nb\r\r\nc")).toBe("a\nb\nc");
  });
});
