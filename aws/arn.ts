import { PARTITIONS } from "./regions";

/**
 * The parts of an ARN; an empty text for each part that the ARN leaves out.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  /** Everything after the account, colons included. */
  readonly resource: string;
}

/**
 * Splits an ARN into its parts. All parts of a text that is no ARN are empty.
 *
 * @example arnParts("arn:aws:lambda:eu-central-1:111122223333:function:tell").resource // "function:tell"
 */
export function arnParts(arn: string): ArnParts {
  const [, partition = "", service = "", region = "", accountId = "", ...resource] = arn.split(":");
  return { partition, service, region, accountId, resource: resource.join(":") };
}

/**
 * The name of a Lambda function in its ARN, and the alias or version; null: the ARN is that of the unqualified function.
 *
 * @example functionIn("arn:aws:lambda:eu-central-1:111122223333:function:tell:live") // { name: "tell", qualifier: "live" }
 */
export function functionIn(arn: string): { readonly name: string; readonly qualifier: string | null } {
  const [, name = "", qualifier = null] = arnParts(arn).resource.split(":");
  return { name, qualifier };
}

/** Whether a setting that takes a name or an ARN has an ARN. */
export const isArn = (text: string): boolean => text.startsWith("arn:");

const PARTITION = `(?:${PARTITIONS.join("|")})`;
const REGION = "[a-z0-9-]+";
const ACCOUNT = "\\d{12}";

/** Sources of regular expressions for the parts of an ARN that are not just any region and any account. */
interface ArnPattern {
  readonly service: string;
  /** Defaults to any region; "" for a global service. */
  readonly region?: string;
  /** Defaults to any account id. */
  readonly account?: string;
  readonly resource: string;
}

/**
 * The source of a regular expression that matches ARNs of one kind, in every partition that this program supports.
 * It has no anchors and no groups that capture, so that it can be part of another expression.
 *
 * @example new RegExp(`^${arnPattern({ service: "kms", resource: "key/[A-Za-z0-9-]+" })}$`)
 */
export const arnPattern = ({ service, region = REGION, account = ACCOUNT, resource }: ArnPattern): string =>
  `arn:${PARTITION}:${service}:${region}:${account}:${resource}`;
