import { TRAIL_RULES } from "../../../review/findings/trail";
import type { Json } from "../../../review/plan-json";
import { bothWays, testRules } from "../../helpers/finding-cases";
import type { Planned } from "../../helpers/plans";

type Settings = { readonly [name: string]: Json };
const trail = (before: Settings, after: Settings): Planned => ({
  type: "aws_cloudtrail",
  before: { name: "own", ...before },
  after: { name: "own", ...after },
});
const selecting = (type: string): Settings => ({ event_selector: [{ read_write_type: type }] });

testRules(TRAIL_RULES, [
  ...(
    [
      ["enable_logging", "critical", "The trail own no longer logs"],
      ["is_multi_region_trail", "high", "The trail own records one region only"],
      ["include_global_service_events", "high", "The trail own no longer records global services"],
      ["enable_log_file_validation", "medium", "The trail own no longer signs its log files"],
      ["is_organization_trail", "high", "The trail own no longer records the accounts of the organization"],
    ] as const
  ).map(([attribute, severity, title]) =>
    bothWays(
      `trail-${attribute.replaceAll("_", "-")}-off`,
      severity,
      title,
      trail({ [attribute]: true }, { [attribute]: false }),
    ),
  ),
  {
    rule: "trail-bucket-changed",
    severity: "high",
    title: "The trail own writes to the bucket theirs instead of ours",
    found: trail({ s3_bucket_name: "ours" }, { s3_bucket_name: "theirs" }),
    not: trail({ s3_bucket_name: "ours" }, { s3_bucket_name: "ours", s3_key_prefix: "x" }),
  },
  {
    rule: "trail-selectors-changed",
    severity: "medium",
    title: "The trail own selects other events",
    found: trail(selecting("All"), selecting("WriteOnly")),
    not: trail(selecting("All"), { ...selecting("All"), kms_key_id: "a" }),
  },
]);
