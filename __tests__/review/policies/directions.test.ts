import type { Json } from "../../../review/plan-json";
import { comparePolicies } from "../../../review/policies/compare";
import { isWidening } from "../../../review/policies/direction";
import { ADMIN, allow, BUCKET, deny, document, OBJECTS, WEB, withoutPrincipal } from "./documents-of";

const HOME = "111111111111";
const ROOT = `arn:aws:iam::${HOME}:root`;
const SESSION = `arn:aws:sts::${HOME}:assumed-role/Web/ann`;

const direction = (before: Json, after: Json) => comparePolicies(before, after)?.direction ?? null;

/** The directions of a change of one part, in an Allow and in a Deny. */
const ofPart = (part: string, before: Json, after: Json) => [
  direction(document(allow({ [part]: before })), document(allow({ [part]: after }))),
  direction(document(deny({ [part]: before })), document(deny({ [part]: after }))),
];

describe("the actions of a statement", () => {
  it.each`
    before                              | after                               | inAllow       | inDeny
    ${"s3:GetObject"}                   | ${["s3:GetObject", "s3:PutObject"]} | ${"wider"}    | ${"narrower"}
    ${["s3:GetObject", "s3:PutObject"]} | ${"s3:GetObject"}                   | ${"narrower"} | ${"wider"}
    ${"s3:GetObject"}                   | ${"s3:Get*"}                        | ${"wider"}    | ${"narrower"}
    ${"s3:GetObject"}                   | ${"s3:?etObject"}                   | ${"wider"}    | ${"narrower"}
    ${"s3:?etObject"}                   | ${"s3:GetObject"}                   | ${"narrower"} | ${"wider"}
    ${"s3:GetObject"}                   | ${"s3:GetObject?"}                  | ${"other"}    | ${"other"}
    ${"s3:GetObject"}                   | ${"s3:PutObject"}                   | ${"other"}    | ${"other"}
    ${"s3:Get*"}                        | ${["s3:Get*", "s3:GetObject"]}      | ${"same"}     | ${"same"}
    ${"s3:*"}                           | ${"*"}                              | ${"wider"}    | ${"narrower"}
    ${["s3:Get*", "s3:Put*"]}           | ${["s3:Put*", "S3:get*"]}           | ${null}       | ${null}
  `("$before → $after: $inAllow in an Allow, $inDeny in a Deny", ({ before, after, inAllow, inDeny }) => {
    expect(ofPart("Action", before as Json, after as Json)).toEqual([inAllow, inDeny]);
  });
});

