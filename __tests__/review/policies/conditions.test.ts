import type { Json } from "../../../review/plan-json";
import { comparePolicies } from "../../../review/policies/compare";
import { allow, deny, document } from "./documents-of";

const KEY = "aws:username";

/** A condition block from pairs of an operator and its values for one key; "none" stands for no condition. */
function block(text: string): Json {
  const conditions = text === "none" ? [] : text.split(" and ");
  return Object.fromEntries(
    conditions.map((one) => {
      const [operator = "", values = ""] = one.split(" ");
      return [operator, { [KEY]: values.split(",") }];
    }),
  );
}

const directions = (before: Json, after: Json) => ({
  allow: comparePolicies(document(allow({ Condition: before })), document(allow({ Condition: after })))
    ?.direction,
  deny: comparePolicies(document(deny({ Condition: before })), document(deny({ Condition: after })))
    ?.direction,
});

const INVERTED = {
  wider: "narrower",
  narrower: "wider",
  other: "other",
  "maybe-wider": "maybe-wider",
  same: "same",
};

/** Expects a direction for an Allow, its inverse for a Deny, and both the other way round for the change back. */
const both = (before: string, after: string, direction: keyof typeof INVERTED) => {
  expect(directions(block(before), block(after))).toEqual({ allow: direction, deny: INVERTED[direction] });
  expect(directions(block(after), block(before))).toEqual({ allow: INVERTED[direction], deny: direction });
};

