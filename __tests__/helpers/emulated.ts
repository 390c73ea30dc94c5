import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { Clients } from "../../emulator/clients/clients";
import type { Emulator } from "../../emulator";

/**
 * This file has what the tests of the emulator itself share. These tests deploy no map: they create the few resources
 * that they need.
 */

/** The region of these tests. */
export const REGION = "eu-west-1";
/** Id of an account with sessions. */
export const WORK = "111111111111";
/** Id of an account with records. */
export const ARCHIVE = "222222222222";
/** Id of the organization of both accounts. */
export const ORGANIZATION_ID = "o-a1b2c3d4e5";

/** A statement of an IAM policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** An IAM policy as JSON, made of statements. */
export const policy = (...Statement: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

/** A statement that allows actions on resources. @param more other elements, such as `Principal` or `Condition` */
export const allow = (
  Action: string | string[],
  Resource: string | string[],
  more: Statement = {},
): Statement => ({ Effect: "Allow", Action, Resource, ...more });

/**
 * The statement of a key policy that lets the IAM policies of an account decide who uses the key.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export const delegateTo = (account: string): Statement =>
  allow("kms:*", "*", { Principal: { AWS: `arn:aws:iam::${account}:root` } });

/** SDK clients that call the emulator as a role of an account. @param role name; by default an administrator */
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

/** Creates a role. @param Principal who may assume it; by default every person, and instances */
export async function createRole(
  { iam }: Clients,
  RoleName: string,
  Principal: object = { AWS: "*", Service: "ec2.amazonaws.com" },
): Promise<void> {
  const AssumeRolePolicyDocument = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
}

/** Statements that a role gets, by a name under which a test can leave one out. */
export type Grants = Readonly<Record<string, Statement>>;

/** Sets the only inline policy of a role, in place of the former one. */
export async function grant({ iam }: Clients, RoleName: string, grants: Grants): Promise<void> {
  const PolicyDocument = policy(...Object.values(grants));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grants", PolicyDocument }));
}

/** A copy of grants without the one of a name. */
export const without = (grants: Grants, name: string): Grants =>
  Object.fromEntries(Object.entries(grants).filter(([key]) => key !== name));

/** The permissions that an operator needs in order to start sessions, and to resume and end their own. */
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
