import { arnParts } from "../../aws/arn";

it("splits an ARN, and leaves everything after the account in one piece", () =>
  expect(arnParts("arn:aws-cn:lambda:cn-north-1:444444444444:function:on-session:live")).toEqual({
    partition: "aws-cn",
    service: "lambda",
    region: "cn-north-1",
    accountId: "444444444444",
    resource: "function:on-session:live",
  }));

it("has empty strings for parts that an ARN leaves out", () =>
  expect(arnParts("arn:aws:s3:::a-bucket")).toMatchObject({
    region: "",
    accountId: "",
    resource: "a-bucket",
  }));

it("finds no account in a string that is not an ARN", () =>
  expect(arnParts("events.amazonaws.com").accountId).toBe(""));
