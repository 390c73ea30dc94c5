import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lockVerdict, type LockProps } from "../../../fleet/adopt/lock-file";

const PROPS: LockProps = {
  bucketArn: "arn:aws:s3:::states",
  stateKey: "audit/account-a.tfstate",
  principal: "arn:aws:iam::111111111111:role/ci",
  accountId: "111111111111",
  isOwn: true,
};
const LOCK = "arn:aws:s3:::states/audit/account-a.tfstate.tflock";
const ALL = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
const deny = (more: object) => ({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", ...more });
const allow = (more: object) => ({ ...deny(more), Effect: "Allow" });
const verdict = (statements: readonly object[], props: Partial<LockProps> = {}) =>
  lockVerdict(JSON.stringify({ Version: "2012-10-17", Statement: statements }), { ...PROPS, ...props });

it.each`
  what                                   | statement                                                                                                             | refused                                | unclear
  ${"no TLS"}                            | ${deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } })}                                                  | ${[]}                                  | ${[]}
  ${"old TLS"}                           | ${deny({ Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } })}                                               | ${[]}                                  | ${[]}
  ${"everything"}                        | ${deny({})}                                                                                                           | ${ALL}                                 | ${[]}
  ${"deletions"}                         | ${deny({ Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"] })}                                                    | ${["s3:DeleteObject"]}                 | ${[]}
  ${"deletions in lower case"}           | ${deny({ Action: "s3:deleteobject*" })}                                                                               | ${["s3:DeleteObject"]}                 | ${[]}
  ${"all but states"}                    | ${deny({ Action: "s3:PutObject", NotResource: "arn:aws:s3:::states/*.tfstate" })}                                     | ${["s3:PutObject"]}                    | ${[]}
  ${"all but states and locks"}          | ${deny({ NotResource: ["arn:aws:s3:::states/*.tfstate", LOCK] })}                                                     | ${[]}                                  | ${[]}
  ${"another prefix"}                    | ${deny({ Resource: "arn:aws:s3:::states/other/*" })}                                                                  | ${[]}                                  | ${[]}
  ${"all but reads"}                     | ${deny({ NotAction: ["s3:Get*", "s3:List*"] })}                                                                       | ${ALL.slice(1)}                        | ${[]}
  ${"another role"}                      | ${deny({ Principal: { AWS: "arn:aws:iam::111111111111:role/x" } })}                                                   | ${[]}                                  | ${[]}
  ${"the role"}                          | ${deny({ Principal: { AWS: [PROPS.principal] } })}                                                                    | ${ALL}                                 | ${[]}
  ${"the account"}                       | ${deny({ Principal: { AWS: "arn:aws:iam::111111111111:root" } })}                                                     | ${ALL}                                 | ${[]}
  ${"a service"}                         | ${deny({ Principal: { Service: "x.amazonaws.com" } })}                                                                | ${[]}                                  | ${[]}
  ${"everybody but the role"}            | ${deny({ Principal: undefined, NotPrincipal: { AWS: PROPS.principal } })}                                             | ${[]}                                  | ${[]}
  ${"everybody but another role"}        | ${deny({ Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::111111111111:role/x" } })}                          | ${ALL}                                 | ${[]}
  ${"principals that are not the role"}  | ${deny({ Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/ci" } } })}                              | ${[]}                                  | ${[]}
  ${"principals that are not another"}   | ${deny({ Condition: { ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::*:role/x*" } } })}                            | ${ALL}                                 | ${[]}
  ${"another account"}                   | ${deny({ Condition: { StringNotEquals: { "aws:PrincipalAccount": ["111111111111"] } } })}                             | ${[]}                                  | ${[]}
  ${"a header that nobody knows"}        | ${deny({ Action: "s3:PutObject", Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } } })} | ${[]}                                  | ${["s3:PutObject"]}
  ${"one condition that never holds"}    | ${deny({ Condition: { Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:PrincipalOrgID": "o-1" } } })}   | ${[]}                                  | ${[]}
  ${"writes that may replace an object"} | ${deny({ Action: "s3:PutObject", Condition: { Null: { "s3:if-none-match": "true" } } })}                              | ${[]}                                  | ${[]}
  ${"writes that create objects alone"}  | ${deny({ Action: "s3:PutObject", Condition: { Null: { "s3:if-none-match": "false" } } })}                             | ${["s3:PutObject"]}                    | ${[]}
  ${"writes without a known version"}    | ${deny({ Action: "s3:PutObject", Condition: { Null: { "s3:if-match": "true" } } })}                                   | ${["s3:PutObject"]}                    | ${[]}
  ${"another value of the header"}       | ${deny({ Action: "s3:PutObject", Condition: { StringNotEquals: { "s3:if-none-match": "*" } } })}                      | ${[]}                                  | ${[]}
  ${"all without the header"}            | ${deny({ Condition: { Null: { "s3:if-none-match": "true" } } })}                                                      | ${["s3:GetObject", "s3:DeleteObject"]} | ${[]}
  ${"all with another header"}           | ${deny({ Condition: { StringNotEquals: { "s3:if-none-match": "*" } } })}                                              | ${["s3:GetObject", "s3:DeleteObject"]} | ${[]}
  ${"uploads in parts"}                  | ${deny({ Action: "s3:PutObject", Condition: { Bool: { "s3:ObjectCreationOperation": "false" } } })}                   | ${[]}                                  | ${[]}
  ${"callers without an ARN"}            | ${deny({ Condition: { Null: { "aws:PrincipalArn": "true" } } })}                                                      | ${[]}                                  | ${[]}
  ${"a key that nobody knows"}           | ${deny({ Condition: { Null: { "aws:PrincipalTag/team": "true" } } })}                                                 | ${[]}                                  | ${ALL}
  ${"an operator that nobody knows"}     | ${deny({ Condition: { IpAddress: { "aws:PrincipalArn": "10.0.0.0/8" } } })}                                           | ${[]}                                  | ${ALL}
`("a policy that denies $what refuses $refused, perhaps $unclear", ({ statement, refused, unclear }) => {
  expect(verdict([statement as object])).toEqual({ refused, unclear });
});

it.each`
  what                     | statements                                                                   | refused                | unclear
  ${"nothing"}             | ${[]}                                                                        | ${ALL}                 | ${[]}
  ${"the states alone"}    | ${[allow({ Resource: "arn:aws:s3:::states/*.tfstate" })]}                    | ${ALL}                 | ${[]}
  ${"reading and writing"} | ${[allow({ Action: ["s3:GetObject", "s3:PutObject"] })]}                     | ${["s3:DeleteObject"]} | ${[]}
  ${"the lock files"}      | ${[allow({ Resource: LOCK })]}                                               | ${[]}                  | ${[]}
  ${"an organization"}     | ${[allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } })]} | ${[]}                  | ${ALL}
  ${"others"}              | ${[allow({ Principal: { AWS: "arn:aws:iam::222222222222:root" } })]}         | ${ALL}                 | ${[]}
`("a policy of another account that allows $what refuses $refused", ({ statements, refused, unclear }) => {
  expect(verdict(statements as object[], { isOwn: false })).toEqual({ refused, unclear });
});

it("takes lock files in a bucket of the own account that has no policy", () => {
  expect(lockVerdict(null, PROPS)).toEqual({ refused: [], unclear: [] });
  expect(lockVerdict(null, { ...PROPS, isOwn: false }).refused).toEqual(ALL);
});

it("reads a policy whose statement is no list", () => {
  expect(lockVerdict(JSON.stringify({ Statement: deny({}) }), PROPS).refused).toEqual(ALL);
});

describe("the documented policy of the bucket", () => {
  const text = readFileSync(join(__dirname, "..", "..", "..", "docs", "state-bucket-policy.json"), "utf8")
    .replaceAll("<state bucket>", "states")
    .replaceAll("<key prefix>", "audit")
    .replaceAll("<journal prefix>", "journals")
    .replaceAll("<planning role ARN>", "arn:aws:iam::111111111111:role/ci")
    .replaceAll("<deploying role ARN>", "arn:aws:iam::111111111111:role/deploy");

  it("takes the lock file of the role that plans", () => {
    expect(lockVerdict(text, PROPS)).toEqual({ refused: [], unclear: [] });
  });

  it("lets no stranger read it", () => {
    const principal = "arn:aws:iam::111111111111:role/stranger";
    expect(lockVerdict(text, { ...PROPS, principal }).refused).toEqual(["s3:GetObject"]);
  });
});
