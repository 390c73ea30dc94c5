import { described, driftOf, outputsOf, plannedChanges, type SeenDrift } from "./changes";
import { newFindings } from "./collected-findings";
import { withoutCredentials } from "./failures";
import { findingsOfChange, findingsOfDrift, findingsOfPlan } from "./findings";
import { treatmentOf } from "./findings/treatments";
import { newGrouping } from "./grouping";
import { mirrorsOf, type Mirrors } from "./mirrors";
import type { Change, ChangeGroup, PlannedStack, Review } from "./model";
import { newHidden, type Subject } from "./not-covered";
import { namesOf, templateOf, type Template } from "./placeholders";
import type { PlanJson } from "./plan-json";
import { resourcesOf } from "./resources";
import { newReader } from "./reader";
import { NO_SECRETS, secretsOf, type Secrets } from "./secrets";
import { newStrength } from "./strength";
import { countsOf, NO_COUNTS, sumOf, summaryOf } from "./summary";

/** Collects stacks one by one, so that only one plan at a time has to be in memory. */
export interface Reviewer {
  /** @param stack with its plan as Terraform has written it; nothing of the plan is changed or kept */
  add(stack: PlannedStack): void;
  /** The review of the stacks that were added. */
  review(origin: Review["origin"], mapWarnings?: Review["mapWarnings"]): Review;
}

/**
 * The review of planned stacks.
 * @param stacks taken one by one: a generator need not have all plans in memory
 * @param subject what the plans tell: what Terraform will do, or what somebody has done outside Terraform
 * @example reviewOf(stacks, { commit: null, dirty: false, plannedAt: "2026-11-26T12:00:00Z" })
 */
export function reviewOf(
  stacks: Iterable<PlannedStack>,
  origin: Review["origin"],
  subject: Subject = "plan",
): Review {
  const reviewer = newReviewer(subject);
  for (const stack of stacks) reviewer.add(stack);
  return reviewer.review(origin);
}

type Identified = Pick<PlannedStack, "id" | "kind">;

