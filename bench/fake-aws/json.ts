import {
  hasLogStream,
  indexOf,
  INSTANCES,
  instanceId,
  pageOf,
  sessionAt,
  type FakeSession,
} from "./sessions";
import type { FakeTarget } from "./targets";

/** Answers of the services whose protocol is AWS JSON 1.1. Times are in seconds, those of CloudWatch Logs in milliseconds. */

type Input = Readonly<Record<string, unknown>>;
type Answer = (target: FakeTarget, input: Input, now: number) => object;

const seconds = (time: number) => Math.floor(time / 1000);
const tokenOf = (input: Input, name: "NextToken" | "nextToken") => Number(input[name] ?? 0);

const PREFERENCES_AGE = 90 * 24 * 60 * 60;

/** The answers, by the header `X-Amz-Target`. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  "AmazonSSM.DescribeSessions": (target, input, now) => {
    if (input["State"] === "Active") return { Sessions: [] };
    const filters = (input["Filters"] ?? []) as readonly { key: string; value: string }[];
    const id = filters.find(({ key }) => key === "SessionId")?.value;
    if (id !== undefined) return { Sessions: one(target, id, now).map(listed(target)) };
    const { page, next } = pageOf(target, {
      from: tokenOf(input, "NextToken"),
      size: Number(input["MaxResults"] ?? 200),
      now,
    });
    return { Sessions: page.map(listed(target)), ...(next !== null && { NextToken: String(next) }) };
  },

  "AmazonSSM.ListDocumentVersions": (_target, { Name }, now) => ({
    DocumentVersions: [
      {
        Name,
        DocumentVersion: "1",
        CreatedDate: seconds(now) - PREFERENCES_AGE,
        Status: "Active",
        IsDefaultVersion: true,
        DocumentFormat: "JSON",
      },
    ],
  }),

  "AmazonSSM.GetDocument": ({ bucket, prefix, logGroup }, { Name }) => ({
    Name,
    DocumentVersion: "1",
    Status: "Active",
    DocumentType: "Session",
    DocumentFormat: "JSON",
    Content: JSON.stringify({
      schemaVersion: "1.0",
      sessionType: "Standard_Stream",
      inputs: { s3BucketName: bucket, s3KeyPrefix: prefix, cloudWatchLogGroupName: logGroup },
    }),
  }),

  "AmazonSSM.DescribeInstanceInformation": () => ({
    InstanceInformationList: Array.from({ length: INSTANCES }, (_, index) => ({
      InstanceId: instanceId(index),
      PingStatus: "Online",
      AgentVersion: "3.3.2299.0",
      PlatformType: "Linux",
      PlatformName: "Amazon Linux",
      ComputerName: `ip-10-0-0-${index}.internal`,
    })),
  }),

  "Logs_20140328.DescribeLogStreams": (target, input, now) => {
    const prefix = input["logStreamNamePrefix"] as string | undefined;
    if (prefix !== undefined) {
      return { logStreams: one(target, prefix, now).filter(hasLogStream).map(stream(target)) };
    }
    const size = Number(input["limit"] ?? 50);
    if (input["descending"] !== true) {
      const oldest = Math.max(0, target.sessions - size);
      return { logStreams: pageOf(target, { from: oldest, size, now }).page.map(stream(target)).reverse() };
    }
    const { page, next } = pageOf(target, { from: tokenOf(input, "nextToken"), size, now });
    return {
      logStreams: page.filter(hasLogStream).map(stream(target)),
      ...(next !== null && { nextToken: String(next) }),
    };
  },

  "CloudTrail_20131101.LookupEvents": (target, input, now) => {
    const { page, next } = pageOf(target, {
      from: tokenOf(input, "NextToken"),
      size: Number(input["MaxResults"] ?? 50),
      now,
    });
    return { Events: page.map(event(target)), ...(next !== null && { NextToken: String(next) }) };
  },
};

function one(target: FakeTarget, id: string, now: number): readonly FakeSession[] {
  const index = indexOf(id);
  if (!(index >= 0 && index < target.sessions)) return [];
  const session = sessionAt(target, index, now);
  return session.id === id ? [session] : [];
}

const listed =
  ({ region, bucket, prefix, logGroup }: FakeTarget) =>
  ({ id, instance, start, end, document, owner, index }: FakeSession) => ({
    SessionId: id,
    Target: instance,
    Status: "Terminated",
    DocumentName: document,
    Owner: owner,
    StartDate: start / 1000,
    EndDate: end / 1000,
    Reason: `ticket ${index}`,
    AccessType: "Standard",
    MaxSessionDuration: "60",
    Details: "",
    OutputUrl: {
      S3OutputUrl: `https://s3.${region}.amazonaws.com/${bucket}/${prefix}/${id}.log`,
      CloudWatchOutputUrl: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#${logGroup}`,
    },
  });

const stream =
  ({ accountId, region, logGroup }: FakeTarget) =>
  ({ id, start, end }: FakeSession) => ({
    logStreamName: id,
    creationTime: start,
    firstEventTimestamp: start,
    lastEventTimestamp: end,
    lastIngestionTime: end + 500,
    storedBytes: 0,
    uploadSequenceToken: id,
    arn: `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:${id}`,
  });

const event =
  ({ accountId, region }: FakeTarget) =>
  ({ id, person, owner, instance, document, start, index }: FakeSession) => {
    const EventId = `00000000-0000-4000-8000-${accountId.slice(-6)}${index.toString(16).padStart(6, "0")}`;
    const role = `arn:aws:iam::${accountId}:role/session-operator`;
    const eventTime = `${new Date(start).toISOString().slice(0, 19)}Z`;
    return {
      EventId,
      EventName: "StartSession",
      EventTime: start / 1000,
      Username: person,
      ReadOnly: "false",
      EventSource: "ssm.amazonaws.com",
      AccessKeyId: `ASIA${accountId}`,
      Resources: [],
      CloudTrailEvent: JSON.stringify({
        eventVersion: "1.11",
        userIdentity: {
          type: "AssumedRole",
          principalId: `AROA:${person}`,
          arn: owner,
          accountId,
          accessKeyId: `ASIA${accountId}`,
          sessionContext: {
            sessionIssuer: { type: "Role", principalId: "AROA", arn: role, accountId },
            attributes: { creationDate: eventTime, mfaAuthenticated: "true" },
            sourceIdentity: `${person}@example.com`,
          },
        },
        eventTime,
        eventSource: "ssm.amazonaws.com",
        eventName: "StartSession",
        awsRegion: region,
        sourceIPAddress: `203.0.113.${index % 250}`,
        userAgent: "aws-cli/2.31.0 md/Botocore#1.40.0",
        requestParameters: { target: instance, documentName: document, reason: `ticket ${index}` },
        responseElements: {
          sessionId: id,
          tokenValue: "Value hidden due to security reasons.",
          streamUrl: "",
        },
        requestID: EventId,
        eventID: EventId,
        readOnly: false,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: accountId,
        eventCategory: "Management",
        tlsDetails: { tlsVersion: "TLSv1.3", clientProvidedHostHeader: `ssm.${region}.amazonaws.com` },
      }),
    };
  };
