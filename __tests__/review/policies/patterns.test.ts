import { areDisjoint, isWithin, pattern } from "../../../review/policies/pattern";
import { ACTIONS, actionPattern } from "../../../review/policies/actions";
import { arnPattern, CONDITION_ARNS, RESOURCES } from "../../../review/policies/arns";

const read = (text: string) => pattern(text, { variables: true, wildcards: true });

describe("a pattern is within another one if the other matches whatever it matches", () => {
  it.each`
    narrow                     | wide                       | answer
    ${"abc"}                   | ${"abc"}                   | ${"yes"}
    ${"abc"}                   | ${"abd"}                   | ${"no"}
    ${"abc"}                   | ${"ABC"}                   | ${"no"}
    ${"abc"}                   | ${"*"}                     | ${"yes"}
    ${"*"}                     | ${"abc"}                   | ${"no"}
    ${"a*"}                    | ${"*"}                     | ${"yes"}
    ${"*"}                     | ${"a*"}                    | ${"no"}
    ${"ab*"}                   | ${"a*"}                    | ${"yes"}
    ${"a*"}                    | ${"ab*"}                   | ${"no"}
    ${"a*c"}                   | ${"a*"}                    | ${"yes"}
    ${"a*b*c"}                 | ${"a*c"}                   | ${"yes"}
    ${"a*c"}                   | ${"a*b*c"}                 | ${"no"}
    ${"abbc"}                  | ${"a*b*c"}                 | ${"yes"}
    ${"a*a"}                   | ${"a"}                     | ${"no"}
    ${"a"}                     | ${"a*a"}                   | ${"no"}
    ${""}                      | ${"*"}                     | ${"yes"}
    ${""}                      | ${"?"}                     | ${"no"}
    ${"a"}                     | ${"?"}                     | ${"yes"}
    ${"?"}                     | ${"a"}                     | ${"no"}
    ${"?"}                     | ${"*"}                     | ${"yes"}
    ${"*"}                     | ${"?"}                     | ${"no"}
    ${"ab"}                    | ${"?"}                     | ${"no"}
    ${"a?c"}                   | ${"a*"}                    | ${"yes"}
    ${"abc"}                   | ${"a?c"}                   | ${"yes"}
    ${"ac"}                    | ${"a?c"}                   | ${"no"}
    ${"a*"}                    | ${"a?*"}                   | ${"no"}
    ${"ab*"}                   | ${"a?*"}                   | ${"yes"}
    ${"?*"}                    | ${"*?"}                    | ${"yes"}
    ${"*?"}                    | ${"?*"}                    | ${"yes"}
    ${"a**b"}                  | ${"a*b"}                   | ${"yes"}
    ${"*?*"}                   | ${"?*"}                    | ${"yes"}
    ${"??"}                    | ${"?*"}                    | ${"yes"}
    ${"?"}                     | ${"??"}                    | ${"no"}
    ${"a${*}"}                 | ${"a*"}                    | ${"yes"}
    ${"a*"}                    | ${"a${*}"}                 | ${"no"}
    ${"a${?}"}                 | ${"a?"}                    | ${"yes"}
    ${"a?"}                    | ${"a${?}"}                 | ${"no"}
    ${"${$}{x}"}               | ${"$*"}                    | ${"yes"}
    ${"${aws:userid}"}         | ${"${AWS:UserId}"}         | ${"yes"}
    ${"${aws:userid}"}         | ${"*"}                     | ${"yes"}
    ${"${aws:userid}"}         | ${"?"}                     | ${"unknown"}
    ${"${aws:userid}"}         | ${"ann"}                   | ${"unknown"}
    ${"ann"}                   | ${"${aws:userid}"}         | ${"unknown"}
    ${"${aws:userid}"}         | ${"${aws:username}"}       | ${"unknown"}
    ${"x/${aws:userid}"}       | ${"x/*"}                   | ${"yes"}
    ${"${aws:PrincipalTag/a}"} | ${"${aws:PrincipalTag/A}"} | ${"unknown"}
  `("$narrow in $wide: $answer", ({ narrow, wide, answer }) => {
    expect(isWithin(read(narrow as string).tokens, read(wide as string).tokens)).toBe(answer);
  });
});

describe("two patterns are apart only if no text matches both", () => {
  it.each`
    one            | other     | apart
    ${"abc"}       | ${"abd"}  | ${true}
    ${"abc"}       | ${"ABC"}  | ${false}
    ${"a*"}        | ${"*b"}   | ${false}
    ${"a*"}        | ${"b*"}   | ${true}
    ${"*a"}        | ${"*b"}   | ${true}
    ${"a?"}        | ${"?b"}   | ${false}
    ${"a?"}        | ${"b?"}   | ${true}
    ${"a"}         | ${"??"}   | ${true}
    ${"ab"}        | ${"??"}   | ${false}
    ${"a*c"}       | ${"ab*"}  | ${false}
    ${"a*c"}       | ${"*b*d"} | ${true}
    ${"*"}         | ${""}     | ${false}
    ${"?*"}        | ${""}     | ${true}
    ${"${aws:x}"}  | ${"ann"}  | ${false}
    ${"a${aws:x}"} | ${"b*"}   | ${true}
    ${"a${*}"}     | ${"ab"}   | ${true}
  `("$one and $other: $apart", ({ one, other, apart }) => {
    expect(areDisjoint(read(one as string).loose, read(other as string).loose)).toBe(apart);
    expect(areDisjoint(read(other as string).loose, read(one as string).loose)).toBe(apart);
  });
});

