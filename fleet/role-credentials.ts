import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { attemptsIn } from "./client-settings";

/** Temporary credentials, as the clients of the AWS SDK take them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration?: Date;
}

/** Which role is assumed, and how. */
export interface RoleProps {
  readonly roleArn: string;
  /** Secret that the trust policy of the role may ask for; null: none. */
  readonly externalId: string | null;
  /** Name of the session, which CloudTrail shows. */
  readonly sessionName: string;
  /** The region whose STS is asked. It must be enabled in the account of the caller. */
  readonly region: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Assumes a role with the credentials of the environment. @throws the error of AWS */
export async function assumeRole(props: RoleProps): Promise<RoleCredentials> {
  const { roleArn, externalId, sessionName, region, env } = props;
  const sts = new STSClient({ region, maxAttempts: attemptsIn(env) });
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(externalId !== null && { ExternalId: externalId }),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials!;
    return {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
      ...(Expiration && { expiration: Expiration }),
    };
  } finally {
    sts.destroy();
  }
}

/** A role session lasts an hour by default; it is renewed early. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SHARED_MS = 45 * 60 * 1000;

/** A provider of a role's credentials. The clients that get it share them until they are about to expire. */
export function sharedRole(props: RoleProps): () => Promise<RoleCredentials> {
  let taken: { readonly credentials: Promise<RoleCredentials>; readonly until: number } | null = null;
  return () => {
    if (taken !== null && taken.until > Date.now()) return taken.credentials;
    const credentials = assumeRole(props);
    taken = { credentials, until: Date.now() + SHARED_MS };
    credentials.catch(() => (taken = null));
    return credentials;
  };
}
