import type { Direction } from "../../../review/model";
import type { Json } from "../../../review/plan-json";
import { comparePolicies } from "../../../review/policies/compare";
import { isPolicyDocument } from "../../../review/policies/policy-document";
import { MAPS, policiesOf } from "../../stacks/policies/every-policy";

type Statement = { readonly [part: string]: Json } & { readonly Effect: Json };

type Policy = { readonly Version: string; readonly Statement: readonly Statement[] };

/** The names of the statements and of all their parts, without values. */
const shapeOf = ({ Statement }: Policy): string =>
  JSON.stringify(Statement, (key, value: unknown) =>
    typeof value === "string" && key !== "Sid" ? "" : value,
  );

/** The policies that the stacks of the test maps contain, one of each shape. */
const POLICIES = [
  ...new Map(
    MAPS.flatMap(([, organization]) => policiesOf(organization))
      .map(({ policy }) => JSON.parse(JSON.stringify(policy)) as Policy)
      .map((policy) => [shapeOf(policy), policy]),
  ).values(),
];

/** Compares each policy with the same policy after a change of one statement. */
function directions(
  effect: "Allow" | "Deny",
  change: (statement: Statement) => readonly Statement[] | null,
): { readonly forth: ReadonlySet<Direction | null>; readonly back: ReadonlySet<Direction | null> } {
  const [forth, back] = [new Set<Direction | null>(), new Set<Direction | null>()];
  for (const policy of POLICIES) {
    policy.Statement.forEach((statement, at) => {
      const now = statement.Effect === effect ? change(statement) : null;
      if (now === null) return;
      const after = {
        ...policy,
        Statement: policy.Statement.flatMap((one, index) => (index === at ? now : [one])),
      };
      forth.add(comparePolicies(policy, after)?.direction ?? null);
      back.add(comparePolicies(after, policy)?.direction ?? null);
    });
  }
  return { forth, back };
}

const withoutCondition = ({ Condition, ...rest }: Statement): readonly Statement[] | null =>
  Condition === undefined ? null : [rest as Statement];

it("every policy of the stacks is a policy that the review can read", () => {
  expect(POLICIES.length).toBeGreaterThan(50);
  expect(POLICIES.every(isPolicyDocument)).toBe(true);
  const words = POLICIES.flatMap((policy) => comparePolicies(null, policy)?.statements ?? []).flatMap(
    (one) => one.words,
  );
  expect(words.length).toBeGreaterThan(POLICIES.length);
  expect(words.filter((sentence) => /cannot read|does not tell/.test(sentence))).toEqual([]);
});

it("a removed Allow of the stacks is narrower, and an added one wider, unless another one says the same", () => {
  const { forth, back } = directions("Allow", () => []);
  expect([...forth].sort()).toEqual(["narrower", "same"]);
  expect([...back].sort()).toEqual(["same", "wider"]);
});

it("a removed Deny of the stacks is wider, and an added one narrower", () => {
  const { forth, back } = directions("Deny", () => []);
  expect([...forth]).toEqual(["wider"]);
  expect([...back]).toEqual(["narrower"]);
});

it("an Allow of the stacks is wider without its condition, and narrower with it", () => {
  const { forth, back } = directions("Allow", withoutCondition);
  expect([...forth]).toEqual(["wider"]);
  expect([...back]).toEqual(["narrower"]);
});

it("a Deny of the stacks is narrower without its condition, and wider with it", () => {
  const { forth, back } = directions("Deny", withoutCondition);
  expect([...forth]).toEqual(["narrower"]);
  expect([...back]).toEqual(["wider"]);
});
