import { DataAwsCloudcontrolapiResource } from "@cdktf/provider-aws/lib/data-aws-cloudcontrolapi-resource";
import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { Construct } from "constructs";
import type { Statement } from "../policies/policy";
import { addressOf, stopUnless, warnUnless } from "./expectation";
import { allows } from "./policy-expression";

export interface ExistingKeyProps {
  /** Account, region and setting, as messages name them: `payments in eu-central-1: encryption.keyArn`. */
  readonly label: string;
  readonly keyArn: string;
  /** What its policy must allow. */
  readonly required: readonly Statement[];
  /** The output that shows those statements. */
  readonly output: string;
}

/** Looks at a KMS key that a map names, of the account and region of the stack. */
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
    // Cloud Control knows a replica of a multi-Region key by another type, and the id does not say which one it is.
    if (keyId.startsWith("mrk-") || required.length === 0) return;
    // The only data source of the provider that has a key's policy.
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

function whom({ Principal = "*" }: Statement): string {
  if (Principal === "*") return "the members of the organization";
  return ("Service" in Principal ? [Principal.Service] : [Principal.AWS]).flat().join(", ");
}
