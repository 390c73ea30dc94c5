import type { AccountsMap } from "../../accounts/schema";
import { exampleWith, synthesizeOne, type StackView } from "../helpers/synth";

const SIEM = "arn:aws:logs:{region}:999999999999:destination:siem";
const withLogs = (logs: NonNullable<AccountsMap["logs"]>) => exampleWith((map) => (map.logs = logs));
const session = (logs: NonNullable<AccountsMap["logs"]>) =>
  synthesizeOne("session-payments-eu-central-1", withLogs(logs));
const account = (logs: NonNullable<AccountsMap["logs"]>) => synthesizeOne("account-payments", withLogs(logs));
const filter = (stack: StackView) => stack.the("aws_cloudwatch_log_subscription_filter");

const to = (destinationArn: string, more: object = {}) => ({ subscription: { destinationArn, ...more } });
const STREAM = to("arn:aws:kinesis:{region}:{account}:stream/siem");
const FUNCTION = to("arn:aws:lambda:{region}:{account}:function:siem");

describe("a subscription of session logs", () => {
  it("sends everything to the destination of the region, in the account's role", () => {
    expect(filter(session(to(SIEM)))).toMatchObject({
      name: "session-audit-acme-subscription",
      log_group_name: "/session-audit/acme/sessions",
      destination_arn: "arn:aws:logs:eu-central-1:999999999999:destination:siem",
      filter_pattern: "",
      distribution: "ByLogStream",
      role_arn: "arn:aws:iam::444444444444:role/session-audit-acme-subscription",
      depends_on: ["aws_cloudwatch_log_group.LogGroup"],
    });
  });

  it("has the filter pattern and distribution of the map", () => {
    const stack = session(to(SIEM, { filterPattern: '"sudo"', distribution: "Random" }));
    expect(filter(stack)).toMatchObject({ filter_pattern: '"sudo"', distribution: "Random" });
  });

  it("has no role if the destination admits the account", () => {
    const logs = to(SIEM, { admittedBy: "account" });
    expect(filter(session(logs))).not.toHaveProperty("role_arn");
    expect(account(logs).addresses.filter((address) => /Subscription/.test(address))).toEqual([]);
  });

  it("has a role in the account's stack, once for all regions", () => {
    const stack = account(to(SIEM));
    expect(stack.addresses.filter((address) => /Subscription/.test(address))).toEqual([
      "aws_iam_policy.SubscriptionRole_Policy_4084F7EC",
      "aws_iam_role.SubscriptionRole",
      "aws_iam_role_policy_attachment.SubscriptionRole_Attachment_EA4EE6C2",
    ]);
    expect(stack.document("aws_iam_role", "assume_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        expect.objectContaining({
          Principal: { Service: ["logs.eu-central-1.amazonaws.com", "logs.us-east-1.amazonaws.com"] },
        }),
      ],
    });
  });

  it("has the account's permissions boundary on its role", () => {
    const permissionsBoundaryArn = "arn:aws:iam::444444444444:policy/boundary";
    const map = exampleWith((m) => {
      m.logs = STREAM;
      m.accounts["payments"]!.access = { permissionsBoundaryArn };
    });
    const role = synthesizeOne("account-payments", map).the("aws_iam_role");
    expect(role["permissions_boundary"]).toBe(permissionsBoundaryArn);
  });

  it("has a permission for CloudWatch Logs to invoke a function for this log group alone, which is created first", () => {
    const stack = session(FUNCTION);
    expect(stack.the("aws_lambda_permission")).toMatchObject({
      statement_id: "session-audit-acme-subscription",
      action: "lambda:InvokeFunction",
      function_name: "arn:aws:lambda:eu-central-1:444444444444:function:siem",
      principal: "logs.eu-central-1.amazonaws.com",
      source_account: "444444444444",
      source_arn: "arn:aws:logs:eu-central-1:444444444444:log-group:/session-audit/acme/sessions:*",
    });
    expect(filter(stack)["depends_on"]).toEqual([
      "aws_cloudwatch_log_group.LogGroup",
      "aws_lambda_permission.LogSubscription_Permission_30341145",
    ]);
    expect(filter(stack)).not.toHaveProperty("role_arn");
  });

  it.each(["live", "7"])("has a permission for the qualifier of a function alone: %s", (qualifier) => {
    const arn = `arn:aws:lambda:{region}:{account}:function:siem:${qualifier}`;
    const stack = session(to(arn));
    expect(stack.the("aws_lambda_permission")).toMatchObject({ function_name: "siem", qualifier });
    expect(filter(stack)).toMatchObject({
      destination_arn: `arn:aws:lambda:eu-central-1:444444444444:function:siem:${qualifier}`,
    });
    expect(session(FUNCTION).the("aws_lambda_permission")).not.toHaveProperty("qualifier");
  });

  it("can belong to an existing log group", () => {
    const map = exampleWith((m) => {
      m.accounts["payments"]!.regions = ["eu-central-1"];
      m.logs = { group: { existing: "/theirs" }, ...to(SIEM) };
    });
    const stack = synthesizeOne("session-payments-eu-central-1", map);
    expect(filter(stack)).toMatchObject({ log_group_name: "/theirs" });
    expect(filter(stack)["depends_on"]).toEqual([]);
  });
});

