import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { accountBehind, type AccountIdentity, type Organization } from "../accounts/model/organization";
import { names } from "../stacks/names";
import { roleArn } from "../stacks/profiles";
import { attemptsIn, wantsPathStyle } from "./client-settings";
import { sharedRole, type RoleCredentials } from "./role-credentials";

/** SDK clients of one account and region. */
export interface Clients {
  readonly ssm: SSMClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  readonly cloudtrail: CloudTrailClient;
  /** Whether the role may read the content of sessions. The report role may not. */
  readonly readsContent: boolean;
  /** Closes the connections. */
  close(): void;
}

/** What the clients of the AWS SDK have in common. */
export interface ClientConfig {
  readonly region: string;
  readonly retryMode: "adaptive";
  readonly maxAttempts: number;
  readonly credentials?: () => Promise<RoleCredentials>;
}

/** How clients are made. */
export interface TargetClientsOptions {
  /**
   * Name or ARN of the role to assume in each account; null: the credentials of the environment.
   * @default what {@link TargetClients} describes
   */
  readonly role?: string | null | undefined;
  /** Name of the role's sessions, which CloudTrail shows. @default "session-audit-report" */
  readonly sessionName?: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Makes SDK clients that read, each through the role of its account. A client belongs to one account and region, because
 * AWS throttles by account and region, and the adaptive retries of the SDK slow down one client.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * @example
 * const { ssm, close } = new TargetClients(organization, { env: process.env }).of(account, "eu-central-1");
 */
export class TargetClients {
  private readonly credentials = new Map<string, () => Promise<RoleCredentials>>();
  private readonly externalId: string | null;

  /**
   * @param role name or ARN of the role to assume in each account; by default the report role where the map has one
   * (`access.reporters`), else the role that plans, else the role that deploys. Where there is none of them and the map's
   * deployment is `ambient`, the environment has the credentials
   */
  constructor(
    private readonly organization: Organization,
    private readonly options: TargetClientsOptions,
  ) {
    const { deployment } = organization;
    this.externalId = deployment.mode === "assume-role" ? (deployment.externalId ?? null) : null;
  }

  /** The role to assume in an account, by its name or ARN; null: the environment has credentials for the account. */
  private roleIn(account: AccountIdentity): { readonly role: string | null; readonly readsContent: boolean } {
    const { deployment } = this.organization;
    if (this.options.role !== undefined) return { role: this.options.role, readsContent: true };
    const { access } = accountBehind(this.organization, account).settings;
    if (access.reporters.length > 0)
      return { role: names.report({ organization: this.organization.name }), readsContent: false };
    const own = deployment.mode === "assume-role" ? (deployment.planRole ?? deployment.role) : null;
    return { role: own, readsContent: true };
  }

  /** The clients of an account and region. Nothing is called yet. */
  of(account: AccountIdentity, region: string): Clients {
    const config = this.configOf(account, region);
    const clients = {
      ssm: new SSMClient(config),
      s3: new S3Client({
        ...config,
        // The bucket of a map that names an existing one may be in another region.
        followRegionRedirects: true,
        forcePathStyle: wantsPathStyle(this.options.env),
      }),
      logs: new CloudWatchLogsClient(config),
      cloudtrail: new CloudTrailClient(config),
    };
    return {
      ...clients,
      readsContent: this.roleIn(account).readsContent,
      close: () => Object.values(clients).forEach((client) => client.destroy()),
    };
  }

  /** The configuration of clients of an account and region, for services that {@link of} has no client of. */
  configOf(account: AccountIdentity, region: string): ClientConfig {
    const { role } = this.roleIn(account);
    return {
      region,
      retryMode: "adaptive",
      maxAttempts: attemptsIn(this.options.env),
      ...(role !== null && { credentials: this.credentialsOf(account, region, role) }),
    };
  }

  /** Credentials of an account's role. The clients of the account share them until they are about to expire. */
  private credentialsOf(
    account: AccountIdentity,
    region: string,
    role: string,
  ): () => Promise<RoleCredentials> {
    const known = this.credentials.get(account.id);
    if (known !== undefined) return known;
    const { env, sessionName = "session-audit-report" } = this.options;
    const { accounts } = this.organization;
    const provider = sharedRole({
      roleArn: roleArn(account, role),
      externalId: this.externalId,
      sessionName,
      env,
      // A region that is not enabled has no STS: the role is assumed in the home region.
      region: accounts.find(({ id }) => id === account.id)?.homeRegion ?? region,
    });
    this.credentials.set(account.id, provider);
    return provider;
  }
}
