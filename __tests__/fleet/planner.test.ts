import { changesIn, firstError } from "../../fleet/planner";

it.each([
  ["Plan: 0 to add, 1 to change, 0 to destroy.", "1 to change"],
  ["Plan: 10 to add, 0 to change, 20 to destroy.", "10 to add, 20 to destroy"],
  ["Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.", "1 to import"],
  ["Plan: 0 to add, 0 to change, 0 to destroy.", "Plan: 0 to add, 0 to change, 0 to destroy"],
  ["No changes.", "No changes"],
  ["Only outputs change.", "Only outputs change"],
])("shortens Terraform's line %j to what happens", (summary, short) => {
  expect(changesIn(summary)).toBe(short);
});

describe("the first error", () => {
  it("is the first line, if it has what AWS has answered", () => {
    const output =
      "╷\n│ Error: deleting SNS Topic (t): operation error SNS: DeleteTopic, api error AuthorizationError: no\n│ \n│   with x\n╵\n";
    expect(firstError(output)).toBe(
      "deleting SNS Topic (t): operation error SNS: DeleteTopic, api error AuthorizationError: no",
    );
  });

  it("has what AWS has answered behind a line that says only that there are no credentials", () => {
    const output = [
      "Error: No valid credential sources found",
      "",
      '  with provider["registry.terraform.io/hashicorp/aws"],',
      "",
      "Error: failed to refresh cached credentials, operation error STS:",
      "AssumeRole, https response error StatusCode: 403, RequestID: 1, api",
      "error AccessDenied: User: arn:aws:iam::123456789012:user/ci is not",
      "authorized to perform: sts:AssumeRole",
      "",
      "Error: another one",
    ].join("\n");
    expect(firstError(output)).toBe(
      "No valid credential sources found: AccessDenied: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: sts:AssumeRole",
    );
  });

  it.each([
    ["in its first line", "Error: \u001b[2Jdone\u202e\n"],
    ["in what AWS has answered", "Error: refused\n\noperation, api error Denied: \u001b[2J\u202ex\n"],
  ])("has no escape sequence and no hidden character %s", (_where, output) => {
    expect(firstError(output)).toContain("\\u001b[2J");
    expect(firstError(output)).toMatch(/^[ -~]*$/);
  });

  it("is the whole output, if Terraform says nothing about an error", () => {
    expect(firstError("killed\n")).toBe("killed");
  });
});
