import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";

/** What the guard's table is called, and what encrypts it. */
export interface GuardTableProps {
  /** Name of the table. */
  readonly name: string;
  /**
   * ARN of a customer managed key whose policy lets DynamoDB use it for this table; null: DynamoDB encrypts with a key
   * of its own.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  readonly keyArn: string | null;
}

/**
 * The DynamoDB table in which the guard keeps what it has reported, and up to when it has checked sessions. No record
 * of a session is lost with it: the guard only starts over.
 * @example
 * new GuardTable(this, "Table", { name: guardNames(place).table, keyArn: null });
 */
export class GuardTable extends Construct {
  /** The table, which must exist before the guard runs. */
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
