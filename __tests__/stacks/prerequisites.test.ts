import type { AccountsMap } from "../../accounts/schema";
import { validate } from "../../emulator/patterns/event-pattern";
import { hostFindings } from "../../stacks/events/host-patterns";
import { exampleWith, synthesizeOne } from "../helpers/synth";

type Prerequisites = NonNullable<AccountsMap["prerequisites"]>;

const session = (prerequisites: Prerequisites) =>
  synthesizeOne(
    "session-payments-us-east-1",
    exampleWith((map) => (map.prerequisites = prerequisites)),
  );

const AGENT = /Agent/;
const TOOLS = /LinuxTools/;

it("do not exist unless the map has some", () => {
  const stack = synthesizeOne("session-payments-us-east-1");
  expect(stack.all("aws_ssm_association")).toEqual({});
  expect(stack.addresses.filter((address) => address.includes("Hosts"))).toEqual([]);
});

describe("a prerequisite that State Manager maintains on instances", () => {
  const stack = session({ maintain: ["ssm-agent", "linux-tools"] });

  it("has pinned addresses", () => {
    const ours = stack.addresses.filter((address) => address.includes("Prerequisites"));
    expect(ours).toEqual([
      "aws_ssm_association.Prerequisites_Agent_82CC1C47",
      "aws_ssm_association.Prerequisites_LinuxTools_0A7A09C6",
      "aws_ssm_document.Prerequisites_LinuxToolsDocument_0EDAB5C4",
    ]);
  });

  it("can be SSM Agent, with AWS's own document, on all instances every 14 days", () => {
    expect(stack.the("aws_ssm_association", AGENT)).toMatchObject({
      name: "AWS-UpdateSSMAgent",
      association_name: "session-audit-acme-agent-update",
      schedule_expression: "rate(14 days)",
      apply_only_at_cron_interval: false,
      targets: [{ key: "InstanceIds", values: ["*"] }],
      max_concurrency: "10%",
      max_errors: "10%",
      compliance_severity: "HIGH",
    });
  });

  it("can be script and screen on Linux, with a document of this project, which is created first", () => {
    expect(stack.the("aws_ssm_association", TOOLS)).toMatchObject({
      name: "session-audit-acme-linux-tools",
      association_name: "session-audit-acme-linux-tools",
      depends_on: ["aws_ssm_document.Prerequisites_LinuxToolsDocument_0EDAB5C4"],
    });
    expect(stack.the("aws_ssm_document", TOOLS)).toMatchObject({
      name: "session-audit-acme-linux-tools",
      document_type: "Command",
      document_format: "JSON",
    });
  });

  it("reaches the instance unchanged, because everything that Terraform would interpolate is escaped", () => {
    const { mainSteps } = stack.document<{ mainSteps: { inputs: { runCommand: string[] } }[] }>(
      "aws_ssm_document",
      "content",
      TOOLS,
    );
    const raw = String(stack.the("aws_ssm_document", TOOLS)["content"]);
    expect(raw).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
    expect(mainSteps[0]!.inputs.runCommand[0]).toBe("#!/bin/sh");
  });

  it("is watched by a rule of the security channel: the document by name, the associations by their ids", () => {
    const rule = stack.the("aws_cloudwatch_event_rule", /Hosts/);
    const [agent, tools] = stack.addresses.filter((address) => /association.Prerequisites/.test(address));
    expect(rule["name"]).toBe("session-audit-acme-security-hosts");
    expect(JSON.parse(String(rule["event_pattern"]))).toEqual(
      hostFindings(
        {
          document: "session-audit-acme-linux-tools",
          associationIds: [`\${${agent}.association_id}`, `\${${tools}.association_id}`],
          endpointIds: [],
          securityGroupIds: [],
        },
        [],
      ),
    );
  });
});

it("is declared alone if the map names only one, with a rule of one alternative, which has no $or", () => {
  const stack = session({ maintain: ["ssm-agent"] });
  const pattern = JSON.parse(String(stack.the("aws_cloudwatch_event_rule", /Hosts/)["event_pattern"])) as {
    detail: object;
  };
  expect(Object.keys(pattern.detail)).toEqual(["eventSource", "eventName", "requestParameters"]);
  expect(() => validate(pattern)).not.toThrow();
  expect(Object.keys(stack.all("aws_ssm_association"))).toHaveLength(1);
  expect(Object.keys(stack.all("aws_ssm_document"))).toEqual(["Preferences"]);
});

it("has the schedule, targets and limits of the map", () => {
  const stack = session({
    maintain: ["linux-tools"],
    schedule: "cron(0 3 ? * SUN *)",
    applyOnlyAtCronInterval: true,
    targets: [
      { tag: "SessionManager", values: ["yes", "recorded"] },
      { tag: "Stage", values: ["test"] },
    ],
    maxConcurrency: "5",
    maxErrors: "0",
    complianceSeverity: "CRITICAL",
  });
  expect(stack.the("aws_ssm_association")).toMatchObject({
    schedule_expression: "cron(0 3 ? * SUN *)",
    apply_only_at_cron_interval: true,
    targets: [
      { key: "tag:SessionManager", values: ["yes", "recorded"] },
      { key: "tag:Stage", values: ["test"] },
    ],
    max_concurrency: "5",
    max_errors: "0",
    compliance_severity: "CRITICAL",
  });
});

it("the account stack attaches the instance policy also to the role of Default Host Management Configuration", () => {
  const map = exampleWith((m) => (m.access!.defaultHostManagementRole = "hosts"));
  const attached = Object.values(
    synthesizeOne("account-payments", map).all("aws_iam_role_policy_attachment"),
  );
  expect(attached.map(({ role }) => role)).toEqual(["app-server", "hosts"]);
  expect(new Set(attached.map(({ policy_arn }) => policy_arn)).size).toBe(1);
});
