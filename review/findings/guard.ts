import { at, isKnown, isList, say, type Value } from "../values";
import { configurationIn, FUNCTION } from "./guard-configuration";
import { called, CHANGING, type Rule } from "./rule";
import { exchanged, removed, turnedOff, weakening, type Plain } from "./weakening";

/** Rules about the guard: whether it runs, what it ends, and what protects its table and log group. */

const documentsIn = (value: Plain): readonly string[] =>
  isList(value) ? (value as readonly Value[]).filter(isKnown).map(String) : [];

export const GUARD_RULES: readonly Rule[] = [
  weakening({
    id: "guard-stopped",
    type: FUNCTION,
    path: ["reserved_concurrent_executions"],
    isWeaker: (before, after) => before !== 0 && after === 0,
    severity: "high",
    title: ({ object }) => `The ${object} never runs (reserved concurrency 0)`,
    detail:
      "Lambda refuses each invocation: nothing ends sessions whose document is not allowed, and nobody is notified of sessions without a record.",
    remedy: "Keep guard.reservedConcurrency above 0.",
  }),
  weakening({
    id: "guard-code-changed",
    type: FUNCTION,
    path: ["source_code_hash"],
    isWeaker: exchanged,
    severity: "low",
    title: ({ object }) => `The code of the ${object} changes`,
    detail: "The plan shows a hash of the code only.",
    remedy: "Review the commit that changes guard/.",
  }),
  weakening({
    id: "guard-role-changed",
    type: FUNCTION,
    path: ["role"],
    isWeaker: exchanged,
    severity: "medium",
    title: ({ object, before, after }) => `The ${object} works with the role ${after} instead of ${before}`,
    detail: "The role decides what the function may do.",
    remedy: "Make sure that the role may do what the guard has to do, and nothing else.",
  }),
  weakening({
    id: "guard-forgets-failures",
    type: FUNCTION,
    path: ["dead_letter_config", 0, "target_arn"],
    isWeaker: removed,
    severity: "medium",
    title: ({ object }) => `Events that the ${object} could not handle are kept nowhere any more`,
    detail: "Its dead-letter queue is taken away.",
    remedy: "Keep the dead-letter queue.",
  }),
  {
    id: "guard-allows-documents",
    types: [FUNCTION],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [subject.before, subject.after].map((values) =>
        values === null ? undefined : configurationIn(values),
      );
      if (!isKnown(before) || !isKnown(after)) return undefined;
      const [old, now] = [at(before, ["allowedDocuments"]), at(after, ["allowedDocuments"])];
      if (isList(old) && now === null)
        return {
          severity: "high",
          title: `The ${called(subject)} no longer ends sessions`,
          detail: "allowedDocuments is null: sessions with documents that leave no record go on.",
          remedy: "Keep guard.terminate: true in the map.",
        };
      const added = documentsIn(now as Plain).filter((name) => !documentsIn(old as Plain).includes(name));
      // With null, the guard ended nothing before.
      if (added.length === 0 || old === null) return undefined;
      return {
        severity: "medium",
        title: `The ${called(subject)} no longer ends sessions with ${added.join(", ")}`,
        detail: "Sessions with these documents leave no record of what happens in them.",
        remedy: "Keep guard.allowedDocuments short.",
      };
    },
  },
  weakening({
    id: "table-protection-off",
    type: "aws_dynamodb_table",
    path: ["deletion_protection_enabled"],
    isWeaker: turnedOff,
    severity: "high",
    title: ({ object }) => `The ${object} has no deletion protection any more`,
    detail: "One call deletes it.",
    remedy: "Keep deletion_protection_enabled.",
  }),
  weakening({
    id: "log-group-protection-off",
    type: "aws_cloudwatch_log_group",
    path: ["deletion_protection_enabled"],
    isWeaker: turnedOff,
    severity: "high",
    title: ({ object }) => `The ${object} has no deletion protection any more`,
    detail: "One call deletes it with every log stream.",
    remedy: "Keep deletion_protection_enabled.",
  }),
  {
    id: "maintenance-narrowed",
    types: ["aws_ssm_association"],
    kinds: CHANGING,
    find: (subject) => {
      const [before, after] = [subject.before, subject.after].map((values) => say(values?.["targets"]));
      if (before === after || typeof subject.after?.["targets"] === "symbol") return undefined;
      return {
        severity: "low",
        title: `The ${called(subject)} applies to other instances`,
        detail: `It applied to ${before}, and applies to ${after}.`,
        remedy: "Make sure that every instance that holds sessions is among them.",
      };
    },
  },
];
