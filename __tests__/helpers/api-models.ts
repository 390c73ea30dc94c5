import * as cloudtrail from "@aws-sdk/client-cloudtrail";
import * as monitoring from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as ec2 from "@aws-sdk/client-ec2";
import * as events from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as ssm from "@aws-sdk/client-ssm";

/** The packages of the AWS SDK by the first part of CloudTrail's `eventSource`. */
const PACKAGES: Readonly<Record<string, object>> = {
  cloudtrail,
  dynamodb,
  ec2,
  events,
  iam,
  kms,
  lambda,
  logs,
  monitoring,
  s3,
  sns,
  sqs,
  ssm,
};

/**
 * Schemas as the packages export them: the kind of the schema first, then its namespace and its name. An operation has
 * a function that returns the schema of its request at index 4, and a structure has the names of its members there.
 */
const OPERATION = 9;
const isOperation = (value: unknown): value is [9, string, string, unknown, () => readonly unknown[]] =>
  Array.isArray(value) && value[0] === OPERATION;

/** An API operation: its name, and the names of the members of its request, which begin in lower case. */
export interface Operation {
  readonly name: string;
  readonly members: readonly string[];
}

/** Every service that the models of the installed AWS SDK packages describe. */
export const MODELLED_SERVICES: readonly string[] = Object.keys(PACKAGES);

/**
 * The operations of a service, as the models in its AWS SDK package describe them.
 * @param service the first part of CloudTrail's `eventSource`, such as `monitoring` for CloudWatch
 * @throws Error if no package of the service is installed
 * @example operationsOf("logs").find(({ name }) => name === "AssociateKmsKey")?.members
 */
export function operationsOf(service: string): Operation[] {
  const models = PACKAGES[service];
  if (models === undefined) throw new Error(`no AWS SDK package is installed for ${service}`);
  return Object.values(models)
    .filter(isOperation)
    .map(([, , name, , request]) => ({ name, members: membersOf(request()) }));
}

/** CloudTrail writes the first letter of each member in lower case. */
const membersOf = (structure: readonly unknown[]) =>
  Array.isArray(structure[4])
    ? (structure[4] as readonly string[]).map((name) => name[0]!.toLowerCase() + name.slice(1))
    : [];
