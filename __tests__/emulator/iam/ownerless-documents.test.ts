import { simulate } from "../../../emulator/iam/policy-simulator";

const AWS_DOCUMENT = "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript";
const may = async (Resource: string, resource = AWS_DOCUMENT) =>
  (
    await simulate({
      principal: "arn:aws:iam::222222222222:role/x",
      action: "ssm:SendCommand",
      resource,
      resourceAccountId: "222222222222",
      identityPolicies: [
        { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "ssm:SendCommand", Resource }] },
      ],
    })
  ).result;

it.each([
  [AWS_DOCUMENT, "Allowed"],
  ["arn:aws:ssm:*::document/AWS-*", "Allowed"],
  ["arn:aws:ssm:*:*:document/AWS-*", "Allowed"],
  ["*", "Allowed"],
  ["arn:aws:ssm:eu-central-1:222222222222:document/AWS-RunShellScript", "ImplicitlyDenied"],
  ["arn:aws:ssm:us-east-1::document/AWS-RunShellScript", "ImplicitlyDenied"],
])("a document of AWS, whose ARN names no account, and a grant on %s: %s", async (pattern, expected) => {
  expect(await may(pattern)).toBe(expected);
});

it("a grant on a document of AWS does not match a document of an account", async () => {
  const own = "arn:aws:ssm:eu-central-1:222222222222:document/AWS-RunShellScript";
  expect(await may(AWS_DOCUMENT, own)).toBe("ImplicitlyDenied");
});
