import { asciicast } from "../../../report/replay/asciicast";
import { writtenBy } from "../../../report/replay/events";
import { recordingOf } from "../../../report/replay/recording";

const START = Date.parse("2026-11-24T09:00:00.000Z");
const streamed = (eventTime: string, ...sessionData: string[]): string =>
  JSON.stringify({
    eventVersion: "1.0",
    eventTime,
    awsRegion: "eu-west-1",
    target: { id: "i-1" },
    sessionId: "alice-1",
    sessionData,
  });

describe("what a session wrote", () => {
  it("has the times of the agent where the agent streams", () => {
    const events = [{ timestamp: START + 9_000, message: streamed("2026-11-24T09:00:01Z", "$ ls", "a b") }];
    expect(writtenBy(events)).toEqual([{ time: START + 1_000, text: "$ ls\na b\n" }]);
  });

  it("has the times of CloudWatch Logs for plain text", () => {
    expect(writtenBy([{ timestamp: START, message: "$ ls" }])).toEqual([{ time: START, text: "$ ls\n" }]);
  });

  it.each([
    ["other JSON", '{"a":1}'],
    ["JSON that is not whole", '{"eventVersion":'],
    ["JSON with other data", '{"eventVersion":"1.0","sessionData":"x"}'],
    ["JSON with data that is no text", '{"eventVersion":"1.0","sessionData":[1]}'],
    ["null", "null"],
  ])("is text as it is: %s", (_name, message) => {
    expect(writtenBy([{ timestamp: START, message }])[0]!.text).toBe(`${message}\n`);
  });

  it("has the time of CloudWatch Logs where the agent's is no time", () => {
    expect(writtenBy([{ timestamp: START, message: streamed("yesterday", "x") }])[0]!.time).toBe(START);
  });

  it("is in the order of time, and otherwise as it came", () => {
    const events = [2, 1, 1].map((seconds, index) => ({
      timestamp: START + seconds * 1_000,
      message: `${index}`,
    }));
    expect(writtenBy(events).map(({ text }) => text)).toEqual(["1\n", "2\n", "0\n"]);
  });
});

const written = [
  { time: START, text: "$ ls\n" },
  { time: START + 2_500, text: "\u001b[31ma" },
  { time: START + 2_000, text: "b\u001b]0;title\u0007\n" },
];

describe("a recording", () => {
  it("counts seconds from its start, and never goes back", () => {
    expect(recordingOf(written).frames.map(([seconds]) => seconds)).toEqual([0, 2.5, 2.5]);
  });

  it("of nothing has no frames", () => {
    expect(recordingOf([])).toEqual({ start: 0, frames: [] });
  });
});

describe("an asciicast", () => {
  const lines = asciicast(recordingOf(written), "alice-1")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

  it("has a header of version 2", () => {
    expect(lines[0]).toEqual({
      version: 2,
      width: 80,
      height: 24,
      timestamp: START / 1000,
      title: "alice-1",
    });
  });

  it("has a line for each time, with the ends of lines of raw output", () => {
    expect(lines[1]).toEqual([0, "o", "$ ls\r\n"]);
  });

  it("keeps colours, and has marks instead of other sequences", () => {
    expect(lines.slice(2)).toEqual([
      [2.5, "o", "\u001b[0;31ma"],
      [2.5, "o", "b\u001b[7m␛]0;title␇\u001b[27m\r\n"],
    ]);
  });

  it("is as wide as its longest line, within limits", () => {
    const width = (length: number) =>
      (
        JSON.parse(
          asciicast(recordingOf([{ time: START, text: `${"x".repeat(length)}\nx` }]), "x").split("\n")[0]!,
        ) as { width: number }
      ).width;
    expect([10, 120, 10_000].map(width)).toEqual([80, 120, 240]);
  });
});
