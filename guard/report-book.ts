import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { log } from "./log";
import { progressItem, type Item, type Progress } from "./progress";

/**
 * Seconds after which a claim lapses. The lease is longer than {@link PUBLISH_WITHIN_MS}, so a run whose claim has
 * lapsed is no longer publishing.
 */
const LEASE_SECONDS = 60;
/** Seconds until the end of the longest lease that is believed. The clock of another run may be ahead of this run's. */
const LONGEST_LEASE_SECONDS = 2 * LEASE_SECONDS;
/** Milliseconds that publishing a report may take, retries included. */
export const PUBLISH_WITHIN_MS = 40_000;
/** Milliseconds between two looks at a claim of another run. */
const LOOK_EVERY_MS = 2_000;

/**
 * Seconds for which a report is remembered: 40 days. Session Manager lists a session for 30 days, so the guard never
 * asks about a report that the table has forgotten.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html
 */
const KEPT_SECONDS = 40 * 24 * 60 * 60;

const PROGRESS = { id: { S: "progress" } };

/**
 * Remembers in a DynamoDB table which reports have been published, so that each goes out once even if several runs
 * overlap.
 *
 * A run claims a report with a conditional write, publishes it, and then marks it as told. A run that finds the claim
 * of another run waits until the report is marked or the claim lapses. If a run dies between publishing and marking,
 * the next run publishes the report a second time: two reports are better than none.
 *
 * Every method throws what DynamoDB answered. `once` gives its claim back and throws on if publishing fails.
 */
export class ReportBook {
  constructor(
    private readonly dynamo: DynamoDBClient,
    private readonly TableName: string,
    /** Identifies this run in its claims. */
    private readonly owner: string,
    private readonly now: () => Date = () => new Date(),
    private readonly wait: (milliseconds: number) => Promise<unknown> = delay,
  ) {}

  /**
   * Runs `tell`, unless the report is marked as told.
   * @param id identifies the report and the topic
   * @param tell publishes the report
   * @returns whether this call ran `tell`
   * @throws the error of `tell`, after giving the claim back, or what DynamoDB answered
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

  /**
   * The item with the last saved progress, or undefined before the first run. It may contain anything, because every
   * principal that may write to the table can write this item.
   * @throws the error of DynamoDB
   */
  progress(): Promise<Item | undefined> {
    return this.item(PROGRESS.id.S);
  }

  /**
   * Notes the progress. Progress never goes back: a slower run that notes an earlier time changes nothing.
   * @returns whether the progress was noted
   * @throws what DynamoDB answered
   */
  advance(progress: Progress): Promise<boolean> {
    const { checkedUntil, since } = progress;
    return this.ifStill(
      new PutItemCommand({
        TableName: this.TableName,
        Item: { ...PROGRESS, ...progressItem(progress) },
        ConditionExpression: "attribute_not_exists(id) OR (checkedUntil <= :until AND since <= :since)",
        // ISO 8601 timestamps of the same length sort by time, so DynamoDB can compare them as strings.
        ExpressionAttributeValues: {
          ":until": { S: checkedUntil.toISOString() },
          ":since": { S: since.toISOString() },
        },
      }),
    );
  }

  /**
   * Puts the progress in place of an unsound one. The condition of {@link advance} would compare it with the unsound one.
   * @throws what DynamoDB answered
   */
  async replace(progress: Progress): Promise<void> {
    const Item = { ...PROGRESS, ...progressItem(progress) };
    await this.dynamo.send(new PutItemCommand({ TableName: this.TableName, Item }));
  }

  /**
   * Claims a report for this run, after waiting for the claim of another run. An item that no run writes, such as one
   * with a lease of years, keeps no report from going out.
   * @returns false if the report is marked as told
   */
  private async claim(id: string): Promise<boolean> {
    for (;;) {
      const now = this.seconds();
      const before = await this.take(id, now);
      if (before !== null) {
        if (!isLapsed(before, now)) log("ReportItemRefused", { id });
        return true;
      }
      if ((await this.item(id))?.["told"]?.BOOL === true) return false;
      await this.wait(LOOK_EVERY_MS);
    }
  }

  /** Writes a claim. Returns the item that it takes the place of, or null if the report was sent already or belongs to another run. */
  private async take(id: string, now: number): Promise<Item | null> {
    try {
      const { Attributes = {} } = await this.dynamo.send(
        new PutItemCommand({
          TableName: this.TableName,
          Item: {
            id: { S: id },
            told: { BOOL: false },
            owner: { S: this.owner },
            leaseUntil: { N: String(now + LEASE_SECONDS) },
            expiresAt: { N: String(now + KEPT_SECONDS) },
          },
          ConditionExpression: [
            "attribute_not_exists(id)",
            "NOT attribute_type(told, :bool)",
            "(told = :no AND NOT attribute_type(leaseUntil, :number))",
            "(told = :no AND (leaseUntil < :now OR leaseUntil > :latest))",
          ].join(" OR "),
          ExpressionAttributeValues: {
            ":no": { BOOL: false },
            ":now": { N: String(now) },
            ":latest": { N: String(now + LONGEST_LEASE_SECONDS) },
            ":bool": { S: "BOOL" },
            ":number": { S: "N" },
          },
          ReturnValues: "ALL_OLD",
        }),
      );
      return Attributes;
    } catch (error) {
      if ((error as Error).name === "ConditionalCheckFailedException") return null;
      throw error;
    }
  }

  /** Marks a report as told. */
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

  /** Gives a claim of this run back, so that the next run does not wait until it lapses. */
  private async release(id: string): Promise<void> {
    await this.ifStill(
      new DeleteItemCommand({
        TableName: this.TableName,
        Key: { id: { S: id } },
        ConditionExpression: "told = :no AND #owner = :owner",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":no": { BOOL: false }, ":owner": { S: this.owner } },
      }),
    ).catch(() => undefined); // The claim lapses anyway, and the caller must see the error of publishing, not this one.
  }

  private async item(id: string): Promise<Item | undefined> {
    const { TableName } = this;
    const Key = { id: { S: id } };
    return (await this.dynamo.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))).Item;
  }

  /** Sends a conditional write. @returns whether its condition held */
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

/** Whether an item is none at all, or a claim that has lapsed. */
const isLapsed = ({ id, told, leaseUntil }: Item, now: number): boolean =>
  id === undefined || (told?.BOOL === false && Number(leaseUntil?.N) < now);
