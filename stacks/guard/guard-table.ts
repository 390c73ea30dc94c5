import { DynamodbResourcePolicy } from "@cdktf/provider-aws/lib/dynamodb-resource-policy";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { acceptFindings } from "../kit/accepted-findings";
import { toJson } from "../kit/json";
import { arns, guardNames, type Place } from "../names";
import { guardTablePolicy } from "../policies/guard-policy";

/** Which guard the table belongs to, and what encrypts it. */
export interface GuardTableProps {
  /** Account and region of the guard. */
  readonly place: Place;
  /**
   * ARN of a customer managed key whose policy lets DynamoDB use it for this table; null: DynamoDB encrypts with a key
   * of its own.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  readonly keyArn: string | null;
}

/**
 * The DynamoDB table in which the guard keeps what it has reported, and up to when it has checked sessions. Its policy
 * lets nobody else write items. No record of a session is lost with it: the guard only starts over.
 * @example
 * new GuardTable(this, "Table", { place, keyArn: null });
 */
export class GuardTable extends Construct {
  /** The table and its policy, which must exist before the guard runs. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { place, keyArn }: GuardTableProps) {
    super(scope, id);
    const name = guardNames(place).table;
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
    const policy = new DynamodbResourcePolicy(this, "Policy", {
      resourceArn: arns.table(place, name),
      policy: toJson(guardTablePolicy(place)),
      dependsOn: [table],
    });
    this.ready = [table, policy];
  }
}
