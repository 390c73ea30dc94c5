import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";

export interface GuardTableProps {
  readonly name: string;
  /** ARN of a customer managed key that lets DynamoDB use it for this table; null: AWS's own. */
  readonly keyArn: string | null;
}

/** What the guard has told, and how far it has looked. It can be lost: the guard would begin anew. */
export class GuardTable extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, keyArn }: GuardTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "Default", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attributeName: "expiresAt", enabled: true },
      pointInTimeRecovery: { enabled: true },
      ...(keyArn !== null && { serverSideEncryption: { enabled: true, kmsKeyArn: keyArn } }),
    });
    acceptFindings(table, {
      CKV_AWS_119: keyArn === null && "The map says encryption.mode: s3-managed.",
      "DynamoDB.6":
        "Its loss costs no record, and a map that leaves the guard out must be able to remove it.",
    });
    this.ready = [table];
  }
}