describe("the resources of a statement", () => {
  it.each`
    before                                   | after                          | inAllow          | inDeny
    ${OBJECTS}                               | ${[OBJECTS, BUCKET]}           | ${"wider"}       | ${"narrower"}
    ${OBJECTS}                               | ${`${BUCKET}*`}                | ${"wider"}       | ${"narrower"}
    ${`${BUCKET}/a?`}                        | ${`${BUCKET}/a*`}              | ${"wider"}       | ${"narrower"}
    ${OBJECTS}                               | ${`${BUCKET}/a/*`}             | ${"narrower"}    | ${"wider"}
    ${`${BUCKET}/a/*`}                       | ${`${BUCKET}/b/*`}             | ${"other"}       | ${"other"}
    ${`${BUCKET}/*/b`}                       | ${`${BUCKET}/a/*`}             | ${"other"}       | ${"other"}
    ${OBJECTS}                               | ${"*"}                         | ${"wider"}       | ${"narrower"}
    ${BUCKET + "/${aws:PrincipalAccount}/*"} | ${OBJECTS}                     | ${"wider"}       | ${"narrower"}
    ${OBJECTS}                               | ${BUCKET + "/${aws:userid}/*"} | ${"narrower"}    | ${"wider"}
    ${BUCKET + "/${aws:PrincipalAccount}/*"} | ${BUCKET + "/${aws:userid}/*"} | ${"maybe-wider"} | ${"maybe-wider"}
    ${BUCKET + "/${aws:userid}/*"}           | ${`${BUCKET}/ann/*`}           | ${"maybe-wider"} | ${"maybe-wider"}
    ${"arn:aws:iam::1:r*/Web"}               | ${"arn:aws:iam::1:role/Web"}   | ${"maybe-wider"} | ${"other"}
  `("$before → $after: $inAllow in an Allow, $inDeny in a Deny", ({ before, after, inAllow, inDeny }) => {
    expect(ofPart("Resource", before as Json, after as Json)).toEqual([inAllow, inDeny]);
  });
});

describe("the principals of a statement", () => {
  it.each`
    before                        | after                                        | inAllow          | inDeny
    ${{ AWS: WEB }}               | ${{ AWS: [WEB, ADMIN] }}                     | ${"wider"}       | ${"narrower"}
    ${{ AWS: WEB }}               | ${{ AWS: ADMIN }}                            | ${"other"}       | ${"other"}
    ${{ AWS: WEB }}               | ${{ AWS: WEB, Service: "s3.amazonaws.com" }} | ${"wider"}       | ${"narrower"}
    ${{ AWS: WEB }}               | ${"*"}                                       | ${"wider"}       | ${"narrower"}
    ${{ AWS: WEB }}               | ${{ AWS: "*" }}                              | ${"wider"}       | ${"narrower"}
    ${{ AWS: ROOT }}              | ${{ AWS: HOME }}                             | ${null}          | ${null}
    ${{ AWS: HOME }}              | ${"*"}                                       | ${"wider"}       | ${"narrower"}
    ${{ AWS: HOME }}              | ${{ AWS: WEB }}                              | ${"maybe-wider"} | ${"wider"}
    ${{ AWS: WEB }}               | ${{ AWS: ROOT }}                             | ${"other"}       | ${"narrower"}
    ${{ AWS: WEB }}               | ${{ AWS: "222222222222" }}                   | ${"other"}       | ${"other"}
    ${{ AWS: WEB }}               | ${{ AWS: SESSION }}                          | ${"maybe-wider"} | ${"other"}
    ${"*"}                        | ${{ AWS: "*" }}                              | ${"narrower"}    | ${"maybe-wider"}
    ${{ AWS: "*" }}               | ${{ Service: "sns.amazonaws.com" }}          | ${"maybe-wider"} | ${"other"}
    ${{ CanonicalUser: "79a5" }}  | ${{ AWS: HOME }}                             | ${"maybe-wider"} | ${"maybe-wider"}
    ${{ Federated: "a.example" }} | ${{ Service: "a.example" }}                  | ${"other"}       | ${"other"}
    ${{ AWS: WEB }}               | ${{ AWS: `${WEB}*` }}                        | ${"maybe-wider"} | ${"maybe-wider"}
    ${{ AWS: WEB }}               | ${{ AWS: "AROAEXAMPLEROLEID" }}              | ${"maybe-wider"} | ${"maybe-wider"}
  `("$before → $after: $inAllow in an Allow, $inDeny in a Deny", ({ before, after, inAllow, inDeny }) => {
    expect(ofPart("Principal", before as Json, after as Json)).toEqual([inAllow, inDeny]);
  });
});

describe("Not* is every value but those named", () => {
  const one = "s3:DeleteObject";
  const two = [one, "iam:*"];
  const own = BUCKET + "/${aws:PrincipalAccount}/*";
  it.each`
    part           | before                                     | after                                      | inAllow          | inDeny
    ${"Action"}    | ${{ NotAction: two }}                      | ${{ NotAction: one }}                      | ${"wider"}       | ${"narrower"}
    ${"Action"}    | ${{ NotAction: one }}                      | ${{ NotAction: two }}                      | ${"narrower"}    | ${"wider"}
    ${"Action"}    | ${{ NotAction: one }}                      | ${{ NotAction: "s3:Delete*" }}             | ${"narrower"}    | ${"wider"}
    ${"Action"}    | ${{ NotAction: one }}                      | ${{ Action: one }}                         | ${"other"}       | ${"other"}
    ${"Action"}    | ${{ Action: "s3:Get*" }}                   | ${{ NotAction: one }}                      | ${"wider"}       | ${"narrower"}
    ${"Action"}    | ${{ Action: "s3:*" }}                      | ${{ NotAction: one }}                      | ${"other"}       | ${"other"}
    ${"Action"}    | ${{ NotAction: one }}                      | ${{ Action: "*" }}                         | ${"wider"}       | ${"narrower"}
    ${"Resource"}  | ${{ Resource: BUCKET }}                    | ${{ NotResource: OBJECTS }}                | ${"wider"}       | ${"narrower"}
    ${"Resource"}  | ${{ NotResource: OBJECTS }}                | ${{ NotResource: `${BUCKET}/a/*` }}        | ${"wider"}       | ${"narrower"}
    ${"Resource"}  | ${{ NotResource: own }}                    | ${{ NotResource: OBJECTS }}                | ${"maybe-wider"} | ${"other"}
    ${"Resource"}  | ${{ Resource: BUCKET }}                    | ${{ NotResource: own }}                    | ${"maybe-wider"} | ${"maybe-wider"}
    ${"Principal"} | ${{ NotPrincipal: { AWS: WEB } }}          | ${{ NotPrincipal: { AWS: [WEB, ADMIN] } }} | ${"maybe-wider"} | ${"maybe-wider"}
    ${"Principal"} | ${{ NotPrincipal: { AWS: [ADMIN, WEB] } }} | ${{ NotPrincipal: { AWS: [WEB, ADMIN] } }} | ${null}          | ${null}
    ${"Principal"} | ${{ NotPrincipal: { AWS: WEB } }}          | ${{ Principal: "*" }}                      | ${"maybe-wider"} | ${"narrower"}
    ${"Principal"} | ${{ Principal: { AWS: WEB } }}             | ${{ NotPrincipal: { AWS: WEB } }}          | ${"other"}       | ${"maybe-wider"}
  `("$before → $after: $inAllow in an Allow, $inDeny in a Deny", ({ before, after, inAllow, inDeny }) => {
    const parts = [before, after] as { [part: string]: Json }[];
    const [wasAllow, isAllow] = parts.map((part) => document(allow(part)));
    const [wasDeny, isDeny] = parts.map((part) => document(deny(part)));
    expect([direction(wasAllow!, isAllow!), direction(wasDeny!, isDeny!)]).toEqual([inAllow, inDeny]);
  });

  it.each(["NotAction", "NotResource", "NotPrincipal"])("an added Allow with %s is wider", (part) => {
    const value: Json = part === "NotPrincipal" ? { AWS: WEB } : part === "NotAction" ? "iam:*" : OBJECTS;
    expect(direction(document(allow()), document(allow(), allow({ Sid: "New", [part]: value })))).toBe(
      "wider",
    );
  });
});

describe("a statement", () => {
  const write = allow({ Sid: "Write", Action: "s3:PutObject" });
  it.each`
    what                                              | before                                                   | after                                                                     | expected
    ${"an Allow that is added"}                       | ${[allow()]}                                             | ${[allow(), write]}                                                       | ${"wider"}
    ${"an Allow that is removed"}                     | ${[allow(), write]}                                      | ${[allow()]}                                                              | ${"narrower"}
    ${"a Deny that is added"}                         | ${[allow()]}                                             | ${[allow(), deny({ Sid: "No" })]}                                         | ${"narrower"}
    ${"a Deny that is removed"}                       | ${[allow(), deny({ Sid: "No" })]}                        | ${[allow()]}                                                              | ${"wider"}
    ${"an Allow that becomes a Deny"}                 | ${[allow()]}                                             | ${[deny()]}                                                               | ${"narrower"}
    ${"a Deny that becomes an Allow"}                 | ${[deny()]}                                              | ${[allow()]}                                                              | ${"wider"}
    ${"one Allow added, another removed"}             | ${[allow()]}                                             | ${[write]}                                                                | ${"other"}
    ${"an added Allow that another one has"}          | ${[allow({ Action: "s3:*" })]}                           | ${[allow({ Action: "s3:*" }), write]}                                     | ${"same"}
    ${"a removed Allow that another one has"}         | ${[allow({ Action: "s3:*" }), write]}                    | ${[allow({ Action: "s3:*" })]}                                            | ${"same"}
    ${"an added Allow that has less conditions"}      | ${[allow({ Condition: { Bool: { x: "true" } } })]}       | ${[allow({ Condition: { Bool: { x: "true" } } }), allow({ Sid: "New" })]} | ${"wider"}
    ${"an added Allow that a Deny refuses"}           | ${[deny({ Action: "s3:*" })]}                            | ${[deny({ Action: "s3:*" }), write]}                                      | ${"same"}
    ${"an added Allow that a Deny refuses in part"}   | ${[deny()]}                                              | ${[deny(), allow({ Sid: "New", Action: "s3:Get*" })]}                     | ${"wider"}
    ${"an added Allow that a Deny refuses sometimes"} | ${[deny({ Condition: { Bool: { x: "true" } } })]}        | ${[deny({ Condition: { Bool: { x: "true" } } }), allow({ Sid: "New" })]}  | ${"wider"}
    ${"a removed Deny that another one has"}          | ${[deny({ Action: "s3:*" }), deny({ Sid: "No" })]}       | ${[deny({ Action: "s3:*" })]}                                             | ${"same"}
    ${"a statement that is split in two"}             | ${[allow({ Action: ["s3:GetObject", "s3:PutObject"] })]} | ${[allow(), write]}                                                       | ${"same"}
    ${"two statements that become one"}               | ${[allow(), write]}                                      | ${[allow({ Action: ["s3:GetObject", "s3:PutObject"] })]}                  | ${"same"}
    ${"another Sid"}                                  | ${[allow()]}                                             | ${[allow({ Sid: "Lecture" })]}                                            | ${"same"}
    ${"an element that AWS does not know"}            | ${[allow()]}                                             | ${[allow({ Actions: "s3:PutObject" })]}                                   | ${"maybe-wider"}
    ${"an effect that AWS does not know"}             | ${[deny()]}                                              | ${[deny({ Effect: "deny" })]}                                             | ${"other"}
    ${"Action and NotAction at once"}                 | ${[allow()]}                                             | ${[{ ...(allow() as object), NotAction: "iam:*" }]}                       | ${"maybe-wider"}
  `("$what: $expected", ({ before, after, expected }) => {
    expect(direction(document(...(before as Json[])), document(...(after as Json[])))).toBe(expected);
  });

  it("does not hide another one that is added with it, even an equal one", () => {
    expect(direction(document(), document(allow(), allow({ Sid: "Again" })))).toBe("wider");
    expect(direction(document(deny(), deny({ Sid: "Again" })), document())).toBe("wider");
  });

  it("is not hidden by a Deny that goes when it comes", () => {
    const change = comparePolicies(document(deny()), document(allow({ Sid: "New" })));
    const gains = change?.statements.flatMap((statement) => statement.gains);
    expect(gains?.map(({ effect }) => effect).sort()).toEqual(["Allow", "Deny"]);
  });

  it("without a condition on the other side is compared with each other statement, not only with its pair", () => {
    const sometimes = allow({ Condition: { StringEquals: { "aws:username": "ann" } } });
    const always = allow({ Sid: "Always" });
    // Whoever compares pairs by Sid only takes the first statement for wider.
    expect(direction(document(sometimes, always), document(allow(), always))).toBe("same");
  });
});

describe("a policy that is not there", () => {
  it.each`
    kind          | before                                                 | after                                  | expected
    ${"resource"} | ${null}                                                | ${document(allow())}                   | ${"wider"}
    ${"resource"} | ${document(allow())}                                   | ${null}                                | ${"narrower"}
    ${"resource"} | ${null}                                                | ${document(deny())}                    | ${"narrower"}
    ${"resource"} | ${document(allow(), deny({ Action: "s3:PutObject" }))} | ${null}                                | ${"other"}
    ${"endpoint"} | ${null}                                                | ${document(allow())}                   | ${"narrower"}
    ${"endpoint"} | ${document(allow())}                                   | ${null}                                | ${"wider"}
    ${"scp"}      | ${document(withoutPrincipal(deny()))}                  | ${null}                                | ${"wider"}
    ${"identity"} | ${null}                                                | ${document(withoutPrincipal(allow()))} | ${"wider"}
    ${"identity"} | ${null}                                                | ${document()}                          | ${null}
  `("$kind: $before → $after is $expected", ({ kind, before, after, expected }) => {
    expect(comparePolicies(before as Json, after as Json, kind as "scp")?.direction ?? null).toBe(expected);
  });
});

it("a version in which variables are plain text compares as unknown where there are variables, and else does not matter", () => {
  const policy = (Version: string, Resource: string): Json => ({ Version, Statement: [allow({ Resource })] });
  const own = BUCKET + "/${aws:userid}/*";
  expect(direction(policy("2008-10-17", own), policy("2012-10-17", own))).toBe("maybe-wider");
  expect(direction(policy("2012-10-17", own), { Statement: [allow({ Resource: own })] })).toBe("maybe-wider");
  expect(direction(policy("2008-10-17", OBJECTS), policy("2012-10-17", OBJECTS))).toBeNull();
});

it("wider, other and maybe-wider need a person's approval, narrower and same do not", () => {
  const directions = ["wider", "other", "maybe-wider", "narrower", "same"] as const;
  expect(directions.map(isWidening)).toEqual([true, true, true, false, false]);
});

it("a statement with very many combinations of values is compared as a whole, and never as narrower if it grows", () => {
  const many = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const wide = allow({ Action: many("s3:Action", 200), Resource: many(`${BUCKET}/`, 200) });
  const wider = allow({ Action: many("s3:Action", 201), Resource: many(`${BUCKET}/`, 200) });
  expect(direction(document(wide), document(wider))).toBe("wider");
  expect(direction(document(wider), document(wide))).toBe("narrower");
});
