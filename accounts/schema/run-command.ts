import { z } from "zod";
import { choice, described } from "./values";

/**
 * Fields of an event that a parameter of a command may be taken from. The list leaves out what a caller writes freely,
 * the reason of a session, the host and port of a tunnel, and the message of an error: the command would run with text
 * of the caller's choice.
 */
const EVENT_FIELDS = [
  ...(["action", "service", "who", "instance", "document", "session"] as const),
  ...(["error", "when", "from", "account", "region", "event"] as const),
] as const;

const parameter = described(
  z.union([
    z.string().max(2048),
    z.array(z.string().max(2048)).max(50),
    z.strictObject({
      event: choice(
        EVENT_FIELDS,
        "The field of the event that becomes the parameter. If an event does not have the field, the parameter is an empty list, so the document must declare a default.",
      ),
    }),
  ]),
  {
    description: "Value of a parameter: a text, a list of texts, or a field of the event.",
    allowed: `a string, a list of strings, or { event: ${EVENT_FIELDS.map((field) => JSON.stringify(field)).join(" | ")} }`,
    remedy: 'write a text, or { event: "session" } for a field of the event',
  },
);

/** Systems Manager takes the nodes with a tag by the key `tag:<key>`, of at most 128 characters. */
const MOST_KEY = 128 - "tag:".length;

const tagText = (most: number, least: number) =>
  z.string().regex(new RegExp(`^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{${least},${most}}$`, "u"));

/**
 * An action that runs a command document on nodes.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RunCommandTarget.html
 */
export const runCommand = z.strictObject({
  type: z.literal("run-command"),
  document: described(z.string().regex(/^[\w.-]{3,128}$/), {
    description:
      "Name of the command document: a document in the target's own account and region, or one of AWS's documents, whose names begin with AWS or Amazon.",
    allowed: "the name of a command document: 3 to 128 letters, digits and _.-",
    remedy: "give the document's name, like AWS-RunPatchBaseline, not its ARN",
  }),
  instanceIds: described(
    z
      .array(
        described(z.string().regex(/^(?:i|mi)-[0-9a-f]{8,17}$/), {
          description: "A managed node.",
          allowed: "the id of an instance (i-...) or of another managed node (mi-...)",
          remedy: "copy the id from Fleet Manager, like i-0123456789abcdef0",
        }),
      )
      .max(50),
    {
      description:
        "Ids of the nodes that run the command. They exist in one account and region, so set this in the settings of that account or region. EventBridge cannot choose the node of the session itself; pass it to the document as a parameter.",
      allowed: "a list of at most 50 node ids",
      remedy: "list node ids, or name a tag instead",
    },
  ).default([]),
  tag: described(
    z.strictObject({
      key: described(tagText(MOST_KEY, 1), {
        description:
          "Key of a tag, instead of instanceIds: the nodes that have the tag run the command, in every account and region.",
        allowed: `a tag's key: 1 to ${MOST_KEY} letters, digits, spaces and _.:/=+@-`,
        remedy:
          "write the key without tag: before it; EventBridge has room for a shorter key than tags may have",
      }),
      values: described(z.array(tagText(256, 1)).min(1).max(50), {
        description: "Values of the tag. Nodes with any of these values run the command.",
        allowed: "a list of 1 to 50 values of a tag, of 1 to 256 letters, digits, spaces and _.:/=+@- each",
        remedy: "list at least one value; EventBridge does not take the empty value of a tag",
      }),
    }),
    {
      description: "The tag of the nodes that run the command. It works in every account and region.",
      allowed: "an object { key, values }",
      remedy: 'write { key: "Role", values: ["audit"] }',
    },
  )
    .nullable()
    .default(null),
  parameters: described(
    z.record(
      described(z.string().regex(/^[A-Za-z]\w{0,63}$/), {
        description: "Name of a parameter.",
        allowed: "a parameter's name: letters, digits and _, beginning with a letter",
        remedy: "write the name as the document declares it",
      }),
      parameter,
    ),
    {
      description:
        "Parameters of the document. Systems Manager puts parameters into scripts as text. A document that takes fields of the event must therefore declare an allowedPattern for each of them; AWS's own documents declare none, so they take only constants.",
      allowed: `an object of names and values: a text, a list of texts, or { event: <field> } with one of ${EVENT_FIELDS.join(", ")}`,
      remedy: 'write { SessionId: { event: "session" } }, or leave it out',
    },
  ).default({}),
});
