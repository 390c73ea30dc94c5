import type { Json } from "../../../review/plan-json";
import { comparePolicies } from "../../../review/policies/compare";
import type { PolicyKind } from "../../../review/policies/words";
import { ADMIN, allow, BUCKET, deny, document, OBJECTS, WEB, withoutPrincipal } from "./documents-of";

/** The words of all statements that change. */
const words = (before: Json, after: Json, kind?: PolicyKind) =>
  comparePolicies(before, after, kind)?.statements.flatMap((statement) => statement.words);

const plainHttp = deny({
  Sid: "RefusePlainHttp",
  Principal: "*",
  Action: "s3:*",
  Resource: [BUCKET, OBJECTS],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const many = (count: number) => Array.from({ length: count }, (_, index) => `arn:aws:iam::1:role/R${index}`);
const ofOrganization = { StringEquals: { "aws:PrincipalOrgID": "o-a1" } };
const ofWeb = { ArnLike: { "aws:PrincipalArn": WEB } };
const ofOthers = { ArnNotLike: { "aws:PrincipalArn": WEB } };

describe("the words say who can now do what, or no longer", () => {
  it.each`
    what                                      | before                                             | after                                                                                                                           | said
    ${"a role that gains something"}          | ${[]}                                              | ${[allow()]}                                                                                                                    | ${`${WEB} can now read objects in ${OBJECTS} (s3:GetObject).`}
    ${"a role that loses something"}          | ${[allow()]}                                       | ${[]}                                                                                                                           | ${`${WEB} can no longer read objects in ${OBJECTS} (s3:GetObject) by this policy.`}
    ${"only what is new"}                     | ${[allow()]}                                       | ${[allow({ Action: ["s3:GetObject", "s3:DeleteObject", "s3:PutObject"] })]}                                                     | ${`${WEB} can now delete objects in and write objects to ${OBJECTS} (s3:DeleteObject and s3:PutObject).`}
    ${"only who is new"}                      | ${[allow()]}                                       | ${[allow({ Principal: { AWS: [WEB, ADMIN] } })]}                                                                                | ${`${ADMIN} can now read objects in ${OBJECTS} (s3:GetObject).`}
    ${"actions without words of their own"}   | ${[]}                                              | ${[allow({ Action: ["s3:Get*", "s3:PutObject"] })]}                                                                             | ${`${WEB} can now use s3:Get* and s3:PutObject on ${OBJECTS}.`}
    ${"every action of a service"}            | ${[]}                                              | ${[allow({ Action: "s3:*" })]}                                                                                                  | ${`${WEB} can now do everything that s3 offers on ${OBJECTS} (s3:*).`}
    ${"everything, everywhere, everybody"}    | ${[]}                                              | ${[allow({ Principal: "*", Action: "*", Resource: "*" })]}                                                                      | ${"Everybody can now do everything on every resource (*)."}
    ${"every action but some"}                | ${[]}                                              | ${[allow({ NotAction: ["iam:*", "s3:DeleteObject"] })]}                                                                         | ${`${WEB} can now do everything but iam:* and s3:DeleteObject on ${OBJECTS}.`}
    ${"every resource but some"}              | ${[]}                                              | ${[allow({ NotResource: BUCKET })]}                                                                                             | ${`${WEB} can now read objects in every resource but ${BUCKET} (s3:GetObject).`}
    ${"everybody but some"}                   | ${[]}                                              | ${[allow({ NotPrincipal: { AWS: WEB } })]}                                                                                      | ${`Everybody but ${WEB} can now read objects in ${OBJECTS} (s3:GetObject).`}
    ${"principals of other types"}            | ${[]}                                              | ${[allow({ Principal: { AWS: "111111111111", Service: "s3.amazonaws.com", Federated: "id.example", CanonicalUser: "79a5" } })]} | ${`Account 111111111111, the service s3.amazonaws.com, identities of id.example and the canonical user 79a5 can now read objects in ${OBJECTS} (s3:GetObject).`}
    ${"everybody in AWS"}                     | ${[]}                                              | ${[allow({ Principal: { AWS: "*" } })]}                                                                                         | ${`Everybody (AWS: *) can now read objects in ${OBJECTS} (s3:GetObject).`}
    ${"a condition"}                          | ${[]}                                              | ${[allow({ Condition: ofOrganization })]}                                                                                       | ${`${WEB} can now read objects in ${OBJECTS} (s3:GetObject) if aws:PrincipalOrgID is o-a1.`}
    ${"a condition that is gone"}             | ${[allow({ Condition: ofOrganization })]}          | ${[allow()]}                                                                                                                    | ${`${WEB} can now read objects in ${OBJECTS} (s3:GetObject) without a condition; before only if aws:PrincipalOrgID is o-a1.`}
    ${"a condition that is new"}              | ${[allow()]}                                       | ${[allow({ Condition: ofOrganization })]}                                                                                       | ${`${WEB} can read objects in ${OBJECTS} (s3:GetObject) only if aws:PrincipalOrgID is o-a1 now; before without a condition.`}
    ${"another condition, in one sentence"}   | ${[allow({ Condition: ofOrganization })]}          | ${[allow({ Condition: ofWeb })]}                                                                                                | ${`${WEB} can now read objects in ${OBJECTS} (s3:GetObject) if aws:PrincipalArn matches ${WEB}; before only if aws:PrincipalOrgID is o-a1.`}
    ${"a Deny that is gone"}                  | ${[plainHttp]}                                     | ${[]}                                                                                                                           | ${`This policy no longer forbids anybody to do everything that s3 offers on ${BUCKET} and ${OBJECTS} (s3:*) over plain HTTP.`}
    ${"a Deny that is new"}                   | ${[]}                                              | ${[plainHttp]}                                                                                                                  | ${`This policy now forbids everybody to do everything that s3 offers on ${BUCKET} and ${OBJECTS} (s3:*) over plain HTTP.`}
    ${"a Deny with a new condition"}          | ${[deny({ Principal: "*" })]}                      | ${[deny({ Principal: "*", Condition: ofOthers })]}                                                                              | ${`This policy forbids anybody to read objects in ${OBJECTS} (s3:GetObject) only if aws:PrincipalArn is absent or does not match ${WEB} now; before without a condition.`}
    ${"a Deny without its condition"}         | ${[deny({ Principal: "*", Condition: ofOthers })]} | ${[deny({ Principal: "*" })]}                                                                                                   | ${`This policy now forbids everybody to read objects in ${OBJECTS} (s3:GetObject) without a condition; before only if aws:PrincipalArn is absent or does not match ${WEB}.`}
    ${"what nobody can tell"}                 | ${[allow({ Principal: { AWS: "111111111111" } })]} | ${[allow({ Principal: { AWS: ["111111111111", WEB] } })]}                                                                       | ${`${WEB} may now be able to read objects in ${OBJECTS} (s3:GetObject), but the text does not tell: read this as wider.`}
    ${"a name"}                               | ${[allow()]}                                       | ${[allow({ Sid: "Lecture" })]}                                                                                                  | ${"Only the name changes, from Read to Lecture: nobody gains or loses access."}
    ${"what others say already"}              | ${[allow({ Action: "s3:*" })]}                     | ${[allow({ Action: ["s3:*", "s3:GetObject"] })]}                                                                                | ${"Nobody gains or loses access: other values or statements of the policy have the same effect."}
    ${"what nobody can read"}                 | ${[allow()]}                                       | ${[allow(), { Sid: "Odd", Effect: "Permit" }]}                                                                                  | ${"The review cannot read all of this statement: read the change as wider."}
    ${"a long list"}                          | ${[]}                                              | ${[allow({ Principal: { AWS: many(17) } })]}                                                                                    | ${`${many(5).join(", ")} and 12 more can now read objects in ${OBJECTS} (s3:GetObject).`}
    ${"a list that is not cut for one value"} | ${[]}                                              | ${[allow({ Action: ["s3:A", "s3:B", "s3:C", "s3:D", "s3:E", "s3:F"] })]}                                                        | ${`${WEB} can now use s3:A, s3:B, s3:C, s3:D, s3:E and s3:F on ${OBJECTS}.`}
  `("$what", ({ before, after, said }) => {
    expect(words(document(...(before as Json[])), document(...(after as Json[])))).toEqual([said]);
  });
});

it("an effect that flips says what is lost and what is forbidden", () => {
  expect(words(document(allow()), document(deny()))).toEqual([
    `${WEB} can no longer read objects in ${OBJECTS} (s3:GetObject) by this policy.`,
    `This policy now forbids ${WEB} to read objects in ${OBJECTS} (s3:GetObject).`,
  ]);
});

describe("each kind of policy has its own words", () => {
  const identity = withoutPrincipal(allow());
  const forbidding = withoutPrincipal(deny());
  const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const reads = `read objects in ${OBJECTS} (s3:GetObject)`;
  it.each`
    kind          | before                  | after                 | said
    ${undefined}  | ${document()}           | ${document(identity)} | ${[`Principals with this policy can now ${reads}.`]}
    ${undefined}  | ${document()}           | ${document(trust)}    | ${["The service ec2.amazonaws.com can now assume the role (sts:AssumeRole)."]}
    ${"scp"}      | ${document()}           | ${document(identity)} | ${[`Principals in the accounts of this policy can now be allowed to ${reads}.`]}
    ${"scp"}      | ${document(identity)}   | ${document()}         | ${[`Principals in the accounts of this policy can no longer be allowed to ${reads} by this policy.`]}
    ${"scp"}      | ${document(forbidding)} | ${document()}         | ${[`This policy no longer forbids principals in the accounts of this policy to ${reads}.`]}
    ${"endpoint"} | ${document()}           | ${document(allow())}  | ${[`${WEB} can now ${reads} through this endpoint.`]}
    ${"endpoint"} | ${document(allow())}    | ${document()}         | ${[`${WEB} can no longer ${reads} through this endpoint.`]}
    ${"endpoint"} | ${document(deny())}     | ${document()}         | ${[`This policy no longer forbids ${WEB} to ${reads} through this endpoint.`]}
  `("$kind: $said", ({ kind, before, after, said }) => {
    expect(words(before as Json, after as Json, kind as PolicyKind | undefined)).toEqual(said);
  });
});

describe("each operator has its own words", () => {
  it.each`
    operator                         | values               | said
    ${"StringEquals"}                | ${["a", "b"]}        | ${"if k:x is a or b"}
    ${"StringNotEquals"}             | ${"a"}               | ${"if k:x is absent or is not a"}
    ${"StringEqualsIgnoreCase"}      | ${"a"}               | ${"if k:x is, in upper or lower case, a"}
    ${"StringLike"}                  | ${"a*"}              | ${"if k:x matches a*"}
    ${"StringEqualsIfExists"}        | ${"a"}               | ${"if k:x is absent or is a"}
    ${"ForAllValues:StringEquals"}   | ${"a"}               | ${"if every value of k:x is a"}
    ${"ForAnyValue:StringLike"}      | ${["a*", "b*"]}      | ${"if a value of k:x matches a* or b*"}
    ${"ForAnyValue:StringNotEquals"} | ${"a"}               | ${"if a value of k:x is not a"}
    ${"Null"}                        | ${"true"}            | ${"if k:x is absent"}
    ${"Null"}                        | ${"false"}           | ${"if k:x is present"}
    ${"Null"}                        | ${["true", "false"]} | ${"if k:x is absent or present"}
    ${"NumericLessThan"}             | ${"1.2"}             | ${"if k:x is less than 1.2"}
    ${"NumericGreaterThanEquals"}    | ${5}                 | ${"if k:x is at least 5"}
    ${"NumericNotEquals"}            | ${5}                 | ${"if k:x is absent or is not 5"}
    ${"DateLessThanEquals"}          | ${"2026-01-01"}      | ${"if k:x is at most 2026-01-01"}
    ${"DateGreaterThan"}             | ${"2026-01-01"}      | ${"if k:x is greater than 2026-01-01"}
    ${"IpAddress"}                   | ${"10.0.0.0/8"}      | ${"if k:x is in 10.0.0.0/8"}
    ${"NotIpAddress"}                | ${"10.0.0.0/8"}      | ${"if k:x is absent or is not in 10.0.0.0/8"}
    ${"ArnNotLike"}                  | ${"arn:*"}           | ${"if k:x is absent or does not match arn:*"}
    ${"Bool"}                        | ${true}              | ${"if k:x is true"}
    ${"StringFits"}                  | ${"a"}               | ${"if k:x fits StringFits a"}
  `("$operator $values: $said", ({ operator, values, said }) => {
    const after = allow({ Condition: { [operator as string]: { "k:x": values as Json } } });
    expect(words(document(), document(after))?.[0]).toContain(`(s3:GetObject) ${said as string}`);
  });

  it.each([
    ["true", "over TLS."],
    [["false"], "over plain HTTP."],
    [["true", "false"], "over TLS or plain HTTP."],
  ])("aws:SecureTransport %s is said as %s", (value, said) => {
    const after = allow({ Condition: { Bool: { "aws:SecureTransport": value } } });
    expect(words(document(), document(after))?.[0]).toContain(`(s3:GetObject) ${said}`);
  });

  it("several conditions are one sentence", () => {
    const Condition = {
      Bool: { "aws:SecureTransport": "true" },
      ...ofOrganization,
      Null: { "aws:username": "true" },
    };
    expect(words(document(), document(allow({ Condition })))?.[0]).toContain(
      "(s3:GetObject) over TLS if aws:PrincipalOrgID is o-a1 and aws:username is absent.",
    );
  });
});

it("a change of the version is said where a statement has variables", () => {
  const policy = (Version: string, Resource: string): Json => ({ Version, Statement: [allow({ Resource })] });
  const own = BUCKET + "/${aws:userid}/*";
  expect(words(policy("2008-10-17", own), policy("2012-10-17", own))).toContain(
    "The Version changes from 2008-10-17 to 2012-10-17: only in 2012-10-17, ${…} stands for a value of the request.",
  );
  expect(words(policy("2008-10-17", OBJECTS), policy("2012-10-17", BUCKET))?.join()).not.toContain("Version");
});
