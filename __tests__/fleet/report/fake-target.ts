import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient, type Session } from "@aws-sdk/client-ssm";
import type { Clients, TargetClients } from "../../../fleet/target-clients";

/** What the fake AWS of one target has. */
export interface FakeTarget {
  readonly sessions?: readonly Session[];
  /** Objects by session id, with the time of each version. */
  readonly objects?: Readonly<Record<string, readonly Date[]>>;
  /** Streams by name, with the time of their events. */
  readonly streams?: Readonly<Record<string, Date>>;
  /** Messages of the events that every stream has. */
  readonly messages?: readonly string[];
  readonly documents?: readonly { readonly created: Date; readonly content: object }[];
  /** @default true */
  readonly readsContent?: boolean;
  /** Errors by the name of the operation. */
  readonly errors?: Readonly<Record<string, Error>>;
}

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly State?: string;
    readonly Filters?: readonly { readonly key: string; readonly value: string }[];
    readonly Prefix?: string;
    readonly Bucket?: string;
    readonly logStreamNamePrefix?: string;
    readonly descending?: boolean;
    readonly DocumentVersion?: string;
  };
}

/** An error of AWS. */
export const refusal = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

/** Clients that answer from memory, and the calls that they got. */
export function fakeClients(target: FakeTarget): {
  readonly clients: TargetClients;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const { sessions = [], objects = {}, streams = {}, documents = [], messages = [], errors = {} } = target;
  const answers: Readonly<Record<string, (input: Command["input"]) => unknown>> = {
    DescribeSessions: ({ State, Filters = [] }) => ({
      Sessions: sessions
        .filter(({ EndDate }) => (EndDate === undefined) === (State === "Active"))
        .filter((session) => Filters.every(({ key, value }) => matches(session, key, value))),
    }),
    ListDocumentVersions: () => ({
      DocumentVersions: documents.map(({ created }, index) => ({
        DocumentVersion: String(index + 1),
        CreatedDate: created,
      })),
    }),
    GetDocument: ({ DocumentVersion }) => ({
      Content: JSON.stringify(documents[Number(DocumentVersion) - 1]!.content),
    }),
    DescribeInstanceInformation: () => ({ InstanceInformationList: [] }),
    ListObjectVersions: ({ Prefix = "" }) => ({
      Versions: Object.entries(objects).flatMap(([id, times]) => {
        const Key = `${Prefix.replace(/[^/]*$/, "")}${id}.log`;
        return Key.startsWith(Prefix)
          ? times.map((LastModified, index) => ({
              Key,
              LastModified,
              Size: 10,
              VersionId: `v${index}`,
            }))
          : [];
      }),
    }),
    HeadObject: () => ({ ObjectLockMode: "GOVERNANCE" }),
    GetObjectRetention: () => ({
      Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date("2027-01-01") },
    }),
    GetLogEvents: () => ({ events: messages.map((message) => ({ timestamp: 0, message })) }),
    DescribeLogStreams: ({ logStreamNamePrefix = "", descending = false }) => ({
      logStreams: Object.entries(streams)
        .filter(([name]) => name.startsWith(logStreamNamePrefix))
        .sort(([, one], [, other]) => (one.getTime() - other.getTime()) * (descending ? -1 : 1))
        .map(([logStreamName, time]) => ({
          logStreamName,
          creationTime: time.getTime(),
          firstEventTimestamp: time.getTime(),
          lastEventTimestamp: time.getTime(),
          lastIngestionTime: time.getTime(),
        })),
    }),
  };
  const send = (command: Command) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    const ids = (command.input.Filters ?? []).filter(({ key }) => key === "SessionId");
    calls.push([operation, ...ids.map(({ value }) => value)].join(" "));
    const error = errors[operation];
    return error === undefined ? Promise.resolve(answers[operation]!(command.input)) : Promise.reject(error);
  };
  // The paginators of the SDK take only its own clients.
  const config = { region: "eu-west-1" };
  const made: Clients = {
    ssm: Object.assign(new SSMClient(config), { send }) as unknown as SSMClient,
    s3: Object.assign(new S3Client(config), { send }) as unknown as S3Client,
    logs: Object.assign(new CloudWatchLogsClient(config), { send }) as unknown as CloudWatchLogsClient,
    cloudtrail: new CloudTrailClient(config),
    readsContent: target.readsContent ?? true,
    close: () => undefined,
  };
  return { clients: { of: () => made } as unknown as TargetClients, calls };
}

const matches = (session: Session, key: string, value: string): boolean => {
  switch (key) {
    case "InvokedAfter":
      return session.StartDate! > new Date(value);
    case "InvokedBefore":
      return session.StartDate! < new Date(value);
    case "SessionId":
      return session.SessionId === value;
    case "Owner":
      return session.Owner === value;
    default:
      throw new Error(`no filter ${key}`);
  }
};
