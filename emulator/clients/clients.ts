import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { SettingsCache } from "./settings-cache";

/** Credentials that sign AWS requests. */
export interface AwsCredentialIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

type Send = (call: { readonly input: object }) => Promise<unknown>;

/** What every client of the AWS SDK has. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: Send, about: { readonly commandName?: string }) => Send,
      options: { readonly step: "initialize"; readonly priority: "high" },
    ): void;
  };
}

/** The settings of every AWS client in the emulator. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentity;
  readonly maxAttempts: number;
}

/** The AWS SDK's clients of one account in one region. Each is created when it is first used. */
export class Clients {
  private readonly made = new Map<string, unknown>();

  /** @param cache keeps what the clients read, and hears of what they change. Without one, every call is sent. */
  constructor(
    readonly settings: ClientSettings,
    private readonly cache: SettingsCache | null = null,
  ) {}

  get cloudtrail(): CloudTrailClient {
    return this.client("cloudtrail", (settings) => new CloudTrailClient(settings));
  }
  get cloudwatch(): CloudWatchClient {
    return this.client("cloudwatch", (settings) => new CloudWatchClient(settings));
  }
  get dynamodb(): DynamoDBClient {
    return this.client("dynamodb", (settings) => new DynamoDBClient(settings));
  }
  get events(): EventBridgeClient {
    return this.client("events", (settings) => new EventBridgeClient(settings));
  }
  get iam(): IAMClient {
    return this.client("iam", (settings) => new IAMClient(settings));
  }
  get kms(): KMSClient {
    return this.client("kms", (settings) => new KMSClient(settings));
  }
  get lambda(): LambdaClient {
    return this.client("lambda", (settings) => new LambdaClient(settings));
  }
  get logs(): CloudWatchLogsClient {
    return this.client("logs", (settings) => new CloudWatchLogsClient(settings));
  }
  get s3(): S3Client {
    return this.client("s3", (settings) => new S3Client({ ...settings, forcePathStyle: true }));
  }
  get sns(): SNSClient {
    return this.client("sns", (settings) => new SNSClient(settings));
  }
  get sqs(): SQSClient {
    return this.client("sqs", (settings) => new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }));
  }
  get ssm(): SSMClient {
    return this.client("ssm", (settings) => new SSMClient(settings));
  }

  private client<C extends Client>(name: string, make: (settings: ClientSettings) => C): C {
    const known = this.made.get(name) as C | undefined;
    if (known !== undefined) return known;
    const client = make(this.settings);
    if (this.cache !== null) this.keepSettings(name, client, this.cache);
    this.made.set(name, client);
    return client;
  }

  private keepSettings(service: string, client: Client, cache: SettingsCache): void {
    const place = `${this.settings.region} ${this.settings.credentials.accessKeyId}`;
    client.middlewareStack.add(
      (next, { commandName = "" }) =>
        (call) => {
          const operation = commandName.replace(/Command$/, "");
          return cache.answer({ service, operation, place, input: call.input }, () => next(call));
        },
      { step: "initialize", priority: "high" },
    );
  }
}
