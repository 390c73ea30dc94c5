import {
  DescribeLogStreamsCommand,
  paginateDescribeLogStreams,
  type CloudWatchLogsClient,
  type LogStream as Listed,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogStream } from "../../report/model";

/** A log group of sessions. */
export interface StreamPlace {
  readonly name: string;
  /** Whether a data protection policy masks parts of the text. */
  readonly masked: boolean;
  /** Whether it existed before, so that it may have streams of other programs as well. */
  readonly shared: boolean;
}

const time = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : new Date(milliseconds).toISOString();

const streamOf = ({ name, masked }: Pick<StreamPlace, "name" | "masked">, stream: Listed): LogStream => ({
  group: name,
  name: stream.logStreamName ?? "",
  created: time(stream.creationTime),
  firstEvent: time(stream.firstEventTimestamp),
  lastEvent: time(stream.lastEventTimestamp),
  lastIngestion: time(stream.lastIngestionTime),
  bytes: stream.storedBytes || null,
  masked,
  claims: null,
});

/**
 * The log streams whose last event is not older than a time, the newest first. CloudWatch Logs may take an hour or more
 * to update the times of a stream, so a stream that is not among them may exist: look it up by its name.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
 * @throws what AWS answered
 */
export async function* listLogStreams(
  logs: CloudWatchLogsClient,
  place: StreamPlace,
  since: Date,
): AsyncGenerator<LogStream> {
  const pages = paginateDescribeLogStreams(
    { client: logs, pageSize: 50 },
    { logGroupName: place.name, orderBy: "LastEventTime", descending: true },
  );
  for await (const { logStreams = [] } of pages) {
    yield* logStreams.map((stream) => streamOf(place, stream));
    const last = logStreams.at(-1)?.lastEventTimestamp;
    if (last !== undefined && last < since.getTime()) return;
  }
}

/** The log stream whose last event is the oldest; null: the group has no stream. @throws what AWS answered */
export async function oldestLogStream(
  logs: CloudWatchLogsClient,
  place: StreamPlace,
): Promise<LogStream | null> {
  const { logStreams = [] } = await logs.send(
    new DescribeLogStreamsCommand({ logGroupName: place.name, orderBy: "LastEventTime", limit: 1 }),
  );
  return logStreams[0] === undefined ? null : streamOf(place, logStreams[0]);
}

/** The log stream of a session; null: there is none. @throws what AWS answered */
export async function findLogStream(
  logs: CloudWatchLogsClient,
  place: StreamPlace,
  session: string,
): Promise<LogStream | null> {
  const { logStreams = [] } = await logs.send(
    new DescribeLogStreamsCommand({ logGroupName: place.name, logStreamNamePrefix: session, limit: 1 }),
  );
  const stream = logStreams.find(({ logStreamName }) => logStreamName === session);
  return stream === undefined ? null : streamOf(place, stream);
}