it("a variable of a policy of version 2008-10-17 is plain text, and equals no variable", () => {
  const [plain, variable] = [false, true].map((variables) =>
    pattern("${aws:userid}", { variables, wildcards: true }),
  );
  expect(isWithin(plain!.tokens, plain!.tokens)).toBe("yes");
  expect(isWithin(plain!.tokens, variable!.tokens)).toBe("unknown");
  expect(isWithin(variable!.tokens, plain!.tokens)).toBe("unknown");
  expect(plain!.key).not.toBe(variable!.key);
});

describe("actions compare without case, by service and name", () => {
  it.each`
    narrow            | wide               | answer
    ${"s3:GetObject"} | ${"S3:getobject"}  | ${"yes"}
    ${"s3:GetObject"} | ${"s3:Get*"}       | ${"yes"}
    ${"s3:Get*"}      | ${"s3:GetObject"}  | ${"no"}
    ${"s3:GetObject"} | ${"sns:Get*"}      | ${"no"}
    ${"s3:*"}         | ${"*"}             | ${"yes"}
    ${"*"}            | ${"s3:*"}          | ${"no"}
    ${"*"}            | ${"*:*"}           | ${"unknown"}
    ${"s3:GetObject"} | ${"*:GetObject"}   | ${"unknown"}
    ${"s3:GetObject"} | ${"s?:GetObject"}  | ${"unknown"}
    ${"s3:GetObject"} | ${"s3"}            | ${"unknown"}
    ${"s3:PutObject"} | ${"s3:?utObject"}  | ${"yes"}
    ${"s3:PutObject"} | ${"s3:PutObject?"} | ${"no"}
  `("$narrow in $wide: $answer", ({ narrow, wide, answer }) => {
    expect(ACTIONS.within(actionPattern(narrow as string), actionPattern(wide as string))).toBe(answer);
  });
});

describe("resources compare part by part, and an incomplete or incorrect pattern only where it is proven", () => {
  it.each`
    narrow                               | wide                                | answer
    ${"arn:aws:s3:::b/k"}                | ${"arn:aws:s3:::b/*"}               | ${"yes"}
    ${"arn:aws:s3:::b/K"}                | ${"arn:aws:s3:::b/k"}               | ${"no"}
    ${"arn:aws:s3:::b/k"}                | ${"arn:aws:s3:::b*"}                | ${"yes"}
    ${"arn:aws:s3:::bb/k"}               | ${"arn:aws:s3:::b*/k"}              | ${"yes"}
    ${"arn:aws:s3:::b"}                  | ${"arn:aws:s3:::b/*"}               | ${"no"}
    ${"arn:aws:s3:::b/*"}                | ${"*"}                              | ${"yes"}
    ${"*"}                               | ${"arn:aws:s3:::*"}                 | ${"no"}
    ${"arn:aws:sns:eu:1:t"}              | ${"arn:aws:sns:*:1:t"}              | ${"yes"}
    ${"arn:aws:sns:eu:1:t"}              | ${"arn:aws:sns:e?:?:t"}             | ${"yes"}
    ${"arn:aws:sns:eu:1:t"}              | ${"arn:aws:sns*"}                   | ${"yes"}
    ${"arn:aws:sns:eu:1:t"}              | ${"arn:aws:sns:eu*:t"}              | ${"unknown"}
    ${"arn:aws:sns*"}                    | ${"arn:aws:sns:*:*:*"}              | ${"unknown"}
    ${"arn:aws:sns:eu:1:a:b"}            | ${"arn:aws:sns:eu:*:b"}             | ${"no"}
    ${"arn:aws:logs:eu:1:log-group:a:b"} | ${"arn:aws:logs:eu:1:log-group:*"}  | ${"yes"}
    ${"arn:aws:iam::1:role/Web"}         | ${"arn:aws:iam::1:role/*"}          | ${"yes"}
    ${"arn:aws:iam::1:role/Web"}         | ${"arn:aws:iam::1:*"}               | ${"yes"}
    ${"arn:aws:iam::1:role/Web"}         | ${"arn:aws:iam::1:r*/Web"}          | ${"unknown"}
    ${"arn:aws:iam::1:r*/Web"}           | ${"arn:aws:iam::1:r*/*"}            | ${"yes"}
    ${"arn:aws:s3:::b/${aws:userid}/*"}  | ${"arn:aws:s3:::b/*"}               | ${"yes"}
    ${"arn:aws:s3:::b/ann/*"}            | ${"arn:aws:s3:::b/${aws:userid}/*"} | ${"unknown"}
  `("$narrow in $wide: $answer", ({ narrow, wide, answer }) => {
    const [one, other] = [narrow, wide].map((text) => arnPattern(text as string, true));
    expect(RESOURCES.within(one!, other!)).toBe(answer);
  });

  it.each`
    narrow                       | wide                       | answer
    ${"arn:aws:iam::1:role/Web"} | ${"arn:aws:iam::*:r*/Web"} | ${"yes"}
    ${"arn:aws:iam::1:role/Web"} | ${"*"}                     | ${"unknown"}
    ${"arn:aws:iam::1:role/Web"} | ${"arn:aws:iam::1*"}       | ${"unknown"}
    ${"arn:aws:iam::1:role/Web"} | ${"arn:aws:iam::2:role/*"} | ${"no"}
  `("as a value of ArnLike, $narrow in $wide: $answer", ({ narrow, wide, answer }) => {
    const [one, other] = [narrow, wide].map((text) => arnPattern(text as string, true));
    expect(CONDITION_ARNS.within(one!, other!)).toBe(answer);
  });
});
