import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";

/** How far the check has come. */
export interface Progress {
  /** Every session that ended before has been looked at, and what was missing has been told. */
  readonly checkedUntil: Date;
  /** Since when sessions leave their records in these destinations. */
  readonly since: Date;
  /** The destinations, in one word. */
  readonly destinations: string;
}

/** Longer than publishing may take: after that, whoever claimed a report is dead. */
const LEASE_SECONDS = 60;
/** How long publishing may take, retries included. */
export const PUBLISH_WITHIN_MS = 40_000;
/** How often to look whether another run has told by now. */
const LOOK_EVERY_MS = 2_000;

/** Longer than Session Manager lists a session (30 days): what is forgotten here is never asked again. */
const KEPT_SECONDS = 40 * 24 * 60 * 60;

const PROGRESS = { id: { S: "progress" } };

/**
 * What has been told, so that each thing is told once, by however many runs at a time and in whatever order.
 *
 * A report is claimed, published, and then noted as told. Who finds a claim waits until it is one or the other. A run
 * that dies in between leaves a claim that lapses: the next one tells, if need be a second time, which is better
 * than not at all.
 */
export class ReportBook {
  constructor(
    private readonly dynamo: DynamoDBClient,
    private readonly TableName: string,
    /** Of this run. */
    private readonly owner: string,
    private readonly now: () => Date = () => new Date(),
    private readonly wait: (milliseconds: number) => Promise<unknown> = delay,
  ) {}

  /**
   * Does what tells, unless it has been told.
   * @param id of what is told, and where
   * @returns whether it was told just now
   */
  async once(id: string, tell: () => Promise<unknown>): Promise<boolean> {
    if (!(await this.claim(id))) return false;
    try {
      await tell();
    } catch (error) {
      await this.release(id);
      throw error;
    }
    await this.note(id);
    return true;
  }

  /** How far the check has come; null before its first run. */
  async progress(): Promise<Progress | null> {
    const item = await this.item(PROGRESS.id.S);
    if (item === undefined) return null;
    const date = (name: string) => new Date(item[name]?.S ?? Number.NaN);
    return {
      checkedUntil: date("checkedUntil"),
      since: date("since"),
      destinations: item["destinations"]?.S ?? "",
    };
  }

  /** Notes how far the check has come. It never goes back: an older run that ends later changes nothing. */
  async advance({ checkedUntil, since, destinations }: Progress): Promise<void> {
    await this.ifStill(
      new PutItemCommand({
        TableName: this.TableName,
        Item: {
          ...PROGRESS,
          checkedUntil: { S: checkedUntil.toISOString() },
          since: { S: since.toISOString() },
          destinations: { S: destinations },
        },
        ConditionExpression: "attribute_not_exists(id) OR (checkedUntil <= :until AND since <= :since)",
        // The same notation at the same length: later dates are greater strings.
        ExpressionAttributeValues: {
          ":until": { S: checkedUntil.toISOString() },
          ":since": { S: since.toISOString() },
        },
      }),
    );
  }

  /** Waits for another run that is telling it. @returns false when it has been told */
  private async claim(id: string): Promise<boolean> {
    for (;;) {
      const now = this.seconds();
      const claimed = await this.ifStill(
        new PutItemCommand({
          TableName: this.TableName,
          Item: {
            id: { S: id },
            told: { BOOL: false },
            owner: { S: this.owner },
            leaseUntil: { N: String(now + LEASE_SECONDS) },
            expiresAt: { N: String(now + KEPT_SECONDS) },
          },
          ConditionExpression: "attribute_not_exists(id) OR (told = :no AND leaseUntil < :now)",
          ExpressionAttributeValues: { ":no": { BOOL: false }, ":now": { N: String(now) } },
        }),
      );
      if (claimed) return true;
      if ((await this.item(id))?.["told"]?.BOOL === true) return false;
      await this.wait(LOOK_EVERY_MS);
    }
  }

  private async note(id: string): Promise<void> {
    await this.dynamo.send(
      new UpdateItemCommand({
        TableName: this.TableName,
        Key: { id: { S: id } },
        UpdateExpression: "SET told = :yes",
        ExpressionAttributeValues: { ":yes": { BOOL: true } },
      }),
    );
  }

  /** Gives a claim of this run back, so that the next one need not wait for it to lapse. */
  private async release(id: string): Promise<void> {
    await this.ifStill(
      new DeleteItemCommand({
        TableName: this.TableName,
        Key: { id: { S: id } },
        ConditionExpression: "told = :no AND #owner = :owner",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":no": { BOOL: false }, ":owner": { S: this.owner } },
      }),
    ).catch(() => undefined); // it lapses all the same, and the caller's error is the one to be seen
  }

  private async item(id: string): Promise<Record<string, AttributeValue> | undefined> {
    const { TableName } = this;
    const Key = { id: { S: id } };
    return (await this.dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  }

  /** @returns whether the condition held */
  private async ifStill(command: PutItemCommand | DeleteItemCommand): Promise<boolean> {
    try {
      await this.dynamo.send(command as PutItemCommand);
      return true;
    } catch (error) {
      if ((error as Error).name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }

  private seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }
}
