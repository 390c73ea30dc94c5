import { PREFERENCES_DOCUMENT } from "../../aws/session-manager";
import type { Severity } from "../model";
import { isKnown, say, type Values } from "../values";
import { endsWithParent } from "./parents";
import { namesSessionKey } from "./preferences";
import { called, capital, nameOf, placeOf, type Found, type Rule, type Subject } from "./rule";
import { treatmentOf, type End } from "./treatments";
import { INTENDED } from "./treatments/treatment";

/** Rules about objects that are destroyed, replaced or forgotten. */

/** Objects whose destruction is more or less severe than for other objects of their type. */
const SPECIAL: readonly {
  readonly type: string;
  readonly is: (subject: Subject, name: string) => boolean;
  readonly destroyed: End;
  readonly replaced: End | null;
}[] = [
  {
    type: "aws_ssm_document",
    is: (_subject, name) => name === PREFERENCES_DOCUMENT,
    destroyed: {
      severity: "critical",
      lost: "Without the preferences, Session Manager records no session in the account and region, and refuses none.",
      remedy: "Keep the stack until nobody can open sessions there any more.",
    },
    replaced: {
      severity: "high",
      lost: "Between the destruction of the old preferences and the creation of the new ones, sessions leave no record.",
      remedy: "Take back what forces the replacement, or apply while nobody may open sessions.",
    },
  },
  {
    type: "aws_kms_alias",
    is: namesSessionKey,
    destroyed: {
      severity: "high",
      lost: "The preferences name the key by its alias: without it, every session is refused.",
      remedy: INTENDED,
    },
    replaced: {
      severity: "medium",
      lost: "Until the new alias exists, every session is refused.",
      remedy: "Apply when nobody opens sessions.",
    },
  },
  {
    type: "aws_cloudwatch_log_group",
    is: (_subject, name) => name.endsWith("/guard"),
    destroyed: {
      severity: "medium",
      lost: "Every log stream in it is deleted at once: what the guard has done and why.",
      remedy: "Export the log group first.",
    },
    replaced: {
      severity: "medium",
      lost: "Every log stream in the old log group is deleted at once: what the guard has done and why.",
      remedy: "Export the log group first.",
    },
  },
];

const specialOf = (subject: Subject, name: string) =>
  SPECIAL.find(({ type, is }) => type === subject.change.type && is(subject, name));

/** What the values of an object say about the consequences of its destruction. */
const CIRCUMSTANCES: Readonly<Record<string, (values: Values) => string>> = {
  aws_kms_key: ({ deletion_window_in_days: days }) =>
    `The waiting period is ${isKnown(days) ? say(days) : 30} days.`,
  aws_s3_bucket: ({ force_destroy: force }) =>
    force === true ? "force_destroy is true: its objects are deleted." : "force_destroy is not set.",
  aws_cloudwatch_log_group: ({ retention_in_days: days }) =>
    isKnown(days) && days !== 0 ? `It keeps logs for ${say(days)} days.` : "It keeps logs forever.",
};

const ended = (subject: Subject, verb: string, all: string, end: End): Found => {
  const { change, before } = subject;
  const circumstances = before === null ? undefined : CIRCUMSTANCES[change.type]?.(before);
  const why = change.reason === undefined ? undefined : `Why: ${change.reason}.`;
  return {
    severity: end.severity,
    title: `The ${called(subject)} is ${verb}`,
    titleOfAll: `${capital(treatmentOf(change.type).nouns)} are ${all}`,
    detail: [end.lost, circumstances, why].filter((part) => part !== undefined).join(" "),
    remedy: end.remedy,
  };
};

/** Types for which other rules report the destruction. */
const ELSEWHERE: ReadonlySet<string> = new Set(["aws_sns_topic_subscription"]);

const DESTROYED: Rule = {
  id: "destroyed",
  kinds: ["delete"],
  find: (subject) => {
    if (ELSEWHERE.has(subject.change.type) || endsWithParent(subject)) return undefined;
    const special = specialOf(subject, nameOf(subject));
    if (special !== undefined) {
      const { severity, lost, remedy } = special.destroyed;
      const found = ended(subject, "destroyed", "destroyed", { severity, lost, remedy });
      const where = `The ${called(subject)} of ${placeOf(subject)} is destroyed`;
      return { ...found, title: where, titleOfAll: where };
    }
    return ended(subject, "destroyed", "destroyed", treatmentOf(subject.change.type).destroyed);
  },
};

const REPLACED: Rule = {
  id: "replaced",
  kinds: ["replace"],
  find: (subject) => {
    const special = specialOf(subject, nameOf(subject));
    const end = special === undefined ? treatmentOf(subject.change.type).replaced : special.replaced;
    if (end === null) return undefined;
    const order =
      subject.change.replacement === "create-before-destroy"
        ? "replaced (created first, then destroyed)"
        : "replaced (destroyed first, then created)";
    return ended(subject, order, "replaced", end);
  },
};

/** Types whose objects hold or open records. */
const HOLDING: Readonly<Record<string, Severity>> = {
  aws_s3_bucket: "medium",
  aws_kms_key: "medium",
  aws_cloudwatch_log_group: "medium",
  aws_ssm_document: "high",
};

/** What to do besides for objects that readers need, by type. */
const FOR_READERS: Readonly<Record<string, string>> = {
  aws_s3_bucket:
    'Roles of its own account that its policy names go on reading it, with the reviewer policy. Attach a policy to readers of other accounts: see "Change a key, a bucket or a prefix" in docs/runbook.md.',
  aws_kms_key:
    "It must stay enabled for as long as anybody reads what it has encrypted. Roles that its policy names go on decrypting what is in a bucket of its account, with the reviewer policy.",
};

const FORGOTTEN: Rule = {
  id: "forgotten",
  kinds: ["forget"],
  find: (subject) => ({
    severity: HOLDING[subject.change.type] ?? "low",
    title: `Terraform forgets the ${called(subject)}`,
    titleOfAll: `Terraform forgets ${treatmentOf(subject.change.type).nouns}`,
    detail:
      "It stays in AWS as it is. Terraform no longer maintains it, and no plan shows what others change in it.",
    remedy: [
      "Keep it for as long as anybody needs what is in it, and note who maintains it now.",
      FOR_READERS[subject.change.type],
    ]
      .filter((part) => part !== undefined)
      .join(" "),
  }),
};

const DEFERRED: Rule = {
  id: "deferred",
  kinds: ["deferred"],
  find: (subject) => ({
    severity: "medium",
    title: `The change of the ${called(subject)} is planned in a later run`,
    titleOfAll: `Changes of ${treatmentOf(subject.change.type).nouns} are planned in a later run`,
    detail: `Nobody has seen that plan. Why: ${subject.change.reason ?? "Terraform does not say"}.`,
    remedy: "Plan and review again after this apply.",
  }),
};

export const DESTRUCTION_RULES: readonly Rule[] = [DESTROYED, REPLACED, FORGOTTEN, DEFERRED];