describe("a condition that holds for more requests makes an Allow wider, a Deny narrower, and the other way round", () => {
  it.each`
    before                                       | after                                     | direction
    ${"StringEquals ann"}                        | ${"none"}                                 | ${"wider"}
    ${"StringEquals ann"}                        | ${"StringEquals ann,bob"}                 | ${"wider"}
    ${"StringEquals ann"}                        | ${"StringEquals bob"}                     | ${"other"}
    ${"StringEquals ann,bob"}                    | ${"StringEquals bob,cid"}                 | ${"other"}
    ${"StringEquals ann"}                        | ${"StringLike a*"}                        | ${"wider"}
    ${"StringEquals a*"}                         | ${"StringLike a*"}                        | ${"wider"}
    ${"StringLike a?n"}                          | ${"StringLike a*"}                        | ${"wider"}
    ${"StringEquals ann"}                        | ${"StringEqualsIgnoreCase ANN"}           | ${"wider"}
    ${"StringEquals ann"}                        | ${"StringEqualsIfExists ann"}             | ${"wider"}
    ${"StringEqualsIfExists ann"}                | ${"none"}                                 | ${"wider"}
    ${"StringNotEquals ann,bob"}                 | ${"StringNotEquals ann"}                  | ${"wider"}
    ${"StringNotLike a*"}                        | ${"StringNotEquals ann"}                  | ${"wider"}
    ${"StringNotEquals ann"}                     | ${"StringEquals ann"}                     | ${"other"}
    ${"StringNotEqualsIgnoreCase ann"}           | ${"StringNotEquals ann"}                  | ${"wider"}
    ${"StringLike *"}                            | ${"StringNotLike a*"}                     | ${"other"}
    ${"Null false"}                              | ${"none"}                                 | ${"wider"}
    ${"StringEquals ann"}                        | ${"Null false"}                           | ${"wider"}
    ${"Null true"}                               | ${"StringEqualsIfExists ann"}             | ${"wider"}
    ${"Null true"}                               | ${"StringNotEquals ann"}                  | ${"wider"}
    ${"Null true"}                               | ${"ForAllValues:StringEquals ann"}        | ${"wider"}
    ${"Null true"}                               | ${"Null false"}                           | ${"other"}
    ${"Null false and StringNotEquals ann"}      | ${"StringNotEquals ann"}                  | ${"wider"}
    ${"Null false and StringEqualsIfExists ann"} | ${"StringEquals ann,bob"}                 | ${"wider"}
    ${"ForAllValues:StringEquals ann"}           | ${"ForAllValues:StringLike a*"}           | ${"wider"}
    ${"ForAnyValue:StringEquals ann"}            | ${"ForAnyValue:StringEquals ann,bob"}     | ${"wider"}
    ${"ForAnyValue:StringEquals ann"}            | ${"ForAnyValue:StringEqualsIfExists ann"} | ${"wider?"}
    ${"StringNotEquals ann,${aws:userid}"}       | ${"StringNotEquals ann"}                  | ${"wider?"}
    ${"NumericLessThan 5"}                       | ${"NumericLessThan 6"}                    | ${"wider"}
    ${"NumericLessThan 5"}                       | ${"NumericLessThanEquals 5"}              | ${"wider"}
    ${"NumericLessThan 5"}                       | ${"NumericLessThan 3,7"}                  | ${"wider"}
    ${"NumericEquals 5"}                         | ${"NumericGreaterThanEquals 5"}           | ${"wider"}
    ${"NumericEquals 5"}                         | ${"NumericGreaterThan 5"}                 | ${"other"}
    ${"NumericLessThanEquals 5"}                 | ${"NumericNotEquals 5"}                   | ${"other"}
    ${"NumericLessThan 10"}                      | ${"NumericLessThan 9"}                    | ${"narrower"}
    ${"DateLessThan 2026-01-01T00:00:00Z"}       | ${"DateLessThan 2027-01-01"}              | ${"wider"}
    ${"DateGreaterThan 1700000000"}              | ${"DateGreaterThan 1600000000"}           | ${"wider"}
    ${"Bool true"}                               | ${"Bool true,false"}                      | ${"wider"}
    ${"Bool true"}                               | ${"BoolIfExists true"}                    | ${"wider"}
    ${"Bool true"}                               | ${"Bool false"}                           | ${"other"}
    ${"IpAddress 10.1.0.0/16"}                   | ${"IpAddress 10.0.0.0/8"}                 | ${"wider"}
    ${"IpAddress 10.1.2.3"}                      | ${"IpAddress 10.1.2.3/31"}                | ${"wider"}
    ${"IpAddress 10.0.0.0/8"}                    | ${"IpAddress 0.0.0.0/0"}                  | ${"wider"}
    ${"IpAddress 2001:db8::/48"}                 | ${"IpAddress 2001:db8:0:0::/32"}          | ${"wider"}
    ${"IpAddress 10.0.0.0/8"}                    | ${"IpAddress 11.0.0.0/8"}                 | ${"other"}
    ${"NotIpAddress 10.0.0.0/8"}                 | ${"NotIpAddress 10.1.0.0/16"}             | ${"wider"}
    ${"ArnLike arn:aws:iam::1:role/Web"}         | ${"ArnLike arn:aws:iam::*:role/Web"}      | ${"wider"}
    ${"ArnNotLike arn:aws:iam::1:role/*"}        | ${"ArnNotLike arn:aws:iam::1:role/Web"}   | ${"wider"}
    ${"StringEquals ${aws:userid}"}              | ${"StringLike *"}                         | ${"wider"}
  `("$before → $after: $direction", ({ before, after, direction }) => {
    if (direction === "wider?") {
      // Nobody can tell whether more requests fit, and certainly no fewer.
      expect(directions(block(before as string), block(after as string)).allow).toBe("maybe-wider");
      expect(directions(block(before as string), block(after as string)).deny).toBe("narrower");
    } else both(before as string, after as string, direction as keyof typeof INVERTED);
  });
});

