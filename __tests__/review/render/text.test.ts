import { stripVTControlCharacters } from "node:util";
import { text } from "../../../review/render/text";
import { fold, widthOf } from "../../../review/render/terminal/fold";
import { HOSTILE_VALUES } from "../../fixtures/hostile-values";
import { EMPTY, EXAMPLE, fleet, hostile, NO_STACKS } from "../../fixtures/reviews";

/** The lines below a heading, up to the next empty line that is followed by a heading. */
const under = (shown: string, heading: string): string[] =>
  shown
    .split(`\n\n${heading}\n`)[1]!
    .split(/\n\n(?=\S)/)[0]!
    .split("\n");

describe("a review in a terminal", () => {
  const shown = text(EXAMPLE);

  it("says first what happens to recording", () => {
    expect(shown.split("\n")[0]).toBe("Recording gets weaker in 3 targets");
  });

  it("has a line for each quality, the weaker ones first, with the targets below", () => {
    expect(under(shown, "Recording, before → after").slice(0, 5)).toEqual([
      "  weaker    Refused if unrecorded: 4 of 4 → 3 of 4",
      "            weaker in session-sandbox-eu-central-1; not known for 1 target",
      "  weaker    Shortest retention: 731 days → 30 days",
      "            weaker in session-payments-eu-central-1, session-payments-us-east-1;",
      "            not known for 1 target",
    ]);
  });

  it("says for each wave and account what changes", () => {
    expect(under(shown, "What changes").slice(-4)).toEqual([
      "  rest        payments (444444444444), 3 stacks: 2 to add, 6 to change,",
      "              2 to destroy",
      "  rest        orders (555555555555), 3 stacks: 2 to change, 1 to replace,",
      "              1 stack not planned",
    ]);
  });

  it("has the findings, the worst first, with place, meaning and remedy", () => {
    const findings = under(shown, "Findings");
    expect(findings.slice(0, 8)).toEqual([
      "  Critical  Sessions that cannot be recorded are no longer refused in sandbox,",
      "            eu-central-1",
      "            aws_ssm_document.Preferences in session-sandbox-eu-central-1",
      "            A person can open a shell in account sandbox (222222222222) that",
      "            leaves neither a transcript nor a log stream, if the instance cannot",
      "            reach S3 or CloudWatch Logs.",
      "            What to do: Set preferences.enforce to true for this account, or",
      "            write down who has accepted sessions without a record.",
    ]);
    const severities = findings.flatMap((line) => /^ {2}(\w+)/.exec(line)?.slice(1) ?? []);
    expect(severities).toEqual(["Critical", "Critical", "High", "High", "High", "Medium", "Low", "Info"]);
  });

  it("says of each statement in which direction it goes", () => {
    const lines = under(shown, "Policies by statement").filter((line) => line.startsWith("            - "));
    expect(lines.map((line) => line.split(":")[0]!.trim())).toEqual([
      "- wider, KeepSessionLogs removed",
      "- wider?, KeepPreferences changed",
      "- wider, ReadersDecryptTranscripts changed",
      "- narrower, WritersEncryptTranscripts changed",
    ]);
  });

  it("says once what happens to an object, in how many stacks, and how the others differ", () => {
    const changes = under(shown, "Changes");
    const start = changes.indexOf(
      "  change    aws_ssm_document.Preferences: the same in 3 of 5 stacks; 2 differ",
    );
    expect(changes.slice(start, start + 9)).toEqual([
      "  change    aws_ssm_document.Preferences: the same in 3 of 5 stacks; 2 differ",
      "            in session-payments-eu-central-1, session-payments-us-east-1,",
      "            session-orders-eu-central-1",
      '            - content: inputs.idleSessionTimeout: "15" → "60"',
      '            - content: inputs.maxSessionDuration: "480" → not set',
      "            - differs in session-sandbox-eu-central-1: content:",
      "              inputs.s3EncryptionEnabled and inputs.cloudWatchEncryptionEnabled",
      "              become false as well",
      "            - differs in session-orders-eu-west-1: no plan: Terraform failed",
    ]);
  });

  it("has Terraform's message of a stack that was not planned, without its colours", () => {
    expect(under(shown, "Not planned").slice(0, 2)).toEqual([
      "  session-orders-eu-west-1",
      "    │ Error: reading KMS Key (8f0c2b1e-5d34-4a44-9f3e-2b1c7a6d9e10): operation",
    ]);
  });

  it("has nothing to say of what is not there", () => {
    expect(text(NO_STACKS, { columns: 120 })).toBe(
      "Recording stays as strong as it is\nNo findings. 0 stacks. Planned at 2026-11-26T09:14:07Z, outside of a Git repository.\n",
    );
    expect(text(EMPTY)).not.toMatch(/Findings|Changes|Not covered/);
  });

  it("says of 2,000 stacks what it says of one, and names the first", () => {
    const lines = text(fleet()).split("\n");
    expect(lines.length).toBeLessThan(700);
    expect(lines).toContain("  change    aws_ssm_document.Preferences: the same in 1,996 of 2,000 stacks; 4");
  });
});

describe("colours", () => {
  it("are only where they are asked for", () => {
    expect(text(EXAMPLE)).not.toContain("\u001b");
    expect(text(EXAMPLE, { color: true })).toContain("\u001b[1m\u001b[31mCritical  \u001b[39m\u001b[22m");
  });

  it("change nothing in the text", () => {
    expect(stripVTControlCharacters(text(EXAMPLE, { color: true }))).toBe(text(EXAMPLE));
  });
});

describe.each([40, 57, 80, 120, 200])("in %d columns", (columns) => {
  it("no line is wider", () => {
    const tooWide = [
      EXAMPLE,
      fleet(10),
      hostile(`mark ${"漢字".repeat(200)}`),
      hostile("x".repeat(900)),
    ].flatMap((review) =>
      text(review, { columns })
        .split("\n")
        .filter((line) => widthOf(line) > columns),
    );
    expect(tooWide).toEqual([]);
  });

  it("the words are the same", () => {
    const words = (shown: string) => shown.replace(/\s+/g, "").replace(/│/g, "");
    expect(words(text(EXAMPLE, { columns }))).toBe(words(text(EXAMPLE)));
  });
});

it("fewer than 40 columns are taken as 40", () => {
  expect(text(EXAMPLE, { columns: 5 })).toBe(text(EXAMPLE, { columns: 40 }));
});

it.each(HOSTILE_VALUES)("$name is shown, and changes nothing in the terminal", ({ value }) => {
  const shown = text(hostile(value));
  expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
  expect(shown).toMatch(/mark/);
});

describe("folding", () => {
  const margins = (width: number) => ({ width, first: "- ", rest: "  " });

  it.each([
    ["between words", "applied archive", 12, ["- applied", "  archive"]],
    ["between the parts of an ARN", "arn:aws:iam::1:role/x", 14, ["- arn:aws:", "  iam::1:role/", "  x"]],
    ["within a part that is wider than a line", "abcdefghij", 6, ["- abcd", "  efgh", "  ij"]],
    ["wide letters", "漢字漢字", 6, ["- 漢字", "  漢字"]],
    ["not at all if the text fits", "a b c", 10, ["- a b c"]],
    ["not at a space that does not break", "4\u00a0of\u00a04 x", 8, ["- 4 of 4", "  x"]],
  ])("folds %s", (_name, folded, width, lines) => {
    expect(fold(folded, margins(width))).toEqual(lines);
  });
});
