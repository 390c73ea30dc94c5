import { z } from "zod";
import { choice, described } from "./values";

/** What a rule of the security channel finds. */
export const FINDINGS = ["sessions", "tampering"] as const;

/**
 * What of an event may become a parameter of a command. Left out is what a caller writes freely: the reason of a
 * session, the explanation of an error.
 */
const EVENT_FIELDS = [
  ...(["action", "service", "who", "instance", "document", "session"] as const),
  ...(["error", "when", "from", "account", "region", "event"] as const),
] as const;

const ARN = "arn:(?:aws|aws-us-gov|aws-cn)";

/** Something in the target's own account and region. By name, one setting serves a thousand accounts. */
const named = (
  what: string,
  { service, prefix, name, example }: { service: string; prefix: string; name: string; example: string },
) =>
  described(z.string().regex(new RegExp(`^(?:${ARN}:${service}:[a-z0-9-]+:\\d{12}:${prefix})?${name}$`)), {
    description: `Name or ARN of the ${what}, in the target's own account and region. A name serves every account and region that has one of that name.`,
    allowed: `the name of a ${what}, like ${example}, or its ARN`,
    remedy: `give the name, like ${example}, or arn:aws:${service}:<region>:<account>:${prefix}${example}`,
  });

const lambda = z.strictObject({
  type: z.literal("lambda"),
  function: named("Lambda function", {
    service: "lambda",
    prefix: "function:",
    name: "[\\w-]{1,64}(?::[\\w-]{1,128})?",
    example: "on-session",
  }),
});

const codepipeline = z.strictObject({
  type: z.literal("codepipeline"),
  pipeline: named("CodePipeline pipeline", {
    service: "codepipeline",
    prefix: "",
    name: "[\\w.@-]{1,100}",
    example: "on-session",
  }),
});

const stepFunctions = z.strictObject({
  type: z.literal("step-functions"),
  stateMachine: named("Step Functions state machine", {
    service: "states",
    prefix: "stateMachine:",
    name: "[\\w-]{1,80}",
    example: "on-session",
  }),
});

const eventBus = z.strictObject({
  type: z.literal("event-bus"),
  eventBus: described(
    z.string().regex(new RegExp(`^${ARN}:events:[a-z0-9-]+:\\d{12}:event-bus/[\\w./-]{1,256}$`)),
    {
      description:
        "ARN of the bus, of whatever account and region. Its policy must let the role or the organization put events; what is sent is the event as it is, whose account and region say where it happened.",
      allowed: "the ARN of an event bus: arn:aws:events:<region>:<account>:event-bus/<name>",
      remedy:
        "give the ARN as EventBridge shows it, like arn:aws:events:eu-central-1:111122223333:event-bus/security",
    },
  ),
});

const parameter = described(
  z.union([
    z.string().max(2048),
    z.array(z.string().max(2048)).max(50),
    z.strictObject({
      event: choice(
        EVENT_FIELDS,
        "What of the event the parameter is. What an event does not have is an empty list, for which the document needs a default.",
      ),
    }),
  ]),
  {
    description: "Value of a parameter: a text, a list of texts, or a field of the event.",
    allowed: `a string, a list of strings, or { event: ${EVENT_FIELDS.map((field) => JSON.stringify(field)).join(" | ")} }`,
    remedy: 'write a text, or { event: "session" } for what the event says',
  },
);

const tagText = (most: number, least: number) =>
  z.string().regex(new RegExp(`^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]{${least},${most}}$`, "u"));

