import type { Difference } from "./diff";
import type { Shown } from "./model";
import { isComputed, LEFT_TO_AWS } from "./computed-attributes";
import { documentIn, pathText } from "./values";

/** What is done with an object, as far as it decides about noise. */
export type NoiseContext = "create" | "update" | "replace" | "delete" | "drift";

/**
 * The differences that a reader has to read. Left out is what Terraform and AWS fill in by themselves:
 * - attributes that only AWS sets, such as ids, and those that a new object leaves to AWS,
 * - `tags_all` where it follows from `tags`,
 * - empty values of a new object, and those that a replacement or drift only spells in another way,
 * - of a destroyed object, everything but what identifies it and the documents in it.
 */
export function meaningful(
  type: string,
  differences: readonly Difference[],
  context: NoiseContext,
): Difference[] {
  const tags = new Set(
    differences.filter(({ path }) => path[0] === "tags").map((tag) => `tags_all${restOf(tag)}`),
  );
  return differences.filter((difference) => {
    const [name] = difference.path as [string];
    if (isComputed(type, name)) return false;
    if (name === "tags_all") {
      return context !== "create" && context !== "delete" && difference.path.length > 1
        ? !tags.has(`tags_all${restOf(difference)}`)
        : false;
    }
    return RELEVANT[context](type, difference);
  });
}

const restOf = ({ path }: Difference) => JSON.stringify(path.slice(1));

const says = (shown: Shown) => shown.is !== "absent" && !(shown.is === "known" && shown.value === "");
/** Values that AWS returns for what a configuration leaves out. */
const isDefault = (shown: Shown) =>
  shown.is === "absent" || (shown.is === "known" && ["", false, 0].includes(shown.value as never));

const RELEVANT: Readonly<Record<NoiseContext, (type: string, difference: Difference) => boolean>> = {
  create: (type, { path, after }) => says(after) && !(after.is === "unknown" && isLeftToAws(type, path)),
  update: () => true,
  replace: (type, { path, before, after }) =>
    !(isDefault(before) && isDefault(after)) && !(after.is === "unknown" && isLeftToAws(type, path)),
  delete: (type, { path, before }) =>
    says(before) &&
    ((path.length === 1 && IDENTIFYING.has(path[0] as string)) ||
      (before.is === "known" && documentIn(before.value) !== undefined && !isLeftToAws(type, path))),
  drift: (_type, { before, after }) => !(isDefault(before) && isDefault(after)),
};

const isLeftToAws = (type: string, path: Difference["path"]): boolean =>
  LEFT_TO_AWS[type]?.includes(pathText(path.filter((step) => typeof step === "string"))) ?? false;

/** Attributes by which a reader recognizes an object that is destroyed. */
const IDENTIFYING: ReadonlySet<string> = new Set([
  ...[
    "name",
    "bucket",
    "function_name",
    "alarm_name",
    "configuration_name",
    "association_name",
    "statement_id",
  ],
  ...["rule", "target_id", "arn", "protocol", "endpoint", "topic_arn", "sns_topic_arns", "role"],
  ...["policy_arn", "target_key_id", "log_group_name", "destination_arn", "resource_arn", "queue_url"],
  ...["setting_id", "setting_value", "service_name", "vpc_id", "security_group_id", "retention_in_days"],
  ...["force_destroy", "deletion_window_in_days", "principal", "action", "source_arn", "policy_id"],
]);
