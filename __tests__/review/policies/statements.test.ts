import type { Json } from "../../../review/plan-json";
import { comparePolicies } from "../../../review/policies/compare";
import { isPolicyDocument } from "../../../review/policies/policy-document";
import { ADMIN, allow, BUCKET, deny, document, OBJECTS, WEB } from "./documents-of";

describe("two ways to write the same policy are no change", () => {
  const conditions = {
    StringEquals: { "aws:username": ["ann", "bob"] },
    Bool: { "aws:SecureTransport": "true" },
  };
  const other = deny({ Sid: "No" });
  it.each`
    what                                | before                                                                      | after
    ${"one value, or a list with it"}   | ${allow({ Action: "s3:GetObject" })}                                        | ${allow({ Action: ["s3:GetObject"] })}
    ${"the order of values"}            | ${allow({ Resource: [BUCKET, OBJECTS] })}                                   | ${allow({ Resource: [OBJECTS, BUCKET] })}
    ${"a value twice"}                  | ${allow({ Resource: [BUCKET, BUCKET] })}                                    | ${allow({ Resource: BUCKET })}
    ${"the case of actions"}            | ${allow({ Action: "s3:GetObject" })}                                        | ${allow({ Action: "S3:getObject" })}
    ${"an account by ARN or by id"}     | ${allow({ Principal: { AWS: "arn:aws:iam::111111111111:root" } })}          | ${allow({ Principal: { AWS: "111111111111" } })}
    ${"the order of principals"}        | ${allow({ Principal: { AWS: [WEB, ADMIN], Service: "s3.amazonaws.com" } })} | ${allow({ Principal: { Service: ["s3.amazonaws.com"], AWS: [ADMIN, WEB, WEB] } })}
    ${"the case of operators and keys"} | ${allow({ Condition: { StringEquals: { "aws:username": "ann" } } })}        | ${allow({ Condition: { stringequals: { "AWS:UserName": "ann" } } })}
    ${"a boolean as a text"}            | ${allow({ Condition: { Bool: { "aws:SecureTransport": true } } })}          | ${allow({ Condition: { Bool: { "aws:SecureTransport": "TRUE" } } })}
    ${"a number as a text"}             | ${allow({ Condition: { NumericLessThan: { "s3:max-keys": 5 } } })}          | ${allow({ Condition: { NumericLessThan: { "s3:max-keys": ["5"] } } })}
    ${"the order of conditions"}        | ${allow({ Condition: conditions })}                                         | ${allow({ Condition: { Bool: conditions.Bool, StringEquals: { "aws:username": ["bob", "ann"] } } })}
    ${"an empty condition"}             | ${allow({ Condition: {} })}                                                 | ${allow()}
  `("$what", ({ before, after }) => {
    expect(comparePolicies(document(before as Json), document(after as Json))).toBeNull();
  });

  it("the order of statements, and a single statement without a list", () => {
    expect(comparePolicies(document(allow(), other), document(other, allow()))).toBeNull();
    expect(comparePolicies(document(allow()), { Version: "2012-10-17", Statement: allow() })).toBeNull();
  });

  it("the id of the policy", () => {
    expect(comparePolicies(document(allow()), { Id: "x", ...(document(allow()) as object) })).toBeNull();
  });
});

describe("statements are paired by Sid, then the same under another name, then the nearest", () => {
  const changes = (before: readonly Json[], after: readonly Json[]) =>
    comparePolicies(document(...before), document(...after))?.statements.map(
      ({ statement, change, axes }) => `${statement} ${change}: ${axes.map(({ axis }) => axis).join(", ")}`,
    );
  const anonymous = (parts: { readonly [part: string]: Json } = {}) => {
    const { Sid: _sid, ...rest } = allow(parts) as { readonly [part: string]: Json };
    return rest;
  };

  it.each`
    what                                     | before                                                                | after                                                                               | expected
    ${"the same Sid"}                        | ${[allow(), deny({ Sid: "No" })]}                                     | ${[deny({ Sid: "No" }), allow({ Action: "s3:*", Resource: "*" })]}                  | ${["Read changed: action, resource"]}
    ${"the same statement, other Sid"}       | ${[allow()]}                                                          | ${[allow({ Sid: "New" })]}                                                          | ${["New changed: "]}
    ${"two Sids that swap"}                  | ${[allow(), deny({ Sid: "No" })]}                                     | ${[allow({ Sid: "No" }), deny()]}                                                   | ${["No changed: effect, principal, action, resource", "Read changed: effect, principal, action, resource"]}
    ${"no Sid, the nearest"}                 | ${[anonymous(), anonymous({ Action: "kms:Decrypt", Resource: "*" })]} | ${[anonymous({ Action: "kms:*", Resource: "*" }), anonymous({ Resource: BUCKET })]} | ${["#1 changed: action", "#2 changed: resource"]}
    ${"no Sid, nothing near"}                | ${[anonymous()]}                                                      | ${[{ Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*" }]}             | ${["#1 removed: effect, principal, action, resource", "#1 added: effect, principal, action, resource"]}
    ${"two Sids that have much in common"}   | ${[allow()]}                                                          | ${[allow({ Sid: "New", Condition: { Null: { "aws:username": "true" } } })]}         | ${["New changed: condition"]}
    ${"two Sids that have little in common"} | ${[allow()]}                                                          | ${[allow({ Sid: "New", Action: "s3:PutObject", Resource: BUCKET })]}                | ${["Read removed: effect, principal, action, resource", "New added: effect, principal, action, resource"]}
  `("$what", ({ before, after, expected }) => {
    expect(changes(before as Json[], after as Json[])).toEqual(expected);
  });
});

