import { partitionOf } from "../../aws/regions";
import { judgeAlarm } from "./checks/alarms";
import { judgeBucket } from "./checks/buckets";
import { judgeGuard, periodOf, type GuardRuns, type WantedGuard } from "./checks/guard";
import { judgeGuardrail } from "./checks/guardrails";
import { judgeKey, judgeKeyUsage, type KeyState } from "./checks/keys";
import { judgeLogGroup } from "./checks/log-groups";
import { judgeSetting } from "./checks/preferences";
import { judgeQueue } from "./checks/queues";
import { judgeAttachment } from "./checks/roles";
import { judgeRule, type RuleUse } from "./checks/rules";
import { judgeTopic } from "./checks/topics";
import { judgeTrail } from "./checks/trails";
import type { Site } from "./clients";
import { block, list, text, type Attributes, type Declared, type Provider } from "./configuration";
import { examineTarget } from "./examine-target";
import type { Examination, RuleUses } from "./examination";
import type { Finding, Seen } from "./model";
import { readAlarms } from "./read/alarms";
import { readBucket } from "./read/buckets";
import { readFunction } from "./read/guard";
import { readPolicies } from "./read/guardrails";
import { readKey, readKeyUsage } from "./read/keys";
import { readLogGroup } from "./read/log-groups";
import { readSums, type Metric } from "./read/metrics";
import { readServiceSetting } from "./read/preferences";
import { readQueue } from "./read/queues";
import { readAttachedPolicies } from "./read/roles";
import { readRule } from "./read/rules";
import { look } from "./read/seen";
import { readSubscriptions } from "./read/topics";
import { readTrails } from "./read/trails";

/** Days in which rules must have matched, and within which sessions are looked at. */
export const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Looks at everything that a stack declares, and judges it. What AWS refuses is a finding.
 * @throws the reason of an aborted signal
 */
export async function examineStack(examination: Examination): Promise<Finding[]> {
  const uses = await readRuleUses(examination);
  const examined = await Promise.all([
    ...(examination.stack.stack.kind === "session" ? [examineTarget(examination, uses)] : []),
    ...settings(examination),
    ...keys(examination),
    ...logGroups(examination),
    ...buckets(examination),
    ...trails(examination),
    ...attachments(examination),
    ...rules(examination, uses),
    ...topics(examination),
    ...queues(examination),
    alarms(examination),
    ...guards(examination),
    guardrails(examination),
  ]);
  return examined.flat();
}

type Examined = Promise<Finding[]>[];

const settings = ({ stack, site, signal }: Examination): Examined =>
  stack.all("aws_ssm_service_setting").map(async ({ values, provider }) => {
    const id = text(values["setting_id"]);
    const seen = await look(() => readServiceSetting(site(provider).ssm, id), signal);
    return judgeSetting(id.replace(/^.*:servicesetting/, ""), text(values["setting_value"]), seen);
  });

/** A key by its alias or ARN, with the account and region of what it encrypts. */
const keySeen = (
  { site, signal }: Examination,
  provider: Provider,
  name: string,
): Promise<Seen<KeyState | null>> => look(() => readKey(site(provider).kms, name), signal);

const keys = (examination: Examination): Examined => {
  const { stack, site, signal, now } = examination;
  return stack.all("aws_kms_alias").map(async ({ values, provider }) => {
    const name = text(values["name"]);
    const seen = await keySeen(examination, provider, name);
    const findings = judgeKey(name, seen);
    if (!("seen" in seen) || seen.seen === null) return findings;
    // KMS takes no alias here.
    const { arn } = seen.seen;
    const usage = await look(() => readKeyUsage(site(provider).kms, arn), signal);
    return [...findings, ...judgeKeyUsage(name, usage, now)];
  });
};

/** The key that an attribute names, with what AWS has of it; null: the attribute names none. */
async function wantedKey(examination: Examination, { provider }: Declared, value: unknown) {
  const name = examination.stack.keyNamedBy(value);
  return name === null ? null : { name, seen: await keySeen(examination, provider, name) };
}

const logGroups = (examination: Examination): Examined =>
  examination.stack.all("aws_cloudwatch_log_group").map(async (group) => {
    const { values, provider } = group;
    const name = text(values["name"]);
    const days = Number(values["retention_in_days"] ?? 0) || null;
    const key = await wantedKey(examination, group, values["kms_key_id"]);
    const { site, signal } = examination;
    return judgeLogGroup(
      { name, key, days },
      await look(() => readLogGroup(site(provider).logs, name), signal),
    );
  });

