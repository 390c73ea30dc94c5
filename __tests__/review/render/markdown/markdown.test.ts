import { markdown } from "../../../../review/render/markdown";
import type { Review } from "../../../../review/model";
import { EMPTY, EXAMPLE, fleet, NO_STACKS } from "../../../fixtures/reviews";

/** The lines of a comment below a heading. */
const under = (comment: string, heading: string): string[] =>
  comment
    .split(`### ${heading}\n`)[1]!
    .split(/\n### /)[0]!
    .split("\n")
    .filter((line) => line !== "");

const headings = (comment: string) => [...comment.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);

describe("a comment", () => {
  const comment = markdown(EXAMPLE);

  it("has its parts in the order in which they matter", () => {
    expect(headings(comment)).toEqual([
      "Recording gets weaker in 3 targets",
      "Recording, before → after",
      "What changes",
      "Findings",
      "Policies by statement",
      "Changes",
      "Changed outside Terraform",
      "Not planned",
      "Warnings about the map",
      "Not covered",
    ]);
  });

  it("says on top how many findings there are, what the stacks do, and from what they were planned", () => {
    expect(comment.split("\n")[2]).toBe(
      "2 critical, 3 high, 1 medium, 1 low and 1 info findings. 10 stacks: 6 change, 1 could not be planned and 3 stay as they are. Planned at `2026-11-26T09:14:07Z` from commit 5d0c170b6e0f with uncommitted changes.",
    );
  });

  it("has one line for each quality of recording, the weaker ones first", () => {
    const rows = under(comment, "Recording, before → after").slice(2);
    expect(rows.map((row) => row.split(" | ").slice(0, 4).join(" "))).toEqual([
      "| **weaker** Refused if unrecorded 4 of 4 → 3 of 4",
      "| **weaker** Shortest retention 731 days → 30 days",
      "| **weaker** Subscribers notified 5 of 5 → 3 of 5",
      "| stronger Guard 0 of 5 → 1 of 5",
      "| same Recorded to S3 5 of 5 → 5 of 5",
      "| same Recorded to CloudWatch Logs 5 of 5 → 5 of 5",
      "| same Encrypted with a customer managed key 5 of 5 → 5 of 5",
      "| same Object Lock not known → not known",
      "| same Replicated 0 of 5 → 0 of 5",
      "| same Watched for tampering 5 of 5 → 5 of 5",
      "| same Guardrails 5 of 5 → 5 of 5",
    ]);
    expect(rows[0]).toContain("weaker in 1: <code>session-sandbox-eu-central-1</code>; not known for 1");
  });

  it("has one row for each wave and account, the accounts that lose most first in their wave", () => {
    expect(under(comment, "What changes").slice(2)).toEqual([
      "| every wave | management (999999999999) | 1 | – | 1 | – | – | – | – | **1** |",
      "| every wave | log-archive (111111111111) | 1 | – | 3 | – | – | – | – | – |",
      "| canary | sandbox (222222222222) | 2 | – | 2 | – | – | 1 | 1 | – |",
      "| rest | payments (444444444444) | 3 | 2 | 6 | – | **2** | – | – | – |",
      "| rest | orders (555555555555) | 3 (**1 failed**) | – | 2 | **1** | – | – | – | – |",
    ]);
  });

  it("has the findings with severity, place, meaning and remedy, the worst first", () => {
    const lines = under(comment, "Findings");
    expect(lines.filter((line) => /^\*\*(?!What)/.test(line)).map((line) => line.split(":")[0])).toEqual([
      ...["**Critical", "**Critical", "**High", "**High", "**High", "**Medium", "**Low", "**Info"],
    ]);
    expect(lines.slice(4, 8)).toEqual([
      "**Critical: The log group of sessions in orders, eu-central-1 is destroyed and created again**  ",
      "`aws_cloudwatch_log_group.LogGroup` in `session-orders-eu-central-1`",
      "The log streams of up to 731 days are lost: CloudWatch Logs deletes them with the group. Transcripts in S3 stay.",
      "**What to do:** Keep logs.group.name as it is, or export the log group before you deploy.",
    ]);
  });

  it("sorts findings that come in another order", () => {
    const reversed: Review = { ...EXAMPLE, findings: [...EXAMPLE.findings].reverse() };
    const first = under(markdown(reversed), "Findings")[0];
    expect(first).toMatch(/^\*\*Critical:/);
  });

  it("names the first stacks of a finding, and how many more there are", () => {
    expect(comment).toContain(
      "`aws_ssm_document.Preferences` in 4 stacks: `session-sandbox-eu-central-1`, `session-payments-eu-central-1`, `session-payments-us-east-1` and 1 more",
    );
  });

  it("says of each statement of a policy in which direction it goes, and in words what it means", () => {
    const lines = under(comment, "Policies by statement");
    expect(lines).toContain("**wider:** `content` of `aws_organizations_policy.Guardrails` in `guardrails`");
    const line = lines.find((one) => one.startsWith("- **wider**, `ReadersDecryptTranscripts` changed: "));
    expect(line).toContain("`arn:aws:iam::666666666666:role/contractor`");
    expect(lines).toContain("  - Principal: with `arn:aws:iam::666666666666:role/contractor`");
    expect(lines.filter((line) => /^- \*\*wider\?\*\*/.test(line))).toHaveLength(1);
  });

  it("says once what happens to an object, in how many stacks, and how the others differ", () => {
    expect(comment).toContain(
      [
        "<details><summary><b>change</b> <code>aws_ssm_document.Preferences</code>: the same in 3 of 5 stacks; 2 differ</summary>",
        "",
        "- In `session-payments-eu-central-1`, `session-payments-us-east-1`, `session-orders-eu-central-1`",
        "- `content`:",
        '  - `inputs.idleSessionTimeout`: `"15"` → `"60"`',
        '  - `inputs.maxSessionDuration`: `"480"` → _not set_',
        "- Differs in `session-sandbox-eu-central-1`: content: inputs.s3EncryptionEnabled and inputs.cloudWatchEncryptionEnabled become false as well",
        "- Differs in `session-orders-eu-west-1`: no plan: Terraform failed",
        "",
        "</details>",
      ].join("\n"),
    );
  });

  it("shows first what the worst findings are about", () => {
    const verbs = [...comment.split("### Changes\n")[1]!.matchAll(/<b>(\w+)<\/b>/g)].map(([, verb]) => verb);
    expect(verbs.slice(0, 10)).toEqual([
      ...["replace", "change", "change", "change", "destroy", "change", "forget", "add", "move", "import"],
    ]);
  });

  it("says why an object is replaced, and which attribute forces that", () => {
    expect(comment).toContain("- Why: name forces a replacement: AWS cannot rename a log group.");
    expect(comment).toContain('`"/acme/sessions"` (forces the replacement)');
  });

  it("says of an unknown, a sensitive and an absent value that it is one, and shows none of them", () => {
    expect(comment).toContain("- `filter_policy`: _not set_ → _sensitive, not shown_");
    expect(comment).toContain("- `arn`: _not set_ → _known after apply_");
  });

  it("shows from where an object moves and by which id it is imported", () => {
    expect(comment).toContain("- Moved from `aws_cloudwatch_event_rule.Rule_1B0C22F1`");
    expect(comment).toContain("- Imported by the id `arn:aws:ssm:eu-central-1:222222222222:servicesetting/");
  });

  it("has Terraform's message of a stack that was not planned", () => {
    expect(under(comment, "Not planned")[2]).toBe(
      "│ Error: reading KMS Key (8f0c2b1e-5d34-4a44-9f3e-2b1c7a6d9e10): operation error KMS: DescribeKey,",
    );
  });

  it("says what the review does not see", () => {
    expect(under(comment, "Not covered")).toHaveLength(2);
  });
});

describe("a comment on", () => {
  it("nothing says that nothing changes", () => {
    const comment = markdown(EMPTY);
    expect(comment).toMatch(
      /^## Recording stays as strong as it is\n\nNo findings. 2 stacks: 2 stay as they are./,
    );
    expect(headings(comment)).toEqual([
      "Recording stays as strong as it is",
      "Recording, before → after",
      "What changes",
    ]);
  });

  it("a plan folder without stacks has a head", () => {
    expect(markdown(NO_STACKS)).toBe(
      "## Recording stays as strong as it is\n\nNo findings. 0 stacks. Planned at `2026-11-26T09:14:07Z`, outside of a Git repository.\n",
    );
  });

  it("2,000 stacks fits on GitHub without a cut, and has accounts with equal numbers in one row", () => {
    const comment = markdown(fleet());
    expect(comment.length).toBeLessThan(40_000);
    expect(comment).not.toContain("Cut to");
    expect(under(comment, "What changes").slice(2)).toEqual([
      "| canary | team-0000 and 1 other account | 4 | 4 | 12 | – | – | – | – | – |",
      "| canary | team-0002 and 47 other accounts | 96 | 96 | 192 | – | – | – | – | – |",
      "| early | team-0050 and 449 other accounts | 900 | 900 | 1,800 | – | – | – | – | – |",
      "| rest | team-0500 and 499 other accounts | 1,000 | 1,000 | 2,000 | – | – | – | – | – |",
    ]);
    expect(comment).toContain("the same in 1,996 of 2,000 stacks; 4 differ");
  });
});
