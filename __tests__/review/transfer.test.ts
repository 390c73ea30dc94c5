import { isTransferable } from "../../review/transfer";

const policy = (...values: string[]) =>
  JSON.stringify({ Statement: [{ Action: "s3:Get*", Resource: values }] });

it.each([
  ["the account", "arn:aws:iam::*:role/a"],
  ["everything below a bucket", "arn:aws:s3:::audit-444444444444/*"],
  ["the rest of a name after a text that all stacks share", "arn:aws:s3:::session-audit-acme-*"],
  ["the id of an instance", "i-*"],
  ["the id of a managed node", "mi-*"],
  ["everything", "*"],
  ["nothing, because there is none", "arn:aws:iam::444444444444:role/a"],
])("lets stacks share a comparison if a wildcard covers %s", (_what, value) => {
  expect(isTransferable(policy(value))).toBe(true);
});

it.each([
  ["a part of an account id", "arn:aws:iam::4444*:root"],
  ["the end of an account id", "arn:aws:iam::*4444:root"],
  ["a part of a region", "eu-*"],
  ["a part of a region in an ARN", "arn:aws:sns:us-gov-*:444444444444:a"],
  ["the end of a region", "*-1"],
  ["a part of an account's name", "arn:aws:iam::444444444444:role/pay*"],
  ["a part of a key's id", "arn:aws:kms:eu-central-1:444444444444:key/0a1b-*"],
  ["one character", "arn:aws:iam::44444444444?:root"],
])("compares each stack on its own if a wildcard covers %s", (_what, value) => {
  expect(isTransferable(policy(value))).toBe(false);
});