const runCommand = z.strictObject({
  type: z.literal("run-command"),
  document: described(z.string().regex(/^[\w.-]{3,128}$/), {
    description:
      "Name of the command document: one of the target's own account and region, or of AWS's (those begin with AWS or Amazon).",
    allowed: "the name of a command document: 3 to 128 letters, digits and _.-",
    remedy: "give the document's name, like AWS-RunPatchBaseline, not its ARN",
  }),
  instanceIds: described(
    z
      .array(
        described(z.string().regex(/^(?:i|mi)-[0-9a-f]{8,17}$/), {
          description: "A managed node.",
          allowed: "the id of an instance (i-...) or of another managed node (mi-...)",
          remedy: "copy the id from Fleet Manager",
        }),
      )
      .max(50),
    {
      description:
        "The nodes that run the command, by id. They lie in one account and region: say this there. A rule cannot name the node of the session itself; the document finds it in a parameter.",
      allowed: "a list of at most 50 node ids",
      remedy: "list node ids, or name a tag instead",
    },
  ).default([]),
  tag: described(
    z.strictObject({
      key: described(tagText(128, 1), {
        description:
          "Key of a tag, instead of instanceIds: the nodes that bear it run the command, in every account and region.",
        allowed: "a tag's key: 1 to 128 letters, digits, spaces and _.:/=+@-",
        remedy: "write the key without tag: before it",
      }),
      values: described(z.array(tagText(256, 0)).min(1).max(50), {
        description: "Values of the tag: nodes with any of them run the command.",
        allowed: "a list of 1 to 50 values of a tag",
        remedy: "list at least one value",
      }),
    }),
    {
      description: "The nodes that run the command, by a tag. It serves every account and region.",
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
        "Parameters of the document. Systems Manager puts parameters into scripts as text: a document that takes fields of the event must declare an allowedPattern for each, and those of AWS, which have none, take constants only.",
      allowed: `an object of names and values: a text, a list of texts, or { event: <field> } with one of ${EVENT_FIELDS.join(", ")}`,
      remedy: 'write { SessionId: { event: "session" } }, or leave it out',
    },
  ).default({}),
});

const TYPES = '"lambda" | "codepipeline" | "run-command" | "step-functions" | "event-bus"';

const actionFact = (more: string) => ({
  description:
    "What is invoked for each event. The permission or role for it is created here, for this one thing; whatever key encrypts it, and its own role, are its owner's business. A role is inside access.permissionsBoundaryArn.",
  allowed: `an object { type: ${TYPES}, ... } with what that type needs${more}`,
  remedy: 'name a type and its target, like { type: "lambda", function: "on-session" }',
});

const actionsFact = (more: string) => ({
  description: `What is invoked besides the topic, with retries for a day and then the channel's dead-letter queue. ${more} A rule takes five targets, of which the topic is one and, where there is chat, its topic another.`,
  allowed: "a list of actions, at most four for a rule, or three where there is chat",
  remedy:
    "list objects with type; where more is to happen, invoke one state machine or event bus that does it",
});

/** Actions of the activity channel. */
export const activityActions = described(
  z.array(
    described(
      z.discriminatedUnion("type", [lambda, codepipeline, runCommand, stepFunctions, eventBus]),
      actionFact(""),
    ),
  ),
  actionsFact("Each gets every event of the channel; what is to happen for some only, the target decides."),
);

const findings = {
  findings: described(z.array(choice(FINDINGS, "A kind of finding.")).min(1), {
    description:
      "Which findings it is for. sessions: refused and unrecorded sessions. tampering: changes to what records, those of an archive included.",
    allowed: `a list of ${FINDINGS.map((finding) => JSON.stringify(finding)).join(", ")}, at least one`,
    remedy: "name at least one, or leave it out for both",
  }).default([...FINDINGS]),
};

/** Actions of the security channel. */
export const securityActions = described(
  z.array(
    described(
      z.discriminatedUnion("type", [
        lambda.extend(findings),
        codepipeline.extend(findings),
        runCommand.extend(findings),
        stepFunctions.extend(findings),
        eventBus.extend(findings),
      ]),
      actionFact(", and findings"),
    ),
  ),
  actionsFact(
    "An archive invokes those for tampering in its own account: where it has no such target, say other actions in the archive account.",
  ),
);

/** One action, of either channel. */
export type Action = z.output<typeof activityActions>[number];
/** One action of the security channel. */
export type SecurityAction = z.output<typeof securityActions>[number];