describe("conditions that nobody can compare read as wider, for an Allow and for a Deny", () => {
  it.each`
    before                                      | after
    ${"StringEquals ${aws:userid}"}             | ${"StringEquals ann"}
    ${"StringNotEquals ${aws:userid}"}          | ${"StringNotEquals ann"}
    ${"StringEquals ann"}                       | ${"ForAllValues:StringEquals ann"}
    ${"ForAnyValue:StringEquals ann"}           | ${"ForAllValues:StringEquals ann"}
    ${"StringLike arn:aws:iam::1:x"}            | ${"ArnLike arn:aws:iam::1:x"}
    ${"StringEquals true"}                      | ${"Bool true"}
    ${"NumericLessThan ${x}"}                   | ${"NumericLessThan 6"}
    ${"NumericLessThan 12345678901234567"}      | ${"NumericLessThan 12345678901234568"}
    ${"DateLessThan 2026-01-01T00:00:00+01:00"} | ${"DateLessThan 2027-01-01"}
    ${"DateLessThan 1700000000"}                | ${"DateLessThan 2027-01-01"}
    ${"IpAddress 10.0.0.0/8"}                   | ${"IpAddress 2001:db8::/32"}
    ${"IpAddress 10.0.0.0/33"}                  | ${"IpAddress 10.0.0.0/8"}
    ${"ArnLike *"}                              | ${"ArnLike arn:aws:iam::1:role/Web"}
    ${"StringFits ann"}                         | ${"StringFits bob"}
    ${"StringFits ann"}                         | ${"StringEquals ann"}
    ${"StringEqualsIgnoreCase ann"}             | ${"StringEqualsIgnoreCase bob,${aws:userid}"}
  `("$before → $after", ({ before, after }) => {
    const seen = directions(block(before as string), block(after as string));
    expect(["maybe-wider", "other"]).toContain(seen.allow);
    expect(["maybe-wider", "other"]).toContain(seen.deny);
  });
});

describe("nobody can tell whether a condition on one value implies that no value is another one: a key may have several", () => {
  it.each`
    before                               | after                                 | inAllow    | inDeny
    ${"StringEquals ann"}                | ${"StringNotEquals bob"}              | ${"other"} | ${"maybe-wider"}
    ${"StringLike b*"}                   | ${"StringNotLike a*"}                 | ${"other"} | ${"maybe-wider"}
    ${"NumericEquals 5"}                 | ${"NumericNotEquals 6"}               | ${"other"} | ${"maybe-wider"}
    ${"NumericLessThan 5"}               | ${"NumericNotEquals 5"}               | ${"other"} | ${"maybe-wider"}
    ${"IpAddress 11.0.0.0/8"}            | ${"NotIpAddress 10.0.0.0/8"}          | ${"other"} | ${"maybe-wider"}
    ${"ArnLike arn:aws:iam::2:role/Web"} | ${"ArnNotLike arn:aws:iam::1:role/*"} | ${"other"} | ${"maybe-wider"}
    ${"StringEquals ann"}                | ${"StringNotEquals ann"}              | ${"other"} | ${"other"}
    ${"StringLike a*"}                   | ${"StringNotLike *b"}                 | ${"other"} | ${"other"}
    ${"NumericLessThanEquals 5"}         | ${"NumericNotEquals 5"}               | ${"other"} | ${"other"}
    ${"IpAddress 10.1.0.0/16"}           | ${"NotIpAddress 10.0.0.0/8"}          | ${"other"} | ${"other"}
    ${"ArnLike arn:aws:iam::1:role/Web"} | ${"ArnNotLike arn:aws:iam::1:role/*"} | ${"other"} | ${"other"}
  `("$before → $after: $inAllow, $inDeny", ({ before, after, inAllow, inDeny }) => {
    const seen = directions(block(before as string), block(after as string));
    expect(seen).toEqual({ allow: inAllow, deny: inDeny });
  });
});

it("a key that is only spelled in another case is the same key, but the name of a tag keeps its case", () => {
  const equals = (key: string) => ({ StringEquals: { [key]: "a" } });
  expect(directions(equals("aws:PrincipalOrgID"), equals("AWS:principalorgid"))).toEqual({});
  expect(directions(equals("aws:PrincipalTag/Team"), equals("aws:principaltag/Team"))).toEqual({});
  expect(directions(equals("aws:PrincipalTag/Team"), equals("aws:PrincipalTag/team"))).toEqual({
    allow: "maybe-wider",
    deny: "maybe-wider",
  });
});

it("a condition on another key neither makes up for a removed one nor hides it", () => {
  const before = { StringEquals: { "aws:PrincipalOrgID": "o-a1" } };
  const after = { StringEquals: { "aws:PrincipalAccount": "111111111111" } };
  expect(directions(before, after)).toEqual({ allow: "other", deny: "other" });
});
