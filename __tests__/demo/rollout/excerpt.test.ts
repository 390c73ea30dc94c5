import { excerptOf } from "../../../demo/rollout/excerpt";
import { text } from "../../../review/render/text";
import { EMPTY, EXAMPLE } from "../../fixtures/reviews";

const REVIEW = `Recording gets weaker in 1 target
2 high and 1 medium findings.

Recording, before → after
  weaker    Shortest retention: 365 days → 30 days
            weaker in session-payments-eu-central-1
  same      Recorded to S3: 3 of 3 → 3 of 3

What changes
  canary      sandbox (222222222222), 2 stacks: 1 to destroy

Findings
  High      The log group keeps logs for 30 days
            What to do: Export what must be kept.

  High      The bucket is not encrypted
            in session-storefront-eu-central-1

  Medium    Somebody is no longer told
            in session-sandbox-eu-central-1

Changes
  change    aws_cloudwatch_log_group.LogGroup: in 1 of 3 stacks

Not covered
  - Stacks that are not in the plan folder.
`;

it("has the verdict, what differs in recording, the counts and the worst findings", () => {
  expect(excerptOf(REVIEW).join("\n")).toBe(`Recording gets weaker in 1 target
2 high and 1 medium findings.

Recording, before → after
  weaker    Shortest retention: 365 days → 30 days
            weaker in session-payments-eu-central-1

What changes
  canary      sandbox (222222222222), 2 stacks: 1 to destroy

Findings
  High      The log group keeps logs for 30 days
            What to do: Export what must be kept.

  High      The bucket is not encrypted
            in session-storefront-eu-central-1

… 10 more lines`);
});

it("is the same with colours, and keeps them", () => {
  const red = (line: string) =>
    /^(Recording,|Findings| {2}(High|same))/.test(line) ? `\u001b[31m${line}\u001b[39m` : line;
  const coloured = REVIEW.split("\n").map(red).join("\n");
  expect(excerptOf(coloured)).toEqual(excerptOf(REVIEW).map(red));
});

it("is the whole of a short review, without a line on what is left", () => {
  const short = "Recording stays as it is\nNo findings.\n";
  expect(excerptOf(short)).toEqual(["Recording stays as it is", "No findings."]);
});

it.each([
  ["an example", EXAMPLE],
  ["one without changes", EMPTY],
])("begins as the review does and is shorter: %s", (_, review) => {
  const whole = text(review).trimEnd().split("\n");
  const excerpt = excerptOf(text(review));
  expect(excerpt[0]).toBe(whole[0]);
  expect(excerpt.length).toBeLessThan(whole.length);
  expect(Math.max(...excerpt.map((line) => line.length))).toBeLessThanOrEqual(80);
});
