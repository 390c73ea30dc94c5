import { wantedOf } from "../../../fleet/adopt/wanted";

const attachment = (role: string, policy_arn: string) => ({ role, policy_arn });

it("reads what a stack would deploy", () => {
  const wanted = wantedOf({
    resource: {
      aws_ssm_document: {
        Other: { name: "other", content: "{}" },
        Preferences: { name: "SSM-SessionManagerRunShell", content: '{"a":"$${x} %%{y}"}' },
      },
      aws_iam_policy: { Instance: { name: "session-audit-acme-instance" } },
      aws_iam_role_policy_attachment: {
        One: attachment("app", "${aws_iam_policy.Instance.arn}"),
        Two: attachment("app", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
        Own: attachment("${aws_iam_role.Own.name}", "${aws_iam_policy.Instance.arn}"),
      },
      aws_cloudwatch_event_rule: { Here: { name: "a" }, Global: { name: "b", provider: "aws.global" } },
    },
  });
  expect(wanted.preferences).toBe('{"a":"${x} %{y}"}');
  expect([...wanted.attachments]).toEqual([
    ["app", ["session-audit-acme-instance", "AmazonSSMManagedInstanceCore"]],
  ]);
  expect(wanted.counts).toMatchObject({ aws_cloudwatch_event_rule: 1, aws_ssm_document: 2 });
});

it("finds nothing in a stack without resources", () => {
  expect(wantedOf({})).toEqual({ preferences: null, attachments: new Map(), counts: {} });
});