const buckets = (examination: Examination): Examined => {
  const { stack, site, signal } = examination;
  const of = (type: string, bucket: Declared): Attributes | undefined =>
    stack.all(type).find(({ values }) => stack.behind(values["bucket"])?.id === bucket.id)?.values;
  return stack.all("aws_s3_bucket").map(async (bucket) => {
    const name = text(bucket.values["bucket"]);
    const rule = block(of("aws_s3_bucket_server_side_encryption_configuration", bucket)?.["rule"]);
    const sealed = block(rule?.["apply_server_side_encryption_by_default"]);
    const lock = block(
      block(of("aws_s3_bucket_object_lock_configuration", bucket)?.["rule"])?.["default_retention"],
    );
    const wanted = {
      name,
      algorithm: text(sealed?.["sse_algorithm"]),
      key: await wantedKey(examination, bucket, sealed?.["kms_master_key_id"]),
      lock: lock ? { mode: text(lock["mode"]), days: Number(lock["days"]) } : null,
    };
    return judgeBucket(wanted, await look(() => readBucket(site(bucket.provider).s3, name), signal));
  });
};

const trails = ({ stack, site, signal }: Examination): Examined =>
  stack.all("aws_cloudtrail").map(async ({ values, provider }) => {
    const seen = await look(() => readTrails(site(provider).cloudtrail, provider.region), signal);
    return judgeTrail(text(values["name"]), seen);
  });

const attachments = ({ stack, site, signal }: Examination): Examined =>
  stack.all("aws_iam_role_policy_attachment").map(async ({ values, provider }) => {
    const role = text(stack.behind(values["role"])?.values["name"] ?? values["role"]);
    const policy = stack.behind(values["policy_arn"])?.values["name"];
    const { accountId, region } = provider;
    const policyArn =
      policy === undefined
        ? text(values["policy_arn"])
        : `arn:${partitionOf(region) ?? "aws"}:iam::${accountId}:policy/${text(policy)}`;
    const seen = await look(() => readAttachedPolicies(site(provider).iam, role), signal);
    return judgeAttachment({ role, policyArn }, seen);
  });

const busOf = ({ values }: Declared): string => text(values["event_bus_name"]) || "default";

const rules = ({ stack, site, signal }: Examination, uses: RuleUses): Examined =>
  stack.all("aws_cloudwatch_event_rule").map(async (rule) => {
    const { values, provider } = rule;
    const name = text(values["name"]);
    const targets = stack
      .all("aws_cloudwatch_event_target")
      .filter((target) => stack.behind(target.values["rule"])?.id === rule.id)
      .map((target) => text(target.values["arn"]))
      // An ARN that AWS makes up is a reference: what it names is another finding.
      .filter((arn) => arn.startsWith("arn:"));
    const wanted = {
      name,
      targets,
      pattern: text(values["event_pattern"]) || null,
      schedule: text(values["schedule_expression"]) || null,
    };
    const seen = await look(() => readRule(site(provider).events, name, busOf(rule)), signal);
    return judgeRule(wanted, seen, uses(name));
  });

const FAR: Pick<RuleUse, "days"> = { days: DAYS };

/** Reads the metrics of all rules of a stack, with one call for each of its regions. */
async function readRuleUses({ stack, site, signal, now }: Examination): Promise<RuleUses> {
  const period = { since: new Date(now.getTime() - DAYS * DAY_MS), until: now };
  const found = new Map<string, Seen<RuleUse>>();
  const all = stack.all("aws_cloudwatch_event_rule");
  const places = new Map(all.map((rule) => [site(rule.provider), [] as Declared[]]));
  for (const rule of all) places.get(site(rule.provider))!.push(rule);
  for (const [here, those] of places) {
    const metrics = those.flatMap((rule): Metric[] => {
      const bus = busOf(rule);
      const dimensions = {
        // EventBridge names the bus in the metrics of a rule on a custom bus, and only there.
        ...(bus !== "default" && { EventBusName: bus }),
        RuleName: text(rule.values["name"]),
      };
      return ["TriggeredRules", "FailedInvocations"].map((name) => ({
        namespace: "AWS/Events",
        name,
        dimensions,
      }));
    });
    const sums = await look(() => readSums(here.cloudwatch, metrics, period), signal);
    those.forEach((rule, index) => {
      const use = "seen" in sums ? { seen: { ...FAR, ...useOf(sums.seen, index) } } : sums;
      found.set(text(rule.values["name"]), use);
    });
  }
  return (rule) => found.get(rule) ?? { unseen: "the stack declares no such rule" };
}

