import { declarableTypes } from "../helpers/declarable-types";
import { validatePatterns } from "../helpers/rule-patterns";
import { synthesize } from "../helpers/synth";
import { RULES } from "./every-rule";
import { CHECKED_MAPS } from "./maps";
import { flagged, Plan, planOf, type Resources } from "./rule";

const STACKS = CHECKED_MAPS.flatMap(([map, text]) =>
  [...synthesize(text).values()].map((stack) => ({
    name: `${stack.id} of ${map}`,
    stack,
    plan: new Plan((stack.json.resource ?? {}) as Resources),
  })),
);

describe("each rule", () => {
  it.each(RULES.flatMap((rule) => rule.bad.map((bad) => [rule.id, rule.says, rule, bad] as const)))(
    "%s flags its bad example (it asks that a resource %s)",
    (_id, _says, rule, bad) => {
      expect(flagged(rule, planOf(rule, bad)).map(({ id }) => id)).toEqual(["Subject"]);
    },
  );

  it.each(RULES.map((rule) => [rule.id, rule] as const))("%s does not flag its good example", (_id, rule) => {
    expect(flagged(rule, planOf(rule, rule.good))).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s applies to a deployed resource of each of its types",
    (_id, { types }) => {
      expect(types.filter((type) => !STACKS.some(({ plan }) => plan.all(type).length > 0))).toEqual([]);
    },
  );

  it("has ids that no other rule has", () => {
    const ids = RULES.flatMap(({ id, also = [] }) => [id, ...also]);
    expect(ids.filter((id, index) => ids.indexOf(id) < index)).toEqual([]);
  });
});

/** The findings of a stack, as "check address". */
const found = ({ plan }: (typeof STACKS)[number]) =>
  RULES.flatMap((rule) => flagged(rule, plan).map(({ address }) => `${rule.id} ${address}`));
/** The findings that are accepted in a stack with a reason, as "check address". */
const accepted = ({ stack }: (typeof STACKS)[number]) =>
  Object.entries(stack.accepted).flatMap(([address, findings]) =>
    findings.map(({ check }) => `${check} ${address}`),
  );

describe.each(STACKS.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  it("has no finding without a reason beside its resource", () => {
    const reasons = accepted(one);
    expect(found(one).filter((finding) => !reasons.includes(finding))).toEqual([]);
  });

  it("has rules whose patterns EventBridge accepts", () => {
    expect(() => validatePatterns(one.stack)).not.toThrow();
  });

  it("has no credentials in its provider (CKV_AWS_41)", () => {
    const said = one.stack.json.provider.aws.flatMap(Object.keys);
    expect(said).toContain("region");
    expect(said.filter((key) => /access_key|secret|token|profile/.test(key))).toEqual([]);
  });

  it("accepts no finding that a rule does not report", () => {
    const findings = found(one);
    expect(accepted(one).filter((reason) => !findings.includes(reason))).toEqual([]);
  });
});

it("the reason of each accepted finding is a sentence", () => {
  for (const findings of STACKS.flatMap(({ stack }) => Object.values(stack.accepted))) {
    for (const { reason } of findings) expect(reason).toMatch(/^\S.{25,}\.$/);
  }
});

it("at least one of the maps deploys each type of resource that the stacks can declare", () => {
  const declared = new Set(STACKS.flatMap(({ stack }) => Object.keys(stack.json.resource ?? {})));
  expect(declarableTypes().filter((type) => !declared.has(type))).toEqual([]);
});
