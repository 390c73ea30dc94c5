import { fold, hasColours, NO_BREAK, Screen, widthOf } from "../../processes/terminal";

describe("colours", () => {
  it.each`
    isTTY    | env                                    | verdict
    ${true}  | ${{}}                                  | ${true}
    ${false} | ${{}}                                  | ${false}
    ${true}  | ${{ NO_COLOR: "1" }}                   | ${false}
    ${true}  | ${{ NO_COLOR: "" }}                    | ${true}
    ${true}  | ${{ TERM: "dumb" }}                    | ${false}
    ${false} | ${{ FORCE_COLOR: "1" }}                | ${true}
    ${false} | ${{ FORCE_COLOR: "" }}                 | ${true}
    ${true}  | ${{ FORCE_COLOR: "0" }}                | ${false}
    ${false} | ${{ FORCE_COLOR: "1", NO_COLOR: "1" }} | ${true}
  `("terminal: $isTTY, $env: $verdict", ({ isTTY, env, verdict }) => {
    expect(hasColours({ write: () => {}, isTTY }, env)).toBe(verdict);
  });
});

describe("the width", () => {
  const output = (columns?: number) => ({ write: () => {}, columns });
  it.each([
    ["is the terminal's", output(132), { COLUMNS: "100" }, 132],
    ["is what COLUMNS says where there is no terminal", output(), { COLUMNS: "100" }, 100],
    ["is 80 otherwise", output(), {}, 80],
    ["is 80 where COLUMNS is no number", output(), { COLUMNS: "wide" }, 80],
    ["is never below 40", output(10), {}, 40],
  ])("%s", (_, stream, env, width) => expect(widthOf(stream, env)).toBe(width));
});

describe("fold", () => {
  it("does not change a text that fits", () => {
    expect(fold("one two", { width: 7 })).toEqual(["one two"]);
  });

  it("folds between words, and begins each line with the given prefix", () => {
    expect(fold("one two three", { width: 9, first: "- " })).toEqual(["- one two", "  three"]);
    expect(fold("one two three", { width: 9, first: "> ", rest: "> " })).toEqual(["> one two", "> three"]);
  });

  it("keeps the indent of the text", () => {
    expect(fold("  one two", { width: 6, first: "| ", rest: "| " })).toEqual(["|   one", "|   two"]);
  });

  it("moves a word that fits into a line of its own", () => {
    expect(fold("by arn:aws:iam::1:role/a", { width: 22 })).toEqual(["by", "arn:aws:iam::1:role/a"]);
  });

  it("folds a word that is longer than a line between its parts", () => {
    expect(fold("see s3://bucket/sessions/222222222222/x.log", { width: 20 })).toEqual([
      "see s3://bucket/",
      "sessions/",
      "222222222222/x.log",
    ]);
  });

  it("leaves a part that is longer than a line whole", () => {
    expect(fold("a bcdefghijklm n", { width: 6 })).toEqual(["a", "bcdefghijklm", "n"]);
  });

  it("does not fold at a non-breaking space, and prints it as a space", () => {
    expect(fold(`about 3${NO_BREAK}min`, { width: 8 })).toEqual(["about", "3 min"]);
  });

  it("folds nothing into one empty line", () => expect(fold("", { width: 10 })).toEqual([""]));
});

describe("a screen", () => {
  const screen = (isTTY: boolean, env: NodeJS.ProcessEnv = {}) => {
    const written: string[] = [];
    return { written, screen: new Screen({ write: (text) => written.push(text), isTTY, columns: 40 }, env) };
  };
  const CLEAR = "\r\u001b[K";

  it("prints a status in a terminal, and the lines above it", () => {
    const { screen: terminal, written } = screen(true, { NO_COLOR: "1" });
    terminal.status("working");
    terminal.print("done");
    terminal.status("");
    expect(written.join("")).toBe(`${CLEAR}working${CLEAR}done\n${CLEAR}working${CLEAR}`);
  });

  it("cuts a status that is longer than a line", () => {
    const { screen: terminal, written } = screen(true, { NO_COLOR: "1" });
    terminal.status("x".repeat(100));
    expect(written).toEqual([`${CLEAR}${"x".repeat(38)}…`]);
  });

  it.each([
    ["a pipe", false, {}],
    ["a terminal that cannot clear a line", true, { TERM: "dumb" }],
  ])("shows no status in %s", (_, isTTY, env) => {
    const { screen: pipe, written } = screen(isTTY, env);
    pipe.status("working");
    pipe.print("done");
    expect(written).toEqual(["done\n"]);
  });

  it("prints a non-breaking space as a space", () => {
    const { screen: terminal, written } = screen(true);
    terminal.print("applied (3\u00a0s)");
    expect(written).toEqual(["applied (3 s)\n"]);
  });

  it("styles each line of a folded text by itself", () => {
    const { screen: terminal, written } = screen(true);
    terminal.print(`${"a".repeat(30)} ${"b".repeat(30)}`, { format: "bold" });
    expect(written).toEqual([
      `\u001b[1m${"a".repeat(30)}\u001b[22m\n`,
      `\u001b[1m${"b".repeat(30)}\u001b[22m\n`,
    ]);
  });
});
