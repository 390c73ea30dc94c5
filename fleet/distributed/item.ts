import { z } from "zod";
import { STACK_KINDS } from "../../stacks/stack-graph";
import { STACK_WORD } from "../plan-folder";
import { LOCK_TIMEOUT } from "../lock-timeout";

/** A place in S3, like `s3://bucket/prefix`. */
const place = z.string().regex(/^s3:\/\/[a-z0-9.-]{3,63}\/[\w!.*'()/-]{1,900}$/);
/** An id of a stack, or a pattern of ids. A worker gives it to a command. */
const word = z.string().regex(STACK_WORD);

/** An object or a plan folder in S3, with a checksum of its content. */
const withChecksum = z.string().regex(/^s3:\/\/[^#]+#[0-9a-f]{64}$/);

/** What every item has. */
const common = {
  /** Name of the item within its run: it is part of the keys of the results. */
  name: z.string().regex(/^[\w-]{1,128}$/),
  /** Folder for the results of the run. */
  results: place,
  /** How long Terraform waits for a locked state, like "60s". */
  lockTimeout: z.string().regex(LOCK_TIMEOUT),
};

/** What `plan` and `drift` look at: one part of a selection of stacks. */
const part = {
  ...common,
  shard: z.string().regex(/^\d{1,4}\/\d{1,4}$/),
  /** Commit from which all parts are made; null: the clone is in no repository. */
  commit: z.string().nullable(),
  /** Whether the clone of the machine that has started the run has changes that are not committed. */
  dirty: z.boolean(),
  /** Checksum of the stacks that this machine has selected. */
  selected: z.string().regex(/^[0-9a-f]{64}$/),
  stacks: z.array(word),
  wave: z.array(word),
  account: z.array(word),
  region: z.array(word),
  kind: z.array(z.enum(STACK_KINDS)),
};

/**
 * What a worker does for one message, for each command. An item names stacks and places, and never words of a command
 * line: who can write into the queue can start these three commands, on plans that were stored, and nothing else.
 */
export const item = z.discriminatedUnion("command", [
  z.strictObject({
    command: z.literal("plan"),
    ...part,
    /** Folder below which the worker stores the part. */
    plans: place,
    /** The object that says which of the selected stacks differ from those of a commit; null: all are planned. */
    difference: withChecksum.nullable(),
  }),
  z.strictObject({
    command: z.literal("drift"),
    ...part,
    /** Whether CloudTrail is asked who made the changes. */
    who: z.boolean(),
  }),
  z.strictObject({
    command: z.literal("deploy"),
    ...common,
    stack: word,
    /** The plan folder with its checksum, as `store` prints it. */
    stored: withChecksum,
    /** Folder of the journals of single stacks. */
    journals: place,
    /** The stacks of this deployment that must be applied before. */
    after: z.array(word),
    /** A wave that was approved for the deployment; null: it needs no approval. */
    approved: word.nullable(),
    reconcile: z.boolean(),
    convergeCheck: z.boolean(),
  }),
]);

export type Item = z.infer<typeof item>;
export type ItemOf<C extends Item["command"]> = Extract<Item, { command: C }>;

/** A message of the queue: an item, and the token by which Step Functions knows the task. */
export const message = z.object({ token: z.string().min(1), item });

/** How an item ended. */
export type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      /**
       * `NotBegun`: nothing has been changed, so the state machine tries the item again. `NotStarted`: a stack that must be
       * applied before is not. `Failed`: everything else.
       */
      readonly error: "SessionAudit.NotBegun" | "SessionAudit.NotStarted" | "SessionAudit.Failed";
      readonly cause: string;
      readonly result?: unknown;
    }
  /** The item is for another worker, or for this one later. */
  | { readonly handBack: true; readonly seconds: number };