it("each part that changes has its own direction, and its values as they are written", () => {
  const before = allow({
    Action: ["s3:GetObject", "s3:PutObject"],
    Condition: { StringEquals: { "aws:username": ["ann", "bob"] } },
  });
  const after = allow({ NotResource: OBJECTS, Action: "S3:GetObject" });
  expect(comparePolicies(document(before), document(after))?.statements[0]?.axes).toEqual([
    {
      axis: "action",
      direction: "narrower",
      before: ["s3:GetObject", "s3:PutObject"],
      after: ["S3:GetObject"],
    },
    { axis: "resource", direction: "other", before: [OBJECTS], after: [`not ${OBJECTS}`] },
    { axis: "condition", direction: "wider", before: ["StringEquals aws:username: ann, bob"], after: [] },
  ]);
});

it("what a statement gains and loses is there in full, for programs", () => {
  const before = document(
    allow({ Principal: { AWS: WEB, Service: "s3.amazonaws.com" } }),
    deny({ Sid: "No", Action: "s3:Put*" }),
  );
  const after = document(
    allow({ Principal: { AWS: [WEB, ADMIN] }, Condition: { Null: { "aws:username": true } } }),
  );
  const change = comparePolicies(before, after);
  const conditions = [{ operator: "Null", key: "aws:username", values: ["true"] }];
  const only = (...values: string[]) => ({ allBut: false, values });
  const rest = { actions: only("s3:GetObject"), resources: only(OBJECTS), certain: true };
  expect(change?.statements.map(({ statement, gains, losses }) => ({ statement, gains, losses }))).toEqual([
    {
      statement: "No",
      gains: [{ ...rest, effect: "Deny", principals: only(WEB), actions: only("s3:Put*"), conditions: [] }],
      losses: [],
    },
    {
      statement: "Read",
      gains: [{ ...rest, effect: "Allow", principals: only(ADMIN), conditions }],
      losses: [
        { ...rest, effect: "Allow", principals: only(WEB), conditions: [] },
        { ...rest, effect: "Allow", principals: only("Service s3.amazonaws.com"), conditions: [] },
      ],
    },
  ]);
});

describe("a policy is distinguished from other documents", () => {
  it.each`
    what                                  | value                                                                                                     | isPolicy
    ${"a policy"}                         | ${document(allow())}                                                                                      | ${true}
    ${"a policy with a single statement"} | ${{ Statement: allow() }}                                                                                 | ${true}
    ${"a policy with NotAction"}          | ${document({ Effect: "Deny", NotAction: "*", Resource: "*" })}                                            | ${true}
    ${"an empty policy"}                  | ${document()}                                                                                             | ${true}
    ${"a policy with one odd statement"}  | ${document(allow(), { Effect: "allow", Action: "*" })}                                                    | ${true}
    ${"an empty list of statements"}      | ${{ Statement: [] }}                                                                                      | ${false}
    ${"a data protection policy"}         | ${{ Name: "x", Version: "2021-06-01", Statement: [{ Sid: "audit", DataIdentifier: [], Operation: {} }] }} | ${false}
    ${"statements of another kind"}       | ${{ Version: "2012-10-17", Statement: [{ Operation: {} }] }}                                              | ${false}
    ${"other keys"}                       | ${{ Statement: [allow()], schemaVersion: "1.0" }}                                                         | ${false}
    ${"a Session document"}               | ${{ schemaVersion: "1.0", inputs: {} }}                                                                   | ${false}
    ${"a list"}                           | ${[allow()]}                                                                                              | ${false}
    ${"a text"}                           | ${"Statement"}                                                                                            | ${false}
    ${"null"}                             | ${null}                                                                                                   | ${false}
  `("$what: $isPolicy", ({ value, isPolicy }) => {
    expect(isPolicyDocument(value as Json)).toBe(isPolicy);
  });
});
