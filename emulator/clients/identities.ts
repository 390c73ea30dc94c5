import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity } from "./clients";
import { PARTITIONS } from "../../aws/regions";
import { iamRegion, partitionOf } from "./partitions";

/** Who signed a request. */
export interface CallerIdentity {
  readonly accountId: string;
  /** Assumed-role session ARN for roles. */
  readonly arn: string;
  /** `AROA…:<session name>` for roles. */
  readonly userId: string;
  readonly accessKeyId: string;
}

/** The dummy credentials with which every role is assumed. Moto treats them as a user of its own default account. */
export const ROOT_CREDENTIALS: AwsCredentialIdentity = {
  accessKeyId: "AKIAEMULATOR",
  secretAccessKey: "emulator",
};

/** Assumes roles, and finds the identity behind an access key. Both ask the STS of moto. */
export class Identities {
  private readonly byKey = new Map<string, Promise<CallerIdentity>>();

  constructor(private readonly endpoint: string) {}

  /** Credentials of a role in an account. Moto does not require that the role exists. */
  async assumeRole(
    accountId: string,
    roleName: string,
    sessionName = roleName,
  ): Promise<AwsCredentialIdentity> {
    const answer = await this.sts(ROOT_CREDENTIALS, "us-east-1").send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
        RoleSessionName: sessionName,
      }),
    );
    const given = answer.Credentials;
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
      throw new Error(`moto returned no credentials for the role ${roleName} in ${accountId}`);
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      ...(given.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
    };
  }

  /**
   * The identity behind an access key, with the partition of the region in which the key is used. Moto keeps assumed
   * roles by partition and a role may have been assumed in another one, so all partitions are asked. For a key that moto
   * does not know, it returns its own default user.
   */
  of(
    accessKeyId: string = ROOT_CREDENTIALS.accessKeyId,
    region: string = "us-east-1",
  ): Promise<CallerIdentity> {
    const partition = partitionOf(region);
    const place = `${partition}/${accessKeyId}`;
    const known = this.byKey.get(place);
    if (known !== undefined) return known;
    const asked = this.ask(accessKeyId, partition);
    asked.catch(() => this.byKey.delete(place));
    this.byKey.set(place, asked);
    return asked;
  }

  private async ask(accessKeyId: string, partition: string): Promise<CallerIdentity> {
    const credentials = { accessKeyId, secretAccessKey: "emulator" };
    let found: CallerIdentity | undefined;
    for (const candidate of new Set([partition, ...PARTITIONS])) {
      const answer = await this.sts(credentials, iamRegion(candidate)).send(new GetCallerIdentityCommand({}));
      const arn = (answer.Arn ?? "").replace(/^arn:[^:]+/, `arn:${partition}`);
      found ??= { accountId: answer.Account ?? "", arn, userId: answer.UserId ?? "", accessKeyId };
      if (!arn.endsWith(":user/moto")) return { ...found, arn, userId: answer.UserId ?? "" };
    }
    return found as CallerIdentity;
  }

  private sts(credentials: AwsCredentialIdentity, region: string): STSClient {
    return new STSClient({ endpoint: this.endpoint, region, credentials, maxAttempts: 2 });
  }
}
