import { namesSessionKey } from "./preferences";
import { capital, nameOf, type Rule } from "./rule";
import { exchanged, lowered, raised, removed, turnedOff, weakening, type Weakening } from "./weakening";

/** Rules about KMS keys, and about what is encrypted with them. */

const KEYS: readonly Rule[] = [
  weakening({
    id: "key-disabled",
    type: "aws_kms_key",
    path: ["is_enabled"],
    isWeaker: turnedOff,
    severity: "critical",
    title: ({ object }) => `The ${object} is disabled`,
    detail: "Nobody can read what it has encrypted, and nothing that needs it works: sessions are refused.",
    remedy: "Keep the key enabled.",
  }),
  weakening({
    id: "key-rotation-off",
    type: "aws_kms_key",
    path: ["enable_key_rotation"],
    isWeaker: turnedOff,
    severity: "medium",
    title: ({ object }) => `The ${object} is no longer rotated`,
    detail: "AWS makes no new key material, so that one leak opens everything that the key will encrypt.",
    remedy: "Keep rotation enabled.",
  }),
  weakening({
    id: "key-rotation-rarer",
    type: "aws_kms_key",
    path: ["rotation_period_in_days"],
    isWeaker: raised,
    severity: "low",
    title: ({ object, before, after }) => `The ${object} is rotated every ${after} days instead of ${before}`,
    detail: "More is encrypted with the same key material.",
    remedy: "Keep encryption.rotationPeriodDays.",
  }),
  weakening({
    id: "key-deletion-window-shortened",
    type: "aws_kms_key",
    path: ["deletion_window_in_days"],
    isWeaker: lowered,
    severity: "medium",
    title: ({ object, before, after }) =>
      `If the ${object} is deleted, only ${after} days are left to keep it, instead of ${before}`,
    detail: "When the waiting period has ended, nobody can read what the key has encrypted.",
    remedy: "Keep encryption.deletionWindowDays: 30 in the map.",
  }),
  weakening({
    id: "alias-moved",
    type: "aws_kms_alias",
    path: ["target_key_id"],
    isWeaker: exchanged,
    severity: (_before, _after, subject) => (namesSessionKey(subject, nameOf(subject)) ? "medium" : "low"),
    title: ({ object, before, after }) => `The ${object} leads to the key ${after} instead of ${before}`,
    detail: (subject) =>
      namesSessionKey(subject, nameOf(subject))
        ? "Session Manager finds its key by this alias. Who may not use the new key can hold no session."
        : "Policies and people that use the alias find the new key.",
    remedy: "Make sure that the policy of the new key allows what that of the old one allowed.",
  }),
];

/** Where a key is named, and what is encrypted with it. */
type Use = Pick<Weakening, "type" | "path"> & {
  readonly id: string;
  readonly severity: Weakening["severity"];
  readonly encrypts: string;
};

const USES: readonly Use[] = [
  {
    id: "log-group",
    type: "aws_cloudwatch_log_group",
    path: ["kms_key_id"],
    severity: (_before, _after, subject) => (nameOf(subject).endsWith("/guard") ? "medium" : "high"),
    encrypts: "Logs. While the preferences enforce it, sessions are refused without a key.",
  },
  {
    id: "topic",
    type: "aws_sns_topic",
    path: ["kms_master_key_id"],
    severity: "medium",
    encrypts: "Notifications: who opened which session, where and why.",
  },
  {
    id: "trail",
    type: "aws_cloudtrail",
    path: ["kms_key_id"],
    severity: "medium",
    encrypts: "The log files of the trail.",
  },
  {
    id: "table",
    type: "aws_dynamodb_table",
    path: ["server_side_encryption", 0, "kms_key_arn"],
    severity: "medium",
    encrypts: "What the guard remembers of sessions.",
  },
  {
    id: "function",
    type: "aws_lambda_function",
    path: ["kms_key_arn"],
    severity: "low",
    encrypts: "The variables of the function.",
  },
];

const ENCRYPTION: readonly Rule[] = USES.flatMap(({ id, type, path, severity, encrypts }) => [
  weakening({
    id: `${id}-encryption-off`,
    type,
    path,
    isWeaker: removed,
    severity,
    title: ({ object, before }) => `The ${object} is no longer encrypted with the key ${before}`,
    titleOfAll: ({ objects, before }) => `${capital(objects)} are no longer encrypted with the key ${before}`,
    detail: `What the key has encrypted: ${encrypts}`,
    remedy: "Keep encryption.mode in the map.",
  }),
  weakening({
    id: `${id}-key-changed`,
    type,
    path,
    isWeaker: exchanged,
    severity: "low",
    title: ({ object, before, after }) =>
      `The ${object} is encrypted with the key ${after} instead of ${before}`,
    detail:
      "Existing data stays encrypted with the old key. Keep that key as long as anybody needs the data.",
    remedy: "Make sure that the principals that read and write may use the new key.",
  }),
]);

const QUEUE: Rule = weakening({
  id: "queue-encryption-off",
  type: "aws_sqs_queue",
  path: ["sqs_managed_sse_enabled"],
  isWeaker: turnedOff,
  severity: "medium",
  title: ({ object }) => `The ${object} is no longer encrypted`,
  detail: "It holds notifications that could not be delivered.",
  remedy: "Keep sqs_managed_sse_enabled.",
});

export const KEY_RULES: readonly Rule[] = [...KEYS, ...ENCRYPTION, QUEUE];
