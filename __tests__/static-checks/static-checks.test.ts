import { declarableTypes } from "../helpers/declarable-types";
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
  it.each(RULES.flatMap((rule) => rule.bad.map((bad) => [rule.id, rule, bad] as const)))(
    "%s flags a resource that breaks it",
    (_id, rule, bad) => {
      expect(flagged(rule, planOf(rule, bad)).map(({ id }) => id)).toEqual(["Subject"]);
    },
  );

  it.each(RULES.map((rule) => [rule.id, rule] as const))("%s lets one pass that keeps it", (_id, rule) => {
    expect(flagged(rule, planOf(rule, rule.good))).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))("%s judges something", (_id, { types }) => {
    expect(types.filter((type) => !STACKS.some(({ plan }) => plan.all(type).length > 0))).toEqual([]);
  });

  it("has an id of its own", () => {
    const ids = RULES.flatMap(({ id, also = [] }) => [id, ...also]);
    expect(ids.filter((id, index) => ids.indexOf(id) < index)).toEqual([]);
  });
});

/** What is found in a stack, and what of it is accepted, as "check address". */
const found = ({ plan }: (typeof STACKS)[number]) =>
  RULES.flatMap((rule) => flagged(rule, plan).map(({ address }) => `${rule.id} ${address}`));
const accepted = ({ stack }: (typeof STACKS)[number]) =>
  Object.entries(stack.accepted).flatMap(([address, findings]) =>
    findings.map(({ check }) => `${check} ${address}`),
  );

describe.each(STACKS.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  it("has no finding without a reason beside its resource", () => {
    const reasons = accepted(one);
    expect(found(one).filter((finding) => !reasons.includes(finding))).toEqual([]);
  });

  it("holds no credentials (CKV_AWS_41)", () => {
    const said = one.stack.json.provider.aws.flatMap(Object.keys);
    expect(said).toContain("region");
    expect(said.filter((key) => /access_key|secret|token|profile/.test(key))).toEqual([]);
  });

  it("accepts no finding that is none", () => {
    const findings = found(one);
    expect(accepted(one).filter((reason) => !findings.includes(reason))).toEqual([]);
  });
});

it("each finding of a resource has one reason, a sentence", () => {
  for (const findings of STACKS.flatMap(({ stack }) => Object.values(stack.accepted))) {
    for (const { reason } of findings) expect(reason).toMatch(/^\S.{25,}\.$/);
  }
});

it("every resource that the stacks can declare is declared by one of the maps", () => {
  const declared = new Set(STACKS.flatMap(({ stack }) => Object.keys(stack.json.resource ?? {})));
  expect(declarableTypes().filter((type) => !declared.has(type))).toEqual([]);
});