/** A reviewer that has seen no stack yet. */
export function newReviewer(subject: Subject = "plan"): Reviewer {
  const stacks: Review["stacks"][number][] = [];
  const findings = newFindings();
  const groups = newGrouping(meansOf);
  const drift = newGrouping();
  const strength = newStrength();
  const hidden = newHidden(subject);
  /** Drift that may turn out to be none, because another stack manages the attribute. */
  const pending: { readonly stack: Identified; readonly template: Template; readonly drift: SeenDrift }[] =
    [];
  const mirrors = new Set<string>();
  /** Sensitive texts of every plan. The message of a stack that failed may have them, and has no marks of its own. */
  const allSecrets: Secrets[] = [];
  const failures: { readonly stack: PlannedStack; readonly template: Template }[] = [];
  const read = newReader();

  const addDrift = (stack: Identified, template: Template, { change, elsewhere }: SeenDrift) => {
    const attributes = change.attributes.filter(({ path }) => !isIn(mirrors, elsewhere.get(path)));
    if (attributes.length === 0 && change.kind !== "delete") return;
    drift.add(stack.id, stack.kind, template(JSON.stringify({ ...change, attributes })));
  };

  const addOfPlan = (stack: PlannedStack, template: Template) =>
    findings.add(
      stack.id,
      template,
      findingsOfPlan(stack).map((found) => ({ ...found, address: null })),
    );
  const masked = (message: string) =>
    withoutCredentials(allSecrets.reduce((text, secrets) => secrets.mask(text), message));

  return {
    add(added) {
      const stack = readable(added);
      const { id, kind, account, accountId, region, wave, plan, failure } = stack;
      const identity = { id, kind, account, accountId, region, wave };
      const template = templateOf(namesOf(identity, plan));
      if (plan === null) {
        failures.push({ stack, template });
        strength.add(identity, null, []);
        hidden.addFailed();
        stacks.push({
          ...identity,
          ...(failure !== undefined && { failure }),
          result: "failed",
          counts: NO_COUNTS,
        });
        return;
      }
      addOfPlan(stack, template);
      const secrets = secretsOf(plan);
      if (secrets !== NO_SECRETS) allSecrets.push(secrets);
      const own = mirrorsOf(plan);
      for (const mirror of own) mirrors.add(mirror);
      const seen = read(plan, template, secrets);
      const changes = seen.map(({ change }) => change);
      const outputs = outputsOf(plan, secrets);
      strength.add(identity, plan, changes);
      for (const one of seen) groups.add(id, kind, one.template);
      for (const output of outputs) groups.add(id, kind, template(JSON.stringify(output)));
      hidden.add([...changes, ...outputs]);

      const drifted = driftOf(plan, secrets, own);
      for (const one of drifted) {
        if (one.elsewhere.size === 0) addDrift(stack, template, one);
        else pending.push({ stack: { id, kind }, template, drift: one });
      }
      const resources = resourcesOf(plan);
      const destroyed = new Set(
        changes.filter((change) => change.kind === "delete").map(({ address }) => address),
      );
      findings.add(id, template, [
        ...seen.flatMap((one) => findingsOfChange(one, { stack: identity, resources, destroyed })),
        ...findingsOfDrift(drifted, again(plan, drifted, secrets)),
      ]);
      const result = changes.length + outputs.length > 0 ? "changes" : "no changes";
      stacks.push({ ...identity, result, counts: countsOf(changes) });
    },
    review: (origin, mapWarnings = []) => {
      for (const { stack, template, drift: one } of pending.splice(0)) addDrift(stack, template, one);
      for (const { stack, template } of failures.splice(0))
        addOfPlan(
          stack.failure === undefined ? stack : { ...stack, failure: masked(stack.failure) },
          template,
        );
      const byKind = new Map<string, string[]>();
      for (const { id, kind } of stacks) {
        const same = byKind.get(kind);
        if (same) same.push(id);
        else byKind.set(kind, [id]);
      }
      const failed = new Set(stacks.filter(({ result }) => result === "failed").map(({ id }) => id));
      return {
        version: 1,
        origin,
        stacks: stacks.map((stack) =>
          stack.failure === undefined ? stack : { ...stack, failure: masked(stack.failure) },
        ),
        totals: sumOf(stacks.map(({ counts }) => counts)),
        summary: summaryOf(stacks),
        strength: strength.rows(),
        findings: findings.findings(),
        groups: groups.groups(byKind, failed),
        drift: drift.groups(byKind, failed),
        mapWarnings,
        notCovered: hidden.sentences(),
      };
    },
  };
}

/** The changes of objects that have drifted, with their own values. */
function again(plan: PlanJson, drift: readonly SeenDrift[], secrets: Secrets): Change[] {
  const addresses = new Set(drift.map(({ change }) => change.previousAddress ?? change.address));
  if (addresses.size === 0) return [];
  return plannedChanges(plan)
    .filter(({ resource }) => addresses.has(resource.address))
    .map((planned) => described(planned, secrets));
}

const isIn = (mirrors: Mirrors, mirror: string | undefined) => mirror !== undefined && mirrors.has(mirror);

/** What a change of an object means. What a new object means, its own attributes say. */
function meansOf({ type, kind }: Change): Pick<ChangeGroup, "means"> {
  if (type === "output") return {};
  const { changed, destroyed, replaced } = treatmentOf(type);
  if (kind === "delete") return { means: destroyed.lost };
  if (kind === "replace") return replaced === null ? {} : { means: replaced.lost };
  return kind === "update" || kind === "import" ? { means: changed } : {};
}

/** The format of plans whose major version this program knows. */
const FORMAT = /^1\./;

/** A stack whose plan has a format that nobody can read counts as one without a plan. */
function readable(stack: PlannedStack): PlannedStack {
  const format = (stack.plan as PlanJson | null)?.format_version;
  if (stack.plan === null || (typeof format === "string" && FORMAT.test(format))) return stack;
  const failure = `The plan has the format version ${String(format)}. This review reads the versions 1.x, which Terraform 1.10 and newer write.`;
  return { ...stack, plan: null, failure };
}