const useOf = (sums: readonly number[], index: number) => ({
  matched: sums[2 * index] ?? 0,
  failed: sums[2 * index + 1] ?? 0,
});

const topics = ({ stack, site, signal }: Examination): Examined =>
  stack.all("aws_sns_topic").map(async (topic) => {
    const { region, accountId } = topic.provider;
    const arn = `arn:${partitionOf(region) ?? "aws"}:sns:${region}:${accountId}:${text(topic.values["name"])}`;
    const subscribers = stack
      .all("aws_sns_topic_subscription")
      .filter(({ values }) => stack.behind(values["topic_arn"])?.id === topic.id)
      .map(({ values }) => ({ protocol: text(values["protocol"]), endpoint: text(values["endpoint"]) }));
    const forwards = stack
      .all("aws_cloudwatch_event_target")
      .some(({ values }) => text(values["arn"]).includes(":event-bus/"));
    const seen = await look(() => readSubscriptions(site(topic.provider).sns, arn), signal);
    return judgeTopic({ arn, subscribers, forwards }, seen);
  });

const queues = ({ stack, site, signal }: Examination): Examined =>
  stack.all("aws_sqs_queue").map(async ({ values, provider }) => {
    const name = text(values["name"]);
    return judgeQueue(name, await look(() => readQueue(site(provider).sqs, name), signal));
  });

async function alarms({ stack, site, signal, now }: Examination): Promise<Finding[]> {
  const wanted = stack.all("aws_cloudwatch_metric_alarm").map(({ values, provider }) => ({
    name: text(values["alarm_name"]),
    actions: list(values["alarm_actions"])
      .map(text)
      .filter((arn) => arn.startsWith("arn:")),
    here: site(provider),
  }));
  const places: Site[] = [...new Set(wanted.map(({ here }) => here))];
  const judgments = places.map(async (here) => {
    const those = wanted.filter((one) => one.here === here);
    const seen = await look(
      () =>
        readAlarms(
          here.cloudwatch,
          those.map(({ name }) => name),
        ),
      signal,
    );
    return those.flatMap((one) => judgeAlarm(one, seen, now));
  });
  return (await Promise.all(judgments)).flat();
}

/** The metric of a guard that has finished a check. */
const CHECKS = "ChecksUpToDate";

const guards = ({ stack, site, signal, now }: Examination): Examined =>
  stack.all("aws_lambda_function").map(async ({ values, provider }) => {
    const name = text(values["function_name"]);
    const rate = stack
      .all("aws_cloudwatch_event_rule")
      .flatMap(
        (rule) => /^rate\((\d+) minutes?\)$/.exec(text(rule.values["schedule_expression"]))?.[1] ?? [],
      );
    const wanted: WantedGuard = { name, everyMinutes: rate[0] === undefined ? null : Number(rate[0]) };
    const here = site(provider);
    const ofFunction = (metric: string): Metric => ({
      namespace: "AWS/Lambda",
      name: metric,
      dimensions: { FunctionName: name },
    });
    const checks = stack
      .all("aws_cloudwatch_log_metric_filter")
      .map((filter) => block(filter.values["metric_transformation"]))
      .find((metric) => metric?.["name"] === CHECKS);
    const metrics: Metric[] = [
      ...["Invocations", "Errors"].map(ofFunction),
      ...(checks ? [{ namespace: text(checks["namespace"]), name: CHECKS, dimensions: {} }] : []),
    ];
    const runs = await look(async (): Promise<GuardRuns> => {
      const [count = 0, errors = 0, finished = 0] = await readSums(
        here.cloudwatch,
        metrics,
        periodOf(wanted, now),
      );
      return { runs: count, errors, checks: finished };
    }, signal);
    return judgeGuard(wanted, await look(() => readFunction(here.lambda, name), signal), runs, now);
  });

async function guardrails({ stack, site, signal }: Examination): Promise<Finding[]> {
  const wanted = stack.all("aws_organizations_policy").map((policy) => ({
    name: text(policy.values["name"]),
    content: text(policy.values["content"]),
    targets: stack
      .all("aws_organizations_policy_attachment")
      .filter(({ values }) => stack.behind(values["policy_id"])?.id === policy.id)
      .map(({ values }) => text(values["target_id"])),
  }));
  if (wanted.length === 0) return [];
  const names = wanted.map(({ name }) => name);
  const seen = await look(() => readPolicies(site(stack.provider).organizations, names), signal);
  return wanted.flatMap((policy) => judgeGuardrail(policy, seen));
}
