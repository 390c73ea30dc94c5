import { z } from "zod";
import { QUALITIES, SEVERITIES } from "../model";

/** The schema of a review as JSON. The types of `model.ts` say the same; a test compares both. */

const count = z.int().nonnegative();
const ids = z.array(z.string()).describe("Ids of stacks.");
const nullable = <T extends z.ZodType>(schema: T, text: string) => schema.nullable().describe(text);

const counts = {
  create: count,
  update: count,
  replace: count,
  delete: count,
  import: count,
  move: count,
  forget: count,
};

const place = {
  account: z.string().describe("Name of the account in the map."),
  accountId: z.string().describe("12 digits."),
  wave: nullable(z.string(), "null: the stack belongs to every wave, or comes after the last one."),
};

const shown = z
  .discriminatedUnion("is", [
    z.strictObject({ is: z.literal("known"), value: z.json() }),
    z.strictObject({ is: z.literal("unknown") }).describe("Terraform knows the value after the apply."),
    z.strictObject({ is: z.literal("sensitive") }).describe("The plan marks the value as sensitive."),
    z.strictObject({ is: z.literal("absent") }),
  ])
  .describe("A value before or after a change.");

const direction = z
  .enum(["wider", "narrower", "other", "maybe-wider", "same"])
  .describe("How the access that a policy grants changes. Read maybe-wider as wider.");

const valuesOf = z
  .strictObject({ allBut: z.boolean(), values: z.array(z.string()) })
  .describe("Values of a part of a statement; with allBut, every value but these.");

const reach = z
  .strictObject({
    effect: z.enum(["Allow", "Deny"]),
    certain: z.boolean().describe("false: nobody can tell from the text."),
    principals: valuesOf.nullable(),
    actions: valuesOf,
    resources: valuesOf.nullable(),
    conditions: z.array(
      z.strictObject({ operator: z.string(), key: z.string(), values: z.array(z.string()) }),
    ),
  })
  .describe("Requests whose verdict a change of a policy may flip.");

const statement = z.strictObject({
  statement: z.string().describe("Sid, or # and the position of a statement without one."),
  change: z.enum(["added", "removed", "changed"]),
  direction,
  axes: z.array(
    z.strictObject({
      axis: z.enum(["effect", "principal", "action", "resource", "condition"]),
      direction,
      before: z.array(z.string()),
      after: z.array(z.string()),
    }),
  ),
  gains: z.array(reach),
  losses: z.array(reach),
  words: z.array(z.string()).describe("Who can do what now, or no longer. One sentence each."),
});

const meaning = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("policy"), direction, statements: z.array(statement) }),
    z.strictObject({
      kind: z.literal("document"),
      fields: z.array(z.strictObject({ path: z.string(), before: shown, after: shown })),
    }),
  ])
  .describe("How two JSON documents differ in what they mean.");

const attribute = z.strictObject({
  path: z.string().describe("Path within the object, like rule[0].expiration[0].days."),
  before: shown,
  after: shown,
  forcesReplacement: z.boolean(),
  meaning: meaning.optional(),
});

const change = z.strictObject({
  address: z.string(),
  type: z.string().describe("Terraform type, or output."),
  kind: z.enum(["create", "update", "replace", "delete", "import", "move", "forget", "read", "deferred"]),
  previousAddress: z.string().optional(),
  importId: z.string().optional(),
  replacement: z.enum(["create-before-destroy", "destroy-before-create"]).optional(),
  reason: z.string().optional().describe("Why, in plain words."),
  attributes: z.array(attribute),
});

const group = z
  .strictObject({
    id: z.string().regex(/^[0-9a-f]{64}$/),
    change,
    means: z.string().optional().describe("What a change or the end of such an object means."),
    stacks: ids,
    of: count.describe("How many stacks of the same kind are in the plan folder."),
    differing: z.array(z.strictObject({ stack: z.string(), how: z.string() })),
  })
  .describe("A change that is the same in many stacks, with placeholders in braces in place of their names.");

const finding = z.strictObject({
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  title: z.string().describe("One sentence, with placeholders in braces where stacks differ."),
  detail: z.string(),
  remedy: z.string(),
  places: z.array(
    z.strictObject({
      stack: z.string(),
      address: nullable(z.string(), "null: the finding is about the whole stack."),
      title: z.string().describe("The sentence with the values of this stack."),
    }),
  ),
});

const strength = z.strictObject({
  quality: z.enum(QUALITIES),
  before: nullable(
    count,
    "Targets that have the quality, or days of the shortest retention. null: not known.",
  ),
  after: nullable(
    count,
    "Targets that have the quality, or days of the shortest retention. null: not known.",
  ),
  of: count.describe("Number of targets that the plan folder covers."),
  weaker: ids,
  stronger: ids,
  unknown: ids,
});

const authors = z.strictObject({
  stack: z.string(),
  address: z.string(),
  accountId: z.string().describe("12 digits."),
  region: z.string().describe("Where CloudTrail was asked."),
  calls: z
    .array(
      z.strictObject({
        event: z.string().describe("CloudTrail's name of the call, like PutRetentionPolicy."),
        source: z.string().describe("Like logs.amazonaws.com."),
        at: z.string().describe("ISO 8601, UTC."),
        by: z.string().describe("Who made the call, in words."),
        arn: nullable(z.string(), "ARN of who made the call; null if CloudTrail has none."),
        sourceIp: nullable(z.string(), "IP address, or the name of an AWS service."),
        eventId: z.string(),
      }),
    )
    .describe("The newest calls of the last 90 days that name the object, the newest first."),
  unknown: nullable(z.string(), "What nobody knows, in one sentence; null: nothing."),
});

/** A review as `session-audit review --json` prints it. */
export const reviewSchema = z.strictObject({
  version: z.literal(1),
  origin: z.strictObject({
    commit: nullable(z.string(), "Git commit; null outside of a repository."),
    dirty: z.boolean(),
    plannedAt: z.string().describe("ISO 8601, UTC."),
  }),
  stacks: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      ...place,
      region: z.string(),
      failure: z.string().optional().describe("Terraform's own message, if there is no plan."),
      result: z.enum(["changes", "no changes", "failed"]),
      counts: z.strictObject(counts),
    }),
  ),
  totals: z.strictObject(counts),
  summary: z.array(
    z.strictObject({ ...place, stacks: count, changedStacks: count, failedStacks: count, ...counts }),
  ),
  strength: z.array(strength),
  findings: z.array(finding).describe("The worst first."),
  groups: z.array(group),
  drift: z.array(group).describe("What somebody changed outside Terraform."),
  mapWarnings: z
    .array(z.string())
    .describe("Warnings about the map, open and accepted ones, in one paragraph each."),
  notCovered: z.array(z.string()).describe("What the review does not see, in one sentence each."),
  who: z
    .array(authors)
    .optional()
    .describe("Who made the changes, if session-audit drift --who has asked CloudTrail."),
});
