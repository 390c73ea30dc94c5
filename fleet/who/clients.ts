import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { Organization } from "../../accounts/model/organization";
import type { PlannedStack } from "../../review/model";
import { profilesOf, profileName, roleArn } from "../../stacks/profiles";
import type { Site } from "./history";
import { attemptsIn } from "../client-settings";

/** Makes the client of an account and region that reads as the plan of a stack does. */
export type ClientOf = (site: Site, stack: Pick<PlannedStack, "kind">) => Promise<CloudTrailClient>;

/** The role with which an account is read, and its external id; null: the surrounding credentials. */
interface Reader {
  readonly roleArn: string;
  readonly externalId: string | null;
}

function readerOf(organization: Organization, accountId: string, kind: string): Reader | null {
  const { deployment, accounts, guardrails } = organization;
  if (deployment.mode !== "assume-role") return null;
  const management = kind === "guardrails" ? guardrails?.managementAccount : undefined;
  const account = management ?? accounts.find(({ id }) => id === accountId);
  if (account === undefined) return null;
  const own = management?.role ?? null;
  const profile = profilesOf(organization)?.find(({ name }) => name === profileName(account, own));
  return profile === undefined
    ? { roleArn: roleArn(account, own ?? deployment.role), externalId: deployment.externalId ?? null }
    : { roleArn: profile.planRoleArn, externalId: profile.externalId };
}

/** The names of the roles that deploy, without paths. */
export const rolesOf = ({ deployment, guardrails }: Organization): string[] =>
  [
    deployment.mode === "assume-role" ? deployment.role : null,
    guardrails?.managementAccount.role ?? null,
  ].flatMap((role) => (role === null ? [] : role.split("/").at(-1)!));

/** Clients that sign with the role of a plan. They try again as slowly as CloudTrail allows. */
export const signedClients =
  (organization: Organization, env: NodeJS.ProcessEnv): ClientOf =>
  async ({ accountId, region }, { kind }) => {
    // Loaded here, because most commands need no AWS SDK.
    const { CloudTrailClient } = await import("@aws-sdk/client-cloudtrail");
    const reader = readerOf(organization, accountId, kind);
    return new CloudTrailClient({
      region,
      retryMode: "adaptive",
      maxAttempts: attemptsIn(env),
      ...(reader !== null && { credentials: () => assumed(reader, region) }),
    });
  };

async function assumed({ roleArn: RoleArn, externalId }: Reader, region: string) {
  const { STSClient, AssumeRoleCommand } = await import("@aws-sdk/client-sts");
  const { Credentials } = await new STSClient({ region }).send(
    new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: "session-audit",
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
}
