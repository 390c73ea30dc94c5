import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { Construct } from "constructs";
import type { Statement } from "../policies/policy";
import { addressOf, stopUnless, warnUnless } from "./expectation";
import { allows } from "./policy-expression";

/** Which key is examined, and what its policy must allow. */
export interface ExistingKeyProps {
  /** What messages begin with: account, region and setting, as in `payments in eu-central-1: encryption.keyArn`. */
  readonly label: string;
  /** ARN of the key. */
  readonly keyArn: string;
  /** Statements that the key policy must have, in these or other words. */
  readonly required: readonly Statement[];
  /** Name of the output of the stack that shows these statements. */
  readonly output: string;
}

/**
 * Examines an existing KMS key that the map names, in the account and region of the stack. A key that cannot encrypt
 * stops the plan. A key policy that lacks a statement causes a warning.
 * @see docs/decisions/0012-what-exists-is-looked-at.md
 * @example
 * new ExistingKey(this, "ExistingKey", {
 *   label: "payments in eu-central-1: encryption.keyArn",
 *   keyArn,
 *   required: usesOf(policy),
 *   output: "required_key_statements",
 * });
 */
export class ExistingKey extends Construct {
  constructor(scope: Construct, id: string, { label, keyArn, required, output }: ExistingKeyProps) {
    super(scope, id);
    new DataAwsKmsKey(this, "Default", {
      keyId: keyArn,
      lifecycle: stopUnless(
        {
          holds: 'self.key_state == "Enabled"',
          otherwise: `${label}: the key ${keyArn} is disabled or on its way to deletion, and nothing can be encrypted with it. Enable it, cancel its deletion, or name another key.`,
        },
        {
          holds: 'self.customer_master_key_spec == "SYMMETRIC_DEFAULT"',
          otherwise: `${label}: the key ${keyArn} is not a symmetric encryption key, and no service here takes it. Name another key.`,
        },
        {
          holds: 'self.key_manager == "CUSTOMER"',
          otherwise: `${label}: the key ${keyArn} is AWS's own, whose policy lets none of the services here in. Name a customer managed key.`,
        },
      ),
    });
    const keyId = keyArn.split("/").at(-1)!;
    // Cloud Control has another resource type, AWS::KMS::ReplicaKey, for a replica of a multi-Region key. The id of
    // such a key does not say whether it is the primary key or a replica, so its policy is not examined.
    // @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-replicakey.html
    if (keyId.startsWith("mrk-") || required.length === 0) return;
    // Observed with AWS provider 5.100.0: no other data source has the policy of a key.
    const key = new DataAwsCloudcontrolapiResource(this, "Policy", {
      typeName: "AWS::KMS::Key",
      identifier: keyId,
    });
    const policy = `jsondecode(${addressOf(key)}.properties).KeyPolicy`;
    warnUnless(
      this,
      id,
      required.map((statement) => ({
        holds: allows(policy, statement),
        otherwise: `${label}: the policy of the key ${keyArn} does not allow ${actionsOf(statement)} to ${whom(statement)}. Add the statement ${statement.Sid} of the output ${output} to it.`,
      })),
    );
  }
}

const actionsOf = ({ Action = [] }: Statement) => Action.join(", ");

/** The principal of a statement, as messages name it. */
function whom({ Principal = "*" }: Statement): string {
  if (Principal === "*") return "the members of the organization";
  return ("Service" in Principal ? [Principal.Service] : [Principal.AWS]).flat().join(", ");
}
