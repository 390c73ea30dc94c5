import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { globalRegion, partitionOf } from "../../aws/regions";
import { UserError } from "../../processes/user-error";
import { attemptsIn } from "../client-settings";

/**
 * A client of AWS Organizations, whose endpoint is in the global region of a partition.
 * @param region any region of the partition
 * @param role ARN of a role to assume first; undefined: the credentials of the environment are used
 * @throws UserError if the role cannot be assumed
 * @see https://docs.aws.amazon.com/general/latest/gr/ao.html
 */
export async function organizationsClient(
  region: string,
  role: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<OrganizationsClient> {
  const config = {
    region: globalRegion(partitionOf(region) ?? "aws"),
    retryMode: "adaptive",
    maxAttempts: attemptsIn(env),
  };
  if (role === undefined) return new OrganizationsClient(config);
  const sts = new STSClient(config);
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "session-audit-sync" }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    return new OrganizationsClient({
      ...config,
      credentials: {
        accessKeyId: AccessKeyId!,
        secretAccessKey: SecretAccessKey!,
        sessionToken: SessionToken!,
      },
    });
  } catch (error) {
    const { name, message } = error as Error;
    throw new UserError(
      {
        what: `--role ${role}: ${name}: ${message}`,
        remedy: "Name a role of the management account, or of a delegated administrator, that trusts you.",
      },
      { cause: error },
    );
  } finally {
    sts.destroy();
  }
}
