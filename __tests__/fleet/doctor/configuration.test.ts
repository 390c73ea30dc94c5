import { block, list, StackConfiguration, text } from "../../../fleet/doctor/configuration";
import { synthesize } from "../../helpers/synth";

const IDENTITY = {
  id: "session-a-eu-west-1",
  kind: "session",
  account: "a",
  accountId: "111111111111",
  region: "eu-west-1",
} as const;
const configuration = (resource: Record<string, Record<string, Record<string, unknown>>>, aws?: object[]) =>
  new StackConfiguration(IDENTITY, {
    resource,
    provider: {
      aws: (aws ?? [{ region: "eu-west-1", allowed_account_ids: ["111111111111"] }]) as Record<
        string,
        unknown
      >[],
    },
  });

it("finds the resource behind a reference, and none behind anything else", () => {
  const stack = configuration({ aws_sns_topic: { "Topic-a": { name: "t" } } });
  expect(stack.behind("${aws_sns_topic.Topic-a.arn}")).toMatchObject({
    type: "aws_sns_topic",
    id: "Topic-a",
  });
  expect(stack.behind("${aws_sns_topic.Other.arn}")).toBeUndefined();
  expect(stack.behind("arn:aws:sns:eu-west-1:111111111111:t")).toBeUndefined();
});

it("names a created key by its alias, and an existing one by its ARN", () => {
  const stack = configuration({
    aws_kms_key: { Key: {}, Lost: {} },
    aws_kms_alias: { Alias: { name: "alias/a", target_key_id: "${aws_kms_key.Key.key_id}" } },
  });
  expect(stack.keyNamedBy("${aws_kms_key.Key.arn}")).toBe("alias/a");
  expect(stack.keyNamedBy("${aws_kms_key.Lost.arn}")).toBeNull();
  expect(stack.keyNamedBy("arn:aws:kms:eu-west-1:111111111111:key/1")).toMatch(/^arn:/);
  expect(stack.keyNamedBy(undefined)).toBeNull();
});

it("knows how each resource is reached: by the provider that it names, or by the one without an alias", () => {
  const stack = configuration(
    { aws_sqs_queue: { Here: { name: "a" }, There: { name: "b", provider: "aws.global" } } },
    [
      {
        region: "eu-west-1",
        allowed_account_ids: ["111111111111"],
        assume_role: [{ role_arn: "arn:aws:iam::111111111111:role/deploy", external_id: "x" }],
      },
      { alias: "global", region: "us-east-1", allowed_account_ids: ["111111111111"], profile: "p" },
    ],
  );
  const role = { arn: "arn:aws:iam::111111111111:role/deploy", externalId: "x" };
  expect(stack.all("aws_sqs_queue").map(({ provider }) => provider)).toEqual([
    { region: "eu-west-1", accountId: "111111111111", profile: null, role },
    { region: "us-east-1", accountId: "111111111111", profile: "p", role: null },
  ]);
});

it("gives texts as AWS gets them", () => {
  expect(text("$${aws:username} %%{x}")).toBe("${aws:username} %{x}");
  expect(text(7)).toBe("");
  expect([list({ a: 1 }), list([1, 2]), list(undefined), block([{ a: 1 }])]).toEqual([
    [{ a: 1 }],
    [1, 2],
    [],
    { a: 1 },
  ]);
});

it("finds in every stack of the example what doctor looks at, each with its account", () => {
  for (const [id, view] of synthesize()) {
    const stack = new StackConfiguration({ ...IDENTITY, id }, view.json as never);
    expect(stack.provider.accountId).toMatch(/^\d{12}$/);
    for (const { values } of stack.all("aws_cloudwatch_event_target"))
      expect(stack.behind(values["rule"])?.type).toBe("aws_cloudwatch_event_rule");
    for (const { values } of stack.all("aws_s3_bucket_server_side_encryption_configuration"))
      expect(stack.behind(values["bucket"])?.type).toBe("aws_s3_bucket");
    for (const { values } of stack.all("aws_sns_topic_subscription"))
      expect(stack.behind(values["topic_arn"])?.type).toBe("aws_sns_topic");
  }
});
