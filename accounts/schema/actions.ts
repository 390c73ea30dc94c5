import { z } from "zod";
import { arnPattern } from "../../aws/arn";
import { TARGETS_PER_RULE } from "../../aws/quotas";
import { aboutArnOf, aboutText } from "./advice";
import { runCommand } from "./run-command";
import { choice, described } from "./values";

/** What the EventBridge rules of the security channel find. */
export const FINDINGS = ["sessions", "tampering"] as const;

/** Something in the target's own account and region. A name, unlike an ARN, works in every account. */
const named = (
  what: string,
  { service, prefix, name, example }: { service: string; prefix: string; name: string; example: string },
) =>
  described(z.string().regex(new RegExp(`^(?:${arnPattern({ service, resource: prefix })})?${name}$`)), {
    description: `Name or ARN of the ${what}, in the target's own account and region. A name works in every account and region that has a ${what} of that name.`,
    allowed: `the name of a ${what}, like ${example}, or its ARN`,
    remedy: `give the name, like ${example}, or arn:aws:${service}:<region>:<account>:${prefix}${example}`,
    advise: aboutArnOf(`a ${what}`, service),
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
    z
      .string()
      .regex(new RegExp(`^${arnPattern({ service: "events", resource: "event-bus/[\\w./-]{1,256}" })}$`)),
    {
      description:
        "ARN of the bus, in any account and region. Its policy must let the role or the organization put events. The bus gets the event unchanged; the account and region in the event say where it happened. EventBridge forwards an event once, so changes of roles do not reach the bus from an account whose security channel gets them out of the partition's global region.",
      allowed: "the ARN of an event bus: arn:aws:events:<region>:<account>:event-bus/<name>",
      remedy:
        "give the ARN as EventBridge shows it, like arn:aws:events:eu-central-1:111122223333:event-bus/security",
      advise: aboutArnOf(
        "an event bus",
        "events",
        aboutText((name) =>
          /^[\w./-]+$/.test(name)
            ? `write the ARN of the bus: "arn:aws:events:<region>:<account>:event-bus/${name}"`
            : undefined,
        ),
      ),
    },
  ),
});

const TYPES = '"lambda" | "codepipeline" | "run-command" | "step-functions" | "event-bus"';

const actionFact = (more: string) => ({
  description:
    "What is invoked for each event. The permission or the role that EventBridge needs to invoke it is created; the role has the permissions boundary access.permissionsBoundaryArn. You manage the invoked thing itself, its own role and its key.",
  allowed: `an object { type: ${TYPES}, ... } with what that type needs${more}`,
  remedy: 'name a type and its target, like { type: "lambda", function: "on-session" }',
  instead: {
    ssm: 'write type: "run-command"',
    "ssm-document": 'write type: "run-command"',
    sfn: 'write type: "step-functions"',
    "state-machine": 'write type: "step-functions"',
    eventbridge: 'write type: "event-bus"',
    sns: "name the topic as notifications.<channel>.topic, or invoke a function that publishes",
    sqs: "add a subscriber with protocol sqs",
  },
});

const actionsFact = (more: string, and = "") => ({
  description: `What is invoked besides the topic. Failed invocations are retried for a day and then go to the dead-letter queue of the channel. ${more} An EventBridge rule has at most ${TARGETS_PER_RULE} targets, of which the topic is one and, with chat, the topic for chat another.`,
  allowed: `a list of actions, at most four for a rule; one less with chat${and}`,
  remedy:
    "list objects with type; if more is to happen, invoke one state machine or event bus that does the rest",
});

/** Actions of the activity channel. */
export const activityActions = described(
  z.array(
    described(
      z.discriminatedUnion("type", [lambda, codepipeline, runCommand, stepFunctions, eventBus]),
      actionFact(""),
    ),
  ),
  actionsFact(
    "Each action gets every event of the channel; if it should act on some events only, let its target filter them.",
  ),
);

const findings = {
  findings: described(z.array(choice(FINDINGS, "A kind of finding.")).min(1), {
    description:
      "Findings that invoke the action. sessions: refused and unrecorded sessions. tampering: changes to the recording, archives included.",
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
    "An archive invokes the actions for tampering in its own account; if the archive account has no such targets, set other actions there. The central channel invokes no actions, and is one more target of each rule.",
    ", and one less with the central channel",
  ),
);

/** One action, of either channel. */
export type Action = z.output<typeof activityActions>[number];
/** One action of the security channel. */
export type SecurityAction = z.output<typeof securityActions>[number];
