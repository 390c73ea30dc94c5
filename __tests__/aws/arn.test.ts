import { arnParts } from "../../aws/arn";

it("takes an ARN apart, and leaves what follows the account whole", () =>
  expect(arnParts("arn:aws-cn:lambda:cn-north-1:444444444444:function:on-session:live")).toEqual({
    partition: "aws-cn",
    service: "lambda",
    region: "cn-north-1",
    accountId: "444444444444",
    resource: "function:on-session:live",
  }));

it("has empty texts for what an ARN leaves out", () =>
  expect(arnParts("arn:aws:s3:::a-bucket")).toMatchObject({
    region: "",
    accountId: "",
    resource: "a-bucket",
  }));

it("finds no account in what is no ARN", () => expect(arnParts("events.amazonaws.com").accountId).toBe(""));
