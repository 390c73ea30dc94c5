import type { AccountsMap } from "../../accounts/schema";
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

it("are none unless the map asks for some", () => {
  const stack = synthesizeOne("session-payments-us-east-1");
  expect(stack.all("aws_ssm_association")).toEqual({});
  expect(stack.addresses.filter((address) => address.includes("Hosts"))).toEqual([]);
});

describe("what State Manager keeps on instances", () => {
  const stack = session({ maintain: ["ssm-agent", "linux-tools"] });

  it("has addresses that stay", () => {
    const ours = stack.addresses.filter((address) => address.includes("Prerequisites"));
    expect(ours).toEqual([
      "aws_ssm_association.Prerequisites_Agent_82CC1C47",
      "aws_ssm_association.Prerequisites_LinuxTools_0A7A09C6",
      "aws_ssm_document.Prerequisites_LinuxToolsDocument_0EDAB5C4",
    ]);
  });

  it("is SSM Agent, by AWS's own document, on all instances each fortnight", () => {
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

  it("is what records on Linux, by a document of this project, once that is there", () => {
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

  it("reaches the instance as it is written, whatever Terraform would read into it", () => {
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

it("is one thing alone where the map names one", () => {
  const stack = session({ maintain: ["ssm-agent"] });
  expect(Object.keys(stack.all("aws_ssm_association"))).toHaveLength(1);
  expect(Object.keys(stack.all("aws_ssm_document"))).toEqual(["Preferences"]);
});

it("follows what the map says of when, where and how fast", () => {
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

it("gives the instance policy to the role of Default Host Management besides the named ones", () => {
  const map = exampleWith((m) => (m.access!.defaultHostManagementRole = "hosts"));
  const attached = Object.values(
    synthesizeOne("account-payments", map).all("aws_iam_role_policy_attachment"),
  );
  expect(attached.map(({ role }) => role)).toEqual(["app-server", "hosts"]);
  expect(new Set(attached.map(({ policy_arn }) => policy_arn)).size).toBe(1);
});
