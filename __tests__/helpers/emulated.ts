import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { Clients } from "../../emulator/clients/clients";
import type { Emulator } from "../../emulator";

/** What the tests of the emulator itself have in common. No map is deployed in them: they make the few resources that they need. */
export const REGION = "eu-west-1";
export const WORK = "111111111111";
export const ARCHIVE = "222222222222";
export const ORGANIZATION_ID = "o-a1b2c3d4e5";

/** A statement of an IAM policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** An IAM policy as JSON. */
export const policy = (...Statement: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

/** A statement that allows actions on resources. @param more such as a principal or conditions */
export const allow = (
  Action: string | string[],
  Resource: string | string[],
  more: Statement = {},
): Statement => ({ Effect: "Allow", Action, Resource, ...more });

/** The statement of a key's policy with which IAM policies of an account decide about the key. */
export const delegateTo = (account: string): Statement =>
  allow("kms:*", "*", { Principal: { AWS: `arn:aws:iam::${account}:root` } });

/** Clients that call the emulator as a role of an account, by default as an administrator. */
export async function clientsOf(
  emulator: Emulator,
  account: string,
  role?: string,
  session?: string,
): Promise<Clients> {
  const credentials = await emulator.credentials(account, role, session);
  return new Clients({ endpoint: emulator.endpoint, region: REGION, maxAttempts: 2, credentials });
}

/** Creates a KMS key. @returns its ARN */
export async function createKey({ kms }: Clients): Promise<string> {
  return (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
}

/** Creates a role that any principal may assume. */
export async function createRole({ iam }: Clients, RoleName: string): Promise<void> {
  const AssumeRolePolicyDocument = policy(allow("sts:AssumeRole", "*"));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
}

/** Grants of a role, by a name that a test can leave out. */
export type Grants = Readonly<Record<string, Statement>>;

/** Replaces the one inline policy of a role. */
export async function grant({ iam }: Clients, RoleName: string, grants: Grants): Promise<void> {
  const PolicyDocument = policy(...Object.values(grants));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grants", PolicyDocument }));
}

/** The same grants without the one of that name. */
export const without = (grants: Grants, name: string): Grants =>
  Object.fromEntries(Object.entries(grants).filter(([key]) => key !== name));

/** What an operator needs in order to start sessions and to end them. */
export const operatorGrants = (): Grants => ({
  start: allow("ssm:StartSession", [
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell",
  ]),
  end: allow(["ssm:TerminateSession", "ssm:ResumeSession"], "arn:aws:ssm:*:*:session/*", {
    Condition: { StringEquals: { "ssm:resourceTag/aws:ssmmessages:session-id": "${aws:userid}" } },
  }),
  own: allow("ssmmessages:OpenDataChannel", "arn:aws:ssm:*:*:session/${aws:userid}-*"),
  key: allow("kms:GenerateDataKey", "*", {
    Condition: { StringEquals: { "kms:RequestAlias": "alias/session-audit" } },
  }),
});