describe("masking of session logs", () => {
  const MASKED = { masking: { enabled: true } };
  const policyOf = (logs: NonNullable<AccountsMap["logs"]>) =>
    session(logs).document<{ Statement: { DataIdentifier: string[]; Operation: object }[] }>(
      "aws_cloudwatch_log_data_protection_policy",
      "policy_document",
    );
  const managed = (name: string) => `arn:aws:dataprotection::aws:data-identifier/${name}`;
  const CREDENTIALS = [
    ...["AwsSecretKey", "OpenSshPrivateKey", "PgpPrivateKey", "PkcsPrivateKey", "PuttyPrivateKey"],
  ].map(managed);

  it("finds and masks credentials, and sends no audit findings", () => {
    expect(policyOf(MASKED)).toEqual({
      Name: "session-audit-acme",
      Description: "Secrets in what sessions show",
      Version: "2021-06-01",
      Statement: [
        {
          Sid: "FindSecrets",
          DataIdentifier: CREDENTIALS,
          Operation: { Audit: { FindingsDestination: {} } },
        },
        { Sid: "MaskSecrets", DataIdentifier: CREDENTIALS, Operation: { Deidentify: { MaskConfig: {} } } },
      ],
    });
  });

  it("masks the identifiers of the map, and sends findings to the log group that it names", () => {
    const logs = {
      masking: {
        enabled: true,
        identifiers: ["EmailAddress"],
        custom: [{ name: "token", regex: "tok_[a-z]{8}$" }],
        findingsLogGroup: "/findings",
      },
    };
    const identifiers = [...CREDENTIALS, managed("EmailAddress"), "token"];
    expect(policyOf(logs)).toMatchObject({
      Configuration: { CustomDataIdentifier: [{ Name: "token", Regex: "tok_[a-z]{8}$" }] },
      Statement: [
        {
          DataIdentifier: identifiers,
          Operation: { Audit: { FindingsDestination: { CloudWatchLogs: { LogGroup: "/findings" } } } },
        },
        { DataIdentifier: identifiers, Operation: { Deidentify: { MaskConfig: {} } } },
      ],
    });
  });

  it("is created before the preferences and before the subscription", () => {
    const stack = session({ ...MASKED, ...to(SIEM) });
    const policy = "aws_cloudwatch_log_data_protection_policy.LogMasking";
    expect(stack.the("aws_cloudwatch_log_data_protection_policy")["depends_on"]).toEqual([
      "aws_cloudwatch_log_group.LogGroup",
    ]);
    expect(stack.the("aws_ssm_document")["depends_on"]).toContain(policy);
    expect(filter(stack)["depends_on"]).toEqual([policy]);
  });

  it("and a subscription are off unless the map says otherwise", () => {
    const { addresses } = session({});
    expect(addresses.filter((address) => /subscription_filter|data_protection/.test(address))).toEqual([]);
  });
});
