import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { DeploymentProfile } from "../../stacks/profiles";
import { attemptsIn, wantsPathStyle } from "../client-settings";
import { sharedRole, type RoleCredentials } from "../role-credentials";
import type { Provider } from "./configuration";

interface Settings {
  readonly region: string;
  readonly retryMode: "adaptive";
  readonly maxAttempts: number;
  readonly credentials?: () => Promise<RoleCredentials>;
}

interface Closable {
  destroy(): void;
}

/** SDK clients of one account and region. Each is made when it is first used. */
export class Site {
  private readonly made = new Map<string, Closable>();

  constructor(
    private readonly settings: Settings,
    private readonly pathStyle: boolean,
  ) {}

  get cloudtrail(): CloudTrailClient {
    return this.client("cloudtrail", () => new CloudTrailClient(this.settings));
  }
  get cloudwatch(): CloudWatchClient {
    return this.client("cloudwatch", () => new CloudWatchClient(this.settings));
  }
  get logs(): CloudWatchLogsClient {
    return this.client("logs", () => new CloudWatchLogsClient(this.settings));
  }
  get ec2(): EC2Client {
    return this.client("ec2", () => new EC2Client(this.settings));
  }
  get events(): EventBridgeClient {
    return this.client("events", () => new EventBridgeClient(this.settings));
  }
  get iam(): IAMClient {
    return this.client("iam", () => new IAMClient(this.settings));
  }
  get kms(): KMSClient {
    return this.client("kms", () => new KMSClient(this.settings));
  }
  get lambda(): LambdaClient {
    return this.client("lambda", () => new LambdaClient(this.settings));
  }
  get organizations(): OrganizationsClient {
    return this.client("organizations", () => new OrganizationsClient(this.settings));
  }
  get s3(): S3Client {
    const { settings, pathStyle: forcePathStyle } = this;
    // The bucket of a map that names an existing one may be in another region.
    return this.client(
      "s3",
      () => new S3Client({ ...settings, followRegionRedirects: true, forcePathStyle }),
    );
  }
  get sns(): SNSClient {
    return this.client("sns", () => new SNSClient(this.settings));
  }
  get sqs(): SQSClient {
    return this.client("sqs", () => new SQSClient(this.settings));
  }
  get ssm(): SSMClient {
    return this.client("ssm", () => new SSMClient(this.settings));
  }

  /** Closes the connections. */
  close(): void {
    for (const client of this.made.values()) client.destroy();
    this.made.clear();
  }

  private client<T extends Closable>(service: string, make: () => T): T {
    const known = this.made.get(service);
    if (known !== undefined) return known as T;
    const made = make();
    this.made.set(service, made);
    return made;
  }
}

/** How sites are reached. */
export interface SitesProps {
  readonly env: NodeJS.ProcessEnv;
  /** The profiles that providers name, with the roles behind them; null: providers name roles. */
  readonly profiles: readonly Pick<DeploymentProfile, "name" | "planRoleArn" | "externalId">[] | null;
  /** ARN of the role to assume in an account. @default the role that plans, or the one that the provider names */
  readonly roleArn?: (provider: Provider) => string;
}

/**
 * Makes clients that read as the plan of a stack does: with the role that plans, or the role that the provider names. A
 * client belongs to one account and region, because AWS throttles by account and region, and the adaptive retries of the
 * SDK slow down one client.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export class Sites {
  private readonly sites = new Map<string, Site>();
  private readonly credentials = new Map<string, () => Promise<RoleCredentials>>();

  constructor(private readonly props: SitesProps) {}

  /** The clients for a provider. Nothing is called yet. */
  of(provider: Provider): Site {
    const { env } = this.props;
    const role = this.roleOf(provider);
    const key = `${provider.accountId} ${provider.region} ${role?.arn ?? ""}`;
    const known = this.sites.get(key);
    if (known !== undefined) return known;
    const settings: Settings = {
      region: provider.region,
      retryMode: "adaptive",
      maxAttempts: attemptsIn(env),
      ...(role !== null && { credentials: this.credentialsOf(role, provider.region) }),
    };
    const made = new Site(settings, wantsPathStyle(env));
    this.sites.set(key, made);
    return made;
  }

  close(): void {
    for (const site of this.sites.values()) site.close();
    this.sites.clear();
  }

  /** The role to assume; null: the environment has the credentials. */
  private roleOf(provider: Provider): Provider["role"] {
    const { profiles, roleArn } = this.props;
    const profile = profiles?.find(({ name }) => name === provider.profile);
    const { externalId = null } = profile ?? provider.role ?? {};
    if (roleArn !== undefined) return { arn: roleArn(provider), externalId };
    return profile ? { arn: profile.planRoleArn, externalId } : provider.role;
  }

  /** Credentials of a role. Its clients share them until they are about to expire. */
  private credentialsOf(
    { arn, externalId }: NonNullable<Provider["role"]>,
    region: string,
  ): () => Promise<RoleCredentials> {
    const known = this.credentials.get(arn);
    if (known !== undefined) return known;
    const { env } = this.props;
    const provider = sharedRole({
      roleArn: arn,
      externalId,
      region,
      env,
      sessionName: "session-audit-doctor",
    });
    this.credentials.set(arn, provider);
    return provider;
  }
}
