import { newScreen } from "../../../../report/render/page/screen";
import { clock, findFrame, timesOf } from "../../../../report/render/page/timeline";
import { recordingOf } from "../../../../report/replay/recording";
import { stepsOf } from "../../../../report/replay/safe-text";
import { hostileTexts } from "../../replay/hostile-texts";

const screenOf = (...texts: string[]) => {
  const screen = newScreen();
  for (const text of texts) screen.write(stepsOf(text));
  return screen;
};

describe("a screen", () => {
  it.each([
    ["lines", "a\nb\n", "a\nb\n"],
    ["what overwrites", "abc\rx", "xbc"],
    ["a backspace at the beginning", "\b\bx", "x"],
    ["a backspace", "abc\bx", "abx"],
    ["tabs", "a\tb\t\tc", "a       b               c"],
    ["what is cleared to the right", "abc\rx\u001b[K", "x"],
    ["what is cleared to the left", "abc\b\u001b[1K", "  c"],
    ["what is cleared, at the place where it was", "abc\u001b[2Kd", "   d"],
    ["marks", "a\u001b[2Jb", "a␛[2Jb"],
  ])("shows %s", (_name, text, shown) => {
    expect(screenOf(text).text()).toBe(shown);
  });

  it("keeps what was written on a finished line, whatever comes after it", () => {
    expect(screenOf("rm -rf /\n", "\u001b[1A\u001b[2K\u001b[Hls\n").text().split("\n")[0]).toBe("rm -rf /");
  });

  it("has runs of equal looks", () => {
    expect(screenOf("a\u001b[1;31mb", "c\u001b[0md").runs(0)).toEqual([
      { text: "a", look: "" },
      { text: "bc", look: "bold colour-1" },
      { text: "d", look: "" },
    ]);
  });

  it("forgets the oldest lines of very many", () => {
    const screen = screenOf("x\n".repeat(20_000));
    expect(screen.count()).toBe(20_001);
    expect(screen.text().split("\n").length).toBeLessThanOrEqual(5_000);
    expect(screen.runs(0)).toEqual([]);
  });

  it("does not grow with a line without an end", () => {
    expect(screenOf("x".repeat(100_000)).text()).toHaveLength(4_000);
  });

  it("has no class but its own, whatever 500 hostile values are", () => {
    const looks = hostileTexts(500).flatMap((text) => {
      const screen = screenOf(text);
      return Array.from({ length: screen.count() }, (_, index) =>
        screen.runs(index).map(({ look }) => look),
      ).flat();
    });
    expect(looks.filter((look) => !/^(mark|(bold ?)?(underlined ?)?(colour-[1-6])?)$/.test(look))).toEqual(
      [],
    );
  });
});

describe("a timeline", () => {
  const { frames } = recordingOf(
    [0, 1, 61, 62].map((seconds, index) => ({
      time: seconds * 1000,
      text: ["$ ls", "total 12", "$ rm", "bye"][index]!,
    })),
  );

  it("keeps pauses, or cuts those that are long", () => {
    expect([timesOf(frames, Infinity), timesOf(frames, 2)]).toEqual([
      [0, 1, 61, 62],
      [0, 1, 3, 4],
    ]);
  });

  it.each([
    ["$", 0, 2],
    ["$", 2, 0],
    ["RM", 0, 2],
    ["bye", 3, 3],
    ["nothing", 0, -1],
    [" ", 0, -1],
  ])("finds %j after frame %d in frame %d", (text, after, found) => {
    expect(findFrame(frames, text, after)).toBe(found);
  });

  it.each([
    [0, "0:00"],
    [187.9, "3:07"],
    [3_787, "1:03:07"],
  ])("shows %d seconds as %s", (seconds, words) => {
    expect(clock(seconds)).toBe(words);
  });
});
