import { randomBytes, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Trail } from "@aws-sdk/client-cloudtrail";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { partitionOf } from "../clients/partitions";
import { bucketAndKey } from "../gateway/bucket-urls";
import type { AwsRequest, Handler, Observer } from "../gateway/protocol";
import type { Core } from "../iam/core";
import { serviceFor } from "../iam/service-principal";
import { bucketRegion } from "../s3/bucket-region";
import { cloudTrailEvent, type CloudTrailEvent } from "./cloudtrail-event";
import { selects } from "./event-selectors";
import { isReadOnly, objectCall, type ObjectCall } from "./object-calls";
import type { Owners } from "./trail-destinations";
import { loggingTrails, selectorsOf } from "./trails";

/** A record of CloudTrail, and the account and region in which it is. */
interface Placed {
  readonly accountId: string;
  readonly region: string;
  readonly record: CloudTrailEvent;
}

/** Calls after which a trail records something else, or writes somewhere else. */
const CHANGES = /^((Create|Update|Delete)Trail|(Start|Stop)Logging|PutEventSelectors)$/;

/**
 * What trails write into their buckets: management events, and data events of objects in S3 where a trail selects them.
 * CloudTrail writes every few minutes. Here, records wait until somebody reads the bucket of a trail, which then has
 * everything that was called before, or until a trail changes. An organization trail records its own account alone.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export class TrailFiles {
  private waiting: Placed[] = [];
  /** Buckets that calls have named as the destination of a trail. */
  private readonly buckets = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  /** @param settled resolves when all management calls so far are recorded */
  constructor(
    private readonly core: Core,
    private readonly owners: Owners,
    private readonly settled: () => Promise<void>,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  /** Takes a record. Without a trail, nobody will ever write it. */
  readonly add = (accountId: string, region: string, record: CloudTrailEvent): void => {
    if (this.buckets.size > 0) this.waiting.push({ accountId, region, record });
  };

  /** Records calls on objects once they are answered. */
  readonly observe: Observer = (request) => {
    const call = this.buckets.size > 0 ? objectCall(request) : undefined;
    if (call === undefined) return () => undefined;
    return (status) => void this.then(() => this.record(call, request, status));
  };

  /** Writes what waits before a trail changes and before its bucket is read. It answers nothing itself. */
  readonly answer: Handler = async ({ service, operation, method, url, body }) => {
    if (service === "cloudtrail" && CHANGES.test(operation)) {
      await this.then(() => this.write());
      const { S3BucketName } = JSON.parse(body.toString("utf8") || "{}") as { S3BucketName?: string };
      if (S3BucketName !== undefined) this.buckets.add(S3BucketName);
    }
    const isRead = service === "s3" && (method === "GET" || method === "HEAD");
    if (isRead && this.buckets.has(bucketAndKey({ url }).bucket)) {
      await this.settled();
      await this.then(() => this.write());
    }
    return undefined;
  };

  /** Does one thing after the other, whatever became of the former. */
  private then(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch((error: Error) => this.log(`trail files: ${error.message}`));
    return done;
  }

  /**
   * Records a call in the account of the caller and in that of the bucket's owner, each with an event id of its own.
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
   */
  private async record(call: ObjectCall, request: AwsRequest, status: number): Promise<void> {
    const { bucket, key, eventName, requestParameters } = call;
    const caller = await this.core.identities.of(request.accessKeyId, request.region);
    const owner = await this.owners.of(bucket);
    const region =
      owner === undefined
        ? request.region
        : await bucketRegion(await this.core.accounts.in(owner, request.region), bucket);
    const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
    const error = errorOf(status);
    const event = cloudTrailEvent({
      caller,
      region,
      eventSource: "s3.amazonaws.com",
      eventName,
      requestParameters,
      responseElements: null,
      readOnly: isReadOnly(call),
      ...(error && { error }),
    });
    const recipients = [...new Set([caller.accountId, ...(owner === undefined ? [] : [owner])])];
    const sharedEventID = randomUUID();
    for (const recipientAccountId of recipients) {
      this.add(recipientAccountId, region, {
        ...event,
        eventID: randomUUID(),
        recipientAccountId,
        managementEvent: false,
        eventCategory: "Data",
        ...(recipients.length > 1 && { sharedEventID }),
        resources: [
          { type: "AWS::S3::Object", ARN: `${arn}/${key}` },
          { type: "AWS::S3::Bucket", ARN: arn, accountId: owner },
        ],
      });
    }
  }

  private async write(): Promise<void> {
    const places = new Map<string, Placed[]>();
    for (const one of this.waiting.splice(0)) {
      const place = `${one.accountId} ${one.region}`;
      places.set(place, [...(places.get(place) ?? []), one]);
    }
    for (const placed of places.values()) {
      const { accountId, region } = placed[0]!;
      for (const trail of await loggingTrails(this.core.accounts, accountId, region)) {
        const selectors = await selectorsOf(this.core.accounts, accountId, region, trail);
        const records = placed.map(({ record }) => record).filter((record) => selects(selectors, record));
        if (records.length > 0) await this.put(trail, accountId, region, records);
      }
    }
  }

  private async put(
    { S3BucketName: Bucket = "", S3KeyPrefix, TrailARN = "" }: Trail,
    accountId: string,
    region: string,
    Records: readonly CloudTrailEvent[],
  ): Promise<void> {
    const owner = await this.owners.of(Bucket);
    const [day, minute] = [/^(.{10})/, /T(\d\d:\d\d)/].map(
      (part) => part.exec(new Date().toISOString())![1]!,
    );
    const name = `${accountId}_CloudTrail_${region}_${day!.replaceAll("-", "")}T${minute!.replace(":", "")}Z_${randomBytes(8).toString("hex")}.json.gz`;
    const prefix = S3KeyPrefix ? `${S3KeyPrefix}/` : "";
    const Key = `${prefix}AWSLogs/${accountId}/CloudTrail/${region}/${day!.replaceAll("-", "/")}/${name}`;
    const { allowed, reason } = await this.core.authorizer.authorize({
      principal: serviceFor("cloudtrail", TrailARN),
      accountId: owner ?? accountId,
      action: "s3:PutObject",
      resource: `arn:${partitionOf(region)}:s3:::${Bucket}/${Key}`,
      context: {
        "aws:SourceArn": TrailARN,
        "aws:SourceAccount": accountId,
        "s3:x-amz-acl": "bucket-owner-full-control",
      },
    });
    if (owner === undefined || !allowed) {
      this.log(`trail files: ${TrailARN} cannot write to ${Bucket}: ${reason}`);
      return;
    }
    const { s3 } = await this.core.accounts.in(owner, region);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: gzipSync(JSON.stringify({ Records })) }));
  }
}

/** The error in the record of a call that S3 has refused. The answer's code is in a body that is not read. */
function errorOf(status: number): { readonly code: string; readonly message: string } | undefined {
  if (status < 400) return undefined;
  if (status === 403) return { code: "AccessDenied", message: "Access Denied" };
  if (status === 404) return { code: "NoSuchKey", message: "The specified key does not exist." };
  return { code: `HTTP${status}`, message: "The call failed" };
}
