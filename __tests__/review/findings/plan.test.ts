import { reviewOf } from "../../../review/review";
import { text } from "../../../review/render/text";
import { recorded } from "../../fixtures/plans/trim";
import { ORIGIN, planOf, stackOf } from "../../helpers/plans";

const findings = (...stacks: Parameters<typeof reviewOf>[0][]) =>
  reviewOf(
    stacks.flatMap((all) => [...all]),
    ORIGIN,
  ).findings;

describe("a recorded plan that Terraform refuses", () => {
  const review = reviewOf(recorded("region-taken-out"), ORIGIN);

  it("is a finding with the first line of Terraform's message", () => {
    expect(review.findings.filter(({ rule }) => rule === "plan-failed")).toMatchObject([
      {
        severity: "high",
        detail: "The whole message of Terraform is at the stacks that were not planned.",
        places: [
          {
            stack: "session-payments-us-east-1",
            address: null,
            title: "The plan of session-payments-us-east-1 has failed: Instance cannot be destroyed",
          },
        ],
      },
    ]);
  });

  it("is shown once, in full", () => {
    const shown = text(review);
    expect(shown.split("prevent_destroy").length - 1).toBe(
      review.stacks.flatMap(({ failure }) => failure?.split("prevent_destroy").slice(1) ?? []).length,
    );
    expect(shown).not.toMatch(/Refreshing state|[╷╵]/);
  });

  it("is a stack whose changes nobody knows", () => {
    const stack = review.stacks.find(({ id }) => id === "session-payments-us-east-1");
    expect(stack).toMatchObject({ result: "failed", failure: expect.stringContaining("prevent_destroy") });
    expect(review.notCovered[0]).toBe("1 stack has no plan, so nobody knows what changes there.");
    expect(review.strength.every(({ unknown }) => unknown.includes("session-payments-us-east-1"))).toBe(true);
  });
});

it("groups stacks that fail for the same reason", () => {
  const failed = ["sandbox", "payments"].map((account) =>
    stackOf(null, {
      id: `session-${account}-eu-central-1`,
      account,
      failure: `Error: no access to ${account}`,
    }),
  );
  expect(findings(failed)).toMatchObject([
    { title: "Plans have failed: no access to {account}", places: [{}, {}] },
  ]);
});

it("has a finding for a failure without a message", () => {
  expect(findings([stackOf(null)])).toMatchObject([
    { rule: "plan-failed", title: "Plans have failed: Terraform has left no message." },
  ]);
});

it("reads a plan that Terraform did not finish", () => {
  expect(findings([stackOf(planOf([], { errored: true, complete: false }))])).toMatchObject([
    { rule: "plan-failed" },
  ]);
  expect(findings([stackOf(planOf([], { complete: false }))])).toMatchObject([
    { rule: "plan-incomplete", severity: "medium" },
  ]);
  expect(findings([stackOf(planOf([], { complete: true }))])).toEqual([]);
});

it("does not guess at a plan of another format version", () => {
  const [finding] = findings([stackOf(planOf([], { format_version: "2.0" }))]);
  expect(finding).toMatchObject({
    rule: "plan-failed",
    title: expect.stringContaining("format version 2.0"),
  });
  expect(findings([stackOf(planOf([], { format_version: "1.99" }))])).toEqual([]);
});

it("repeats the warnings of checks, and no check that passes", () => {
  const check = (status: string) => ({
    address: { to_display: "check.ExistingBucket" },
    status,
    instances: [
      { status, problems: status === "fail" ? [{ message: "The bucket theirs is not versioned." }] : [] },
    ],
  });
  expect(findings([stackOf(planOf([], { checks: [check("fail"), check("pass")] }))])).toMatchObject([
    { rule: "check-failed", severity: "medium", title: "The bucket theirs is not versioned." },
  ]);
});
