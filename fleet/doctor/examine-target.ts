import { partitionOf } from "../../aws/regions";
import type { RecordingRules } from "../../guard/expected-records";
import { names, PREFERENCES_DOCUMENT } from "../../stacks/names";
import { judgeExistingBucket } from "./checks/buckets";
import { judgeKey } from "./checks/keys";
import { judgeLogGroup } from "./checks/log-groups";
import { judgeNodes } from "./checks/nodes";
import { inputsOf, judgePreferences, type Inputs } from "./checks/preferences";
import { judgeRecords } from "./checks/records";
import { judgeSilence } from "./checks/rules";
import { judgeCoverage } from "./checks/trails";
import { text } from "./configuration";
import type { Examination, RuleUses } from "./examination";
import type { Finding, Seen } from "./model";
import { readEncryption } from "./read/buckets";
import { readKey } from "./read/keys";
import { readLogGroup } from "./read/log-groups";
import { readNodes } from "./read/nodes";
import { readDocument } from "./read/preferences";
import { readAttachedPolicies } from "./read/roles";
import { look } from "./read/seen";
import { lookUpRecords, readSessions } from "./read/sessions";
import { readTrails } from "./read/trails";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days of the session history. @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeSessions.html */
const HISTORY_DAYS = 30;
/** Milliseconds that a call may take to reach EventBridge and its metrics, so that newer sessions prove nothing. */
const ON_THE_WAY_MS = 60 * 60 * 1000;

/** Looks at what only the stack of a target has: the preferences, the sessions, and the nodes of the region. */
export async function examineTarget(examination: Examination, uses: RuleUses): Promise<Finding[]> {
  const { stack, site, now, signal } = examination;
  const document = stack
    .all("aws_ssm_document")
    .find(({ values }) => values["name"] === PREFERENCES_DOCUMENT);
  const content = text(document?.values["content"]);
  const inputs = inputsOf(content);
  const here = site(stack.provider);
  const sessions = await look(
    () => readSessions(here.ssm, new Date(now.getTime() - HISTORY_DAYS * DAY_MS)),
    signal,
  );
  const found = await Promise.all([
    look(() => readDocument(here.ssm, PREFERENCES_DOCUMENT), signal).then((seen) =>
      judgePreferences(PREFERENCES_DOCUMENT, content, seen),
    ),
    existing(examination, inputs),
    records(examination, inputs, sessions),
    nodes(examination, inputs),
    look(() => readTrails(here.cloudtrail, stack.provider.region), signal).then((seen) =>
      stack.all("aws_cloudwatch_event_rule").length === 0 ? [] : judgeCoverage(stack.provider.region, seen),
    ),
  ]);
  return [...found.flat(), ...silence(examination, sessions, uses)];
}

/** What the preferences name and no stack declares: it has to be there all the same. */
async function existing(examination: Examination, inputs: Inputs): Promise<Finding[]> {
  const { stack, site, ownerOf, signal } = examination;
  const here = site(stack.provider);
  const declares = (type: string, attribute: string, value: string) =>
    stack.all(type).some(({ values }) => text(values[attribute]) === value);
  const findings: Promise<Finding[]>[] = [];
  const { logGroup, bucket, key } = inputs;
  if (logGroup !== "" && !declares("aws_cloudwatch_log_group", "name", logGroup)) {
    const wanted = { name: logGroup, key: inputs.enforced.cloudWatch ? ("any" as const) : null };
    const seen = look(() => readLogGroup(here.logs, logGroup), signal);
    findings.push(seen.then((group) => judgeLogGroup(wanted, group)));
  }
  if (bucket !== "" && ownerOf(bucket) === undefined) {
    const seen = look(() => readEncryption(here.s3, bucket), signal);
    findings.push(seen.then((found) => judgeExistingBucket(bucket, found)));
  }
  if (key !== "" && !declares("aws_kms_alias", "name", key)) {
    const seen = look(() => readKey(here.kms, key), signal);
    findings.push(seen.then((found) => judgeKey(key, found)));
  }
  return (await Promise.all(findings)).flat();
}

async function records(
  { stack, site, ownerOf, now, signal }: Examination,
  inputs: Inputs,
  sessions: Seen<Awaited<ReturnType<typeof readSessions>>>,
): Promise<Finding[]> {
  const { region, accountId: account } = stack.provider;
  const rules = rulesOf(inputs, region, account);
  if (rules.transcripts.bucket === null && rules.transcripts.logGroup === null) return [];
  if (!("seen" in sessions)) return judgeRecords(region, HISTORY_DAYS, sessions, now);
  const { ssm, logs } = site(stack.provider);
  const { s3 } = site(ownerOf(inputs.bucket) ?? stack.provider);
  const seen = await look(() => lookUpRecords(sessions.seen, rules, { ssm, logs, s3 }, now), signal);
  return judgeRecords(region, HISTORY_DAYS, seen, now);
}

/** Where the records of a target are, according to its declared preferences. */
const rulesOf = ({ bucket, prefix, logGroup }: Inputs, region: string, account: string): RecordingRules => ({
  partition: partitionOf(region) ?? "aws",
  account,
  region,
  preferences: PREFERENCES_DOCUMENT,
  transcripts: {
    gracePeriodMinutes: 0,
    maximumDurationMinutes: null,
    bucket: bucket === "" ? null : { name: bucket, prefix, keptDays: null },
    logGroup: logGroup === "" ? null : { name: logGroup, keptDays: null },
  },
});

async function nodes({ stack, site, organization, signal }: Examination, inputs: Inputs): Promise<Finding[]> {
  const { provider } = stack;
  const here = site(provider);
  const partition = partitionOf(provider.region) ?? "aws";
  const policyArn = `arn:${partition}:iam::${provider.accountId}:policy/${names.instancePolicy({ organization })}`;
  const seen = await look(() => readNodes(here, signal), signal);
  const roles =
    "seen" in seen ? seen.seen.flatMap(({ role }) => ("seen" in role ? (role.seen ?? []) : [])) : [];
  const policies = await Promise.all(
    [...new Set(roles)].map(
      async (role) => [role, await look(() => readAttachedPolicies(here.iam, role), signal)] as const,
    ),
  );
  return judgeNodes({ region: provider.region, policyArn, inputs }, seen, new Map(policies));
}

/** The rule that reports every session, if sessions started and it has matched none. */
function silence(
  { stack, now }: Examination,
  sessions: Seen<Awaited<ReturnType<typeof readSessions>>>,
  uses: RuleUses,
): Finding[] {
  const started: Seen<number> =
    "seen" in sessions
      ? {
          seen: sessions.seen.filter(({ startDate }) => now.getTime() - startDate.getTime() > ON_THE_WAY_MS)
            .length,
        }
      : sessions;
  return stack
    .all("aws_cloudwatch_event_rule")
    .filter(({ values }) => reportsSessions(text(values["event_pattern"])))
    .flatMap(({ values }) => judgeSilence(text(values["name"]), started, uses(text(values["name"]))));
}

/** Whether a pattern matches every session that starts. */
function reportsSessions(pattern: string): boolean {
  const { detail } = JSON.parse(pattern || "{}") as { readonly detail?: Readonly<Record<string, unknown>> };
  const known = ["eventSource", "eventName", "errorCode"];
  return (
    Array.isArray(detail?.["eventName"]) &&
    (detail["eventName"] as unknown[]).includes("StartSession") &&
    JSON.stringify(detail["errorCode"] ?? null) === '[{"exists":false}]' &&
    Object.keys(detail).every((key) => known.includes(key))
  );
}
